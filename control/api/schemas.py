"""What requests and answers about sessions look like."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, StrictStr

from control.api.shape import In, Out, iso, iso_or_none
from control.errors import GatewayError
from control.rpc.contract_gen import SessionState
from control.sessions.view import SessionView
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


class WebhookIn(In):
    """Where a tenant wants its events; without a secret one is made and shown once."""

    url: Annotated[StrictStr, Field(min_length=1, max_length=2048)]
    secret: Annotated[StrictStr, Field(min_length=1, max_length=256)] | None = None
    events: Annotated[list[StrictStr], Field(min_length=1, max_length=50)] | None = None


class StartSessionIn(In):
    """Body of POST …/start; may be left out."""

    webhook: WebhookIn | None = None


class PairingCodeIn(In):
    """Body of POST …/pairing-code: the number of the phone the code will be typed on."""

    phone_number: Annotated[
        StrictStr, Field(min_length=1, max_length=64, json_schema_extra={"format": "phone-number"})
    ]


class ProxyIn(In):
    """Body of PUT …/proxy."""

    proxy_url: Annotated[StrictStr, Field(min_length=1, max_length=512)]


class RegisteredWebhookOut(Out):
    """The webhook that was registered. events: null for all kinds. secret: only when it was made here."""

    id: str
    url: str
    events: list[str] | None
    secret: str | None

    @classmethod
    def of(cls, webhook: RegisteredWebhook) -> RegisteredWebhookOut:
        """Return the answer for a stored webhook."""
        return cls(id=webhook.id, url=webhook.url, events=webhook.events, secret=webhook.secret_generated)


class SessionTruthOut(Out):
    """How a session is. message: for people, with what they can do; everything else is to decide by."""

    connected: bool
    status: SessionState
    phone_number: str | None
    last_activity: str | None
    message: str
    since: str
    reason: str | None
    whatsapp_code: int | None
    restricted_until: str | None
    retry_at: str | None
    attempt: int | None
    has_proxy: bool
    session_id: str
    tenant_id: str

    @classmethod
    def of(cls, view: SessionView) -> Self:
        """Return the answer for a session."""
        return cls.model_validate(cls.fields_of(view))

    @classmethod
    def fields_of(cls, view: SessionView) -> dict[str, object]:
        """Return the values by the names of the fields."""
        session, truth = view.session, view.truth
        return {
            "connected": truth.connected,
            "status": truth.state,
            "phone_number": session.phone_number,
            "last_activity": iso_or_none(session.last_activity_ms),
            "message": truth.sentence,
            "since": iso(truth.since_ms),
            "reason": truth.reason.value if truth.reason is not None else None,
            "whatsapp_code": truth.whatsapp_code,
            "restricted_until": iso_or_none(truth.restricted_until_ms),
            "retry_at": iso_or_none(truth.retry_at_ms),
            "attempt": truth.attempt,
            "has_proxy": bool(session.has_proxy),
            "session_id": session.session_id,
            "tenant_id": session.tenant_id,
        }


class SessionStatusOut(SessionTruthOut):
    """A session with what it can be linked by now: a QR code as text and picture, a pairing code; else null."""

    qr_code: str | None
    qr: str | None
    qr_expires_at: str | None
    pairing_code: str | None
    pairing_code_expires_at: str | None

    @classmethod
    def fields_of(cls, view: SessionView) -> dict[str, object]:
        """Return the values by the names of the fields."""
        qr, code = view.session.qr, view.pairing_code
        return {
            **super().fields_of(view),
            "qr_code": view.qr_code,
            "qr": view.qr,
            "qr_expires_at": iso(qr.expires_at_ms) if view.qr is not None and qr is not None else None,
            "pairing_code": spelled(code.code) if code is not None else None,
            "pairing_code_expires_at": iso(code.expires_at_ms) if code is not None else None,
        }


class SessionOut(SessionStatusOut):
    """A session after something was done with it."""

    success: Literal[True] = True


class StartedSessionOut(SessionOut):
    """A session after it was started, with the webhook that was registered with it."""

    webhook: RegisteredWebhookOut | None = None

    @classmethod
    def started(cls, view: SessionView, webhook: RegisteredWebhook | None) -> StartedSessionOut:
        """Return the answer for a session and the webhook registered with it."""
        registered = RegisteredWebhookOut.of(webhook) if webhook is not None else None
        return cls.model_validate({**cls.fields_of(view), "webhook": registered})


class PairingCodeOut(SessionOut):
    """A code to type on the phone: WhatsApp, Linked devices, Link a device, Link with phone number instead."""

    code: str | None
    expires_at: str | None

    @classmethod
    def fields_of(cls, view: SessionView) -> dict[str, object]:
        """Return the values by the names of the fields."""
        fields = super().fields_of(view)
        return {**fields, "code": fields["pairing_code"], "expires_at": fields["pairing_code_expires_at"]}


class QrCodeOut(Out):
    """A code that can be scanned until it expires."""

    qr: str
    qr_code: str
    expires_at: str


class SessionDeletedOut(Out):
    """A tenant without a session. deleted: false when there was none before either."""

    success: Literal[True] = True
    deleted: bool
    tenant_id: str


class SessionPageOut(Out):
    """Sessions in the order of tenantId. next: give it as `after` for the next page; null on the last."""

    sessions: list[SessionTruthOut]
    next: str | None


def spelled(code: str) -> str:
    """Return a pairing code as the phone shows it: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"
