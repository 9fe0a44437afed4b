"""Adds the file of a message to the webhook itself, as base64, where the webhook asks for that.

The file is fetched before each attempt and is never in the queue. It is a convenience: whatever fails or takes too
long, the event goes without it, and `data.media.url` is still there. How many such events are under way at once is
bounded, because each is held in memory until the customer's app has answered.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, Protocol

import orjson

from control.errors import GatewayError
from control.webhooks.endpoint import Endpoint

FETCH_SECONDS: Final = 10.0
"""What an event waits for its file, and for its turn before that."""
AT_ONCE: Final = 12

log = logging.getLogger(__name__)


class MediaSource(Protocol):
    """Where the files of messages are."""

    async def read(self, tenant_id: str, media_id: str, max_bytes: int) -> bytes | None:
        """Return a file, None when it has more bytes; raise GatewayError, OSError."""


class InlineMedia:
    """Adds files to events."""

    def __init__(self, source: MediaSource, *, seconds: float = FETCH_SECONDS, at_once: int = AT_ONCE) -> None:
        """seconds: what fetching may take. at_once: events with a file that may be under way."""
        self._source = source
        self._seconds = seconds
        self._room = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def added(self, endpoint: Endpoint, tenant_id: str, type: str, body: bytes) -> AsyncIterator[bytes]:
        """Yield what is to be sent: the body, with `data.media.base64` when the webhook takes a file of this size.

        Leave the block when the attempt is over.
        """
        event = _with_media(body) if type == "message" and endpoint.inline_media_max_bytes > 0 else None
        if event is None or not _fits(event, endpoint.inline_media_max_bytes):
            yield body
            return
        async with AsyncExitStack() as held:
            media = event["data"]["media"]
            try:
                async with asyncio.timeout(self._seconds):
                    await held.enter_async_context(self._room)
                    content = await self._source.read(
                        tenant_id, str(media["mediaId"]), endpoint.inline_media_max_bytes
                    )
            except Exception as error:
                # The text of the others may name a path.
                reason = error.code if isinstance(error, GatewayError) else error.__class__.__name__
                log.info("webhook goes without its file", extra={"tenantId": tenant_id, "reason": reason})
                content = None
            if content is None:
                await held.aclose()
                yield body
                return
            media["base64"] = base64.b64encode(content).decode()
            yield orjson.dumps(event)


def _with_media(body: bytes) -> dict[str, Any] | None:
    event = orjson.loads(body)
    data = event.get("data")
    return event if isinstance(data, dict) and isinstance(data.get("media"), dict) else None


def _fits(event: dict[str, Any], max_bytes: int) -> bool:
    """Whether the sender says it is small enough: what it does not say is not fetched to find out."""
    size = event["data"]["media"].get("sizeBytes")
    return isinstance(size, int) and size <= max_bytes
