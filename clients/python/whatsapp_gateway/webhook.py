"""Webhooks: is it from the gateway, and what does it say."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import cast

from whatsapp_gateway.types_gen import WebhookEvent

TOLERANCE_SECONDS = 300


class WebhookRefused(Exception):
    """A request that must not be believed: answer it with 401."""


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float = TOLERANCE_SECONDS,
) -> WebhookEvent:
    """Return the event of a webhook whose signature, age and form are right; raise WebhookRefused otherwise.

    body: the bytes as they came, before any JSON parser. secret: the webhook's, or several while it is replaced.
    """
    secrets = [each for each in ([secret] if isinstance(secret, str) else secret) if each]
    if not secrets:
        raise ValueError("the webhook's secret is empty")
    found = {name.lower(): value for name, value in headers.items()}
    try:
        event_id, timestamp = found["webhook-id"], found["webhook-timestamp"]
        given = [each[3:] for each in found["webhook-signature"].split(" ") if each.startswith("v1,")]
    except KeyError:
        raise WebhookRefused("The webhook is not signed.") from None
    if (
        not (timestamp.isascii() and timestamp.isdigit())
        or abs(time.time() - int(timestamp[:12])) > tolerance_seconds
    ):
        raise WebhookRefused("The webhook is too old, or this machine's clock is wrong.")
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    expected = [base64.b64encode(hmac.digest(_key_of(each), signed, hashlib.sha256)) for each in secrets]
    if not any(hmac.compare_digest(one.encode(), other) for one in given for other in expected):
        raise WebhookRefused("The webhook's signature is not right.")
    return cast("WebhookEvent", json.loads(body))


def _key_of(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True) or secret.encode()
        except (binascii.Error, ValueError):
            pass
    return secret.encode()
