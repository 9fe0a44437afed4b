"""Sound, as audio files and as voice notes."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any, Final

from control.errors import GatewayError
from control.media.ffmpeg import DEMUXERS, Ffmpeg
from control.media.kinds import Limits, PreparedMedia, Upload
from control.media.outcome import as_it_is, made, refused, whole_seconds
from control.media.sniff import FileType
from control.media.spool import Spool
from control.media.workshop import Workshop

OPUS: Final = "audio/ogg; codecs=opus"
SENT_AS_THEY_ARE: Final = {
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "opus": OPUS,
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
}
WAVEFORM_RATE: Final = 4_000
SAMPLES_MAX_BYTES: Final = 64 * 1024 * 1024
"""Room for more than two hours at WAVEFORM_RATE."""

_POSSIBLE: Final = "MP3, M4A, AAC, AMR, Ogg, WAV, FLAC and the sound of videos are possible."
_VOICE: Final = (
    *("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-ac", "1", "-ar", "48000"),
    *("-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-f", "ogg"),
)
_AUDIO: Final = (
    *("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-ac", "2", "-ar", "44100"),
    *("-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "ipod"),
)
_SAMPLES: Final = (*("-map", "0:a:0", "-ac", "1", "-ar", str(WAVEFORM_RATE), "-c:a", "pcm_s16le", "-f", "s16le"),)

log = logging.getLogger(__name__)


class Sounds:
    """Has them measured, and converted where WhatsApp takes no other type."""

    def __init__(self, spool: Spool, workshop: Workshop, ffmpeg: Ffmpeg, limits: Limits) -> None:
        self._spool = spool
        self._workshop = workshop
        self._ffmpeg = ffmpeg
        self._limits = limits

    async def audio(self, tenant_id: str, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Send what WhatsApp plays as it is; make M4A of the rest."""
        if found.name in SENT_AS_THEY_ARE:
            heard = await self._workshop.do("sound", path=str(path), type_name=found.name)
            if heard["codec"] in (None, "aac") and not heard["pictures"]:
                return as_it_is(upload, SENT_AS_THEY_ARE[found.name], seconds=whole_seconds(heard["seconds"]))
        self._convertible(found, "an audio file")
        async with self._spool.making(self._limits.audio) as file:
            await self._ffmpeg.convert(
                tenant_id, path, found.name, (*_AUDIO, f"file:{file.path}"), max_bytes=self._limits.audio
            )
            heard = await self._workshop.do("sound", path=str(file.path), type_name="m4a")
        return made(file.stored(), "audio/mp4", seconds=whole_seconds(heard["seconds"]))

    async def voice(self, tenant_id: str, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Send Ogg Opus as it is; make it of the rest. The waveform is there when ffmpeg is."""
        if found.name == "opus":
            heard = await self._workshop.do("sound", path=str(path), type_name=found.name)
            bars = await self._bars(tenant_id, path) if self._ffmpeg.is_there else None
            return as_it_is(upload, OPUS, seconds=whole_seconds(heard["seconds"]), waveform=bars)
        self._convertible(found, "a voice note")
        async with (
            self._spool.making(self._limits.audio) as file,
            self._spool.scratch(SAMPLES_MAX_BYTES) as samples,
        ):
            await self._ffmpeg.convert(
                tenant_id,
                path,
                found.name,
                (*_VOICE, f"file:{file.path}", *_SAMPLES, f"file:{samples}"),
                max_bytes=max(self._limits.audio, SAMPLES_MAX_BYTES),
            )
            heard = await self._workshop.do("sound", path=str(file.path), type_name="opus")
            seen = await self._workshop.do("waveform", path=str(samples))
        return made(file.stored(), OPUS, seconds=whole_seconds(heard["seconds"]), waveform=_bars_of(seen))

    def _convertible(self, found: FileType, kind: str) -> None:
        if found.name not in DEMUXERS or found.family == "image":
            raise refused(kind, found, _POSSIBLE)
        self._ffmpeg.require(f"A file of the type {found.mime}")

    async def _bars(self, tenant_id: str, path: Path) -> bytes | None:
        """The waveform is an ornament: a voice note goes without it when it cannot be had."""
        try:
            async with self._spool.scratch(SAMPLES_MAX_BYTES) as samples:
                output = (*_SAMPLES, f"file:{samples}")
                await self._ffmpeg.convert(tenant_id, path, "opus", output, max_bytes=SAMPLES_MAX_BYTES)
                return _bars_of(await self._workshop.do("waveform", path=str(samples)))
        except GatewayError as error:
            log.info("voice note without waveform", extra={"reason": error.code})
            return None


def _bars_of(seen: dict[str, Any]) -> bytes | None:
    return base64.b64decode(seen["waveform"]) if seen["waveform"] is not None else None
