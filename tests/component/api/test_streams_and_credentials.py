"""Streams end with what opened them: keys, tokens, tickets, and the tenant that may be watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from control.api import lasting
from control.api.context import AUTHENTICATOR, READER, TENANTS
from control.auth.authenticator import Authenticator
from control.auth.jwt import LEEWAY_SECONDS
from control.auth.standing import Standing
from tests.component.api.test_tokens import Clock
from tests.component.api.test_tokens import clock as clock
from tests.support.event_stream import EventStream, open_stream
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge, session
from tests.support.wait import wait_for

EVENTS = "/api/v1/events/acme"
STREAMS = (f"{EVENTS}/stream", "/api/v1/sessions/acme/events")
SCOPES = ["events:read", "sessions:read"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, bridge: ScriptedBridge) -> None:
    monkeypatch.setattr(lasting, "LOOK_SECONDS", 0.02)
    bridge.answers("session.get", session("acme"))


def bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


async def new_key(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    body = {"name": "app", "tenants": ["acme"], "scopes": SCOPES, **changes}
    answer = await gateway.post("/api/v1/keys", json=body)
    assert answer.status == 201, answer.body
    return answer.json


@asynccontextmanager
async def streaming(gateway: Gateway, credential: str) -> AsyncIterator[list[EventStream]]:
    """Both kinds of server-sent events, opened by a credential."""
    async with (
        open_stream(gateway.http, STREAMS[0], bearer(credential)) as events,
        open_stream(gateway.http, STREAMS[1], bearer(credential)) as live,
    ):
        yield [events, live]


Change = Callable[[Gateway, dict[str, Any]], Awaitable[Any]]

ENDINGS: dict[str, Change] = {
    "revoked": lambda gateway, key: gateway.request("DELETE", f"/api/v1/keys/{key['id']}"),
    "rotated without overlap": lambda gateway, key: gateway.post(
        f"/api/v1/keys/{key['id']}/rotate", json={"overlapSeconds": 0}
    ),
    "narrowed in scopes": lambda gateway, key: gateway.request(
        "PATCH", f"/api/v1/keys/{key['id']}", json={"scopes": ["messages:send"]}
    ),
    "bound to another tenant": lambda gateway, key: gateway.request(
        "PATCH", f"/api/v1/keys/{key['id']}", json={"tenants": ["other"]}
    ),
    "its tenant suspended": lambda gateway, key: gateway.post("/api/v1/tenants/acme/suspend"),
    "its tenant deleted": lambda gateway, key: gateway.request("DELETE", "/api/v1/tenants/acme"),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_streams_end_with_their_key(gateway: Gateway, bridge: ScriptedBridge, ending: str) -> None:
    bridge.answers("session.delete", {"deleted": True})
    await gateway.post("/api/v1/tenants", json={"tenantId": "acme"})
    key = await new_key(gateway)
    async with streaming(gateway, key["key"]) as streams:
        changed = await ENDINGS[ending](gateway, key)
        assert changed.status == 200, changed.body
        await wait_for(lambda: all(stream.ended for stream in streams))

    for path in STREAMS:
        assert (await gateway.get(path, headers=bearer(key["key"]))).status in (401, 403, 404)


async def test_streams_of_others_go_on(gateway: Gateway) -> None:
    key, other = await new_key(gateway), await new_key(gateway)
    async with streaming(gateway, other["key"]) as others, streaming(gateway, key["key"]) as streams:
        await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")
        await wait_for(lambda: all(stream.ended for stream in streams))

        assert not any(stream.ended or stream.broken for stream in others)


async def test_streams_end_with_their_token_when_it_is_signed_out_and_when_it_is_over(
    gateway: Gateway, clock: Clock
) -> None:
    tokens = [(await gateway.post("/api/v1/tokens")).json["token"] for _ in range(2)]
    async with streaming(gateway, tokens[0]) as first, streaming(gateway, tokens[1]) as second:
        await gateway.request("DELETE", "/api/v1/tokens/current", headers=bearer(tokens[0]))
        await wait_for(lambda: all(stream.ended for stream in first))
        assert not any(stream.ended for stream in second)

        clock.ahead = 15 * 60 + LEEWAY_SECONDS
        await wait_for(lambda: all(stream.ended for stream in second))


async def test_a_websocket_that_a_ticket_opened_is_closed_when_the_key_is_revoked_that_asked_for_it(
    gateway: Gateway,
) -> None:
    key = await new_key(gateway)
    ticket = (await gateway.post(f"{EVENTS}/tickets", headers=bearer(key["key"]))).json["ticket"]
    async with (
        aiohttp.ClientSession(gateway.url) as http,
        http.ws_connect(f"{EVENTS}/ws?ticket={ticket}") as socket,
    ):
        await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")

        message = await socket.receive(timeout=5)
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.POLICY_VIOLATION)
    await wait_for(lambda: gateway.app[READER].readers == 0)


@pytest.mark.parametrize("by_token", [False, True])
async def test_a_ticket_opens_nothing_once_who_asked_for_it_is_shut_out(gateway: Gateway, by_token: bool) -> None:
    key = await new_key(gateway)
    credential = key["key"]
    if by_token:
        credential = (await gateway.post("/api/v1/tokens", headers=bearer(credential))).json["token"]
    ticket = (await gateway.post(f"{EVENTS}/tickets", headers=bearer(credential))).json["ticket"]
    await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")

    async with aiohttp.ClientSession(gateway.url) as http, http.get(f"{STREAMS[0]}?ticket={ticket}") as answer:
        assert answer.status == 401


async def test_a_reader_that_waited_gets_nothing_when_its_key_was_revoked_meanwhile(gateway: Gateway) -> None:
    key = await new_key(gateway)
    waiting = asyncio.create_task(gateway.get(f"{EVENTS}?after=latest&wait=1", headers=bearer(key["key"])))
    await wait_for(lambda: gateway.app[READER].readers == 1)

    await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")

    assert (await waiting).problem() == (401, "unauthorized")


async def test_streams_go_on_while_nobody_can_say_whether_their_key_is_good_but_not_for_ever(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def away(self: Authenticator, standing: Standing) -> Any:
        nonlocal asked
        asked += 1
        raise RedisConnectionError

    key = await new_key(gateway)
    async with streaming(gateway, key["key"]) as streams:
        monkeypatch.setattr(type(gateway.app[AUTHENTICATOR]), "still", away)
        await wait_for(lambda: asked > 6)
        assert not any(stream.ended for stream in streams)

        monkeypatch.setattr(lasting, "TRUST_SECONDS", 0.0)
        await wait_for(lambda: all(stream.ended for stream in streams))


async def test_the_operator_goes_on_looking_at_a_tenant_that_is_suspended(gateway: Gateway) -> None:
    await gateway.post("/api/v1/tenants", json={"tenantId": "acme"})
    async with open_stream(gateway.http, STREAMS[0]) as stream:
        await gateway.post("/api/v1/tenants/acme/suspend")
        assert (await gateway.app[TENANTS].get("acme")).suspended
        page = await gateway.get(f"{EVENTS}?after=latest&wait=1")

        assert page.status == 200
        assert not stream.ended
