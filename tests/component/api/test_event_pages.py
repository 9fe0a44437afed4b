"""The pull API: what a reader that keeps its cursor gets, from the bridge's journal through ingest to HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import orjson
import pytest
from redis.asyncio import Redis

from control.api.context import READER
from tests.support.event_stream import open_stream
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for

EVENTS = "/api/v1/events/acme"


@pytest.fixture
def journal(bridge: ScriptedBridge) -> ScriptedJournal:
    return ScriptedJournal(bridge)


def said(number: int, chat: str = "5511999990000@s.whatsapp.net") -> dict[str, Any]:
    return {
        "type": "message",
        "messageId": f"3EB0{number:04d}",
        "chatId": chat,
        "chatType": "person",
        "isGroup": False,
        "fromMe": False,
        "sender": {"phoneNumber": "+5511999990000"},
        "sentAtMs": 1_795_435_217_000,
        "content": {"type": "text", "text": f"n{number}"},
    }


async def read_all(gateway: Gateway, *, limit: int) -> tuple[list[dict[str, Any]], str]:
    events: list[dict[str, Any]] = []
    query = f"?limit={limit}"
    while True:
        page = (await gateway.get(EVENTS + query)).json
        events += page["events"]
        query = f"?limit={limit}&after={page['cursor']}"
        if not page["hasMore"]:
            return events, page["cursor"]


async def test_a_reader_that_goes_on_from_its_cursor_gets_each_event_once_and_in_order(
    gateway: Gateway, journal: ScriptedJournal
) -> None:
    for number in range(7):
        journal.add("acme", said(number))
    journal.add("other", said(99))
    await wait_for(lambda: journal.acked == 8)

    events, cursor = await read_all(gateway, limit=3)

    assert [event["data"]["message"] for event in events] == [f"n{number}" for number in range(7)]
    assert {event["tenantId"] for event in events} == {"acme"}
    assert (await gateway.get(f"{EVENTS}?after={cursor}")).json == {
        "success": True,
        "events": [],
        "cursor": cursor,
        "hasMore": False,
        "gap": False,
    }


async def test_a_reader_may_wait_for_what_comes(gateway: Gateway, journal: ScriptedJournal) -> None:
    latest = (await gateway.get(f"{EVENTS}?after=latest")).json["cursor"]

    waiting = asyncio.create_task(gateway.get(f"{EVENTS}?after={latest}&wait=20"))
    await wait_for(lambda: gateway.app[READER].readers == 1)
    journal.add("acme", said(1))

    page = (await asyncio.wait_for(waiting, 10)).json
    assert [event["data"]["message"] for event in page["events"]] == ["n1"]
    assert (await gateway.get(f"{EVENTS}?after={page['cursor']}&wait=1")).json["events"] == []


async def test_a_reader_hears_when_events_it_never_had_are_gone(
    gateway: Gateway, journal: ScriptedJournal, redis: Redis, key_prefix: str
) -> None:
    for number in range(4):
        journal.add("acme", said(number))
    await wait_for(lambda: journal.acked == 4)
    events, _ = await read_all(gateway, limit=1)
    first = (await gateway.get(f"{EVENTS}?limit=1")).json["cursor"]
    log = f"{key_prefix}:{{acme}}:events"
    await redis.xtrim(log, maxlen=1, approximate=False)

    page = (await gateway.get(f"{EVENTS}?after={first}")).json

    assert page["gap"] is True
    assert [event["id"] for event in page["events"]] == [events[-1]["id"]]
    assert (await gateway.get(f"{EVENTS}?after={page['cursor']}")).json["gap"] is False


@pytest.mark.parametrize("query", ["after=nonsense", "limit=0", "limit=501", "wait=31", "wait=x", "since=1"])
async def test_a_wrong_question_is_refused(gateway: Gateway, query: str) -> None:
    assert (await gateway.get(f"{EVENTS}?{query}")).problem() == (400, "invalid_request")


async def test_a_stream_goes_on_after_the_last_event_id(gateway: Gateway, journal: ScriptedJournal) -> None:
    journal.add("acme", said(1))
    journal.add("acme", said(2))
    await wait_for(lambda: journal.acked == 2)
    first = (await gateway.get(f"{EVENTS}?limit=1")).json["cursor"]

    async with open_stream(gateway.http, f"{EVENTS}/stream", headers={"Last-Event-ID": first}) as stream:
        journal.add("acme", said(3))
        await wait_for(lambda: len(stream.events) == 2)

    assert [event.data["message"] for event in stream.events] == ["n2", "n3"]
    assert stream.events[0].name == "message"
    page = (await gateway.get(f"{EVENTS}?after={stream.events[-1].id}")).json
    assert page["events"] == []


async def test_a_websocket_gives_events_with_their_cursor_to_who_has_a_ticket(
    gateway: Gateway, journal: ScriptedJournal
) -> None:
    journal.add("acme", said(1))
    await wait_for(lambda: journal.acked == 1)
    answer = await gateway.post(f"{EVENTS}/tickets")
    assert answer.status == 201
    ticket = answer.json["ticket"]

    async with aiohttp.ClientSession(gateway.url) as http:
        async with http.ws_connect(f"{EVENTS}/ws?after=0-0&ticket={ticket}") as socket:
            first = orjson.loads(await socket.receive_str(timeout=10))
            journal.add("acme", said(2))
            second = orjson.loads(await socket.receive_str(timeout=10))

        with pytest.raises(aiohttp.WSServerHandshakeError) as used_up:
            await http.ws_connect(f"{EVENTS}/ws?ticket={ticket}")

    assert used_up.value.status == 401
    assert [first["event"]["data"]["message"], second["event"]["data"]["message"]] == ["n1", "n2"]
    page = (await gateway.get(f"{EVENTS}?after={first['cursor']}")).json
    assert [event["id"] for event in page["events"]] == [second["event"]["id"]]


async def test_a_ticket_opens_no_other_tenant_s_stream_and_nothing_but_streams(gateway: Gateway) -> None:
    async def ticket() -> str:
        value: str = (await gateway.post(f"{EVENTS}/tickets")).json["ticket"]
        return value

    async with aiohttp.ClientSession(gateway.url) as http:
        for path in ("/api/v1/events/other/stream", EVENTS, f"{EVENTS}/tickets", "/api/v1/sessions/acme/status"):
            async with http.get(f"{path}?ticket={await ticket()}") as response:
                assert response.status in (401, 405), path


async def test_streams_end_when_control_stops_and_too_many_are_refused(
    gateway: Gateway, journal: ScriptedJournal
) -> None:
    streams = [open_stream(gateway.http, f"{EVENTS}/stream") for _ in range(20)]
    opened = [await stream.__aenter__() for stream in streams]
    try:
        assert (await gateway.get(f"{EVENTS}/stream")).problem() == (503, "too_many_streams")
        gateway.app[READER].close()
        await wait_for(lambda: all(stream.ended for stream in opened))
    finally:
        for stream in streams:
            await stream.__aexit__(None, None, None)
