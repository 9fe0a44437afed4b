"""What callers get wrong: each a problem document with a stable code and a sentence that helps."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from yarl import URL

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge, outgoing, session

SEND = "/api/v1/messages/acme/send"
START = "/api/v1/sessions/acme/start"
OK = {"to": "+5511999999999", "message": "hello"}


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({}, (400, "invalid_request"), ["to", "message"]),
        ({"to": OK["to"]}, (400, "invalid_request"), ["message"]),
        ({**OK, "message": ""}, (400, "invalid_request"), ["message"]),
        ({**OK, "message": "  \n "}, (400, "invalid_request"), ["message"]),
        ({**OK, "message": None}, (400, "invalid_request"), ["message"]),
        ({**OK, "message": 5}, (400, "invalid_request"), ["message"]),
        ({**OK, "message": {"text": "x"}}, (400, "invalid_request"), ["message"]),
        ({**OK, "to": 5511999999999}, (400, "invalid_request"), ["to"]),
        ({**OK, "to": ["+5511999999999"]}, (400, "invalid_request"), ["to"]),
        ({**OK, "type": 1}, (400, "invalid_request"), ["type"]),
        ({**OK, "type": None}, (400, "invalid_request"), ["type"]),
        ({**OK, "delay": 1}, (400, "invalid_request"), ["delay"]),
        ({**OK, "__proto__": 1}, (400, "invalid_request"), ["__proto__"]),
        ({**OK, "to": "12"}, (422, "invalid_recipient"), []),
        ({**OK, "to": "hello"}, (422, "invalid_recipient"), []),
        ({**OK, "to": "everybody@broadcast"}, (422, "invalid_recipient"), []),
        ({**OK, "to": "1" * 129}, (400, "invalid_request"), ["to"]),
        ({**OK, "message": "x" * 65_537}, (422, "message_too_long"), []),
        ({**OK, "type": "telepathy"}, (422, "unsupported_message_type"), []),
    ],
    ids=str,
)
async def test_a_message_that_cannot_be_sent_is_refused_and_never_reaches_the_bridge(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any], code: tuple[int, str], fields: list[str]
) -> None:
    answer = await gateway.post(SEND, json=body)

    assert answer.problem() == code
    assert [wrong["field"] for wrong in answer.json.get("errors", [])] == fields
    assert not bridge.called("message.send")


async def test_a_field_error_is_a_sentence(gateway: Gateway) -> None:
    answer = await gateway.post(SEND, json={"to": 1, "extra": 2})

    assert answer.json["errors"] == [
        {"field": "to", "message": "must be a string"},
        {"field": "message", "message": "is required"},
        {"field": "extra", "message": "is not a known field"},
    ]
    assert answer.json["detail"] == "to must be a string; message is required; extra is not a known field."


@pytest.mark.parametrize("length", [1, 65_536])
async def test_the_shortest_and_the_longest_text_are_sent(
    gateway: Gateway, bridge: ScriptedBridge, length: int
) -> None:
    bridge.scripts["message.send"] = outgoing

    body = orjson.dumps({**OK, "message": "é" * length})

    assert (await gateway.post(SEND, data=body, headers={"Content-Type": "application/json"})).status == 200


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"{", b"not json", b"\xff\xfe", b'{"to":NaN}', b'{"message":"\\ud800"}', b"[" * 5_000]
)
async def test_a_body_that_is_not_json_is_refused(gateway: Gateway, body: bytes) -> None:
    answer = await gateway.post(SEND, data=body, headers={"Content-Type": "application/json"})

    assert answer.problem() == (400, "invalid_json")


@pytest.mark.parametrize(
    "body",
    [
        b'{"to":"+5511987654321","message":"a","message":"b"}',
        b'{"to":"+5511987654321","message":"a","m\\u0065ssage":"b"}',
        b'{"to":"+5511987654321","message":"a","x":[{"y":{"z":1,"z":1}}]}',
        b'{"to":"+5511987654321","message":"a","x":' + b"[" * 32 + b"]" * 32 + b"}",
    ],
    ids=["name twice", "escaped", "inside", "deep"],
)
async def test_json_that_programs_read_differently_is_refused(
    gateway: Gateway, bridge: ScriptedBridge, body: bytes
) -> None:
    answer = await gateway.post(SEND, data=body, headers={"Content-Type": "application/json"})

    assert answer.problem() == (400, "invalid_json")
    assert not bridge.called("message.send")


async def test_a_text_full_of_brackets_is_not_deep(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.scripts["message.send"] = outgoing

    answer = await gateway.post(SEND, json={**OK, "message": "[{" * 1000 + '"a":1,"a":2'})

    assert answer.status == 200


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1"])
async def test_a_body_that_is_no_object_is_refused(gateway: Gateway, body: bytes) -> None:
    answer = await gateway.post(SEND, data=body, headers={"Content-Type": "application/json"})

    assert answer.problem() == (400, "invalid_request")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/mixed"])
async def test_a_body_of_another_type_is_refused(gateway: Gateway, kind: str) -> None:
    answer = await gateway.post(SEND, data=b"{}", headers={"Content-Type": kind})

    assert answer.problem() == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("path", "size"), [(SEND, 1_100_000), (START, 300_000), ("/api/v1/chats/acme/read", 300_000)], ids=str
)
async def test_a_body_that_is_too_large_is_refused(gateway: Gateway, path: str, size: int) -> None:
    headers = {"Content-Type": "application/json"}
    announced = await gateway.post(path, data=io.BytesIO(b'{"to":"' + b" " * size + b'"}'), headers=headers)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"to":"'
        yield b" " * size + b'"}'

    unannounced = await gateway.post(path, data=pieces(), headers=headers)

    assert announced.problem() == unannounced.problem() == (413, "payload_too_large")


@pytest.mark.parametrize(
    "tenant_id", ["-acme", "_acme", "a" * 65, "ac%20me", "ac.me", "%C3%A9", "..%2f..%2fetc", "a%00b", "a:b", "{a}"]
)
@pytest.mark.parametrize("verb", ["start", "status"])
async def test_a_bad_tenant_id_is_refused(gateway: Gateway, tenant_id: str, verb: str) -> None:
    path = URL(f"/api/v1/sessions/{tenant_id}/{verb}", encoded=True)
    method = "GET" if verb == "status" else "POST"

    answer = await gateway.request(method, path)

    assert answer.problem() == (400, "invalid_tenant_id")


async def test_the_longest_tenant_id_keeps_its_case(gateway: Gateway, bridge: ScriptedBridge) -> None:
    tenant_id = "A" + "b-_9" * 15 + "Zzz"
    bridge.answers("session.get", session(tenant_id))

    answer = await gateway.get(f"/api/v1/sessions/{tenant_id}/status")

    assert answer.json["tenantId"] == tenant_id


@pytest.mark.parametrize(
    "body",
    [
        {"webhook": "https://example.com"},
        {"webhook": {}},
        {"webhook": {"url": ""}},
        {"webhook": {"url": 5}},
        {"webhook": {"url": "https://example.com", "secret": 5}},
        {"webhook": {"url": "https://example.com", "events": "message"}},
        {"webhook": {"url": "https://example.com", "events": []}},
        {"webhook": {"url": "https://example.com", "events": [1]}},
        {"webhook": {"url": "https://example.com", "token": "x"}},
        {"webhooks": []},
    ],
    ids=str,
)
async def test_a_start_with_a_wrong_webhook_is_refused_before_anything_starts(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any]
) -> None:
    answer = await gateway.post(START, json=body)

    assert answer.problem() == (400, "invalid_request")
    assert answer.json["errors"]
    assert not bridge.called("session.start")


async def test_an_unknown_address_is_not_found(gateway: Gateway) -> None:
    assert (await gateway.get("/api/v2/anything")).problem() == (404, "not_found")


async def test_a_method_an_address_does_not_take_is_named_so(gateway: Gateway) -> None:
    answer = await gateway.get(SEND)

    assert answer.problem() == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"
