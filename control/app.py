"""The only wiring: what exists, in which order it starts, and who is given what. It stops in the reverse order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from control.api.context import API_KEY, HEALTH, MESSAGES, SESSIONS
from control.api.probe import HealthProbe
from control.api.routes import new_application
from control.auth.keys import ApiKey
from control.messages.service import MessageService
from control.rpc.client import BridgeClient
from control.rpc.link import BridgeLink, ContractMismatch
from control.sessions.qr import QrImages
from control.sessions.service import SessionService
from control.sessions.store import SessionStore
from control.settings import Settings
from control.storage.keys import Keys
from control.storage.redis import connect_redis

RESTART_SECONDS = 1.0

FATAL: web.AppKey[asyncio.Future[None]] = web.AppKey("fatal")
"""Has an exception when control must not go on running."""

log = logging.getLogger(__name__)


def build_app(settings: Settings, api_key: ApiKey) -> web.Application:
    """Return the application; nothing is connected before it is started."""
    app = new_application()
    app[API_KEY] = api_key

    async def parts(app: web.Application) -> AsyncIterator[None]:
        """Everything below REST."""
        app[FATAL] = asyncio.get_running_loop().create_future()
        keys = Keys(settings.redis_prefix)
        redis = connect_redis(settings.redis_address)
        link = BridgeLink(settings.bridge_socket_path)
        bridge = BridgeClient(link)
        store = SessionStore(redis, keys)
        images = QrImages()

        app[SESSIONS] = SessionService(bridge, store, images)
        app[MESSAGES] = MessageService(bridge)
        app[HEALTH] = HealthProbe(link, bridge, redis)

        tasks = [_background("bridge link", link.run, app[FATAL])]
        yield
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        app[FATAL].cancel()
        images.close()
        await redis.aclose()

    app.cleanup_ctx.append(parts)
    return app


def _background(name: str, run: Callable[[], Awaitable[None]], fatal: asyncio.Future[None]) -> asyncio.Task[None]:
    """Run something for as long as the application runs, again when it fails, unless that cannot help."""

    async def forever() -> None:
        while True:
            try:
                await run()
            except ContractMismatch as mismatch:
                with suppress(asyncio.InvalidStateError):
                    fatal.set_exception(mismatch)
                return
            except Exception:
                log.exception("background task failed, starting it again", extra={"task": name})
            await asyncio.sleep(RESTART_SECONDS)

    return asyncio.create_task(forever(), name=name)
