"""What happened in a campaign, as everybody involved saw it. The checks read nothing else but this and the ledger.

Times are seconds since the campaign began.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal

Way = Literal["text", "image", "upload", "scheduled", "impatient", "twins", "batch"]
"""How a request is made. upload: an image as a multipart form. impatient: only if the session is connected now.
twins: the same request twice at the same time, as from a user who clicks twice."""


@dataclass(slots=True)
class Attempt:
    """One HTTP request and what it was answered. status: None when there was no answer.

    at_rest: made when everything had ended, so that two of them have to be answered the same.
    """

    began: float
    ended: float = 0.0
    status: int | None = None
    raw: bytes = b""
    body: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False
    trouble: str = ""
    at_rest: bool = False

    @property
    def accepted(self) -> bool:
        """Whether it says that the message is recorded."""
        return self.status in (200, 202)


@dataclass(slots=True)
class Wanted:
    """One message that is to arrive. readers: digits of everybody whose phone has to read it."""

    to: str
    text: str
    readers: tuple[str, ...]
    file_sha256: str | None = None
    message_id: str | None = None


@dataclass(slots=True)
class Asked:
    """A request with its key, repeated until there was an answer that settles it."""

    tenant: str
    key: str
    way: Way
    body: dict[str, Any]
    messages: list[Wanted]
    upload: bytes | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def began(self) -> float:
        """When the application first asked for it."""
        return self.attempts[0].began if self.attempts else float("inf")

    @property
    def first_answer(self) -> Attempt | None:
        """The first answer that said that it is recorded."""
        return min((one for one in self.attempts if one.accepted), key=lambda one: one.ended, default=None)

    @property
    def settled(self) -> bool:
        """Whether the application knows what became of its request."""
        return any(one.accepted or is_final(one) for one in self.attempts)


def is_final(attempt: Attempt) -> bool:
    """Whether an error says what became of the request, so that repeating it makes no sense.

    As docs/messages.md tells applications: what is retryable is repeated, and so is `message_unconfirmed`.
    """
    if attempt.status is None or attempt.accepted:
        return False
    return attempt.body.get("retryable") is False and attempt.body.get("code") != "message_unconfirmed"


@dataclass(slots=True)
class Said:
    """What a contact said to a tenant. chat: the contact's number, or the group."""

    tenant: str
    chat: str
    message_id: str
    text: str
    at: float


@dataclass(slots=True)
class Hook:
    """One webhook request as the customer's app got it. status: what it was answered with."""

    tenant: str
    event_id: str
    event: dict[str, Any]
    at: float
    status: int

    @property
    def taken(self) -> bool:
        """Whether the app took it."""
        return 200 <= self.status < 300


@dataclass(slots=True)
class Strike:
    """A fault. target: the processes killed, or the number whose link was disturbed."""

    at: float
    what: str
    target: str


class History:
    """Everything that happened, in the order it was noted."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.said: list[Said] = []
        self.hooks: list[Hook] = []
        self.strikes: list[Strike] = []
        self._began = time.monotonic()

    def now(self) -> float:
        """Seconds since the campaign began."""
        return time.monotonic() - self._began

    def since(self, monotonic: float) -> float:
        """A time of time.monotonic() as one of this history."""
        return monotonic - self._began
