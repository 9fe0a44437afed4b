"""An aiohttp server with nothing in it, on the event loop of control: what answering a request costs at least."""

from __future__ import annotations

import asyncio
import sys

import orjson
import uvloop
from aiohttp import web


async def answer(request: web.Request) -> web.Response:
    """Answer as GET /health/live does."""
    return web.Response(body=orjson.dumps({"status": "ok"}), content_type="application/json")


async def main() -> None:
    """Serve on a free port of loopback, say which, and end with standard input."""
    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


uvloop.run(main())
