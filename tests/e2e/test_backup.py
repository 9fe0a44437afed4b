"""From one machine to another by a backup, on the real wire: backup, wipe, restore, take over, send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.customer_app import CustomerApp, Received
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

TENANT = "moved-1"
CONTACT = "+5511987650002"
SECRET = "a-secret-the-customer-chose-27182"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "backup.key"
    path.write_bytes(base64.b64encode(os.urandom(32)))
    path.chmod(0o600)
    return path


@pytest.fixture
async def elsewhere(gateway: Installation) -> AsyncIterator[Installation]:
    """Another machine, so to speak: its own folder and ports, started by the test."""
    other = Installation()
    yield other
    await other.stop()


async def status_of(gateway: Installation) -> dict[str, object]:
    _, answer = await gateway.call("GET", f"/api/v1/sessions/{TENANT}/status")
    return dict(answer)


async def until(gateway: Installation, **wanted: object) -> dict[str, object]:
    """Wait until the session's status has these values."""
    seen: dict[str, object] = {}

    async def matches() -> bool:
        seen.update(await status_of(gateway))
        return all(seen.get(name) == value for name, value in wanted.items())

    await wait_for(matches, seconds=30, every=0.1, what=lambda: f"{seen}\n{gateway.describe()}")
    return seen


async def send(gateway: Installation, text: str) -> None:
    body = {"to": CONTACT, "message": text, "type": "text"}
    status, answer = await gateway.call("POST", f"/api/v1/messages/{TENANT}/send?wait=20", body)
    assert (status, answer.get("status")) == (200, "sent"), answer


def hook_with(customer: CustomerApp, text: str) -> Received | None:
    messages = (hook for hook in customer.received if hook.event["event"] == "message")
    return next((hook for hook in messages if hook.event["data"].get("message") == text), None)


def move_whatsapp(source: Installation, target: Installation) -> None:
    """WhatsApp itself stays what it is when a gateway moves: the sandbox's state goes along."""
    shutil.copytree(source.data_dir / "sandbox", target.data_dir / "sandbox")


@pytest.mark.timeout(240)
async def test_a_backup_moves_an_installation_without_a_scan_and_a_copy_waits_for_its_takeover(
    gateway: Installation,
    elsewhere: Installation,
    sandbox: Sandbox,
    customer: CustomerApp,
    key_file: Path,
    tmp_path: Path,
) -> None:
    webhook = {"url": f"{customer.url}/webhook", "secret": SECRET}
    _, started = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start", {"webhook": webhook})
    await sandbox.scan_qr(started["qr"])
    number = str((await until(gateway, connected=True))["phoneNumber"])
    await send(gateway, "before the backup")
    await sandbox.say(CONTACT, number, "heard before the backup")
    await wait_for(lambda: hook_with(customer, "heard before the backup"), seconds=20, what=gateway.describe)

    # While everything runs, twice: the second by a key file that is named.
    status, said = await gateway.run("backup", str(tmp_path / "a.backup"), BACKUP_KEY_FILE=str(key_file))
    assert status == 0, said
    assert ": 1 session, " in said
    status, said = await gateway.run("backup", str(tmp_path / "b.backup"), "--key-file", str(key_file))
    assert status == 0, said
    assert stat.S_IMODE((tmp_path / "a.backup").stat().st_mode) == 0o600
    content = (tmp_path / "a.backup").read_bytes()
    for word in (TENANT, number[1:], SECRET, gateway.api_key, "before the backup"):
        assert word.encode() not in content
    assert list((gateway.data_dir / "backup").iterdir()) == []
    status, said = await gateway.run(
        "restore", "--sandbox", str(tmp_path / "a.backup"), "--key-file", str(key_file)
    )
    assert status == 1
    assert "is running" in said
    assert (await status_of(gateway))["connected"] is True

    # The machine is lost; what WhatsApp knows is not.
    api_key = gateway.api_key
    await gateway.halt()
    move_whatsapp(gateway, elsewhere)
    shutil.rmtree(gateway.data_dir)

    # A wrong key and a flipped byte are refused, and leave the new machine empty.
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(base64.b64encode(os.urandom(32)))
    wrong.chmod(0o600)
    status, said = await elsewhere.run(
        "restore", "--sandbox", str(tmp_path / "a.backup"), "--key-file", str(wrong)
    )
    assert status == 1
    assert "not the one it was made with" in said
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    (tmp_path / "flipped.backup").write_bytes(flipped)
    status, said = await elsewhere.run(
        "restore", "--sandbox", str(tmp_path / "flipped.backup"), "--key-file", str(key_file)
    )
    assert status == 1
    assert "damaged" in said
    assert not (elsewhere.data_dir / "bridge" / "store.sqlite").exists()

    # Restored, but not taken over: it does not connect, and says why.
    status, said = await elsewhere.run(
        "restore", "--sandbox", str(tmp_path / "a.backup"), "--key-file", str(key_file)
    )
    assert status == 0, said
    assert "must never run" in said
    await elsewhere.start()
    assert elsewhere.api_key == api_key
    held_back = await until(elsewhere, status="failed", reason="owned_elsewhere")
    assert "take the sessions over" in str(held_back["message"])
    status, refused = await elsewhere.call("POST", f"/api/v1/sessions/{TENANT}/start")
    assert (status, refused["code"]) == (409, "owned_elsewhere")
    new_sandbox = Sandbox(elsewhere.sandbox_port, elsewhere.data_dir / "sandbox" / "ca.pem")
    assert not await new_sandbox.ledger(tag="success")
    status, said = await elsewhere.run("takeover")
    assert status == 1
    assert "running" in said

    # Taken over: connected without a QR code, sending, and its webhooks signed as before.
    await elsewhere.halt()
    status, said = await elsewhere.run("takeover")
    assert status == 0, said
    await elsewhere.start()
    assert (await until(elsewhere, connected=True))["phoneNumber"] == number
    await send(elsewhere, "from the new machine")
    await wait_for(
        lambda: received_by_contact(new_sandbox, "from the new machine"),
        seconds=15,
        every=0.1,
        what=elsewhere.describe,
    )
    await new_sandbox.say(CONTACT, number, "heard on the new machine")
    hook = await wait_for(
        lambda: hook_with(customer, "heard on the new machine"), seconds=20, what=elsewhere.describe
    )
    expected = hmac.new(SECRET.encode(), hook.body, hashlib.sha256).hexdigest()
    assert hook.headers["X-Webhook-Signature"] == f"sha256={expected}"
    # What was delivered before the backup is not delivered again.
    heard = [hook for hook in customer.received if hook.event["data"].get("message") == "heard before the backup"]
    assert len(heard) == 1

    # An installation that is not empty is not restored into.
    await elsewhere.halt()
    status, said = await elsewhere.run(
        "restore", "--sandbox", str(tmp_path / "b.backup"), "--key-file", str(key_file), "--takeover"
    )
    assert status == 1
    assert "not empty" in said
    await new_sandbox.close()


