"""The door of the room: takes a file from a URL, from base64 or from an upload, and gives back one to be sent."""

from __future__ import annotations

from aiohttp import BodyPartReader

from control.errors import GatewayError
from control.media.base64_text import store_base64
from control.media.fetching import Fetcher
from control.media.gate import Gate
from control.media.kinds import Limits, MediaKind, PreparedMedia, Upload
from control.media.pace import Pace, TooSlow
from control.media.preparation import Preparation
from control.media.spool import Spool
from control.media.spool_file import CHUNK_BYTES
from control.media.threads import Threads

PER_TENANT = 4
IN_ALL = 32


class MediaIntake:
    """Takes files in for all tenants.

    Who gets a PreparedMedia or an Upload owes it a send or a discard(). A file that is refused, or whose taking in
    is cancelled, is gone already. All methods may raise `media_busy` and `spool_full`, all from_… methods
    `media_too_large`, `media_type_refused`, `media_invalid`, `media_conversion_failed` and `ffmpeg_required`.
    """

    def __init__(
        self, spool: Spool, threads: Threads, fetcher: Fetcher, preparation: Preparation, limits: Limits
    ) -> None:
        self._spool = spool
        self._threads = threads
        self._fetcher = fetcher
        self._preparation = preparation
        self._limits = limits
        self._fetching = Gate(per_tenant=PER_TENANT, in_all=IN_ALL)
        self._receiving = Gate(per_tenant=PER_TENANT, in_all=IN_ALL)
        self._preparing = Gate(per_tenant=PER_TENANT, in_all=IN_ALL)

    async def from_url(
        self, tenant_id: str, url: str, kind: MediaKind, *, file_name: str | None = None
    ) -> PreparedMedia:
        """Fetch a URL; also raises `media_url_refused`, `media_fetch_failed`."""
        async with self._fetching.enter(tenant_id):
            upload = await self._fetcher.fetch(url, self._limits.of(kind))
        return await self._prepare(tenant_id, upload, kind, file_name)

    async def from_base64(
        self,
        tenant_id: str,
        data: str,
        kind: MediaKind,
        *,
        file_name: str | None = None,
        mime_type: str | None = None,
    ) -> PreparedMedia:
        """Decode base64 or a data: URL; also raises `invalid_request`."""
        limit = min(self._limits.of(kind), self._limits.base64)
        async with self._receiving.enter(tenant_id):
            upload = await store_base64(data, self._spool, self._threads, limit, mime_type=mime_type)
        return await self._prepare(tenant_id, upload, kind, file_name)

    async def from_upload(
        self, tenant_id: str, upload: Upload, kind: MediaKind, *, file_name: str | None = None
    ) -> PreparedMedia:
        """Use a file that receive() took; it belongs to this call from here on."""
        return await self._prepare(tenant_id, upload, kind, file_name)

    async def receive(self, tenant_id: str, part: BodyPartReader) -> Upload:
        """Take the file of a multipart request as it comes; raises `media_too_large`, `request_timeout`."""
        pace = Pace()
        async with self._receiving.enter(tenant_id):
            try:
                async with self._spool.writing(self._limits.largest) as file:
                    while data := await pace.of(part.read_chunk(CHUNK_BYTES)):
                        await file.write(data)
            except TooSlow:
                raise GatewayError("request_timeout", "The file comes too slowly.") from None
        stored = file.stored()
        return Upload(
            stored.name, stored.size_bytes, stored.sha256, part.filename, part.headers.get("Content-Type")
        )

    async def receive_base64(self, tenant_id: str, data: str) -> Upload:
        """Take base64 or a data: URL as a file; raises `media_too_large`, `invalid_request`."""
        async with self._receiving.enter(tenant_id):
            return await store_base64(data, self._spool, self._threads, self._limits.base64)

    async def discard(self, media: PreparedMedia | Upload) -> None:
        """Remove a file whose send was definitely not accepted; nothing happens when it is gone already."""
        await self._spool.remove(media.name)

    async def _prepare(
        self, tenant_id: str, upload: Upload, kind: MediaKind, file_name: str | None
    ) -> PreparedMedia:
        try:
            async with self._preparing.enter(tenant_id):
                return await self._preparation.prepare(tenant_id, upload, kind, file_name)
        except BaseException:
            # Where prepare() was not even reached; otherwise it is gone already.
            await self._spool.remove(upload.name)
            raise
