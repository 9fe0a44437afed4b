"""The OpenAPI as it is served."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from control.api.openapi import OPENAPI, OpenApiDocument
from tests.support.gateway import Gateway

ROOT = Path(__file__).resolve().parents[3]


async def test_the_openapi_needs_no_key_and_is_the_one_of_the_repository(gateway: Gateway) -> None:
    answer = await gateway.get("/openapi.json", headers={"Authorization": "Bearer wrong"})

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert answer.json == json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))


async def test_the_openapi_is_not_sent_again_to_those_who_have_it(gateway: Gateway) -> None:
    first = await gateway.get("/openapi.json")
    plain = await gateway.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    again = await gateway.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    other = await gateway.get("/openapi.json", headers={"If-None-Match": '"another"'})

    assert first.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.json == first.json
    assert plain.headers["etag"] != first.headers["etag"]
    assert (again.status, again.body) == (304, b"")
    assert other.status == 200


async def test_many_who_ask_at_once_wait_for_one_document(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Mock(side_effect=gateway.app[OPENAPI]._make)
    monkeypatch.setattr(OpenApiDocument, "_make", made)

    answers = await asyncio.gather(*(gateway.get("/openapi.json") for _ in range(5)))

    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert made.call_count == 1