async def received_by_contact(sandbox: Sandbox, text: str) -> bool:
    return text in [str(message["text"]) for message in await sandbox.messages(CONTACT)]


@pytest.mark.timeout(120)
async def test_a_new_master_key_opens_everything_and_older_backups_keep_theirs(
    gateway: Installation, sandbox: Sandbox, elsewhere: Installation, key_file: Path, tmp_path: Path
) -> None:
    _, started = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start")
    await sandbox.scan_qr(started["qr"])
    await until(gateway, connected=True)
    before = (gateway.data_dir / "secrets" / "master.key").read_bytes()
    status, said = await gateway.run("backup", str(tmp_path / "old.backup"), "--key-file", str(key_file))
    assert status == 0, said

    status, said = await gateway.run("rotate-master-key")

    assert status == 0, said
    assert (gateway.data_dir / "secrets" / "master.key").read_bytes() != before
    await gateway.kill("bridge")
    await until(gateway, connected=True)
    await send(gateway, "after the rotation")

    # One step: the original is stopped, the copy takes over at once, and its old key opens it.
    await gateway.halt()
    move_whatsapp(gateway, elsewhere)
    status, said = await elsewhere.run(
        "restore", "--sandbox", str(tmp_path / "old.backup"), "--takeover", "--key-file", str(key_file)
    )
    assert status == 0, said
    assert (elsewhere.data_dir / "secrets" / "master.key").read_bytes() == before
    await elsewhere.start()
    await until(elsewhere, connected=True)
    await send(elsewhere, "from the copy")


@pytest.mark.timeout(60)
async def test_commands_without_what_they_need_say_so_in_a_sentence(tmp_path: Path) -> None:
    gateway = Installation()
    try:
        for command, arguments, says in (
            ("backup", (), "There is no key file"),
            ("backup", ("--key-file", str(tmp_path / "none")), "cannot be read"),
            ("rotate-master-key", (), "not running here"),
            ("takeover", (), "There is no installation"),
            ("import", ("acme", str(tmp_path)), "no creds.json"),
            ("import", ("../acme", str(tmp_path)), "A tenant id has"),
        ):
            status, said = await gateway.run(command, *arguments)
            assert (status, says in said) == (1, True), said
            assert "Traceback" not in said
    finally:
        await gateway.stop()
