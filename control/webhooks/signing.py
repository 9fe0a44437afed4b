"""Signs a webhook, in two forms at once over the same bytes.

1. `X-Webhook-Signature: sha256=<hex>`: HMAC-SHA256 of the raw body. The key is the whole secret as text, UTF-8,
   with its `whsec_` if it has one. This is the form to check in a few lines of any language.
2. Standard Webhooks 1.0.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`): HMAC-SHA256 of
   `{id}.{timestamp}.{raw body}`. The key is what stands base64-encoded after `whsec_`. A secret that is not of
   that form is used as text, UTF-8, here too. The timestamp is the attempt's, in seconds, so a copy that is
   recorded and sent again later can be told; the id is the event's and the same in every attempt.

While a secret is being replaced there are two. Form 2 has a signature with each. Form 1 has room for one only:
see delivery.py.

Vectors (tests/unit/webhooks/test_signing.py), body `{"event":"message"}`, id `evt_0000000000000001`, timestamp
1795435218:

    secret    whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
    1.        sha256=e2ebae7d20a85aaa81e52cecd48b2092b0a5780c9073126b99ca6c49b7f4621f
    2.        v1,XUZi939WPU1ggXjnQ/3+MHGtwGzUFqNEKo22O1TLE4M=

    secret    a-secret-of-my-own
    1.        sha256=05b01879fc84a45a85ab9921a252e5181144dc581b6b5a8ce95df58393ac915b
    2.        v1,mkEJBkmXkvVQSPEQPC6sHImI3m0kojaV5rKbAiCDSaA=
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
_GENERATED_BYTES = 32


def generate_secret() -> str:
    """Return a new secret of the Standard Webhooks form, 256 bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_GENERATED_BYTES)).decode()


def standard_key(secret: str) -> bytes:
    """Return the key of form 2."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True) or secret.encode()
        except (binascii.Error, ValueError):
            pass
    return secret.encode()


def signature_headers(
    secret: str, event_id: str, timestamp: int, body: bytes, *, other: str | None = None
) -> dict[str, str]:
    """Return the headers that sign this attempt.

    timestamp: unix seconds of the attempt. other: a secret that signs in form 2 too, which takes several.
    """
    signed = b".".join((event_id.encode(), str(timestamp).encode(), body))
    standard = [
        f"v1,{base64.b64encode(hmac.digest(standard_key(key), signed, hashlib.sha256)).decode()}"
        for key in (secret, other)
        if key is not None
    ]
    return {
        "X-Webhook-Signature": "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex(),
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(standard),
    }
