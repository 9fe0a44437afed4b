"""Decides by kind and bytes whether a file is sent as it is, made into another one, or refused."""

from __future__ import annotations

import base64
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from control.errors import GatewayError
from control.media.documents import document_type
from control.media.filenames import safe_file_name
from control.media.kinds import Limits, MediaKind, PreparedMedia, Upload
from control.media.sniff import HEAD_BYTES, UNKNOWN, FileType, sniff
from control.media.spool import Spool
from control.media.spool_file import Stored, too_large
from control.media.threads import Threads
from control.media.workshop import Workshop

_JPEG: Final = "image/jpeg"
_SENT_AS_THEY_ARE: Final = ("jpeg", "png")
_PICTURES: Final = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "avif")
_SOUNDS: Final = {
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "opus": "audio/ogg; codecs=opus",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
}
_NO_NAME: Final = "file"

log = logging.getLogger(__name__)


class Preparation:
    """Prepares files of the spool; the file given is used or removed, whatever happens."""

    def __init__(self, spool: Spool, threads: Threads, workshop: Workshop, limits: Limits) -> None:
        self._spool = spool
        self._threads = threads
        self._workshop = workshop
        self._limits = limits

    async def prepare(self, upload: Upload, kind: MediaKind, file_name: str | None) -> PreparedMedia:
        """Return what is to be sent.

        Raises `media_too_large`, `media_type_refused`, `media_invalid`, `spool_full`.
        """
        prepared: PreparedMedia | None = None
        try:
            if upload.size_bytes == 0:
                raise GatewayError("media_invalid", "The file is empty.")
            if upload.size_bytes > self._limits.of(kind):
                raise too_large(self._limits.of(kind))
            path = self._spool.at(upload.name)
            found = sniff(await self._threads.run(_head, path))
            log.info("media", extra={"kind": kind.value, "type": found.name, "sizeBytes": upload.size_bytes})
            prepare = self._of(kind)
            prepared = await prepare(upload, path, found, file_name)
            return prepared
        finally:
            if prepared is None or prepared.name != upload.name:
                await self._spool.remove(upload.name)

    def _of(self, kind: MediaKind) -> Callable[[Upload, Path, FileType, str | None], Awaitable[PreparedMedia]]:
        match kind:
            case MediaKind.document:
                return self._document
            case MediaKind.image:
                return self._image
            case MediaKind.audio:
                return self._audio
            case _:
                raise GatewayError("unsupported_message_type")

    async def _document(self, upload: Upload, path: Path, found: FileType, file_name: str | None) -> PreparedMedia:
        name = safe_file_name(file_name) or safe_file_name(upload.file_name, fallback=_NO_NAME)
        return _as_it_is(upload, document_type(found, upload.mime_type, name), file_name=name)

    async def _image(self, upload: Upload, path: Path, found: FileType, file_name: str | None) -> PreparedMedia:
        if found.name not in _PICTURES:
            raise _refused("image", found, "JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF are possible.")
        if found.name in _SENT_AS_THEY_ARE:
            seen = await self._workshop.do("picture", path=str(path), type_name=found.name, target=None)
            return _as_it_is(upload, found.mime, **_shown(seen))
        async with self._spool.making(self._limits.image) as made:
            seen = await self._workshop.do("picture", path=str(path), type_name=found.name, target=str(made.path))
        return _made(made.stored(), _JPEG, **_shown(seen))

    async def _audio(self, upload: Upload, path: Path, found: FileType, file_name: str | None) -> PreparedMedia:
        if found.name not in _SOUNDS:
            raise _refused("audio", found, "MP3, M4A, AAC, AMR and Ogg Opus are possible.")
        seen = await self._workshop.do("sound", path=str(path), type_name=found.name)
        return _as_it_is(upload, _SOUNDS[found.name], seconds=whole_seconds(seen["seconds"]))


def whole_seconds(seconds: float | None) -> int | None:
    """Return seconds as WhatsApp shows them: at least one, none when they are not known."""
    return max(1, round(seconds)) if seconds is not None else None


def _as_it_is(upload: Upload, mime_type: str, **known: Any) -> PreparedMedia:
    return PreparedMedia(upload.name, mime_type, upload.size_bytes, upload.sha256, **known)


def _made(stored: Stored, mime_type: str, **known: Any) -> PreparedMedia:
    return PreparedMedia(stored.name, mime_type, stored.size_bytes, stored.sha256, **known)


def _shown(seen: dict[str, Any]) -> dict[str, Any]:
    return {
        "width": int(seen["width"]),
        "height": int(seen["height"]),
        "thumbnail": base64.b64decode(seen["thumbnail"]),
    }


def _refused(kind: str, found: FileType, possible: str) -> GatewayError:
    known = "of a type that is not known here" if found is UNKNOWN else f"of the type {found.mime}"
    return GatewayError("media_type_refused", f"The file is {known}. As {kind}, {possible}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
