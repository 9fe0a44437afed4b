"""A tenant's session through the REST API of a whole gateway, for end-to-end tests."""

from __future__ import annotations

from typing import Any

from tests.support.event_stream import EventStream, open_stream
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

CONTACT = "+5511987650001"


async def session(gateway: Installation, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Call a session's address; return the status and the JSON body."""
    return await gateway.call(method, f"/api/v1/sessions/{path}", body)


async def until_connected(gateway: Installation, tenant: str) -> dict[str, Any]:
    """Wait until the session is connected; return its status."""
    seen: dict[str, Any] = {}

    async def connected() -> bool:
        status, answer = await session(gateway, "GET", f"{tenant}/status")
        seen.update(answer)
        return status == 200 and answer["connected"] is True

    await wait_for(connected, seconds=30, every=0.1, what=lambda: f"{seen}\n{gateway.describe()}")
    return seen


async def link(gateway: Installation, sandbox: Sandbox, tenant: str) -> str:
    """Start a session, let a phone scan its code, wait until it is connected; return its number."""
    status, started = await session(gateway, "POST", f"{tenant}/start")
    assert status == 200, started
    await sandbox.scan_qr(started["qr"])
    return str((await until_connected(gateway, tenant))["phoneNumber"])


async def send(gateway: Installation, tenant: str, text: str) -> None:
    """Send a text to the contact and expect that WhatsApp's server took it, in the number's own time."""
    body = {"to": CONTACT, "message": text, "type": "text"}
    status, answer = await gateway.call("POST", f"/api/v1/messages/{tenant}/send?wait=20", body)
    assert (status, answer.get("status")) == (200, "sent"), answer


def stream_of(gateway: Installation, tenant: str) -> Any:
    """Open the tenant's stream of events."""
    return open_stream(gateway.http, f"{gateway.url}/api/v1/sessions/{tenant}/events", gateway.authorized)


async def get_qr(gateway: Installation, tenant: str, **headers: str) -> tuple[int, str, bytes]:
    """Get the QR code; return status, content type and body."""
    url = f"{gateway.url}/api/v1/sessions/{tenant}/qr"
    async with gateway.http.get(url, headers={**gateway.authorized, **headers}) as answer:
        return answer.status, answer.content_type, await answer.read()


async def told(stream: EventStream, **wanted: object) -> None:
    """Wait until the last state the stream told has these values."""

    def matches() -> bool:
        known = stream.named("session.status")
        return bool(known) and all(known[-1].data[name] == value for name, value in wanted.items())

    await wait_for(matches, seconds=20, what=lambda: f"{wanted} not in {[e.data for e in stream.events]}")
