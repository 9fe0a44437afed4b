from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from control.api.authentication import authentication
from control.api.cors import Cors
from control.api.middleware import deadline
from control.api.route import Route
from control.api.routes import ROUTES, new_application
from control.errors import GatewayError


async def test_a_request_ends_at_its_deadline() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(GatewayError, match="deadline_exceeded"):
        await deadline(lambda request: 0.01)(make_mocked_request("GET", "/"), slow)


async def test_a_timeout_of_the_handler_s_own_is_not_the_deadline() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        await deadline(lambda request: 5)(make_mocked_request("GET", "/"), broken)


async def test_what_is_public_is_not_asked_for_a_key() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    public = Route("GET", "/", handler, seconds=1, public=True)
    answer = await authentication(lambda request: public)(make_mocked_request("GET", "/?token=x"), handler)

    assert answer.status == 204


def test_every_route_of_the_table_is_registered_once() -> None:
    app = new_application(Cors(()))

    registered = [
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    ]
    assert sorted(registered) == sorted((route.method, route.path) for route in ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
