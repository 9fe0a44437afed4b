"""Events the gateway makes itself about webhooks, in the envelope of all others.

They belong to no pairing: `sessionId` and `sequence` are null.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from control.webhooks.delivery import Parcel
from control.webhooks.endpoint import DisabledReason
from control.webhooks.registry import Notice

DISABLED: Final = "webhook.disabled"
TEST: Final = "webhook.test"


def disabled_notice(
    tenant_id: str, webhook_id: str, url: str, reason: DisabledReason, failing_since_ms: int, now_ms: int
) -> Notice:
    """Return the event that a webhook was switched off. failing_since_ms: 0 when it was not failing."""
    data = {
        "webhookId": webhook_id,
        # What stands after the path may be a password of the customer's own.
        "url": urlsplit(url)._replace(query="", fragment="").geturl(),
        "reason": reason,
        "failingSince": _iso(failing_since_ms) if failing_since_ms else None,
    }
    event_id = _new_id()
    return Notice(webhook_id, event_id, DISABLED, _envelope(tenant_id, DISABLED, event_id, data, now_ms))


def trial_parcel(tenant_id: str, webhook_id: str, now_ms: int) -> Parcel:
    """Return an event that only says that it arrived."""
    event_id = _new_id()
    data = {"webhookId": webhook_id, "message": "This is a test. Nothing happened."}
    return Parcel(event_id, TEST, _envelope(tenant_id, TEST, event_id, data, now_ms))


def _envelope(tenant_id: str, kind: str, event_id: str, data: dict[str, Any], now_ms: int) -> bytes:
    return orjson.dumps(
        {
            "event": kind,
            "tenantId": tenant_id,
            "data": data,
            "id": event_id,
            "type": kind,
            "timestamp": _iso(now_ms),
            "sessionId": None,
            "sequence": None,
        }
    )


def _new_id() -> str:
    return f"evt_{secrets.token_hex(13)}"


def _iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
