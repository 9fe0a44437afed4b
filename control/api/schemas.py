"""What requests and answers look like. `…In` comes from callers and knows no other fields, `…Out` goes to them.

Names are the ones of design and documentation: camelCase outside, snake_case inside. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr, field_validator
from pydantic.alias_generators import to_camel

from control.errors import GatewayError
from control.messages.service import SentMessage
from control.rpc.contract_gen import SessionState
from control.sessions.service import SessionView
from control.webhooks.endpoints import RegisteredWebhook

TENANT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def checked_tenant_id(given: str) -> str:
    """Return the tenant id; raises `invalid_tenant_id`."""
    if not TENANT_ID.fullmatch(given):
        raise GatewayError(
            "invalid_tenant_id",
            "A tenant id has 1 to 64 letters, digits, underscores and hyphens and begins with a letter or digit.",
        )
    return given


class _In(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, hide_input_in_errors=True, str_max_length=1_000_000
    )


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class WebhookIn(_In):
    """Where a tenant wants its events; without a secret one is made and shown once."""

    url: Annotated[StrictStr, Field(min_length=1, max_length=2048)]
    secret: Annotated[StrictStr, Field(min_length=1, max_length=256)] | None = None
    events: Annotated[list[StrictStr], Field(min_length=1, max_length=50)] | None = None


class StartIn(_In):
    """Body of POST …/start; may be left out."""

    webhook: WebhookIn | None = None


class SendIn(_In):
    """Body of POST …/send."""

    to: Annotated[StrictStr, Field(min_length=1, max_length=128)]
    message: Annotated[StrictStr, Field(min_length=1)]
    type: Literal["text"] = "text"

    @field_validator("message")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value


class WebhookOut(_Out):
    """The webhook that was registered. events: null for all kinds. secret: only when it was made here."""

    url: str
    events: list[str] | None
    secret: str | None

    @classmethod
    def of(cls, webhook: RegisteredWebhook) -> WebhookOut:
        """Return the answer for a stored webhook."""
        return cls(url=webhook.url, events=webhook.events, secret=webhook.secret_generated)


class StatusOut(_Out):
    """A session. qr and qr_code are null unless a code can be scanned now; message is for people."""

    connected: bool
    status: SessionState
    phone_number: str | None
    qr_code: str | None
    last_activity: str | None
    qr: str | None
    qr_expires_at: str | None
    message: str
    since: str
    reason: str | None
    session_id: str
    tenant_id: str

    @classmethod
    def of(cls, view: SessionView) -> StatusOut:
        """Return the answer for a session."""
        return cls.model_validate(_status_fields(view))


class SessionOut(StatusOut):
    """A session after it was started, stopped or logged out."""

    success: Literal[True] = True
    webhook: WebhookOut | None = None

    @classmethod
    def of(cls, view: SessionView, webhook: RegisteredWebhook | None = None) -> SessionOut:
        """Return the answer for a session and the webhook registered with it."""
        registered = WebhookOut.of(webhook) if webhook is not None else None
        return cls.model_validate({**_status_fields(view), "webhook": registered})


class SendOut(_Out):
    """A message that was taken. status: `sent` once WhatsApp's server has it, `accepted` before."""

    success: Literal[True] = True
    message_id: str
    status: str
    to: str
    chat_id: str
    timestamp: str

    @classmethod
    def of(cls, sent: SentMessage) -> SendOut:
        """Return the answer for a message."""
        return cls(
            message_id=sent.message.message_id,
            status=sent.message.status.value,
            to=sent.to,
            chat_id=sent.message.chat_id,
            timestamp=iso(sent.message.accepted_at_ms),
        )


def iso(time_ms: int) -> str:
    """Return a time in ISO 8601 with milliseconds, `2026-01-31T12:00:00.000Z`."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _status_fields(view: SessionView) -> dict[str, object]:
    session = view.session
    return {
        "connected": session.state is SessionState.connected,
        "status": session.state,
        "phone_number": session.phone_number,
        "qr_code": view.qr_code,
        "last_activity": iso(session.last_activity_ms) if session.last_activity_ms is not None else None,
        "qr": view.qr,
        "qr_expires_at": iso(session.qr.expires_at_ms) if view.qr is not None and session.qr is not None else None,
        "message": view.message,
        "since": iso(session.since_ms),
        "reason": session.reason.value if session.reason is not None else None,
        "session_id": session.session_id,
        "tenant_id": session.tenant_id,
    }
