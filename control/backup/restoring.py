"""Puts a backup into an empty installation that does not run.

Everything is decrypted and authenticated before anything takes its place: a wrong key, a flipped byte or a missing
end leaves the installation as empty as it was.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from control.backup.archive import STORE, USAGE, extract, redis_files
from control.backup.cipher import BackupUnreadable, DecryptingReader
from control.backup.installation import Refused, refuse_unless_empty
from control.backup.key import BackupKey
from control.backup.redis_copy import copy_in, is_empty, remove_all
from control.storage.keys import Keys

STAGING = "restore.partial"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put into the installation."""

    sessions: int
    created_at: str
    redis_entries: int


async def restore_backup(
    redis: Redis, keys: Keys, *, data_dir: Path, source: Path, key: BackupKey, mode: str
) -> Restored:
    """Restore. mode: sandbox or whatsapp, which the backup has to be of.

    Its sessions do not run before the bridge is told that the original is gone. Raises BackupUnreadable,
    Refused, RedisError, OSError.
    """
    await asyncio.to_thread(refuse_unless_empty, data_dir)
    if not await is_empty(redis, keys):
        raise Refused(
            "Redis is not empty: it holds keys of an installation. Use another one, or another REDIS_PREFIX."
        )
    staging = data_dir / STAGING
    try:
        manifest, summary = await asyncio.to_thread(_unpack, source, key, staging)
        if manifest.get("mode") != mode:
            raise Refused(
                f"This backup is of {manifest.get('mode')} sessions, but this installation is for {mode}."
            )
        try:
            entries = await _load(redis, keys, staging)
            await asyncio.to_thread(_settle, staging, data_dir)
        except BaseException:
            # So that the next attempt finds it empty again.
            await remove_all(redis, keys)
            raise
    finally:
        await asyncio.to_thread(shutil.rmtree, staging, True)
    return Restored(int(summary["sessions"]), str(manifest["createdAt"]), entries)


def _unpack(source: Path, key: BackupKey, staging: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700, parents=True)
    with source.open("rb") as file:
        documents = extract(DecryptingReader(file, key), staging)
    if not (staging / STORE).exists():
        raise BackupUnreadable("This backup is not whole.")
    return documents


async def _load(redis: Redis, keys: Keys, staging: Path) -> int:
    entries = 0
    for path in await asyncio.to_thread(lambda: list(redis_files(staging))):
        for line in (await asyncio.to_thread(path.read_bytes)).splitlines():
            await copy_in(redis, keys, line)
            entries += 1
    return entries


def _settle(staging: Path, data_dir: Path) -> None:
    """Move the files to their places, the store last: with it the installation exists."""
    moves = [(path, data_dir / "secrets" / path.name) for path in sorted((staging / "secrets").glob("*"))]
    if (staging / USAGE).exists():
        moves.append((staging / USAGE, data_dir / USAGE))
    moves.append((staging / STORE, data_dir / STORE))
    for source, target in moves:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with source.open("rb") as file:
            os.fsync(file.fileno())
        source.rename(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
