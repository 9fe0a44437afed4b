"""Makes a backup while everything runs.

First Redis, then the store: a webhook that was delivered in between is delivered again after a restore, under the
same id, and nothing is skipped. Where tenants want their webhooks is then copied once more, for those who came in
between. The file takes its name when it is whole and on the disk.
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from redis.asyncio import Redis

from control import __version__
from control.backup.archive import FORMAT, MANIFEST, SECRETS, STORE, SUMMARY, USAGE, ArchiveWriter
from control.backup.cipher import EncryptingWriter
from control.backup.installation import Refused
from control.backup.key import BackupKey
from control.backup.redis_copy import copy_out
from control.rpc.contract_gen import StoreBackupResult
from control.storage.keys import Keys

STORE_COPY = "store.sqlite"
"""The bridge's copy inside DATA_DIR/backup; removed once it is in the backup."""

USAGE_COPY = "usage.sqlite"
"""Likewise the copy of what tenants used."""

USAGE_SECONDS = 10.0

ATTEMPTS = 3
_PART_BYTES = 1 << 20


class StoreBridge(Protocol):
    """What a backup needs of the bridge."""

    async def store_backup(self, file_name: str) -> StoreBackupResult:
        """Write a copy of the store to DATA_DIR/backup."""


async def make_backup(
    bridge: StoreBridge,
    redis: Redis,
    keys: Keys,
    *,
    data_dir: Path,
    target: Path,
    key: BackupKey,
    master_key: str | None,
) -> StoreBackupResult:
    """Write the backup to `target` and return what the store's copy holds.

    master_key: the value of MASTER_KEY where the key is not in a file. Raises GatewayError, RedisError, OSError,
    and Refused when another backup is being made.
    """
    folder = data_dir / "backup"
    partial = target.with_name(f".{target.name}.partial")
    await asyncio.to_thread(_prepare, folder, target)
    with _alone(folder):
        try:
            file = await asyncio.to_thread(_create, partial)
            try:
                archive = ArchiveWriter(await asyncio.to_thread(EncryptingWriter, file, key))
                made = await _fill(archive, bridge, redis, keys, data_dir, master_key)
                await asyncio.to_thread(archive.finish)
                await asyncio.to_thread(_settle, file.fileno(), file.flush)
            finally:
                await asyncio.to_thread(file.close)
            await asyncio.to_thread(_publish, partial, target)
        finally:
            await asyncio.to_thread(_discard, partial, folder / STORE_COPY, folder / USAGE_COPY)
    return made


def default_target(data_dir: Path) -> Path:
    """Return a name with the time in it, inside DATA_DIR/backup."""
    return data_dir / "backup" / f"gateway-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"


async def _fill(
    archive: ArchiveWriter, bridge: StoreBridge, redis: Redis, keys: Keys, data_dir: Path, master_key: str | None
) -> StoreBackupResult:
    mode_file, manifest = data_dir / "mode", {"format": FORMAT, "version": __version__}
    mode = await asyncio.to_thread(lambda: mode_file.read_text().strip() if mode_file.exists() else "whatsapp")
    manifest |= {"mode": mode, "createdAt": datetime.now(UTC).isoformat(timespec="seconds")}
    await asyncio.to_thread(archive.add_document, MANIFEST, manifest)

    parts = _Parts(archive)
    async for line in copy_out(redis, keys):
        await parts.add(line)
    for _ in range(ATTEMPTS):
        secrets = await asyncio.to_thread(_secrets, data_dir, master_key)
        made = await bridge.store_backup(STORE_COPY)
        # The copy is sealed by the key of that moment: one that was changed meanwhile would not open it.
        if secrets.get("master.key") == (await asyncio.to_thread(_secrets, data_dir, master_key)).get(
            "master.key"
        ):
            break
    else:
        raise Refused("The master key was changed again and again while the backup was made. Try again.")
    async for line in copy_out(redis, keys, wanted=_says_where_webhooks_go):
        await parts.add(line)
    await parts.flush()

    for name, content in secrets.items():
        await asyncio.to_thread(archive.add_bytes, f"secrets/{name}", content)
    await asyncio.to_thread(archive.add_file, STORE, data_dir / "backup" / STORE_COPY)
    if await asyncio.to_thread(_copy_usage, data_dir):
        await asyncio.to_thread(archive.add_file, USAGE, data_dir / "backup" / USAGE_COPY)
    summary = {
        "sessions": made.sessions,
        "journalId": made.journal_id,
        "headPosition": made.head_position,
        "redisEntries": parts.lines,
    }
    await asyncio.to_thread(archive.add_document, SUMMARY, summary)
    return made


def _says_where_webhooks_go(name: str) -> bool:
    return (
        name.endswith(("}:webhooks", "}:webhook"))
        or name in ("tenants", "tenancies")
        or name.startswith("tenancy:")
    )


class _Parts:
    """Gathers lines into members of a bounded size."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._pending = bytearray()
        self._number = 0
        self.lines = 0

    async def add(self, line: bytes) -> None:
        self._pending += line
        self.lines += 1
        if len(self._pending) >= _PART_BYTES:
            await self.flush()

    async def flush(self) -> None:
        if self._pending:
            self._number += 1
            name, content = f"redis/{self._number:06d}.jsonl", bytes(self._pending)
            self._pending.clear()
            await asyncio.to_thread(self._archive.add_bytes, name, content)


def _secrets(data_dir: Path, master_key: str | None) -> dict[str, bytes]:
    found = {}
    for name in SECRETS:
        path = data_dir / "secrets" / name
        if path.exists():
            found[name] = path.read_bytes()
    if master_key is not None:
        found["master.key"] = f"{master_key.strip()}\n".encode()
    return found


def _copy_usage(data_dir: Path) -> bool:
    """Copy the file while control writes to it; False when there is none."""
    source, target = data_dir / USAGE, data_dir / "backup" / USAGE_COPY
    if not source.exists():
        return False
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(source, timeout=USAGE_SECONDS)) as of,
            closing(sqlite3.connect(target)) as into,
        ):
            of.backup(into)
    except sqlite3.Error as error:
        raise OSError(f"the usage of tenants cannot be copied ({type(error).__name__})") from None
    return True


def _prepare(folder: Path, target: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        raise Refused(f"{target} exists already; a backup never replaces a file.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder: two backups would share the name of the store's copy."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("Another backup is being made at the moment.") from None
        yield
    finally:
        os.close(descriptor)


def _create(path: Path) -> io.BufferedWriter:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def _publish(partial: Path, target: Path) -> None:
    # A link never replaces what somebody put there meanwhile.
    os.link(partial, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
