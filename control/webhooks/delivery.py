"""One attempt to deliver one event: sign, send, judge the answer.

2xx is delivered. Everything else is a failure: no answer, 3xx (redirects are not followed: the check of the
address would be worth nothing), 410, any other status. 429 and timeouts say that the customer's app is
overloaded; 410 and the header `webhook-delivery: disable` that it wants no more.

While a secret is being replaced, X-Webhook-Signature can be made with only one of two. It is made with the one the
app took last, which is the old one at first; when the app refuses it (400, 401 or 403), the event is sent once
more in the same attempt with the other one. So nothing breaks when a secret is rotated, nor when the app takes the
new one.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from control.egress.client import TOTAL_SECONDS, Answer, EgressError
from control.webhooks.endpoint import DisabledReason, Endpoint
from control.webhooks.queue import Attempted
from control.webhooks.retry import parse_retry_after
from control.webhooks.signing import signature_headers

KEPT_ANSWER_CHARACTERS: Final = 1024
_REFUSALS: Final = frozenset({400, 401, 403})
_ROTATING_MAX: Final = 10_000


class HttpClient(Protocol):
    """What a delivery needs of the way out."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send and answer, or raise EgressError; bounded in time."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent. after_gap: the event before it in its chat was given up."""

    event_id: str
    type: str
    body: bytes
    attempt: int = 1
    after_gap: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    status: the HTTP status, None without an answer. reason: `delivered`, `http_<status>` or the fault of the way
    out. retry_after: seconds the customer's app asked for. timed_out: nothing came back in time. disable: the app
    wants no more, and how it said so. answer: the beginning of its body, as text.
    """

    delivered: bool
    reason: str
    status: int | None = None
    overloaded: bool = False
    timed_out: bool = False
    retry_after: float | None = None
    disable: DisabledReason | None = None
    answer: str = ""
    milliseconds: int = 0

    @property
    def attempted(self) -> Attempted:
        """What is kept of it. Of an answer that is as it should be, nobody needs the body."""
        return Attempted(self.reason, self.status, self.milliseconds, "" if self.delivered else self.answer)


class Delivery:
    """Makes attempts."""

    def __init__(
        self,
        client: HttpClient,
        *,
        clock: Callable[[], float] = time.time,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """total_seconds: what an attempt may take, as the client has it."""
        self._client = client
        self._clock = clock
        self._total_seconds = total_seconds
        # Webhooks with two secrets that take the new one. Lost with the process, which costs one refusal each.
        self._took_new: OrderedDict[str, None] = OrderedDict()

    async def attempt(self, endpoint: Endpoint, parcel: Parcel) -> Outcome:
        """Send the event once. Never raises for anything the customer's app or the network does."""
        started = time.monotonic()
        if endpoint.previous_secret is None:
            return await self._send(endpoint, parcel, endpoint.secret, None, started)
        pair = (endpoint.secret, endpoint.previous_secret)
        first, second = pair if endpoint.id in self._took_new else pair[::-1]
        outcome = await self._send(endpoint, parcel, first, second, started)
        if outcome.status not in _REFUSALS:
            return outcome
        try:
            async with asyncio.timeout(self._total_seconds - (time.monotonic() - started)):
                again = await self._send(endpoint, parcel, second, first, started)
        except TimeoutError:
            return outcome
        if again.delivered:
            self._took_new.pop(endpoint.id, None)
            if second == endpoint.secret:
                self._took_new[endpoint.id] = None
                if len(self._took_new) > _ROTATING_MAX:
                    self._took_new.popitem(last=False)
        return again

    async def _send(
        self, endpoint: Endpoint, parcel: Parcel, secret: str, other: str | None, started: float
    ) -> Outcome:
        now = self._clock()
        headers = {
            **dict(endpoint.headers),
            "Content-Type": "application/json",
            "X-Webhook-Event": parcel.type,
            "X-Webhook-Attempt": str(parcel.attempt),
            **signature_headers(secret, parcel.event_id, int(now), parcel.body, other=other),
        }
        if parcel.after_gap:
            headers["X-Webhook-After-Gap"] = "true"
        try:
            answer = await self._client.post(endpoint.url, headers, parcel.body)
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
            retry_after=None if delivered else parse_retry_after(answer.headers.get("Retry-After"), now),
            disable=_wish(answer),
            answer=_text(answer.body),
            milliseconds=_since(started),
        )


def _wish(answer: Answer) -> DisabledReason | None:
    if answer.status == 410:
        return "gone"
    if answer.headers.get("webhook-delivery", "").strip().lower() == "disable":
        return "asked"
    return None


def _text(body: bytes) -> str:
    """The beginning of a body, for people to read: any bytes, without what a terminal obeys."""
    text = body[: 4 * KEPT_ANSWER_CHARACTERS].decode(errors="replace")
    kept = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    # In bytes, not characters, as it is kept in memory that all share.
    return kept.encode()[:KEPT_ANSWER_CHARACTERS].decode(errors="ignore")


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
