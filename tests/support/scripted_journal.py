"""A journal for the scripted bridge: events a test adds are pulled and acknowledged as the contract says."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.scripted_bridge import Params, ScriptedBridge, now_ms


class ScriptedJournal:
    """Answers event.pull and event.ack of a scripted bridge."""

    def __init__(self, bridge: ScriptedBridge) -> None:
        self.events: list[dict[str, Any]] = []
        self.acked = 0
        self._news = asyncio.Event()
        bridge.scripts["event.pull"] = self._pull
        bridge.scripts["event.ack"] = self._ack

    def add(self, tenant: str, data: dict[str, Any], *, session_id: str | None = None) -> int:
        """Record an event; return its position."""
        position = len(self.events) + 1
        self.events.append(
            {
                "position": position,
                "eventId": f"evt_{position:020d}",
                "tenantId": tenant,
                "sessionId": session_id or f"{tenant}_1795435218000",
                "sequence": position,
                "occurredAtMs": now_ms(),
                "data": data,
            }
        )
        self._news.set()
        return position

    def status(self, tenant: str, state: str, **fields: Any) -> int:
        """Record a session.status."""
        return self.add(tenant, {"type": "session.status", "state": state, "sinceMs": now_ms(), **fields})

    def qr(self, tenant: str, text: str, seconds: float = 60) -> int:
        """Record a session.qr."""
        code = {"text": text, "expiresAtMs": now_ms() + int(seconds * 1000)}
        return self.add(tenant, {"type": "session.qr", "qr": code})

    async def _pull(self, params: Params) -> dict[str, Any]:
        if len(self.events) <= params["after"]:
            self._news.clear()
            try:
                async with asyncio.timeout(params["waitMs"] / 1000):
                    await self._news.wait()
            except TimeoutError:
                pass
        found = self.events[params["after"] :][: params["max"]]
        return {"events": found, "headPosition": len(self.events)}

    def _ack(self, params: Params) -> dict[str, Any]:
        self.acked = max(self.acked, params["position"])
        return {"ackedPosition": self.acked}
