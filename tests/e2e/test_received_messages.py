"""What a contact writes, from the WhatsApp wire to the app: files, edits, and the same events pulled."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.support.customer_app import CustomerApp, Received
from tests.support.installation import Installation
from tests.support.journey import CONTACT, TENANT, start_and_scan
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

FILE = bytes(range(256)) * 300


async def say(sandbox: Sandbox, to: str, **said: Any) -> str:
    """Let the contact say something of any kind; return the message's id."""
    answer = await sandbox.call("POST", f"/contacts/{quote(CONTACT)}/say", json={"to": to, **said})
    return str(answer["id"])


async def hook(gateway: Installation, customer: CustomerApp, event: str, message_id: str) -> dict[str, Any]:
    """Wait for the webhook of an event about a message; return its data."""

    def found() -> list[Received]:
        return [
            one
            for one in customer.received
            if one.event["event"] == event and one.event["data"].get("messageId") == message_id
        ]

    await wait_for(lambda: bool(found()), seconds=20, what=gateway.describe)
    data: dict[str, Any] = found()[0].event["data"]
    return data


@pytest.mark.timeout(180)
async def test_what_a_contact_writes_reaches_the_app_with_its_file_and_can_be_pulled_again(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    number = await start_and_scan(gateway, sandbox, customer)

    text = await say(sandbox, number, text="first")
    assert (await hook(gateway, customer, "message", text))["message"] == "first"

    encoded = base64.b64encode(FILE).decode()
    media = {"kind": "document", "base64": encoded, "fileName": "note.bin", "caption": "a note"}
    document = await say(sandbox, number, media=media)
    shown = await hook(gateway, customer, "message", document)
    assert (shown["type"], shown["message"], shown["media"]["fileName"]) == ("document", "a note", "note.bin")
    assert shown["media"]["sha256"] == hashlib.sha256(FILE).hexdigest()
    path = urlsplit(shown["media"]["url"]).path
    status, headers, body = await gateway.fetch(path)
    assert (status, body) == (200, FILE)
    assert headers["Content-Disposition"].startswith("attachment;")

    edit = await say(sandbox, number, edit={"id": text, "text": "second"})
    assert edit
    assert (await hook(gateway, customer, "message.edited", text))["message"] == "second"
    await say(sandbox, number, delete={"id": text})
    await hook(gateway, customer, "message.deleted", text)

    # The log has all of it in order, under the ids the webhooks had, and had it before they left.
    hooks = {one.event["id"] for one in customer.received}
    _, page = await gateway.call("GET", f"/api/v1/events/{TENANT}?limit=500")
    pulled = [(event["event"], event["id"]) for event in page["events"]]
    kinds = [kind for kind, _ in pulled if kind.startswith("message") and kind != "message.status"]
    assert kinds == ["message", "message", "message.edited", "message.deleted"]
    assert hooks <= {event_id for _, event_id in pulled}
