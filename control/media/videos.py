"""Video, as such, as a GIF that plays in a loop, and as a round video note."""

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

MP4: Final = "video/mp4"
LONG_SIDE: Final = 1280
FRAME_MAX_BYTES: Final = 4 * 1024 * 1024
_BOXED: Final = ("mp4", "mov", "m4a")

_POSSIBLE: Final = "MP4, QuickTime, WebM, Matroska, AVI, 3GP, MPEG, FLV, WMV and animated GIF are possible."
_FIT: Final = (
    f"scale='min({LONG_SIDE},iw)':'min({LONG_SIDE},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"
)
_PICTURE: Final = (
    *("-vf", _FIT, "-fpsmax", "30", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-threads", "2"),
    *("-pix_fmt", "yuv420p"),
)
_SOUND: Final = ("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "44100")
_FILE: Final = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-movflags", "+faststart", "-f", "mp4")
_FRAME: Final = (
    *("-map", "0:v:0", "-frames:v", "1", "-vf", "scale=200:200:force_original_aspect_ratio=decrease"),
    *("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5", "-f", "mjpeg"),
)

log = logging.getLogger(__name__)


class Videos:
    """Has them measured, and converted where WhatsApp plays no other type."""

    def __init__(self, spool: Spool, workshop: Workshop, ffmpeg: Ffmpeg, limits: Limits) -> None:
        self._spool = spool
        self._workshop = workshop
        self._ffmpeg = ffmpeg
        self._limits = limits

    async def video(self, tenant_id: str, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Send MP4 with H.264 and AAC as it is; make it of the rest. The thumbnail is there when ffmpeg is."""
        known: dict[str, Any] | None = None
        if found.name in _BOXED:
            known = await self._workshop.do("film", path=str(path))
            if known["picture"] is None:
                raise refused("a video", found, "This one has no picture.")
            if found.name == "mp4" and known["picture"] == "played" and known["sound"] in ("played", None):
                return as_it_is(upload, MP4, **await self._shown(tenant_id, path, known))
        if found.name not in DEMUXERS or found.family == "audio":
            raise refused("a video", found, _POSSIBLE)
        self._ffmpeg.require(_what(found, known))
        async with self._spool.making(self._limits.video) as file:
            output = (*_streams(known), *_FILE, f"file:{file.path}")
            await self._ffmpeg.convert(tenant_id, path, found.name, output, max_bytes=self._limits.video)
            known = await self._workshop.do("film", path=str(file.path))
            shown = await self._shown(tenant_id, file.path, known)
        return made(file.stored(), MP4, **shown)

    async def _shown(self, tenant_id: str, path: Path, known: dict[str, Any]) -> dict[str, Any]:
        return {
            "width": known["width"],
            "height": known["height"],
            "seconds": whole_seconds(known["seconds"]),
            "thumbnail": await self._thumbnail(tenant_id, path, known["seconds"] or 0.0),
        }

    async def _thumbnail(self, tenant_id: str, path: Path, seconds: float) -> bytes | None:
        """The preview is an ornament: a video goes without it when it cannot be had."""
        if not self._ffmpeg.is_there:
            return None
        try:
            async with self._spool.scratch(FRAME_MAX_BYTES) as frame:
                output = (*_FRAME, f"file:{frame}")
                # Many videos begin with a black picture.
                seek = min(1.0, seconds / 4)
                await self._ffmpeg.convert(tenant_id, path, "mp4", output, max_bytes=FRAME_MAX_BYTES, seek=seek)
                return base64.b64decode((await self._workshop.do("preview", path=str(frame)))["thumbnail"])
        except GatewayError as error:
            log.info("video without thumbnail", extra={"reason": error.code})
            return None


def _streams(known: dict[str, Any] | None) -> tuple[str, ...]:
    """What is played anyway is taken over without being decoded."""
    picture = ("-c:v", "copy") if known is not None and known["picture"] == "played" else _PICTURE
    sound = ("-c:a", "copy") if known is not None and known["sound"] == "played" else _SOUND
    return ("-map", "0:v:0", "-map", "0:a:0?", *picture, *sound)


def _what(found: FileType, known: dict[str, Any] | None) -> str:
    if known is None or known["picture"] == known["sound"] == "played":
        return f"A file of the type {found.mime}"
    return "A video that is not H.264 with AAC"
