"""Tokens that stand for an API key: what they may do, until when, and how they end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from control.api.context import TOKENS
from control.auth import tokens
from control.auth.jwt import LEEWAY_SECONDS
from control.auth.scopes import Scope
from tests.support.gateway import KEY, Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, session

STATUS = "/api/v1/sessions/acme/status"
TOKENS_AT = "/api/v1/tokens"


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of tokens, which can be put forward."""
    clock = Clock()
    issuer = gateway.app[TOKENS]
    monkeypatch.setattr(issuer, "_clock", clock)
    monkeypatch.setattr(issuer._signer, "_clock", clock)
    return clock


@pytest.fixture(autouse=True)
def _session(bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", session("acme"))


def bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


async def sign_in(gateway: Gateway, key: str = KEY, **body: Any) -> dict[str, Any]:
    answer = await gateway.post(TOKENS_AT, json=body or None, headers=bearer(key))
    assert answer.status == 201, answer.body
    return answer.json


async def use(gateway: Gateway, token: str, path: str = STATUS, method: str = "GET") -> Answer:
    return await gateway.request(method, path, headers=bearer(token))


async def new_key(gateway: Gateway, **body: Any) -> dict[str, Any]:
    answer = await gateway.post("/api/v1/keys", json={"name": "shop", **body}, headers=bearer(KEY))
    assert answer.status == 201, answer.body
    return answer.json


async def test_the_operator_s_token_does_what_the_operator_does_for_a_quarter_of_an_hour(
    gateway: Gateway, clock: Clock
) -> None:
    signed_in = await sign_in(gateway)

    assert signed_in["tenants"] is None
    assert set(signed_in["scopes"]) == set(Scope)
    assert (await use(gateway, signed_in["token"])).status == 200
    assert (await use(gateway, signed_in["token"], "/api/v1/keys")).status == 200
    clock.ahead = tokens.TOKEN_SECONDS + LEEWAY_SECONDS + 1
    refused = await use(gateway, signed_in["token"])
    assert refused.problem() == (401, "unauthorized")
    assert "expired" in refused.json["detail"]


async def test_a_token_can_be_sent_as_x_api_key_too(gateway: Gateway) -> None:
    token = (await sign_in(gateway))["token"]

    del gateway.http.headers["Authorization"]
    assert (await gateway.get(STATUS, headers={"X-API-Key": token})).status == 200


async def test_a_token_may_do_what_its_key_may_and_no_more(gateway: Gateway) -> None:
    key = await new_key(gateway, tenants=["acme"], scopes=["sessions:read", "messages:read"])

    signed_in = await sign_in(gateway, key["key"])

    assert (signed_in["tenants"], signed_in["scopes"]) == (["acme"], ["messages:read", "sessions:read"])
    token = signed_in["token"]
    assert (await use(gateway, token)).status == 200
    assert (await use(gateway, token, "/api/v1/sessions/other/status")).problem() == (404, "tenant_not_found")
    assert (await use(gateway, token, "/api/v1/sessions/acme/start", "POST")).problem() == (403, "forbidden")
    assert (await use(gateway, token, "/api/v1/keys")).problem() == (403, "forbidden")


async def test_a_token_can_be_made_to_do_less(gateway: Gateway) -> None:
    key = await new_key(gateway, tenants=["acme", "other"], scopes=["sessions:read", "sessions:write"])

    token = (await sign_in(gateway, key["key"], tenants=["acme"], scopes=["sessions:read"]))["token"]

    assert (await use(gateway, token)).status == 200
    assert (await use(gateway, token, "/api/v1/sessions/other/status")).problem() == (404, "tenant_not_found")
    assert (await use(gateway, token, "/api/v1/sessions/acme/start", "POST")).problem() == (403, "forbidden")
    renewed = await gateway.post(TOKENS_AT, headers=bearer(token))
    assert (renewed.json["tenants"], renewed.json["scopes"]) == (["acme"], ["sessions:read"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"scopes": ["keys:write"]}, (403, "forbidden")),
        ({"scopes": ["installation"]}, (403, "forbidden")),
        ({"tenants": ["other"]}, (404, "tenant_not_found")),
        ({"tenants": ["../acme"]}, (400, "invalid_tenant_id")),
        ({"tenants": []}, (400, "invalid_request")),
        ({"scopes": ["everything"]}, (400, "invalid_request")),
        ({"expiresInSeconds": 99_999}, (400, "invalid_request")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
async def test_more_than_the_key_may_do_is_not_given(
    gateway: Gateway, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    key = await new_key(gateway, tenants=["acme"], scopes=["sessions:read"])

    answer = await gateway.post(TOKENS_AT, json=body, headers=bearer(key["key"]))

    assert answer.problem() == expected


async def test_a_token_ends_with_its_key(gateway: Gateway) -> None:
    key = await new_key(gateway, tenants=["acme"], scopes=["sessions:read"])
    token = (await sign_in(gateway, key["key"]))["token"]
    assert (await use(gateway, token)).status == 200

    assert (await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")).status == 200

    refused = await use(gateway, token)
    assert refused.problem() == (401, "unauthorized")
    assert "key of this token" in refused.json["detail"]
    assert (await gateway.post(TOKENS_AT, headers=bearer(token))).problem() == (401, "unauthorized")


async def test_a_token_of_a_key_that_was_replaced_at_once_ends_and_with_overlap_it_goes_on(
    gateway: Gateway,
) -> None:
    key = await new_key(gateway, tenants=["acme"], scopes=["sessions:read"])
    token = (await sign_in(gateway, key["key"]))["token"]

    rotated = await gateway.post(f"/api/v1/keys/{key['id']}/rotate", json={"overlapSeconds": 600})
    assert rotated.status == 200, rotated.body
    assert (await use(gateway, token)).status == 200
    await gateway.post(f"/api/v1/keys/{key['id']}/rotate", json={"overlapSeconds": 0})
    assert (await use(gateway, token)).problem() == (401, "unauthorized")


async def test_a_token_is_narrowed_with_its_key(gateway: Gateway) -> None:
    key = await new_key(gateway, tenants=["acme"], scopes=["sessions:read", "messages:read"])
    token = (await sign_in(gateway, key["key"], scopes=["sessions:read"]))["token"]

    changed = await gateway.request("PATCH", f"/api/v1/keys/{key['id']}", json={"scopes": ["messages:read"]})
    assert changed.status == 200, changed.body

    assert (await use(gateway, token)).problem() == (403, "forbidden")
    renewed = await gateway.post(TOKENS_AT, headers=bearer(token))
    assert (renewed.status, renewed.json["scopes"]) == (201, [])


async def test_renewing_goes_on_for_twelve_hours_and_no_longer(gateway: Gateway, clock: Clock) -> None:
    first = await sign_in(gateway)
    latest = first
    for _ in range(48):
        clock.ahead += tokens.TOKEN_SECONDS - 1
        answer = await gateway.post(TOKENS_AT, headers=bearer(latest["token"]))
        assert answer.status == 201, answer.body
        latest = answer.json
        assert latest["signInEndsAt"] == first["signInEndsAt"]
        assert latest["expiresAt"] <= latest["signInEndsAt"]
    assert latest["expiresAt"] == latest["signInEndsAt"]
    clock.ahead = tokens.SIGN_IN_SECONDS + 1
    refused = await gateway.post(TOKENS_AT, headers=bearer(latest["token"]))
    assert refused.problem() == (401, "unauthorized")
    assert "too long ago" in refused.json["detail"]


async def test_a_renewed_token_cannot_ask_for_something_else(gateway: Gateway) -> None:
    token = (await sign_in(gateway, scopes=["sessions:read"]))["token"]

    for body in ({"scopes": ["sessions:write"]}, {"tenants": ["acme"]}):
        answer = await gateway.post(TOKENS_AT, json=body, headers=bearer(token))
        assert answer.problem() == (400, "invalid_request")


async def test_signing_out_ends_every_token_of_the_sign_in_and_no_other(gateway: Gateway) -> None:
    first = (await sign_in(gateway))["token"]
    renewed = (await gateway.post(TOKENS_AT, headers=bearer(first))).json["token"]
    other = (await sign_in(gateway))["token"]

    assert (await use(gateway, renewed, f"{TOKENS_AT}/current", "DELETE")).json == {"success": True}

    for token in (first, renewed):
        assert (await use(gateway, token)).problem() == (401, "unauthorized")
        assert (await gateway.post(TOKENS_AT, headers=bearer(token))).problem() == (401, "unauthorized")
    assert (await use(gateway, other)).status == 200


async def test_an_api_key_is_not_signed_out(gateway: Gateway) -> None:
    assert (await gateway.request("DELETE", f"{TOKENS_AT}/current")).problem() == (403, "forbidden")
    assert (await gateway.get(STATUS)).status == 200


@pytest.fixture
async def frozen(bridge: ScriptedBridge, socket_dir: Path) -> AsyncIterator[tuple[Gateway, RedisServer]]:
    with RedisServer.started() as redis:
        async with running_gateway(settings_for(socket_dir, redis_url=redis.url)) as gateway:
            yield gateway, redis


async def test_without_redis_nobody_knows_who_signed_out(frozen: tuple[Gateway, RedisServer]) -> None:
    gateway, redis = frozen
    token = (await sign_in(gateway))["token"]
    redis.kill()

    assert (await use(gateway, token)).problem() == (503, "redis_unavailable")
    # The operator's own key needs nobody.
    assert (await gateway.get(STATUS)).status == 200


async def test_a_token_outlives_a_restart(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer
) -> None:
    settings = settings_for(socket_dir, redis_url=redis_server.url)
    async with running_gateway(settings) as before:
        token = (await sign_in(before))["token"]
    async with running_gateway(settings) as after:
        assert (await use(after, token)).status == 200
