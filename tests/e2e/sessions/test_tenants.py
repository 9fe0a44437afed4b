"""The life of a tenant, with the real bridge and Redis: created, held to quotas, suspended, resumed, deleted."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.sessions.test_deleting import holding
from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import CONTACT, session, until_connected
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

TENANT = "quota-tenant-16180"
ITSELF = f"/api/v1/tenants/{TENANT}"
SEND = f"/api/v1/messages/{TENANT}/send?wait=20"
NAME = "a name to forget 57721"
FILE = b"%PDF-1.4 " + b"a file nobody may find again 66260 " * 500
SCOPES = ["sessions:read", "sessions:write", "messages:send", "tenants:read", "events:read"]


async def send(gateway: Installation, key: str, text: str) -> tuple[int, Any]:
    return await gateway.call("POST", SEND, {"to": CONTACT, "message": text}, key=key)


async def said(gateway: Installation) -> list[str]:
    """The texts of the tenant's events."""
    _, answer = await gateway.call("GET", f"/api/v1/events/{TENANT}?limit=200")
    return [one["data"].get("message") for one in answer["events"] if one["event"] == "message"]


async def test_the_life_of_a_tenant(gateway: Installation, sandbox: Sandbox) -> None:
    of_others = _files(gateway.data_dir / "media")
    status, made = await gateway.call(
        "POST", "/api/v1/tenants", {"tenantId": TENANT, "name": NAME, "quotas": {"messagesPerDay": 3}}
    )
    assert (status, made["tenant"]["state"]) == (201, "active")
    wanted = {"name": "its own", "tenants": [TENANT], "scopes": SCOPES}
    _, shown = await gateway.call("POST", "/api/v1/keys", wanted)
    key = shown["key"]
    async with CustomerApp() as app:
        webhook = {"url": f"{app.url}/hook", "secret": "a-secret-of-the-test-01"}
        status, started = await gateway.call(
            "POST", f"/api/v1/sessions/{TENANT}/start", {"webhook": webhook}, key=key
        )
        assert status == 200, started
        await sandbox.scan_qr(started["qr"])
        number = str((await until_connected(gateway, TENANT))["phoneNumber"])

        assert (await send(gateway, key, "first"))[0] == 200
        media = {"kind": "document", "base64": base64.b64encode(FILE).decode(), "fileName": "note.pdf"}
        await sandbox.call("POST", f"/contacts/{quote(CONTACT)}/say", json={"to": number, "media": media})
        await wait_for(lambda: app.delivered("/hook"), seconds=20, what=gateway.describe)
        await wait_for(lambda: _has_file(gateway), seconds=20, every=0.1, what=gateway.describe)

        await _suspended_and_resumed(gateway, sandbox, key, number)

        assert [(await send(gateway, key, text))[0] for text in ("second", "third")] == [200, 200]
        status, over = await send(gateway, key, "fourth")
        assert (status, over["code"], over["quota"]) == (429, "quota_exceeded", "messagesPerDay")

        seen: dict[str, Any] = {}

        async def counted() -> bool:
            _, usage = await gateway.call("GET", f"{ITSELF}/usage", key=key)
            seen.update(usage)
            messages, total = usage["total"]["messages"], usage["total"]
            return (
                (messages["accepted"], messages["sent"], messages["received"]) == (3, 3, 2)
                and total["mediaBytes"]["received"] == len(FILE)
                and total["webhooks"]["delivered"] >= 6
                and total["requests"] >= 6
            )

        await wait_for(counted, seconds=20, every=0.2, what=lambda: f"{seen}")
        await _deleted(gateway, key, number, of_others)


async def _has_file(gateway: Installation) -> bool:
    """Have the received file on disk; what the tenant takes tells of it."""
    _, answer = await gateway.call("GET", f"/api/v1/events/{TENANT}?limit=200")
    media = [one["data"]["media"] for one in answer["events"] if one["data"].get("media")]
    if not media:
        return False
    status, _, body = await gateway.fetch(f"/api/v1/media/{TENANT}/{media[0]['mediaId']}")
    assert (status, body) == (200, FILE)
    _, looked = await gateway.call("GET", ITSELF)
    assert (looked["used"]["storageFiles"], looked["used"]["storageBytes"]) == (1, len(FILE))
    assert looked["used"]["messagesToday"] == 1
    return True


async def _suspended_and_resumed(gateway: Installation, sandbox: Sandbox, key: str, number: str) -> None:
    status, suspended = await gateway.call("POST", f"{ITSELF}/suspend", {"reason": "unpaid"})
    assert (status, suspended["tenant"]["state"]) == (200, "suspended")
    _, seen = await session(gateway, "GET", f"{TENANT}/status")
    assert (seen["connected"], seen["status"]) == (False, "disconnected")
    assert (await send(gateway, key, "never"))[1]["code"] == "tenant_suspended"
    status, refused = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start", key=key)
    assert (status, refused["code"]) == (403, "tenant_suspended")
    # The suspension outlives the process that made it, and so does what it counted.
    await gateway.ctl("restart", "control")
    await wait_for(gateway.is_ready, seconds=30, every=0.1, what=gateway.describe)
    assert (await send(gateway, key, "never"))[1]["code"] == "tenant_suspended"
    await sandbox.say(CONTACT, number, "while suspended")

    status, resumed = await gateway.call("POST", f"{ITSELF}/resume")
    assert (status, resumed["tenant"]["state"]) == (200, "active")
    await until_connected(gateway, TENANT)

    async def arrived() -> bool:
        return "while suspended" in await said(gateway)

    await wait_for(arrived, seconds=20, every=0.1, what=gateway.describe)


async def _deleted(gateway: Installation, key: str, number: str, of_others: set[str]) -> None:
    assert holding(gateway.data_dir, TENANT)
    assert holding(gateway.data_dir, NAME)
    media = _files(gateway.data_dir / "media") - of_others
    assert media

    # What is good for a minute only goes as well.
    assert (await gateway.call("POST", f"/api/v1/events/{TENANT}/tickets"))[0] == 201
    assert (await gateway.call("POST", f"/api/v1/sessions/{TENANT}/connect-link"))[0] == 201
    status, deleted = await gateway.call("DELETE", ITSELF)

    assert (status, deleted["deleted"]) == (200, True)
    assert (await send(gateway, key, "gone"))[0] == 401
    for path in (ITSELF, f"/api/v1/sessions/{TENANT}/status"):
        assert (await gateway.call("GET", path))[0] == 404
    await wait_for(lambda: not _files(gateway.data_dir / "media") & media, seconds=10)
    assert _files(gateway.data_dir / "media") >= of_others
    # The audit log tells what was done to a tenant whose id begins so.
    for word in (TENANT, NAME, number[1:], "a file nobody may find again"):
        await wait_for(
            lambda word=word: not holding(gateway.data_dir, word),  # type: ignore[misc]
            seconds=10,
            every=0.2,
            what=lambda word=word: f"{word} is in {holding(gateway.data_dir, word)}",  # type: ignore[misc]
        )


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
