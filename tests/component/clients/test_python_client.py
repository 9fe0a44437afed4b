"""The Python clients against a server that answers as it is told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from whatsapp_gateway import (
    AsyncWhatsAppClient,
    File,
    GatewayError,
    WebhookRefused,
    WhatsAppClient,
    verify_webhook,
)

Answer = tuple[int, dict[str, str], dict[str, Any]]

SENT = {"success": True, "messageId": "3EB0C1D2E3F405162738AB", "status": "sent"}
BUSY = (503, {"Retry-After": "0"}, {"code": "bridge_unavailable", "detail": "Not now.", "retryable": True})
DROP: Answer = (0, {}, {})
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
BODY = b'{"event":"message","tenantId":"shop","data":{}}'


@dataclass
class Server:
    """What it was asked, and what it answers next; DROP closes the connection."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        status, headers, body = self.answers.pop(0)
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(body, status=status or 500, headers=headers)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


Work = Callable[[WhatsAppClient], Any]


@pytest.fixture(params=["with asyncio", "without"])
def use(request: pytest.FixtureRequest, server: Server) -> Callable[[Work], Any]:
    """Do the same work with each client; what a method of the one returns, that of the other is awaited for."""

    async def with_asyncio(work: Work) -> Any:
        async with AsyncWhatsAppClient(server.url, "wk_live_of_a_test") as client:
            return await work(client)  # type: ignore[arg-type]

    async def without(work: Work) -> Any:
        def run() -> Any:
            with WhatsAppClient(f"{server.url}/", "wk_live_of_a_test") as client:
                return work(client)

        return await asyncio.to_thread(run)

    return with_asyncio if request.param == "with asyncio" else without


async def test_says_what_the_api_wants_to_hear(server: Server, use: Callable[[Work], Any]) -> None:
    server.answers = [(200, {}, {"connected": False}), (200, {}, SENT), (200, {}, {"sessions": [], "next": None})]
    await use(lambda client: client.start_session("my/shop", {"webhook": {"url": "https://app.example"}}))
    sent = await use(lambda client: client.send_message("shop", "+5511987654321", "Olá", wait=3))
    await use(lambda client: client.list_sessions(limit=5))
    assert sent["messageId"] == SENT["messageId"]
    start, send, page = server.asked
    assert start[:2] == ("POST", "/api/v1/sessions/my%2Fshop/start")
    assert start[2]["Authorization"] == "Bearer wk_live_of_a_test"
    assert json.loads(start[3]) == {"webhook": {"url": "https://app.example"}}
    assert send[1] == "/api/v1/messages/shop/send?wait=3"
    assert json.loads(send[3]) == {"to": "+5511987654321", "message": "Olá", "type": "text"}
    assert page[1] == "/api/v1/sessions?limit=5"


@pytest.mark.parametrize("trouble", [DROP, BUSY], ids=["no answer", "come back"])
async def test_a_message_is_said_again_under_the_same_key(
    server: Server, use: Callable[[Work], Any], trouble: Answer
) -> None:
    server.answers = [trouble, trouble, (200, {}, SENT)]
    await use(lambda client: client.send_message("shop", {"to": "+5511987654321", "message": "once"}))
    keys = [headers["Idempotency-Key"] for _, _, headers, _ in server.asked]
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_what_could_happen_twice_or_is_refused_for_good_is_said_once(
    server: Server, use: Callable[[Work], Any]
) -> None:
    server.answers = [DROP, (200, {}, {})]
    with pytest.raises(GatewayError) as caught:
        await use(lambda client: client.create_group("shop", {"subject": "x", "participants": ["+5511987654321"]}))
    assert (caught.value.code, caught.value.status, len(server.asked)) == ("no_answer", 0, 1)
    wrong = {"code": "invalid_recipient", "detail": "No number.", "retryable": False, "errors": [{"field": "to"}]}
    server.answers = [(422, {"X-Request-Id": "r1"}, wrong)]
    with pytest.raises(GatewayError, match="invalid_recipient: No number") as caught:
        await use(lambda client: client.send_message("shop", "nobody", "x"))
    assert (caught.value.request_id, caught.value.errors) == ("r1", [{"field": "to"}])
    assert len(server.asked) == 2


