"""Messages with a file over HTTP and the real room for media: what the bridge is told, who removes the file."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from control.rpc.contract_gen import MessageSendParams
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.gateway import Answer, Gateway, running_gateway, settings_for
from tests.support.media_files import picture
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, Never, Params, ScriptedBridge
from tests.support.scripted_outbox import ScriptedOutbox

SEND = "/api/v1/messages/acme/send"
TO = "+5511999999999"
PDF = b"%PDF-1.7\n" + b"x" * 2_000


@pytest.fixture
async def gateway(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    settings = settings_for(
        socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix, outbound_allow_cidrs="127.0.0.0/8"
    )
    async with running_gateway(settings) as running:
        yield running


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        app.set("/a.jpg", Behaviour(body=picture(), headers={"Content-Type": "image/jpeg"}))
        yield app


@pytest.fixture
def spool(socket_dir: Path) -> Path:
    return socket_dir / "spool"


def files(spool: Path) -> list[str]:
    return sorted(path.name for path in spool.iterdir())


def form(file: bytes | None = None, *, name: str = "a.jpg", **fields: str) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for field, value in fields.items():
        data.add_field(field, value)
    if file is not None:
        data.add_field("file", io.BytesIO(file), filename=name, content_type="application/octet-stream")
    return data


async def post_json(gateway: Gateway, body: dict[str, Any], **headers: str) -> Answer:
    data = io.BytesIO(orjson.dumps({"to": TO, **body}))
    return await gateway.post(SEND, data=data, headers={"Content-Type": "application/json", **headers})


def content(bridge: ScriptedBridge, spool: Path) -> tuple[dict[str, Any], bytes]:
    """What the bridge was told at last, and the bytes it finds in the spool."""
    params = bridge.called("message.send")[-1]
    MessageSendParams.model_validate(params)
    told: dict[str, Any] = params["content"]
    data = (spool / told["file"]["name"]).read_bytes()
    assert told["file"]["sizeBytes"] == len(data)
    assert told["file"]["sha256"] == hashlib.sha256(data).hexdigest()
    return told, data


async def test_an_image_by_its_url_is_sent_to_the_letter_of_the_design(
    gateway: Gateway, bridge: ScriptedBridge, app: CustomerApp, spool: Path
) -> None:
    ScriptedOutbox(bridge)
    body = {"to": TO, "message": "ignored", "type": "image", "mediaUrl": f"{app.url}/a.jpg", "caption": "Olá"}

    answer = await gateway.post(SEND, json=body)

    assert (answer.status, answer.json["success"], answer.json["status"]) == (200, True, "sent")
    told, data = content(bridge, spool)
    assert data == picture()
    assert told["file"]["mimeType"] == "image/jpeg"
    assert (told["type"], told["caption"], told["width"], told["height"]) == ("image", "Olá", 320, 200)
    assert base64.b64decode(told["thumbnail"]).startswith(b"\xff\xd8")
    # It is the bridge's from here on.
    assert files(spool) == [told["file"]["name"]]


@pytest.mark.parametrize(
    ("texts", "caption"),
    [
        ({"message": "from message"}, "from message"),
        ({"message": "no", "caption": "yes"}, "yes"),
        ({"message": "stands in", "caption": " "}, "stands in"),
        ({"message": "", "caption": ""}, None),
        ({}, None),
    ],
    ids=str,
)
async def test_the_caption_is_shown_and_message_where_there_is_none(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path, texts: dict[str, str], caption: str | None
) -> None:
    ScriptedOutbox(bridge)

    await post_json(gateway, {"type": "image", "mediaBase64": base64.b64encode(picture()).decode(), **texts})

    assert content(bridge, spool)[0].get("caption") == caption


async def test_a_document_as_base64_keeps_its_name(gateway: Gateway, bridge: ScriptedBridge, spool: Path) -> None:
    ScriptedOutbox(bridge)
    data = f"data:application/pdf;base64,{base64.b64encode(PDF).decode()}"

    await post_json(
        gateway, {"type": "document", "mediaBase64": data, "fileName": "Relatório.pdf", "caption": "c"}
    )

    told, stored = content(bridge, spool)
    assert stored == PDF
    assert (told["fileName"], told["caption"], told["file"]["mimeType"]) == (
        "Relatório.pdf",
        "c",
        "application/pdf",
    )


async def test_a_document_nobody_named_gets_a_name(gateway: Gateway, bridge: ScriptedBridge, spool: Path) -> None:
    ScriptedOutbox(bridge)

    await post_json(gateway, {"type": "document", "mediaBase64": base64.b64encode(PDF).decode()})

    assert content(bridge, spool)[0]["fileName"] == "file.pdf"


async def test_eight_megabytes_of_base64_pass_and_two_of_something_else_do_not(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path
) -> None:
    ScriptedOutbox(bridge)
    large = PDF + bytes(8_000_000)

    answer = await post_json(gateway, {"type": "document", "mediaBase64": base64.b64encode(large).decode()})
    assert answer.status == 200
    assert content(bridge, spool)[1] == large

    answer = await post_json(gateway, {"message": "x" * 2_000_000})
    assert answer.problem() == (413, "payload_too_large")


async def test_an_upload_is_sent_with_fields_of_every_kind(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path
) -> None:
    ScriptedOutbox(bridge)
    fields = {
        "to": TO,
        "type": "image",
        "caption": "12",
        "viewOnce": "true",
        "queue": "false",
        "wait": "2",
        "mentions": '["+5511999990001"]',
        "sendAt": "2026-01-01T00:00:00Z",
    }
    assert (await gateway.post(SEND, data=form(picture(), **fields))).problem() == (400, "invalid_request")
    assert files(spool) == []

    del fields["sendAt"]
    answer = await gateway.post(SEND, data=form(picture(), **fields))

    assert answer.status == 200
    told, data = content(bridge, spool)
    assert data == picture()
    assert (told["caption"], told["viewOnce"]) == ("12", True)
    params = bridge.called("message.send")[-1]
    assert (params["queue"], params["waitMs"], params["context"]) == (
        False,
        2_000,
        {"mentions": ["+5511999990001"]},
    )


async def test_fields_may_come_as_one_json_part(gateway: Gateway, bridge: ScriptedBridge, spool: Path) -> None:
    ScriptedOutbox(bridge)
    payload = orjson.dumps({"to": TO, "type": "document", "fileName": "a.pdf"}).decode()

    assert (await gateway.post(SEND, data=form(PDF, name="b.pdf", payload=payload))).status == 200
    assert content(bridge, spool)[0]["fileName"] == "a.pdf"


async def test_a_form_without_a_file_is_a_text(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge)
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in {"to": TO, "message": "olá"}.items():
            parts.append(value).set_content_disposition("form-data", name=name)

    assert (await gateway.post(SEND, data=parts)).status == 200
    assert bridge.called("message.send")[0]["content"] == {"type": "text", "text": "olá"}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "image"}, "mediaUrl", "is required, or mediaBase64, or a file in a multipart request"),
    ({"type": "image", "mediaUrl": ""}, "mediaUrl", "must not be empty"),
    (
        {"type": "image", "mediaUrl": "u", "mediaBase64": "AAAA"},
        "mediaUrl",
        "is one way to give a file; give one only",
    ),
    ({"type": "image", "mediaBase64": 5}, "mediaBase64", "must be a string"),
    ({"type": "image", "mediaBase64": "~"}, "mediaBase64", "is not base64"),
    ({"type": "image", "file": "a.jpg"}, "file", "is the name of the part with the file in a multipart request"),
    ({"type": "image", "mediaUrl": "u", "viewOnce": "yes"}, "viewOnce", "must be true or false"),
    ({"type": "gif", "mediaUrl": "u", "viewOnce": True}, "viewOnce", "is not a known field"),
    (
        {"type": "ptt", "mediaUrl": "u", "message": "listen"},
        "message",
        "is not possible here, WhatsApp shows no text with it; send it as a message of its own",
    ),
    ({"type": "text", "message": "x", "mediaBase64": "AAAA"}, "file", "is not a known field"),
]


@pytest.mark.parametrize(("body", "field", "sentence"), WRONG, ids=lambda value: str(value)[:50])
async def test_a_wrong_field_leaves_no_file(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path, body: dict[str, Any], field: str, sentence: str
) -> None:
    answer = await post_json(gateway, body)

    assert answer.problem() == (400, "invalid_request")
    assert {"field": field, "message": sentence} in answer.json["errors"]
    assert not bridge.called("message.send")
    assert files(spool) == []


@pytest.mark.parametrize(
    "fault", ["session_not_found", "session_not_connected", "queue_full", "store_unavailable"]
)
async def test_the_file_of_a_message_the_bridge_refused_is_removed(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path, fault: str
) -> None:
    bridge.answers("message.send", Fault(fault))

    assert (await gateway.post(SEND, data=form(picture(), to=TO, type="image"))).problem()[1] == fault
    assert files(spool) == []


async def test_the_file_of_a_message_that_may_have_been_taken_stays(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path
) -> None:
    def dies(params: Params) -> None:
        bridge.drop()
        raise Never

    bridge.scripts["message.send"] = dies

    answer = await gateway.post(SEND, data=form(picture(), to=TO, type="image"))

    assert answer.problem() == (502, "message_unconfirmed")
    assert len(files(spool)) == 1


async def test_a_url_that_cannot_be_fetched_is_a_problem_and_no_message(
    gateway: Gateway, bridge: ScriptedBridge, app: CustomerApp, spool: Path
) -> None:
    app.set("/gone.jpg", Behaviour(status=404))

    assert (await post_json(gateway, {"type": "image", "mediaUrl": f"{app.url}/gone.jpg"})).problem()[0] in (
        422,
        502,
    )
    assert (await post_json(gateway, {"type": "image", "mediaUrl": "http://169.254.169.254/x"})).problem()[
        0
    ] == 422
    assert not bridge.called("message.send")
    assert files(spool) == []


async def test_a_repeated_request_fetches_nothing(
    gateway: Gateway, bridge: ScriptedBridge, app: CustomerApp, spool: Path
) -> None:
    outbox = ScriptedOutbox(bridge)
    body = {"type": "image", "mediaUrl": f"{app.url}/a.jpg"}

    first = await post_json(gateway, body, **{"Idempotency-Key": "k"})
    again = await post_json(gateway, body, **{"Idempotency-Key": "k"})

    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (200, first.body, "true")
    assert (len(outbox.messages), len(app.at("/a.jpg")), len(files(spool))) == (1, 1, 1)


async def test_a_repeated_upload_is_told_by_its_bytes(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path
) -> None:
    outbox = ScriptedOutbox(bridge)
    key = {"Idempotency-Key": "k"}

    first = await gateway.post(SEND, data=form(picture(), to=TO, type="image"), headers=key)
    again = await gateway.post(SEND, data=form(picture(), to=TO, type="image"), headers=key)
    text = base64.b64encode(picture()).decode()
    encoded = await post_json(gateway, {"type": "image", "mediaBase64": text}, **key)
    other = await gateway.post(SEND, data=form(picture("PNG"), to=TO, type="image"), headers=key)

    assert first.body == again.body == encoded.body
    assert other.problem() == (422, "idempotency_mismatch")
    assert len(outbox.messages) == 1
    # Only the file of the message that was made.
    assert files(spool) == [outbox.messages[0]["content"]["file"]["name"]]


async def test_parallel_requests_fetch_a_file_once(
    gateway: Gateway, bridge: ScriptedBridge, app: CustomerApp, spool: Path
) -> None:
    outbox = ScriptedOutbox(bridge)
    body = {"type": "image", "mediaUrl": f"{app.url}/a.jpg"}

    answers = await asyncio.gather(*(post_json(gateway, body, **{"Idempotency-Key": "k"}) for _ in range(20)))

    assert {answer.status for answer in answers} <= {200, 409}
    assert (len(outbox.messages), len(app.at("/a.jpg")), len(files(spool))) == (1, 1, 1)


async def test_a_batch_has_one_file(gateway: Gateway, bridge: ScriptedBridge, spool: Path) -> None:
    outbox = ScriptedOutbox(bridge)
    fields = {"type": "image", "caption": "Hi {{name}}"}
    recipients = [{"to": f"+551199999000{at}", "variables": {"name": str(at)}} for at in range(3)]

    answer = await gateway.post(
        "/api/v1/messages/acme/batch", data=form(picture(), recipients=orjson.dumps(recipients).decode(), **fields)
    )

    assert (answer.status, answer.json["total"]) == (202, 3)
    assert files(spool) == [outbox.batches[0]["content"]["file"]["name"]]


async def test_a_batch_that_may_have_been_made_keeps_its_file(
    gateway: Gateway, bridge: ScriptedBridge, spool: Path
) -> None:
    def dies(params: Params) -> None:
        bridge.drop()
        raise Never

    bridge.scripts["batch.create"] = dies
    fields = {"type": "image", "recipients": f'["{TO}"]'}

    answer = await gateway.post("/api/v1/messages/acme/batch", data=form(picture(), **fields))

    assert answer.problem() == (502, "message_unconfirmed")
    assert len(files(spool)) == 1
