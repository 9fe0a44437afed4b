"""What every answer carries, and what those get that do not speak HTTP properly."""

from __future__ import annotations

import asyncio
import gzip
import logging

import pytest

from control.api import body
from control.api.security_headers import HEADERS
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge, session


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/api/v1/sessions/acme/status"])
async def test_every_answer_has_the_security_headers_and_names_no_library(gateway: Gateway, path: str) -> None:
    answer = await gateway.get(path)

    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert answer.headers["server"] == "whatsapp-gateway"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_caller_s_request_id_comes_back(gateway: Gateway) -> None:
    answer = await gateway.get("/nowhere", headers={"X-Request-Id": "my-id_1.2"})

    assert answer.headers["x-request-id"] == "my-id_1.2"
    assert answer.json["instance"] == "my-id_1.2"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "é"])
async def test_a_request_id_that_could_do_harm_is_replaced(gateway: Gateway, given: str) -> None:
    answer = await gateway.get("/health/live", headers={"X-Request-Id": given})

    assert len(answer.headers["x-request-id"]) == 32


async def test_a_request_is_one_log_line_with_masked_ids_and_no_address(
    gateway: Gateway, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture
) -> None:
    from control.log import JsonFormatter

    bridge.answers("session.get", session("tenant12345"))
    caplog.set_level(logging.INFO, "control.access")

    await gateway.get("/api/v1/sessions/tenant12345/status?secret=1")

    (record,) = [record for record in caplog.records if record.name == "control.access"]
    line = JsonFormatter().format(record)
    assert '"tenantId":"tenant123***"' in line
    assert '"route":"/api/v1/sessions/{tenantId}/status"' in line
    assert "tenant12345" not in line
    assert "secret" not in line


async def test_head_is_answered_where_get_is(gateway: Gateway) -> None:
    assert (await gateway.request("HEAD", "/health")).status == 200


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"rubbish\r\n\r\n", 400, b"invalid_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, b"invalid_request"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", 400, b"invalid_request"),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x", 414, b"uri_too_long"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 9_000, 431, b"header_too_large"),
        (b"GET / HTTP/1.1\r\n" + b"x" * 9_000 + b": 1", 431, b"header_too_large"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nExpect: <b>much</b>", 400, b"invalid_request"),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: 1\r\n" % n for n in range(200)), 431, b"header_too_large"),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
async def test_what_is_not_http_gets_a_problem_document_and_the_end_of_the_connection(
    gateway: Gateway, raw: bytes, status: int, code: bytes
) -> None:
    base = gateway.http._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    writer.write(raw + b"\r\n\r\n")

    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()

    assert f" {status} ".encode() in answer.split(b"\r\n")[0]
    assert code in answer
    for name, value in HEADERS.items():
        assert f"\r\n{name}: {value}\r\n".encode() in answer
    assert b"application/problem+json" in answer
    assert b"Server: whatsapp-gateway" in answer
    assert b"aiohttp" not in answer


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "GZIP", "made-up"])
async def test_a_packed_body_is_refused_and_never_unpacked(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    bomb = gzip.compress(b"{" + b" " * 20_000_000 + b"}")
    for packed in (bomb, b"{}"):
        for path in ("/api/v1/tokens", "/api/v1/messages/acme/send", "/api/v1/keys"):
            headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
            answer = await gateway.post(path, data=packed, headers=headers)
            assert answer.problem() == (415, "unsupported_media_type"), path
    multipart = {"Content-Type": "multipart/form-data; boundary=B", "Content-Encoding": encoding}
    answer = await gateway.post("/api/v1/messages/acme/send", data=bomb, headers=multipart)
    assert answer.problem() == (415, "unsupported_media_type")
    # A stranger's is not read at all.
    answer = await gateway.post("/api/v1/keys", data=b"{}", headers={**headers, "Authorization": "Bearer x"})
    assert answer.status == 401
    assert "Traceback" not in caplog.text


async def test_a_body_that_never_arrives_is_given_up(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "READ_SECONDS", 0.1)
    base, key = gateway.http._base_url, gateway.http.headers["Authorization"]
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    writer.write(
        b"POST /api/v1/sessions/acme/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: " + key.encode() + b"\r\nContent-Length: 100\r\n\r\n{"
    )

    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()

    assert b" 408 " in status


async def test_a_fault_of_the_gateway_is_a_500_that_gives_nothing_away(
    gateway: Gateway, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*whatever: object) -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("control.sessions.service.view_of", broken)
    bridge.answers("session.get", session("acme"))

    answer = await gateway.get("/api/v1/sessions/acme/status")

    assert answer.problem() == (500, "internal_error")
    assert b"secret detail" not in answer.body
    assert "secret detail" in caplog.text
