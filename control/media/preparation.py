"""Has a file prepared by the part that knows its kind."""

from __future__ import annotations

import logging
import mimetypes
from pathlib import Path
from typing import Final

from control.errors import GatewayError
from control.media.documents import document_type
from control.media.filenames import safe_file_name
from control.media.kinds import Limits, MediaKind, PreparedMedia, Upload
from control.media.outcome import as_it_is
from control.media.pictures import Pictures
from control.media.sniff import HEAD_BYTES, FileType, sniff
from control.media.sounds import Sounds
from control.media.spool import Spool
from control.media.spool_file import too_large
from control.media.threads import Threads
from control.media.videos import Videos

_NO_NAME: Final = "file"
# Of its own: the module's functions read the machine's files first, and say what those say.
_TYPES: Final = mimetypes.MimeTypes()

log = logging.getLogger(__name__)


class Preparation:
    """Prepares files of the spool; the file given is used or removed, whatever happens."""

    def __init__(
        self,
        spool: Spool,
        threads: Threads,
        pictures: Pictures,
        sounds: Sounds,
        videos: Videos,
        limits: Limits,
    ) -> None:
        self._spool = spool
        self._threads = threads
        self._pictures = pictures
        self._sounds = sounds
        self._videos = videos
        self._limits = limits

    async def prepare(
        self, tenant_id: str, upload: Upload, kind: MediaKind, file_name: str | None
    ) -> PreparedMedia:
        """Return what is to be sent.

        Raises `media_too_large`, `media_type_refused`, `media_invalid`, `media_conversion_failed`,
        `ffmpeg_required`, `media_busy`, `spool_full`.
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
            prepared = await self._by_kind(tenant_id, upload, kind, path, found, file_name)
            return prepared
        finally:
            if prepared is None or prepared.name != upload.name:
                await self._spool.remove(upload.name)

    async def _by_kind(
        self,
        tenant_id: str,
        upload: Upload,
        kind: MediaKind,
        path: Path,
        found: FileType,
        file_name: str | None,
    ) -> PreparedMedia:
        match kind:
            case MediaKind.document:
                name = safe_file_name(file_name) or safe_file_name(upload.file_name)
                mime_type = document_type(found, upload.mime_type, name)
                # Phones open a document by its extension.
                nameless = f"{_NO_NAME}{_TYPES.guess_extension(mime_type) or ''}"
                return as_it_is(upload, mime_type, file_name=name or nameless)
            case MediaKind.image:
                return await self._pictures.image(upload, path, found)
            case MediaKind.sticker:
                return await self._pictures.sticker(upload, path, found)
            case MediaKind.square:
                return await self._pictures.square(upload, path, found)
            case MediaKind.audio:
                return await self._sounds.audio(tenant_id, upload, path, found)
            case MediaKind.voice:
                return await self._sounds.voice(tenant_id, upload, path, found)
            case MediaKind.video | MediaKind.gif | MediaKind.video_note:
                return await self._videos.video(tenant_id, upload, path, found)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
