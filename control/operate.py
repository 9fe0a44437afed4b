"""`python -m control <command>`: what an operator does with an installation beside running it.

    backup [file]              one encrypted file of everything, while the gateway runs
    restore file [--takeover]  a backup into an empty installation that does not run
    rotate-master-key          wrap all keys with a new master key, while the gateway runs
    import tenant folder       take over the pairing of a Baileys multi-file folder

scripts/backup and the others of these names set up the environment and call this. Exit status: 0, or 1 with one
sentence that says what was not done and why.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.api.schemas import checked_tenant_id
from control.backup.cipher import BackupUnreadable
from control.backup.importing import staged_folder
from control.backup.installation import Refused, refuse_if_running
from control.backup.key import BackupKey, BackupKeyError
from control.backup.making import default_target, make_backup
from control.backup.restoring import restore_backup
from control.errors import GatewayError
from control.rpc.client import BridgeClient
from control.rpc.faults import LinkDown
from control.rpc.link import BridgeLink, ContractMismatch
from control.settings import ConfigurationError, Settings
from control.storage.keys import Keys
from control.storage.redis import connect_redis

BRIDGE_SECONDS = 3.0
REDIS_SECONDS = 10.0

COPY_WARNING = """\
This is a copy of a running installation, and two of them must never run: WhatsApp would throw one of them out
again and again, and messages would become unreadable. So its sessions do not connect. Stop the original for good,
then:

    scripts/takeover"""


def operate(arguments: Sequence[str], settings: Settings) -> int:
    """Do a command and return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        asyncio.run(_COMMANDS[given.command](given, settings))
    except (Refused, BackupUnreadable, BackupKeyError, ConfigurationError) as refused:
        return _fail(str(refused))
    except GatewayError as error:
        reason = error.extra.get("reason")
        return _fail(f"{error.detail} ({str(reason).replace('_', ' ')})" if reason else error.detail)
    except ContractMismatch as mismatch:
        return _fail(f"{mismatch}")
    except RedisError as error:
        return _fail(f"Redis failed: {error}")
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    return 0


async def _backup(given: argparse.Namespace, settings: Settings) -> None:
    key = _key(given, settings)
    target = _path(given.file) if given.file else default_target(settings.data_dir)
    async with _bridge(settings) as bridge, _redis(settings) as redis:
        made = await make_backup(
            bridge,
            redis,
            Keys(settings.redis_prefix),
            data_dir=settings.data_dir,
            target=target,
            key=key,
            master_key=os.environ.get("MASTER_KEY") or None,
        )
    size = target.stat().st_size / (1 << 20)
    _say(
        f"{target}: {_counted(made.sessions)}, {size:.1f} MiB, encrypted. Keep it and its key in different places."
    )


async def _restore(given: argparse.Namespace, settings: Settings) -> None:
    key = _key(given, settings)
    refuse_if_running(settings.bridge_socket_path)
    async with _redis(settings) as redis:
        restored = await restore_backup(
            redis,
            Keys(settings.redis_prefix),
            data_dir=settings.data_dir,
            source=_path(given.file),
            key=key,
            mode=given.mode,
        )
    _say(f"Restored {_counted(restored.sessions)} of {restored.created_at} into {settings.data_dir}.")
    # With --takeover the script goes on to let the bridge write that down.
    if not given.takeover:
        _say(COPY_WARNING)


async def _rotate(given: argparse.Namespace, settings: Settings) -> None:
    async with _bridge(settings) as bridge:
        rotated = await bridge.store_rotate_master_key()
    _say(f"The keys of {_counted(rotated.sessions)} are wrapped with a new master key. Older backups keep theirs.")


async def _import(given: argparse.Namespace, settings: Settings) -> None:
    tenant_id = checked_tenant_id(given.tenant)
    with staged_folder(_path(given.folder), settings.data_dir / "import") as name:
        async with _bridge(settings) as bridge:
            session = await bridge.session_import(tenant_id, name)
    _say(f"Tenant {tenant_id} has the pairing of {session.phone_number or 'the folder'}.")
    _say("Stop the service the folder came from for good, and only then start the session:")
    _say(f"    POST /api/v1/sessions/{tenant_id}/start")


_COMMANDS = {
    "backup": _backup,
    "restore": _restore,
    "rotate-master-key": _rotate,
    "import": _import,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m control")
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", prog="scripts/backup")
    backup.add_argument("file", nargs="?", help="default: a name with the time in it, inside DATA_DIR/backup")
    restore = commands.add_parser("restore", prog="scripts/restore")
    restore.add_argument("file")
    restore.add_argument("--takeover", action="store_true", help="the original is stopped for good")
    restore.add_argument("--mode", choices=("whatsapp", "sandbox"), default="whatsapp", help=argparse.SUPPRESS)
    for command in (backup, restore):
        command.add_argument("--key-file", help="default: BACKUP_KEY_FILE")
    commands.add_parser("rotate-master-key", prog="scripts/rotate-master-key")
    importing = commands.add_parser("import", prog="scripts/import")
    importing.add_argument("tenant")
    importing.add_argument("folder")
    return parser


def _path(given: str) -> Path:
    """A path as the operator wrote it: the scripts change into another folder before they call this."""
    return Path(os.environ.get("CALLED_FROM", ".")) / given


def _key(given: argparse.Namespace, settings: Settings) -> BackupKey:
    path = _path(given.key_file) if given.key_file else settings.backup_key_file
    if path is None:
        raise BackupKeyError(
            "There is no key file: set BACKUP_KEY_FILE or give --key-file. To make one: "
            "(umask 077; openssl rand -base64 32 > backup.key)"
        )
    return BackupKey.from_file(path)


@asynccontextmanager
async def _bridge(settings: Settings) -> AsyncIterator[BridgeClient]:
    link = BridgeLink(settings.bridge_socket_path, client_name="operator")
    running = asyncio.create_task(link.run())
    ready = asyncio.create_task(link.ready(within=BRIDGE_SECONDS))
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        await ready
        yield BridgeClient(link)
    except LinkDown:
        raise Refused("The gateway is not running here. Start it first: scripts/run") from None
    finally:
        running.cancel()
        ready.cancel()
        for task in (running, ready):
            with suppress(asyncio.CancelledError, ContractMismatch, LinkDown):
                await task


@asynccontextmanager
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    redis = connect_redis(settings.redis_address, timeout=REDIS_SECONDS, connections=4)
    try:
        yield redis
    finally:
        await redis.aclose()


def _counted(sessions: int) -> str:
    return "1 session" if sessions == 1 else f"{sessions} sessions"


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
