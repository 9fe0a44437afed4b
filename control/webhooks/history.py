"""What became of a webhook's deliveries: how it stands, its last attempts, its dead letters. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from redis.asyncio import Redis

from control.errors import GatewayError
from control.storage.keys import Keys
from control.webhooks.queue import Line

AttemptStatus = Literal["delivered", "failed"]
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Health:
    """How a webhook stands. Times in unix ms, None where there is none.

    waiting: events that wait for it. failures: in a row. next_probe_ms: when its open circuit is tried.
    """

    waiting: int
    failures: int
    failing_since_ms: int | None
    last_failure_ms: int | None
    last_failure: str | None
    next_probe_ms: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. cursor: its place in the list. answer: the beginning of what a failed one was answered."""

    cursor: str
    at_ms: int
    event_id: str
    type: str
    attempt: int
    reason: str
    status: int | None
    milliseconds: int
    answer: str

    @property
    def delivered(self) -> bool:
        """Whether the customer's app took it."""
        return self.reason == "delivered"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up."""

    cursor: str
    at_ms: int
    event_id: str
    type: str
    lane: str
    reason: str
    attempts: int
    body: bytes


class WebhookHistory:
    """Reads what the worker wrote down. Raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def health(self, tenant_id: str, webhook_ids: Sequence[str]) -> dict[str, Health]:
        """Return how each of these webhooks of a tenant stands."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for webhook in webhook_ids:
                pipe.hgetall(self._keys.webhook_health(tenant_id, webhook))
                pipe.execute_command(
                    "ZLEXCOUNT", self._keys.lane_queue(tenant_id), f"[{webhook}|", f"({webhook}}}"
                )
            found = await pipe.execute()
        return {
            webhook: _health(fields, int(waiting))
            for webhook, fields, waiting in zip(webhook_ids, found[::2], found[1::2], strict=True)
        }

    async def attempts(
        self, line: Line, *, status: AttemptStatus | None, after: str | None, limit: int
    ) -> tuple[list[Attempt], str | None]:
        """Return the last attempts, newest first, and where to go on, None at the end.

        after: the cursor of the last one seen. Raises GatewayError invalid_request for one that is none.
        """
        key = self._keys.deliveries(line.tenant_id, line.webhook_id)
        page: list[Attempt] = []
        at = _before(after)
        while found := await self._redis.xrevrange(key, max=at, min="-", count=_AT_ONCE):
            for entry, fields in found:
                attempt = _attempt(entry.decode(), fields)
                if status is None or attempt.delivered == (status == "delivered"):
                    if len(page) == limit:
                        return page, page[-1].cursor
                    page.append(attempt)
            at = f"({found[-1][0].decode()}"
        return page, None

    async def dead_letters(
        self, line: Line, *, after: str | None, limit: int
    ) -> tuple[list[DeadLetter], str | None]:
        """Return what was given up, newest first, and where to go on, None at the end."""
        key = self._keys.dead_letters(line.tenant_id, line.webhook_id)
        found = await self._redis.xrevrange(key, max=_before(after), min="-", count=limit + 1)
        page = [_dead_letter(entry.decode(), fields) for entry, fields in found[:limit]]
        return page, page[-1].cursor if len(found) > limit else None


def _before(after: str | None) -> str:
    if after is None:
        return "+"
    ms, _, number = after.partition("-")
    if not (after.isascii() and ms.isdigit() and number.isdigit() and len(after) <= 40):
        problem = "is not a cursor of this list"
        raise GatewayError("invalid_request", f"after {problem}.", errors=[{"field": "after", "message": problem}])
    return f"({after}"


def _health(fields: Mapping[bytes, bytes], waiting: int) -> Health:
    def number(name: bytes) -> int | None:
        return int(float(fields[name])) if name in fields else None

    return Health(
        waiting,
        number(b"failures") or 0,
        number(b"since"),
        number(b"at"),
        fields[b"reason"].decode() if b"reason" in fields else None,
        number(b"probe"),
    )


def _attempt(cursor: str, fields: Mapping[bytes, bytes]) -> Attempt:
    return Attempt(
        cursor,
        int(fields[b"at"]),
        fields[b"id"].decode(),
        fields[b"type"].decode(),
        int(fields[b"attempt"]),
        fields[b"reason"].decode(),
        int(fields[b"status"]) if fields[b"status"] else None,
        int(fields[b"ms"]),
        fields[b"answer"].decode(),
    )


def _dead_letter(cursor: str, fields: Mapping[bytes, bytes]) -> DeadLetter:
    return DeadLetter(
        cursor,
        int(cursor.partition("-")[0]),
        fields[b"id"].decode(),
        fields[b"type"].decode(),
        fields[b"lane"].decode(),
        fields[b"reason"].decode(),
        int(fields[b"attempts"]),
        fields[b"body"],
    )
