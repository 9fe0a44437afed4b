"""A customer's app: a real HTTP server that records what it gets and answers as it is told, per path."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from aiohttp import web


@dataclass
class Received:
    """One request, as it came over the wire. status: what it was answered with, None while it hangs."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    status: int | None = None

    @property
    def event(self) -> dict[str, Any]:
        """The body, parsed."""
        parsed: dict[str, Any] = orjson.loads(self.body)
        return parsed


@dataclass
class Behaviour:
    """How a path answers. status may be a function that is asked for each request."""

    status: int | Callable[[Received], int] = 200
    delay: float = 0.0
    hang: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"


class CustomerApp:
    """Listens on a free port of 127.0.0.1; paths without a behaviour answer 200."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.url = ""
        self._behaviours: dict[str, Behaviour] = {}
        self._runner: web.AppRunner | None = None
        self._released = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._runner is not None
        self.release()
        await self._runner.cleanup()

    def set(self, path: str, behaviour: Behaviour) -> None:
        """Change how a path answers from the next request on."""
        self._behaviours[path] = behaviour

    def release(self) -> None:
        """Let all requests that hang go on."""
        self._released.set()
        self._released = asyncio.Event()

    def at(self, path: str) -> list[Received]:
        """Requests to a path, in the order they came."""
        return [r for r in self.received if r.path == path]

    def delivered(self, path: str | None = None) -> list[dict[str, Any]]:
        """Events answered with 2xx, in the order they came, repeated ones only once."""
        seen: dict[str, dict[str, Any]] = {}
        for r in self.received:
            if (path is None or r.path == path) and r.status is not None and 200 <= r.status < 300:
                seen.setdefault(r.event["id"], r.event)
        return list(seen.values())

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        got = Received(request.path, request.headers.copy(), body, time.monotonic())
        self.received.append(got)
        behaviour = self._behaviours.get(request.path, Behaviour())
        if behaviour.hang:
            await self._released.wait()
        if behaviour.delay:
            await asyncio.sleep(behaviour.delay)
        got.status = behaviour.status if isinstance(behaviour.status, int) else behaviour.status(got)
        return web.Response(status=got.status, headers=behaviour.headers, body=behaviour.body)
