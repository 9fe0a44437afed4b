"""Every address of the route table, filled in, and how a gateway looks before and after somebody asked it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from control.api.route import Route
from control.api.routes import ROUTES
from control.api.spec.path_parameters import PATH_PARAMETERS
from control.storage.redis import execute
from tests.support.gateway import Answer, Gateway
from tests.support.scripted_bridge import ScriptedBridge

PRIVATE = [route for route in ROUTES if not route.public]
SCOPED = [route for route in PRIVATE if not route.any_scope and route.link is None]
OF_TENANTS = [route for route in PRIVATE if "{tenantId}" in route.path]

_VARIABLE = re.compile(r"\{(\w+)\}")

# What control asks for by itself, whoever calls.
_OF_ITSELF = ("system.", "event.")
# What a refused request may change: the audit log, when a key was used, how often somebody asked. What the tenants
# used so far is written a little later.
_BESIDE = (":audit", ":keys:used", ":{limits}:", ":usage:")


def named(route: Route) -> str:
    """The row, for messages."""
    return f"{route.method} {route.path}"


def filled(route: Route, **values: str) -> str:
    """The address with these values for its variables, and the examples of the OpenAPI for all others."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or PATH_PARAMETERS[found[1]].example, route.path)


async def ask(gateway: Gateway, route: Route, address: str, headers: dict[str, str]) -> Answer:
    """Ask with a body where the method takes one."""
    body: dict[str, str] | None = None if route.method == "GET" else {}
    return await gateway.request(route.method, address, headers=headers, json=body)


def without_instance(answer: Answer) -> tuple[int, dict[str, Any], dict[str, str]]:
    """All of an answer that two refusals may be told apart by."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    # How much of a limit is left differs from one request to the next, not from one tenant to another.
    headers = {name: value for name, value in headers.items() if not name.startswith("ratelimit")}
    return answer.status, {**answer.json, "instance": ""}, headers


class State:
    """What the bridge was asked, what Redis holds and which files there are."""

    def __init__(self, bridge: ScriptedBridge, redis: Redis, prefix: str, data_dir: Path) -> None:
        self._bridge = bridge
        self._redis = redis
        self._prefix = prefix
        self._data_dir = data_dir

    async def now(self) -> tuple[list[tuple[str, Any]], dict[str, str], set[str]]:
        """Return it."""
        asked = [(method, params) for method, params in self._bridge.calls if not method.startswith(_OF_ITSELF)]
        asked = [call for call in asked if call != ("session.list", {"limit": 500})]
        values = {}
        for name in await execute(self._redis, "KEYS", f"{self._prefix}:*"):
            key = name.decode().removeprefix(self._prefix)
            if not key.startswith(_BESIDE):
                dumped = await self._redis.dump(name)
                values[key] = hashlib.sha256(dumped or b"").hexdigest()
        there = (path for path in self._data_dir.rglob("*") if path.is_file())
        return asked, values, {str(path) for path in there if path.suffix != ".sqlite-journal"}
