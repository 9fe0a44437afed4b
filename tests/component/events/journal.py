"""The bridge's event journal, played: keeps what it is given, answers pulls by the contract, forgets nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from control.errors import GatewayError
from control.rpc.contract_gen import EventAckResult, EventPullResult

JOURNAL = "jrn_0000000000000001"
START_MS = 1_795_435_200_000


class PlayedJournal:
    """A journal of events over all tenants, as the RPC client of control shows it."""

    def __init__(self, journal_id: str = JOURNAL) -> None:
        self._journal_id = journal_id
        self.events: list[dict[str, Any]] = []
        self.acks: list[int] = []
        self.pulls: list[int] = []
        self.reachable = True
        self._sequences: dict[str, int] = {}
        self._news = asyncio.Event()

    @property
    def journal_id(self) -> str:
        self._check()
        return self._journal_id

    def new_store(self, journal_id: str) -> None:
        """The bridge starts over with an empty store; ids of events go on being new."""
        self._journal_id = journal_id
        self.events = []
        self.acks = []
        self._stir()

    def add(self, tenant: str, data: dict[str, Any]) -> str:
        """Record an event and return its id."""
        session = f"{tenant}_{START_MS}"
        sequence = self._sequences[session] = self._sequences.get(session, 0) + 1
        position = (self.events[-1]["position"] if self.events else 0) + 1
        event_id = f"evt_{self._journal_id[-4:]}{position:014d}"
        self.events.append(
            {
                "position": position,
                "eventId": event_id,
                "tenantId": tenant,
                "sessionId": session,
                "sequence": sequence,
                "occurredAtMs": START_MS + position,
                "data": data,
            }
        )
        self._stir()
        return event_id

    def say(self, tenant: str, text: str, *, chat: str = "5511999990000@s.whatsapp.net") -> str:
        """Record an incoming text."""
        return self.add(tenant, text_message(text, chat=chat))

    async def event_pull(self, after: int, max: int, wait_ms: int) -> EventPullResult:
        self._check()
        self.pulls.append(after)
        if not any(e["position"] > after for e in self.events):
            self._news.clear()
            try:
                async with asyncio.timeout(wait_ms / 1000):
                    await self._news.wait()
            except TimeoutError:
                pass
        self._check()
        found = [e for e in self.events if e["position"] > after][:max]
        head = self.events[-1]["position"] if self.events else 0
        return EventPullResult.model_validate({"events": found, "headPosition": head})

    async def event_ack(self, position: int) -> EventAckResult:
        self._check()
        self.acks.append(position)
        return EventAckResult(acked_position=position)

    @property
    def acked(self) -> int:
        return max(self.acks, default=0)

    @property
    def head(self) -> int:
        return int(self.events[-1]["position"]) if self.events else 0

    def _check(self) -> None:
        if not self.reachable:
            raise GatewayError("bridge_unavailable")

    def _stir(self) -> None:
        self._news.set()


def text_message(text: str, *, chat: str = "5511999990000@s.whatsapp.net") -> dict[str, Any]:
    """Return the data of an incoming text by the contract."""
    return {
        "type": "message",
        "messageId": f"3EB0{abs(hash(text)):X}"[:20],
        "chatId": chat,
        "chatType": "group" if chat.endswith("@g.us") else "person",
        "isGroup": chat.endswith("@g.us"),
        "fromMe": False,
        "sender": {"phoneNumber": "+5511999990000", "name": "Ana"},
        "sentAtMs": START_MS,
        "content": {"type": "text", "text": text},
    }
