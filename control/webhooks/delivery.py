"""One attempt to deliver one event: sign, send, judge the answer.

2xx is delivered. Everything else is a failure: no answer, 3xx (redirects are not followed: the check of the
address would be worth nothing), 410, any other status. 429 and timeouts say that the customer's app is
overloaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from control.egress.client import Answer, EgressError
from control.webhooks.endpoints import Endpoint
from control.webhooks.queue import Due
from control.webhooks.retry import parse_retry_after
from control.webhooks.signing import signature_headers


class HttpClient(Protocol):
    """What a delivery needs of the way out."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send and answer, or raise EgressError; bounded in time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    status: the HTTP status, None without an answer. reason: `delivered`, `http_<status>` or the fault of the way
    out. retry_after: seconds the customer's app asked for. timed_out: nothing came back in time.
    """

    delivered: bool
    reason: str
    status: int | None = None
    overloaded: bool = False
    timed_out: bool = False
    retry_after: float | None = None
    milliseconds: int = 0


class Delivery:
    """Makes attempts."""

    def __init__(self, client: HttpClient, *, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock

    async def attempt(self, endpoint: Endpoint, due: Due) -> Outcome:
        """Send the event once. Never raises for anything the customer's app or the network does."""
        started = time.monotonic()
        now = self._clock()
        headers = {
            "Content-Type": "application/json",
            "X-Webhook-Event": due.type,
            "X-Webhook-Attempt": str(due.attempt),
            **signature_headers(endpoint.secret, due.event_id, int(now), due.body),
        }
        try:
            answer = await self._client.post(endpoint.url, headers, due.body)
        except EgressError as error:
            timed_out = error.fault == "timeout"
            return Outcome(
                False,
                error.fault,
                overloaded=timed_out,
                timed_out=timed_out,
                milliseconds=_since(started),
            )
        delivered = 200 <= answer.status < 300
        return Outcome(
            delivered,
            "delivered" if delivered else f"http_{answer.status}",
            status=answer.status,
            overloaded=answer.status == 429,
            retry_after=None if delivered else parse_retry_after(answer.retry_after, now),
            milliseconds=_since(started),
        )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
