"""What requests and answers about webhooks look like."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import AwareDatetime, Field, StrictBool, StrictInt, StrictStr

from control.api.shape import In, Out, iso, iso_or_none
from control.webhooks.delivery import Outcome
from control.webhooks.endpoint import INLINE_MEDIA_MAX_BYTES
from control.webhooks.endpoints import OVERLAP_MAX_SECONDS
from control.webhooks.history import Attempt, DeadLetter
from control.webhooks.recovery import Recovered, Retried
from control.webhooks.service import WebhookView

_Url = Annotated[StrictStr, Field(min_length=1, max_length=2048)]
_Events = Annotated[list[StrictStr], Field(min_length=1, max_length=50)]
_Description = Annotated[StrictStr, Field(max_length=256)]
_InlineBytes = Annotated[StrictInt, Field(ge=0, le=INLINE_MEDIA_MAX_BYTES)]
_Headers = Annotated[dict[StrictStr, StrictStr], Field(max_length=50)]

_ROTATION_SECONDS = 86_400


class WebhookAddIn(In):
    """Body of POST /webhooks/{tenantId}; without a secret one is made and shown once."""

    url: _Url
    secret: Annotated[StrictStr, Field(min_length=1, max_length=512)] | None = None
    events: _Events | None = None
    headers: _Headers | None = None
    ordering: Literal["chat", "none"] = "chat"
    inline_media_max_bytes: _InlineBytes = 0
    description: _Description | None = None


class WebhookChangeIn(In):
    """Body of PATCH /webhooks/{tenantId}/{webhookId}: what is left out stays; events: null is all of them."""

    url: _Url = ""
    events: _Events | None = None
    headers: _Headers | None = None
    ordering: Literal["chat", "none"] = "chat"
    inline_media_max_bytes: _InlineBytes = 0
    description: _Description | None = None
    enabled: StrictBool = True

    def given(self) -> dict[str, Any]:
        """Return the fields that are in the body."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SecretRotationIn(In):
    """Body of POST …/rotate-secret; may be left out."""

    overlap_seconds: Annotated[StrictInt, Field(ge=0, le=OVERLAP_MAX_SECONDS)] = _ROTATION_SECONDS


class RecoveryIn(In):
    """Body of POST …/recover: events that happened from `since` on, up to `until` or now."""

    since: Annotated[AwareDatetime, Field(strict=False)]
    until: Annotated[AwareDatetime, Field(strict=False)] | None = None
    status: Literal["failed", "all"] = "failed"


class WebhookOut(Out):
    """A webhook and how it stands. Values of headers and the secret are never shown again."""

    id: str
    url: str
    events: list[str] | None
    ordering: str
    header_names: list[str]
    inline_media_max_bytes: int
    description: str | None
    enabled: bool
    state: str
    disabled_reason: str | None
    disabled_at: str | None
    waiting: int
    consecutive_failures: int
    failing_since: str | None
    last_failure: str | None
    last_failure_at: str | None
    next_probe_at: str | None
    secret_overlap_until: str | None
    is_default: bool
    registered_by_start: bool
    created_at: str | None
    updated_at: str | None

    @classmethod
    def of(cls, view: WebhookView) -> Self:
        """Return the answer for a webhook."""
        return cls.model_validate(cls.fields_of(view))

    @classmethod
    def fields_of(cls, view: WebhookView) -> dict[str, object]:
        """Return the values by the names of the fields."""
        stored, health = view.stored, view.health
        return {
            "id": stored.id,
            "url": stored.url,
            "events": list(stored.events) if stored.events is not None else None,
            "ordering": stored.ordering,
            "header_names": list(stored.header_names),
            "inline_media_max_bytes": stored.inline_media_max_bytes,
            "description": stored.description,
            "enabled": stored.disabled is None,
            "state": view.state,
            "disabled_reason": stored.disabled,
            "disabled_at": iso_or_none(stored.disabled_ms or None),
            "waiting": health.waiting,
            "consecutive_failures": health.failures,
            "failing_since": iso_or_none(health.failing_since_ms),
            "last_failure": health.last_failure,
            "last_failure_at": iso_or_none(health.last_failure_ms),
            "next_probe_at": iso_or_none(health.next_probe_ms) if stored.disabled is None else None,
            "secret_overlap_until": iso(stored.previous_until_ms) if stored.previous is not None else None,
            "is_default": stored.is_default,
            "registered_by_start": stored.by_start,
            "created_at": iso_or_none(stored.created_ms or None),
            "updated_at": iso_or_none(stored.updated_ms or None),
        }


