"""Reads server-sent events the way a browser does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson


@dataclass(frozen=True)
class StreamEvent:
    """One event: its name, its id if it has one, and what it says."""

    name: str
    id: str | None
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """The envelope's data."""
        data: dict[str, Any] = self.body["data"]
        return data


class EventStream:
    """An open stream. events: all that came so far. comments: heartbeats. ended: the server closed it properly."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.events: list[StreamEvent] = []
        self.comments = 0
        self.ended = False
        self.broken = False

    def named(self, name: str) -> list[StreamEvent]:
        """The events of one name."""
        return [event for event in self.events if event.name == name]

    @property
    def states(self) -> list[str]:
        """The states that were told, in order."""
        return [event.data["status"] for event in self.named("session.status")]

    async def read(self) -> None:
        """Read to the end."""
        fields: dict[str, str] = {}
        try:
            async for raw in self.response.content:
                line = raw.decode().rstrip("\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    self.events.append(
                        StreamEvent(fields["event"], fields.get("id"), orjson.loads(fields["data"]))
                    )
                    fields = {}
                else:
                    fields = {}
            self.ended = True
        except aiohttp.ClientError:
            self.broken = True


@asynccontextmanager
async def open_stream(
    http: aiohttp.ClientSession, url: str, headers: dict[str, str] | None = None
) -> AsyncIterator[EventStream]:
    """Open a stream and read it in the background."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    async with http.get(url, headers=headers, timeout=timeout) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        stream = EventStream(response)
        reading = asyncio.create_task(stream.read())
        try:
            yield stream
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
