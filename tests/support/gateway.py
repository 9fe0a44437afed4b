"""A gateway for tests: the whole control plane in this process, in front of a scripted bridge and a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from yarl import URL

from control.api.server import GatewayRunner
from control.app import build_app
from control.auth.operator import load_operator_key
from control.settings import Settings

KEY = "k3y-for-Tests-0123456789"


def settings_for(directory: Path, **changes: Any) -> Settings:
    """Settings that take nothing from the environment."""
    values: dict[str, Any] = {
        "api_key": KEY,
        "data_dir": directory,
        "run_dir": directory,
        "host": "127.0.0.1",
        "port": 0,
        # Tests of refusals make more of them than a stranger may.
        "rate_limit_ip": "off",
        "rate_limit_failed_auth": "off",
        **changes,
    }
    return Settings(_env_file=None, **values)


class Gateway:
    """A running gateway and a client that has its key."""

    def __init__(self, http: aiohttp.ClientSession, app: web.Application, url: str) -> None:
        self.http = http
        self.url = url
        self.app = app

    async def get(self, path: str, **options: Any) -> Answer:
        """GET a path."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """POST to a path."""
        return await self.request("POST", path, **options)

    async def request(self, method: str, path: str | URL, **options: Any) -> Answer:
        """Make a request and read the answer."""
        async with self.http.request(method, path, **options) as response:
            return Answer(response.status, dict(response.headers), await response.read(), response.content_type)


class Answer:
    """An answer that was read."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes, content_type: str) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.content_type = content_type

    @property
    def json(self) -> dict[str, Any]:
        """The body's JSON object."""
        value = orjson.loads(self.body)
        assert isinstance(value, dict)
        return value

    def problem(self) -> tuple[int, str]:
        """Status and code, after checking that this is a whole problem document that gives nothing away."""
        document = self.json
        assert self.content_type == "application/problem+json"
        assert document["success"] is False
        assert document["status"] == self.status
        assert document["title"]
        assert document["detail"]
        assert document["instance"] == self.headers["x-request-id"]
        for word in (b"Traceback", b"aiohttp", b"redis.", b"pydantic", b'.py"'):
            assert word not in self.body
        return self.status, document["code"]


@asynccontextmanager
async def running_gateway(settings: Settings, *, key: str | None = KEY) -> AsyncIterator[Gateway]:
    """Start the control plane on a free port of loopback and stop it in the end."""
    app = build_app(settings, load_operator_key(settings))
    runner = GatewayRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        port = runner.addresses[0][1]
        headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", headers=headers, timeout=aiohttp.ClientTimeout(total=20)
        ) as http:
            yield Gateway(http, app, f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()
