"""A backup and its way back, with a real Redis and a store that is played."""

from __future__ import annotations

import asyncio
import base64
import stat
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from control.backup.cipher import BackupUnreadable
from control.backup.installation import Refused
from control.backup.key import BackupKey
from control.backup.making import _alone, make_backup
from control.backup.restoring import STAGING, restore_backup
from control.rpc.contract_gen import StoreBackupResult
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.redis import execute
from control.tenancy.tenant import Quotas, Tenant
from control.tenancy.tenants import FILE_NAME as TENANTS_FILE
from control.tenancy.tenants import Tenants
from control.tenancy.usage import Counted, Usage
from control.tenancy.usage_copy import UsageCopy
from tests.component.backup.conftest import PlayedStore, read_meta

KEY = BackupKey.parse(base64.b64encode(bytes(range(32))))
SECRETS = {"master.key": "bWFzdGVy", "control.key": "c" * 32, "api-key": "wag_key"}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    folder = tmp_path / "original"
    (folder / "secrets").mkdir(parents=True)
    for name, content in SECRETS.items():
        (folder / "secrets" / name).write_text(content)
    (folder / "mode").write_text("sandbox\n")
    return folder


async def backup(redis: Redis, keys: Keys, original: Path, **changes: Any) -> Path:
    target = original.parent / "nightly.backup"
    await make_backup(
        changes.pop("bridge", None) or PlayedStore(original),
        redis,
        keys,
        data_dir=original,
        target=target,
        key=KEY,
        master_key=changes.pop("master_key", None),
    )
    return target


async def restore(redis: Redis, keys: Keys, source: Path, folder: Path, **changes: Any) -> Any:
    options = {"key": KEY, "mode": "sandbox", **changes}
    return await restore_backup(redis, Keys(f"{keys.prefix}-new"), data_dir=folder, source=source, **options)


