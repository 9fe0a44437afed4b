"""Received media in a bucket: each file is put there once, and whoever may have it gets an address for a while.

The bucket is a convenience, never a condition: whatever fails here, the local file is served instead. A file stays
in the bucket when the local copy is gone, so what WhatsApp no longer has can still be had.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

from control.media.bucket import Bucket, BucketError
from control.rpc.contract_gen import MediaFile

PUTS_AT_ONCE: Final = 4
PUT_PATIENCE_SECONDS: Final = 60.0
"""How long a request waits for its file to be in the bucket; it goes on being put after that."""

log = logging.getLogger(__name__)


class OffsiteMedia:
    """Gives addresses in a bucket. Use close() at the end."""

    def __init__(self, bucket: Bucket, *, prefix: str, seconds: int) -> None:
        """prefix: what every key begins with. seconds: how long an address is good."""
        self._bucket = bucket
        self._prefix = prefix
        self._seconds = seconds
        self._room = asyncio.Semaphore(PUTS_AT_ONCE)
        self._putting: dict[str, asyncio.Task[bool]] = {}
        self._failing = False

    async def close(self) -> None:
        """Stop what is under way and close all connections."""
        tasks = list(self._putting.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2.0)
        await self._bucket.close()

    async def address(self, tenant_id: str, file: MediaFile, path: Path, disposition: str) -> str | None:
        """Return an address of a file, which is put into the bucket when it is not there; None when that fails."""
        key = self._key(tenant_id, file.media_id)
        task = self._putting.get(key)
        if task is None:
            task = asyncio.create_task(self._ensure(key, file, path, disposition), name="media to the bucket")
            self._putting[key] = task
            task.add_done_callback(lambda _: self._putting.pop(key, None))
        try:
            async with asyncio.timeout(PUT_PATIENCE_SECONDS):
                # Others may wait for the same file, and it is wanted there also when this caller has gone.
                there = await asyncio.shield(task)
        except TimeoutError:
            return None
        if not there:
            return None
        return self._bucket.address(key, mime_type=file.mime_type, disposition=disposition, seconds=self._seconds)

    async def kept(self, tenant_id: str, media_id: str) -> str | None:
        """Return an address of a file that was put into the bucket before, None when there is none."""
        key = self._key(tenant_id, media_id)
        try:
            stored = await self._bucket.find(key)
        except BucketError as error:
            self._failed(str(error))
            return None
        if stored is None:
            return None
        # Others may write to the bucket; nothing in it is shown by a browser all the same.
        disposition = stored.disposition if stored.disposition.startswith("attachment") else "attachment"
        return self._bucket.address(
            key, mime_type=stored.mime_type, disposition=disposition, seconds=self._seconds
        )

    async def _ensure(self, key: str, file: MediaFile, path: Path, disposition: str) -> bool:
        try:
            async with self._room:
                stored = await self._bucket.find(key)
                if stored is None or stored.size_bytes != file.size_bytes:
                    await self._bucket.put(key, path, mime_type=file.mime_type, disposition=disposition)
        except (BucketError, OSError) as error:
            self._failed(str(error) if isinstance(error, BucketError) else type(error).__name__)
            return False
        if self._failing:
            self._failing = False
            log.info("media storage works again")
        return True

    def _failed(self, reason: str) -> None:
        """Say it once until it works again: each download would say the same."""
        if not self._failing:
            self._failing = True
            log.warning("media storage fails, files are served from the disk", extra={"reason": reason})

    def _key(self, tenant_id: str, media_id: str) -> str:
        return f"{self._prefix}{tenant_id}/{media_id}"
