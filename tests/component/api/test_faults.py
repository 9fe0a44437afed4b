"""Parts that fail: whatever is down, frozen or talks rubbish, the caller hears a stable code in two seconds."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, Never, ScriptedBridge, health, now_ms, outgoing, session
from tests.support.wait import wait_for

Request = tuple[str, str, dict[str, Any]]

STATUS: Request = ("GET", "/api/v1/sessions/acme/status", {})
START: Request = ("POST", "/api/v1/sessions/acme/start", {})
STOP: Request = ("POST", "/api/v1/sessions/acme/stop", {})
SEND: Request = ("POST", "/api/v1/messages/acme/send", {"json": {"to": "+5511999999999", "message": "x"}})
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
ALL = (STATUS, START, STOP, SEND)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


async def ask(gateway: Gateway, request: Request) -> Answer:
    method, path, options = request
    async with within(2.0):
        return await gateway.request(method, path, **options)


async def linked(gateway: Gateway) -> None:
    async def up() -> bool:
        return bool((await gateway.get("/health")).json["bridge"]["status"] == "up")

    await wait_for(up)


@pytest.mark.parametrize("request_", ALL, ids=lambda request: request[1])
async def test_no_socket_is_bridge_unavailable(
    socket_dir: Path, redis_server: RedisServer, key_prefix: str, request_: Request
) -> None:
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
    async with running_gateway(settings) as gateway:
        answer = await ask(gateway, request_)

    assert answer.problem() == (503, "bridge_unavailable")
    assert answer.json["retryable"] is True
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("request_", ALL, ids=lambda request: request[1])
async def test_a_bridge_that_accepts_and_never_answers_is_bridge_unavailable(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, request_: Request
) -> None:
    bridge.answers("system.hello", Never())
    async with running_gateway(settings_for(socket_dir, redis_url=redis_server.url)) as gateway:
        assert (await ask(gateway, request_)).problem() == (503, "bridge_unavailable")


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (STATUS, (504, "bridge_timeout")),
        (START, (504, "bridge_timeout")),
        (STOP, (504, "bridge_timeout")),
        (SEND, (502, "message_unconfirmed")),
    ],
    ids=str,
)
async def test_a_bridge_that_freezes_after_its_hello_is_noticed(
    gateway: Gateway, bridge: ScriptedBridge, request_: Request, problem: tuple[int, str]
) -> None:
    await linked(gateway)
    for method in ("session.get", "session.start", "session.stop", "message.send", "system.health"):
        bridge.answers(method, Never())

    answer = await ask(gateway, request_)

    assert answer.problem() == problem


async def test_a_bridge_that_waits_for_whatsapp_is_not_taken_for_frozen(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    async def patient(params: dict[str, Any]) -> dict[str, Any]:
        # Longer than it takes to notice a frozen bridge, which is asked how it is meanwhile.
        await wait_for(lambda: len(bridge.called("system.health")) >= 2)
        return session("acme")

    bridge.scripts["session.start"] = patient

    assert (await gateway.post(START[1])).status == 200
    assert len(bridge.called("system.health")) >= 2


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (STATUS, (503, "bridge_unavailable")),
        (START, (503, "bridge_unavailable")),
        (SEND, (502, "message_unconfirmed")),
    ],
    ids=str,
)
async def test_a_bridge_that_dies_in_the_middle_of_a_call_is_noticed_at_once(
    gateway: Gateway, bridge: ScriptedBridge, request_: Request, problem: tuple[int, str]
) -> None:
    async def die(params: dict[str, Any]) -> None:
        bridge.path.unlink()
        bridge.drop()
        raise Never

    for method in ("session.get", "session.start", "message.send"):
        bridge.scripts[method] = die

    answer = await ask(gateway, request_)

    assert answer.problem() == problem
    if problem[1] == "message_unconfirmed":
        assert answer.json["messageId"] == bridge.called("message.send")[0]["messageId"]


async def test_a_message_whose_answer_was_lost_is_offered_again_under_the_same_id(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    async def first(params: dict[str, Any]) -> None:
        bridge.scripts["message.send"] = outgoing
        bridge.drop()
        raise Never

    bridge.scripts["message.send"] = first

    answer = await ask(gateway, SEND)

    assert answer.status == 200
    offered = [params["messageId"] for params in bridge.called("message.send")]
    assert offered == [answer.json["messageId"]] * 2


@pytest.mark.parametrize("garbage", [b"\x00\xff\n", b"[]\n", b'{"id":1}\n', b"x" * 1_100_000])
async def test_a_bridge_that_talks_rubbish_is_hung_up_on_and_called_again(
    gateway: Gateway, bridge: ScriptedBridge, garbage: bytes
) -> None:
    async def rubbish(params: dict[str, Any]) -> None:
        bridge.send_raw(garbage)
        raise Never

    bridge.scripts["session.get"] = rubbish

    assert (await ask(gateway, STATUS)).problem() == (503, "bridge_unavailable")

    bridge.answers("session.get", session("acme"))
    await linked(gateway)
    assert (await ask(gateway, STATUS)).status == 200


@pytest.mark.parametrize(
    ("request_", "method", "problem"),
    [
        (STATUS, "session.get", (502, "bridge_error")),
        (START, "session.start", (502, "bridge_error")),
        (SEND, "message.send", (502, "message_unconfirmed")),
    ],
    ids=str,
)
async def test_an_answer_that_breaks_the_contract_does_not_get_through(
    gateway: Gateway, bridge: ScriptedBridge, request_: Request, method: str, problem: tuple[int, str]
) -> None:
    bridge.answers(method, {"tenantId": "acme", "status": "levitating"})

    assert (await ask(gateway, request_)).problem() == problem


@pytest.mark.parametrize(
    ("request_", "method", "name", "status"),
    [
        (STATUS, "session.get", "session_not_found", 404),
        (STOP, "session.stop", "session_not_found", 404),
        (START, "session.start", "whatsapp_unreachable", 503),
        (START, "session.start", "session_limit_reached", 503),
        (START, "session.start", "store_unavailable", 503),
        (SEND, "message.send", "session_not_found", 404),
        (SEND, "message.send", "session_not_connected", 409),
        (SEND, "message.send", "recipient_not_on_whatsapp", 422),
        (SEND, "message.send", "send_rejected", 502),
        (SEND, "message.send", "store_unavailable", 503),
        (SEND, "message.send", "bridge_error", 502),
    ],
    ids=str,
)
async def test_errors_of_the_contract_keep_their_name(
    gateway: Gateway, bridge: ScriptedBridge, request_: Request, method: str, name: str, status: int
) -> None:
    bridge.answers(method, Fault(name))

    code = "message_unconfirmed" if (method, name) == ("message.send", "bridge_error") else name
    assert (await ask(gateway, request_)).problem() == (status, code)


async def test_whatsapp_s_own_error_code_is_passed_on(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("message.send", Fault("send_rejected", whatsappError=463))

    assert (await ask(gateway, SEND)).json["whatsappError"] == 463


async def test_a_start_that_only_says_whatsapp_is_unreachable_is_an_error(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.start", session("acme", "connecting", reason="whatsapp_unreachable"))

    assert (await ask(gateway, START)).problem() == (503, "whatsapp_unreachable")


@pytest.mark.parametrize("fault", ["down", "frozen"])
async def test_without_redis_sessions_and_messages_work(
    bridge: ScriptedBridge, socket_dir: Path, fault: str
) -> None:
    qr = {"text": "2@abc", "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.start", session("acme", "qr", qr=qr))
    bridge.answers("session.get", session("acme", "qr", qr=qr))
    bridge.scripts["message.send"] = outgoing
    with RedisServer.started() as redis:
        settings = settings_for(socket_dir, redis_url=redis.url, outbound_allow_cidrs=LOOPBACK)
        async with running_gateway(settings) as gateway:
            await linked(gateway)
            redis.kill() if fault == "down" else redis.freeze()

            assert (await ask(gateway, START)).json["qrCode"]
            assert (await ask(gateway, STATUS)).json["qr"] == "2@abc"
            assert (await ask(gateway, SEND)).status == 200

            # A webhook can only be stored in Redis, and without it the session is not started.
            started = len(bridge.called("session.start"))
            webhook = {"json": {"webhook": {"url": "http://127.0.0.1:9999/hook"}}}
            assert (await ask(gateway, (*START[:2], webhook))).problem() == (503, "redis_unavailable")
            assert len(bridge.called("session.start")) == started

            found = await ask(gateway, ("GET", "/health", {}))
            assert (found.status, found.json["status"], found.json["degraded"]) == (200, "degraded", ["redis"])
            assert (await ask(gateway, ("GET", "/health/ready", {}))).status == 503
            if fault == "frozen":
                redis.thaw()


async def test_health_says_which_part_is_down_and_when_it_is_back(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer
) -> None:
    async with running_gateway(settings_for(socket_dir, redis_url=redis_server.url)) as gateway:
        await linked(gateway)
        found = (await gateway.get("/health")).json
        assert (found["status"], found["degraded"], found["sandbox"]) == ("ok", [], True)
        assert found["sessions"] == {"connected": 1}
        assert (await gateway.get("/health/ready")).status == 200

        await bridge.stop()
        found = (await ask(gateway, ("GET", "/health", {}))).json
        assert (found["status"], found["degraded"]) == ("degraded", ["bridge"])
        assert found["bridge"]["problem"]
        assert (await gateway.get("/health/ready")).status == 503
        assert (await gateway.get("/health/live")).status == 200

        await bridge.start()
        await linked(gateway)
        assert (await gateway.get("/health/ready")).status == 200


async def test_health_answers_although_the_bridge_is_frozen(gateway: Gateway, bridge: ScriptedBridge) -> None:
    await linked(gateway)
    bridge.answers("system.health", Never())

    found = await ask(gateway, ("GET", "/health", {}))

    assert (found.status, found.json["degraded"]) == (200, ["bridge"])


async def test_health_names_a_store_that_fails_and_a_whatsapp_out_of_reach(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    await linked(gateway)
    bridge.answers("system.health", health(store="failing", whatsapp="unreachable"))

    assert (await gateway.get("/health")).json["degraded"] == ["store", "whatsapp"]
