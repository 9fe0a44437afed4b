"""Health over HTTP, for people, for load balancers and for supervisors. Needs no key and shows no secrets.

/health        always 200 while the process lives; `status` is `ok` or `degraded`, and `degraded` names the parts
/health/live   200 while the process lives; asks nothing
/health/ready  200 when requests can be served, 503 when the bridge or Redis is missing

All but /health/live tell `parts`: every part with `ok` or with what keeps it from doing all it should.
"""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from control import __version__
from control.api.context import HEALTH
from control.api.probe import Health
from control.api.wellness import OK, parts_of


async def health(request: web.Request) -> web.Response:
    """GET /health."""
    return _answer(_document(await request.app[HEALTH].look()))


async def live(request: web.Request) -> web.Response:
    """GET /health/live."""
    return _answer({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """GET /health/ready."""
    found = await request.app[HEALTH].look()
    document = {
        "status": "ready" if found.ready else "unready",
        "bridge": "up" if found.bridge_problem is None else found.bridge_problem,
        "redis": "up" if found.redis_problem is None else found.redis_problem,
        "parts": parts_of(found),
    }
    return _answer(document, status=200 if found.ready else 503)


def _document(found: Health) -> dict[str, Any]:
    parts = parts_of(found)
    degraded = [name for name, said in parts.items() if said != OK]
    sandbox = found.bridge.sandbox if found.bridge else found.hello.sandbox if found.hello else None
    return {
        "status": "degraded" if degraded else "ok",
        "degraded": degraded,
        "parts": parts,
        "uptime": round(found.uptime, 3),
        "version": __version__,
        "environment": found.environment,
        "sandbox": sandbox,
        "bridge": _bridge(found),
        "redis": {
            "status": "up" if found.redis_problem is None else "down",
            "latencyMs": round(found.redis_ms, 2) if found.redis_ms is not None else None,
            "problem": found.redis_problem,
        },
        "sessions": found.bridge.sessions if found.bridge else None,
    }


def _bridge(found: Health) -> dict[str, Any]:
    document: dict[str, Any] = {
        "status": "up" if found.bridge_problem is None else "down",
        "problem": found.bridge_problem,
    }
    if found.hello is not None:
        document["version"] = found.hello.bridge_version
        document["baileysVersion"] = found.hello.baileys_version
        document["nodeVersion"] = found.hello.node_version
    if found.bridge is not None:
        values = found.bridge.model_dump(mode="json", by_alias=True, exclude_none=True)
        document |= {name: values[name] for name in values if name not in ("sandbox", "sessions")}
    return document


def _answer(document: dict[str, Any], *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(document), content_type="application/json")
