"""Which web pages may call the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from control.api.cors import REQUEST_HEADERS
from control.api.routes import ROUTES
from tests.support.gateway import Answer, running_gateway, settings_for
from tests.support.redis_server import RedisServer

PAGE = "https://app.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
ALLOW = "access-control-allow-origin"


async def ask(
    folder: Path, redis: RedisServer, allowed: tuple[str, ...], method: str, headers: dict[str, str]
) -> Answer:
    settings = settings_for(folder, redis_url=redis.url, allowed_origins=allowed)
    async with running_gateway(settings, key=None) as gateway:
        return await gateway.request(method, "/api/v1/messages/acme/send", headers=headers)


async def test_a_preflight_of_an_allowed_page_is_answered_without_a_key(
    socket_dir: Path, redis_server: RedisServer
) -> None:
    answer = await ask(socket_dir, redis_server, (PAGE,), "OPTIONS", {"Origin": PAGE, **PREFLIGHT})

    assert answer.status == 204
    assert answer.headers[ALLOW] == PAGE
    for method in {route.method for route in ROUTES}:
        assert method in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in answer.headers


async def test_an_allowed_page_may_read_errors_too(socket_dir: Path, redis_server: RedisServer) -> None:
    answer = await ask(socket_dir, redis_server, (PAGE,), "POST", {"Origin": PAGE})

    assert answer.problem() == (401, "unauthorized")
    assert answer.headers[ALLOW] == PAGE
    shown = answer.headers["access-control-expose-headers"].split(", ")
    assert {"RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"} <= set(shown)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://app.example.evil", "http://app.example", "null", "https://app.example/"],
)
@pytest.mark.parametrize("method", ["OPTIONS", "POST"])
async def test_another_page_gets_nothing(
    socket_dir: Path, redis_server: RedisServer, origin: str, method: str
) -> None:
    answer = await ask(socket_dir, redis_server, (PAGE,), method, {"Origin": origin, **PREFLIGHT})

    assert answer.status == 401
    assert ALLOW not in answer.headers


async def test_by_default_no_page_may_call(socket_dir: Path, redis_server: RedisServer) -> None:
    answer = await ask(socket_dir, redis_server, (), "OPTIONS", {"Origin": PAGE, **PREFLIGHT})

    assert answer.status == 401
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_star_allows_every_page(socket_dir: Path, redis_server: RedisServer) -> None:
    answer = await ask(socket_dir, redis_server, ("*",), "OPTIONS", {"Origin": PAGE, **PREFLIGHT})

    assert (answer.status, answer.headers[ALLOW]) == (204, "*")


def test_a_page_may_send_every_header_the_api_takes() -> None:
    taken = {
        parameter.name.lower()
        for route in ROUTES
        if route.operation is not None
        for parameter in route.operation.parameters
        if parameter.where == "header"
    }

    assert taken
    assert taken <= {name.lower() for name in REQUEST_HEADERS.split(", ")}