class WebhookWithSecretOut(WebhookOut):
    """A webhook with the secret that was made for it just now, or null."""

    success: Literal[True] = True
    secret: str | None

    @classmethod
    def shown(cls, view: WebhookView, secret: str | None) -> Self:
        """Return the answer for a webhook and its new secret."""
        return cls.model_validate({**cls.fields_of(view), "secret": secret})


class WebhookPageOut(Out):
    """All webhooks of a tenant, oldest first."""

    webhooks: list[WebhookOut]


class WebhookRemovedOut(Out):
    """A webhook that is gone. dropped: events that waited for it."""

    success: Literal[True] = True
    dropped: int


class WebhookTestOut(Out):
    """What became of a test event."""

    success: Literal[True] = True
    event_id: str
    delivered: bool
    reason: str
    status: int | None
    milliseconds: int
    answer: str

    @classmethod
    def of(cls, event_id: str, outcome: Outcome) -> Self:
        """Return the answer for an attempt."""
        return cls(
            event_id=event_id,
            delivered=outcome.delivered,
            reason=outcome.reason,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            answer=outcome.answer,
        )


class DeliveryAttemptOut(Out):
    """One attempt. answer: the beginning of what a failed one was answered."""

    event_id: str
    type: str
    at: str
    attempt: int
    delivered: bool
    reason: str
    status: int | None
    milliseconds: int
    answer: str | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """Return the answer for an attempt."""
        return cls(
            event_id=attempt.event_id,
            type=attempt.type,
            at=iso(attempt.at_ms),
            attempt=attempt.attempt,
            delivered=attempt.delivered,
            reason=attempt.reason,
            status=attempt.status,
            milliseconds=attempt.milliseconds,
            answer=attempt.answer or None,
        )


class DeliveryPageOut(Out):
    """Attempts, newest first. next: give it as `after` for the next page; null on the last."""

    deliveries: list[DeliveryAttemptOut]
    next: str | None


class DeadLetterOut(Out):
    """An event that was given up, as it would have been sent. lane: its chat, or `session`."""

    event_id: str
    type: str
    lane: str
    given_up_at: str
    reason: str
    attempts: int
    event: dict[str, Any]

    @classmethod
    def of(cls, letter: DeadLetter) -> Self:
        """Return the answer for a dead letter."""
        return cls(
            event_id=letter.event_id,
            type=letter.type,
            lane=letter.lane,
            given_up_at=iso(letter.at_ms),
            reason=letter.reason,
            attempts=letter.attempts,
            event=orjson.loads(letter.body),
        )


class DeadLetterPageOut(Out):
    """Dead letters, newest first. next: give it as `after` for the next page; null on the last."""

    dead_letters: list[DeadLetterOut]
    next: str | None


class RetryOut(Out):
    """An event that is sent again. state: `queued`, or `waiting` when it waited already."""

    success: Literal[True] = True
    event_id: str
    state: Retried


class RecoveryOut(Out):
    """What a recovery came to. continue_from: when it is not complete, the `since` of a request for the rest."""

    success: Literal[True] = True
    looked_at: int
    queued: int
    complete: bool
    continue_from: str | None

    @classmethod
    def of(cls, done: Recovered) -> Self:
        """Return the answer for a recovery."""
        return cls(
            looked_at=done.looked_at,
            queued=done.queued,
            complete=done.complete,
            continue_from=iso_or_none(done.continue_ms),
        )


def ms_of(moment: datetime) -> int:
    """Return unix milliseconds."""
    return int(moment.timestamp() * 1000)