async def test_it_gives_up_after_so_many_tries_and_where_it_would_wait_long(
    server: Server, use: Callable[[Work], Any]
) -> None:
    server.answers = [BUSY] * 5
    with pytest.raises(GatewayError, match="bridge_unavailable"):
        await use(lambda client: client.get_health())
    assert len(server.asked) == 4
    server.answers = [(429, {"Retry-After": "3600"}, {"code": "queue_full", "detail": "-", "retryable": True})]
    with pytest.raises(GatewayError) as caught:
        await use(lambda client: client.send_message("shop", "+5511987654321", "x"))
    assert caught.value.retry_after == 3600


async def test_a_file_goes_in_a_form_with_the_fields_beside_it(server: Server, use: Callable[[Work], Any]) -> None:
    server.answers = [(200, {}, SENT)]
    body: Any = {"to": "+5511987654321", "type": "document", "mentions": ["+5511911112222"]}
    await use(lambda client: client.send_message("shop", body, file=File("list.txt", b"eggs", "text/plain")))
    _, _, headers, sent = server.asked[0]
    assert headers["Content-Type"].startswith("multipart/form-data")
    for part in (b'name="to"', b'["+5511911112222"]', b'filename="list.txt"', b"eggs"):
        assert part in sent


async def test_its_key_is_carried_to_no_other_address(server: Server, use: Callable[[Work], Any]) -> None:
    server.answers = [(307, {"Location": "/elsewhere"}, {}), (200, {}, {})]
    with pytest.raises(GatewayError, match="http_307"):
        await use(lambda client: client.get_health())
    assert len(server.asked) == 1


def test_an_address_that_is_none_and_an_empty_key_are_refused() -> None:
    for base_url, key in (("whatsapp", "key"), ("https://whatsapp.example", " ")):
        with pytest.raises(ValueError, match=r"base_url|api_key"):
            WhatsAppClient(base_url, key)


def signed(*, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    timestamp = str(int(time.time() - age))
    # The key of this secret, and of any other its text.
    key = b"0123456789abcdef0123456789abcdef" if secret == SECRET else secret.encode()
    digest = hmac.digest(key, b".".join((b"evt_1", timestamp.encode(), BODY)), hashlib.sha256)
    signature = f"v1,{b64encode(digest).decode()}"
    return {"webhook-id": "evt_1", "Webhook-Timestamp": timestamp, "webhook-signature": signature}


def test_a_webhook_is_opened_with_its_secret_and_with_either_of_two() -> None:
    assert verify_webhook(BODY, signed(), SECRET)["event"] == "message"
    assert verify_webhook(BODY, signed(), ["another-secret", SECRET])["tenantId"] == "shop"
    assert verify_webhook(BODY, signed(secret="my-own"), "my-own")["event"] == "message"


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (BODY + b" ", {}),
        (BODY, {"webhook-id": "evt_2"}),
        (BODY, {"webhook-signature": "v1,AAAA"}),
        (BODY, {"Webhook-Timestamp": "soon"}),
    ],
    ids=["changed", "another id", "another signature", "no time"],
)
def test_a_webhook_that_is_not_right_is_refused(body: bytes, change: dict[str, str]) -> None:
    with pytest.raises(WebhookRefused):
        verify_webhook(body, {**signed(), **change}, SECRET)


def test_a_webhook_of_somebody_else_or_of_long_ago_is_refused() -> None:
    for headers in ({}, signed(secret="somebody-else"), signed(age=301), signed(age=-301)):
        with pytest.raises(WebhookRefused):
            verify_webhook(BODY, headers, SECRET)
    with pytest.raises(ValueError, match="secret is empty"):
        verify_webhook(BODY, signed(), "")
