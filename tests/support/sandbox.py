"""The sandbox's admin interface for tests: the mock phone scans, mock contacts speak and tell what they read."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

LONG_POLL_MS = 10_000


class Sandbox:
    """A client of the running sandbox. Numbers are E.164 with the plus sign."""

    def __init__(self, port: int, ca_file: Path) -> None:
        self.base = f"https://127.0.0.1:{port}/admin"
        self._tls = ssl.create_default_context(cafile=str(ca_file))
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))

    async def close(self) -> None:
        """Close the connection pool."""
        await self._http.close()

    async def call(self, method: str, path: str, *, json: Any = None, data: str | None = None) -> Any:
        """Call the admin interface; raise AssertionError with its answer when it refuses."""
        async with self._http.request(method, f"{self.base}{path}", json=json, data=data, ssl=self._tls) as answer:
            body = await answer.json(content_type=None)
            assert answer.status < 300, f"{method} {path}: {answer.status} {body}"
            return body

    async def scan_qr(self, qr: str, number: str | None = None) -> dict[str, Any]:
        """Let a mock phone scan the QR code; return {number, jid, lid, device}."""
        query = f"?number={quote(number)}" if number else ""
        result: dict[str, Any] = await self.call("POST", f"/mock-phone/scan-qr{query}", data=qr)
        return result

    async def enter_code(self, code: str, number: str) -> dict[str, Any]:
        """Let the owner of a number type a pairing code on the phone; return {number, jid, lid, device}."""
        body = {"code": code, "number": number}
        result: dict[str, Any] = await self.call("POST", "/mock-phone/enter-code", json=body)
        return result

    async def say(self, contact: str, to: str, text: str) -> str:
        """Let a mock contact send a text; return the message's id."""
        answer = await self.call("POST", f"/contacts/{quote(contact)}/say", json={"to": to, "text": text})
        return str(answer["id"])

    async def messages(self, contact: str, wait_ms: int = 0) -> list[dict[str, Any]]:
        """Return what a mock contact decrypted, oldest first; wait up to wait_ms for the first one."""
        answer = await self.call("GET", f"/contacts/{quote(contact)}/messages?wait={wait_ms}")
        return list(answer["messages"])

    async def ledger(self, **query: str | int) -> list[dict[str, Any]]:
        """Return the recorded stanzas that match (tag, number, direction, after, …)."""
        parameters = "&".join(f"{name}={quote(str(value))}" for name, value in {"limit": 10_000, **query}.items())
        answer = await self.call("GET", f"/ledger?{parameters}")
        return list(answer["entries"])

    async def fault(self, **fault: Any) -> None:
        """Let the sandbox misbehave; see docs/sandbox.md for the kinds."""
        await self.call("POST", "/faults", json=fault)
