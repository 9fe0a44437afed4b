"""A tenant's key opens nothing of another tenant, whichever ids it knows: with the real bridge and its store."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import CONTACT, link
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SCOPES = [
    *("sessions:read", "sessions:write", "messages:read", "messages:send", "events:read"),
    *("webhooks:read", "webhooks:write", "keys:read", "keys:write", "audit:read"),
]


async def test_ids_of_another_tenant_are_no_ids_here(gateway: Installation, sandbox: Sandbox) -> None:
    number = await link(gateway, sandbox, "other")
    await link(gateway, sandbox, "mine")
    key = await made_key(gateway, "mine")
    ids = await belongings(gateway, sandbox, number)
    body = {"to": CONTACT, "type": "text", "message": "x"}

    async def ask(method: str, path: str, body: Any = None) -> tuple[int, str]:
        status, answer = await gateway.call(method, path, body, key=key)
        return status, answer.get("code", "")

    # Under its own tenant, with the other's ids: there is no such thing.
    message, batch = f"/api/v1/messages/mine/{ids['message']}", f"/api/v1/messages/mine/batches/{ids['batch']}"
    webhook = f"/api/v1/webhooks/mine/{ids['webhook']}"
    for method, path, code in (
        ("GET", message, "message_not_found"),
        ("GET", f"{message}/raw", "message_not_found"),
        ("DELETE", message, "message_not_found"),
        ("GET", batch, "batch_not_found"),
        ("GET", f"{batch}/messages", "batch_not_found"),
        ("POST", f"{batch}/pause", "batch_not_found"),
        ("POST", f"{batch}/cancel", "batch_not_found"),
        ("GET", f"/api/v1/media/mine/{ids['media']}", "media_not_found"),
        ("GET", webhook, "webhook_not_found"),
        ("DELETE", webhook, "webhook_not_found"),
        ("POST", f"{webhook}/rotate-secret", "webhook_not_found"),
        ("GET", f"/api/v1/keys/{ids['key']}", "key_not_found"),
        ("DELETE", f"/api/v1/keys/{ids['key']}", "key_not_found"),
    ):
        assert await ask(method, path) == (404, code), (method, path)
    # A message that refers to one of the other's hears what it would of one that never was.
    for said, refers in ((body, "replyTo"), ({"to": CONTACT, "type": "reaction", "emoji": "x"}, "messageId")):
        asked = [{**said, refers: known} for known in (ids["message"], ids["received"], "3EB0000000000000000000")]
        heard = [await ask("POST", "/api/v1/messages/mine/send", one) for one in asked]
        assert heard[0] == heard[1] == heard[2], heard
        assert heard[0][0] in (400, 404, 422)

    # Under the other tenant: as if it were not there.
    for path in (f"messages/other/{ids['message']}", f"media/other/{ids['media']}", "sessions/other/status"):
        assert await ask("GET", f"/api/v1/{path}") == (404, "tenant_not_found")
    _, mine = await gateway.call("GET", "/api/v1/sessions", key=key)
    assert [one["tenantId"] for one in mine["sessions"]] == ["mine"]
    _, events = await gateway.call("GET", "/api/v1/events/mine?limit=500", key=key)
    assert {event["tenantId"] for event in events["events"]} == {"mine"}

    # All of it is there for who may have it.
    assert (await gateway.call("GET", f"/api/v1/messages/other/{ids['message']}"))[0] == 200
    assert (await gateway.call("GET", f"/api/v1/messages/other/batches/{ids['batch']}"))[0] == 200
    assert (await gateway.fetch(f"/api/v1/media/other/{ids['media']}"))[0] == 200
    assert (await gateway.call("GET", f"/api/v1/webhooks/other/{ids['webhook']}"))[0] == 200


async def made_key(gateway: Installation, tenant: str) -> str:
    """Make a key of one tenant."""
    wanted = {"name": tenant, "tenants": [tenant], "scopes": SCOPES}
    status, made = await gateway.call("POST", "/api/v1/keys", wanted)
    assert status == 201, made
    return str(made["key"])


async def belongings(gateway: Installation, sandbox: Sandbox, number: str) -> dict[str, str]:
    """Let the other tenant have one of everything; return the ids."""
    body = {"to": CONTACT, "type": "text", "message": "of the other"}
    status, sent = await gateway.call("POST", "/api/v1/messages/other/send", body)
    assert status == 200, sent
    batch = {"recipients": [CONTACT], "message": "of the other"}
    status, made = await gateway.call("POST", "/api/v1/messages/other/batch", batch)
    assert status == 202, made
    hook = {"url": "https://other.example/hook"}
    status, webhook = await gateway.call("POST", "/api/v1/webhooks/other", hook)
    assert status == 201, webhook
    status, key = await gateway.call("POST", "/api/v1/keys", {"name": "o", "tenants": ["other"], "scopes": SCOPES})
    assert status == 201, key
    media = {"kind": "document", "base64": base64.b64encode(b"of the other").decode(), "fileName": "o.bin"}
    said = await sandbox.call("POST", f"/contacts/{quote(CONTACT)}/say", json={"to": number, "media": media})

    async def received() -> Any:
        _, page = await gateway.call("GET", "/api/v1/events/other?limit=500")
        return next((event for event in page["events"] if event["data"].get("messageId") == said["id"]), None)

    event = await wait_for(received, seconds=20, every=0.1, what=gateway.describe)
    return {
        "message": sent["messageId"],
        "batch": made["batchId"],
        "webhook": webhook["id"],
        "key": key["id"],
        "received": said["id"],
        "media": event["data"]["media"]["mediaId"],
    }
