"""The sandbox's admin interface, of which this client has two actions: a browser cannot reach it, and should not.

It is HTTPS with a certificate of the sandbox's own on another port, without a key. What goes there is a closed set
of actions with checked values; no caller chooses an address.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, Self
from urllib.parse import quote, urlsplit

import aiohttp
import orjson

from control.errors import GatewayError
from control.sandbox.address import SandboxAddress

TOTAL_SECONDS: Final = 15.0
"""Of one action. A scan answers when the client behind the code has accepted."""

ANSWER_MAX_BYTES: Final = 64 * 1024


class _Hello(Protocol):
    @property
    def sandbox(self) -> bool:
        """Whether the bridge is connected to a sandbox."""


class _Link(Protocol):
    @property
    def hello(self) -> _Hello | None:
        """Who the bridge is, once it said so."""


class SandboxAdmin:
    """Does things in the sandbox. Raises `sandbox_refused`, with its reason, and `sandbox_unavailable`."""

    def __init__(self, url: str, ca_file: Path | None, *, is_used: Callable[[], bool]) -> None:
        """url: where WhatsApp is for the bridge, wss://….

        is_used: whether the bridge is connected to a sandbox. It alone knows; an address that was left behind in
        the environment means nothing.
        """
        self._base = f"https://{urlsplit(url).netloc}/admin"
        self._ca_file = ca_file
        self._is_used = is_used
        self._http: aiohttp.ClientSession | None = None
        self._opening = asyncio.Lock()

    @classmethod
    def of(cls, address: SandboxAddress, link: _Link) -> Self | None:
        """Return a client of the sandbox at an address; None where there is no address."""
        if address.url is None:
            return None
        return cls(address.url, address.ca_file, is_used=lambda: link.hello is not None and link.hello.sandbox)

    @property
    def is_used(self) -> bool:
        """Whether there is a sandbox at all."""
        return self._is_used()

    async def scan(self, qr: str, *, number: str | None, name: str | None) -> str:
        """Let a mock phone scan a code; return its number. number: E.164 with the plus; made up without one."""
        given = {key: value for key, value in (("number", number), ("name", name)) if value is not None}
        answer = await self._post("/mock-phone/scan-qr", body=qr.encode(), query=given)
        return str(answer["number"])

    async def say(self, contact: str, to: str, text: str, *, name: str | None) -> str:
        """Let a mock contact write to a number; return the message's id. name: what it is called from now on."""
        if name is not None:
            await self._post("/contacts", body=orjson.dumps({"number": contact, "name": name}))
        answer = await self._post(
            f"/contacts/{quote(contact, safe='')}/say", body=orjson.dumps({"to": to, "text": text})
        )
        return str(answer["id"])

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    async def _post(self, path: str, *, body: bytes, query: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            http = await self._client()
            async with http.post(f"{self._base}{path}", data=body, params=query, allow_redirects=False) as answer:
                raw = await answer.content.read(ANSWER_MAX_BYTES)
                status = answer.status
            document = orjson.loads(raw)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            raise GatewayError("sandbox_unavailable", retry_after=2) from None
        if not isinstance(document, dict):
            raise GatewayError("sandbox_unavailable")
        if status >= 400:
            error = document.get("error")
            said = error.get("message") if isinstance(error, dict) else None
            raise GatewayError("sandbox_refused", f"The sandbox says: {said}." if said else None)
        return document

    async def _client(self) -> aiohttp.ClientSession:
        """The client, made at the first use: the sandbox writes its certificate when it starts."""
        async with self._opening:
            if self._http is None:
                path = str(self._ca_file) if self._ca_file is not None else None
                tls = await asyncio.to_thread(ssl.create_default_context, cafile=path)
                self._http = aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(ssl=tls, limit=4),
                    timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS),
                    cookie_jar=aiohttp.DummyCookieJar(),
                )
            return self._http