async def test_everything_comes_back_into_an_empty_installation(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    await execute(redis, "SADD", keys.tenants(), "acme")
    await execute(redis, "HSET", keys.webhook("acme"), "url", "https://x", "secret", "v1.sealed")
    target, elsewhere = await backup(redis, keys, original), tmp_path / "new"
    elsewhere.mkdir()

    restored = await restore(redis, keys, target, elsewhere)

    assert (restored.sessions, restored.redis_entries) == (2, 4)
    for name, content in SECRETS.items():
        path = elsewhere / "secrets" / name
        assert path.read_text() == content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_meta(elsewhere / "bridge" / "store.sqlite")["copied_ms"] == "1"
    new = Keys(f"{keys.prefix}-new")
    assert await execute(redis, "HGET", new.webhook("acme"), "secret") == b"v1.sealed"
    assert not (elsewhere / STAGING).exists()


async def test_what_tenants_used_comes_back_with_their_records_and_quotas(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    def over(folder: Path, keys: Keys) -> tuple[Tenants, Usage]:
        copy = DurableCopy(folder / "control" / TENANTS_FILE, what="the tenants")
        usage = Usage(redis, keys, UsageCopy(folder / "control"), exists=lambda tenant: True)
        return Tenants(redis, keys, copy, creation="operator"), usage

    tenants, usage = over(original, keys)
    await tenants.create(Tenant("acme", name="Acme", quotas=Quotas(messages_per_day=7)))
    usage.count("acme", Counted.SENT, 5)
    await usage.flush()
    await usage.copy()
    elsewhere = tmp_path / "new"
    elsewhere.mkdir()

    await restore(redis, keys, await backup(redis, keys, original), elsewhere)

    again, used = over(elsewhere, Keys(f"{keys.prefix}-new"))
    found = await again.get("acme")
    assert (found.name, found.quotas.messages_per_day) == ("Acme", 7)
    used.count("acme", Counted.SENT)
    await used.flush()
    assert await used.today("acme", Counted.SENT) == 6
    assert stat.S_IMODE((elsewhere / "control" / "usage.sqlite").stat().st_mode) == 0o600
    assert list((original / "backup").iterdir()) == []
    for part in (tenants, again):
        part.close()
    for counts in (usage, used):
        await counts.close()


async def test_a_backup_shows_nothing_to_others_and_leaves_nothing_beside_itself(
    redis: Redis, keys: Keys, original: Path
) -> None:
    await execute(redis, "HSET", keys.webhook("acme-shop"), "url", "https://customer.example/hook")
    target = await backup(redis, keys, original)

    content = target.read_bytes()
    for word in (*SECRETS.values(), "acme-shop", "customer.example", "SQLite", "manifest"):
        assert word.encode() not in content
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list((original / "backup").iterdir()) == []
    assert [path.name for path in original.parent.iterdir() if "backup" in path.name] == ["nightly.backup"]


async def test_what_is_not_whole_or_of_another_key_leaves_an_empty_installation_empty(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    await execute(redis, "SADD", keys.tenants(), "acme")
    target, elsewhere = await backup(redis, keys, original), tmp_path / "new"
    elsewhere.mkdir()
    whole = target.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    other = BackupKey.parse(base64.b64encode(bytes(32)))

    for content, options in (
        (bytes(flipped), {}),
        (whole[:-1], {}),
        (whole[:200], {}),
        (whole + b"x", {}),
        (b"", {}),
        (whole, {"key": other}),
    ):
        target.write_bytes(content)
        with pytest.raises(BackupUnreadable):
            await restore(redis, keys, target, elsewhere, **options)
        assert list(elsewhere.iterdir()) == []
        assert not await execute(redis, "KEYS", f"{keys.prefix}-new:*")

    target.write_bytes(whole)
    assert (await restore(redis, keys, target, elsewhere)).sessions == 2


async def test_an_installation_that_is_not_empty_is_left_as_it_is(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    target = await backup(redis, keys, original)

    with pytest.raises(Refused, match="not empty: there is secrets/"):
        await restore(redis, keys, target, original)

    await execute(redis, "SET", f"{keys.prefix}-new:tenants", "x")
    with pytest.raises(Refused, match="Redis is not empty"):
        await restore(redis, keys, target, tmp_path / "new")


async def test_a_backup_of_the_sandbox_is_not_restored_for_whatsapp(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    target = await backup(redis, keys, original)

    with pytest.raises(Refused, match="of sandbox sessions"):
        await restore(redis, keys, target, tmp_path / "new", mode="whatsapp")


async def test_a_backup_never_replaces_a_file(redis: Redis, keys: Keys, original: Path) -> None:
    target = await backup(redis, keys, original)
    before = target.read_bytes()

    with pytest.raises(Refused, match="exists already"):
        await backup(redis, keys, original)

    assert target.read_bytes() == before


async def test_a_master_key_of_the_environment_is_in_the_backup(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    (original / "secrets" / "master.key").unlink()

    target = await backup(redis, keys, original, master_key="ZnJvbSBlbnY=")
    await restore(redis, keys, target, tmp_path / "new")

    assert (tmp_path / "new" / "secrets" / "master.key").read_text() == "ZnJvbSBlbnY=\n"


class RotatingStore(PlayedStore):
    """Changes the master key while its first copy is made."""

    async def store_backup(self, file_name: str) -> StoreBackupResult:
        made = await super().store_backup(file_name)
        if self.copies == 1:
            await asyncio.to_thread((self.data_dir / "secrets" / "master.key").write_text, "rotated")
        return made


async def test_a_master_key_that_changes_meanwhile_is_the_one_of_the_copy(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    bridge = RotatingStore(original)

    target = await backup(redis, keys, original, bridge=bridge)
    await restore(redis, keys, target, tmp_path / "new")

    assert bridge.copies == 2
    assert (tmp_path / "new" / "secrets" / "master.key").read_text() == "rotated"


class LateStore(PlayedStore):
    """While the store is copied a tenant registers its webhook, delivers an event and moves its cursor."""

    def __init__(self, data_dir: Path, redis: Redis, keys: Keys) -> None:
        super().__init__(data_dir)
        self.redis, self.keys = redis, keys

    async def store_backup(self, file_name: str) -> StoreBackupResult:
        await execute(self.redis, "SADD", self.keys.tenants(), "late")
        await execute(self.redis, "HSET", self.keys.webhook("late"), "url", "https://late")
        await execute(self.redis, "SET", self.keys.tenant_cursor("late", "jrn_1"), "99")
        return await super().store_backup(file_name)


async def test_a_webhook_that_is_registered_meanwhile_is_in_it_and_no_cursor_ahead_of_the_journal(
    redis: Redis, keys: Keys, original: Path, tmp_path: Path
) -> None:
    target = await backup(redis, keys, original, bridge=LateStore(original, redis, keys))

    await restore(redis, keys, target, tmp_path / "new")

    new = Keys(f"{keys.prefix}-new")
    assert await execute(redis, "HGET", new.webhook("late"), "url") == b"https://late"
    assert await execute(redis, "SISMEMBER", new.tenants(), "late")
    assert await execute(redis, "GET", new.tenant_cursor("late", "jrn_1")) is None


async def test_two_backups_at_once_are_refused_and_a_failed_one_leaves_nothing(
    redis: Redis, keys: Keys, original: Path
) -> None:
    class Failing(PlayedStore):
        async def store_backup(self, file_name: str) -> StoreBackupResult:
            with pytest.raises(Refused, match="Another backup"), _alone(self.data_dir / "backup"):
                pass
            await super().store_backup(file_name)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await backup(redis, keys, original, bridge=Failing(original))

    assert [path.name for path in original.parent.iterdir()] == ["original"]
    assert list((original / "backup").iterdir()) == []
