from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from control.webhooks import signing
from control.webhooks.signing import generate_secret, signature_headers

BODY = b'{"event":"message"}'
ID = "evt_0000000000000001"
TIME = 1_795_435_218
VECTORS = [
    (
        "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "e2ebae7d20a85aaa81e52cecd48b2092b0a5780c9073126b99ca6c49b7f4621f",
        "XUZi939WPU1ggXjnQ/3+MHGtwGzUFqNEKo22O1TLE4M=",
    ),
    (
        "a-secret-of-my-own",
        "05b01879fc84a45a85ab9921a252e5181144dc581b6b5a8ce95df58393ac915b",
        "mkEJBkmXkvVQSPEQPC6sHImI3m0kojaV5rKbAiCDSaA=",
    ),
]


@pytest.mark.parametrize(("secret", "plain", "standard"), VECTORS)
def test_the_documented_vectors_hold(secret: str, plain: str, standard: str) -> None:
    assert signature_headers(secret, ID, TIME, BODY) == {
        "X-Webhook-Signature": f"sha256={plain}",
        "webhook-id": ID,
        "webhook-timestamp": str(TIME),
        "webhook-signature": f"v1,{standard}",
    }
    assert plain in (signing.__doc__ or "")
    assert standard in (signing.__doc__ or "")


@pytest.mark.parametrize(("secret", "plain", "standard"), VECTORS)
def test_the_vectors_hold_when_computed_by_hand(secret: str, plain: str, standard: str) -> None:
    assert hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest() == plain
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    signed = f"{ID}.{TIME}.".encode() + BODY
    assert base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() == standard


def test_a_generated_secret_is_verified_by_the_reference_library() -> None:
    secret = generate_secret()
    now = int(datetime.now(UTC).timestamp())
    headers = signature_headers(secret, ID, now, BODY)
    assert Webhook(secret).verify(BODY, headers) == {"event": "message"}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(generate_secret()).verify(BODY, headers)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64!", "whsec_abc", "plain text secret"])
def test_a_secret_that_is_no_base64_is_used_as_text_in_both_forms(secret: str) -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = signature_headers(secret, ID, now, BODY)
    Webhook(secret.encode()).verify(BODY, headers)


def test_generated_secrets_differ_and_hold_256_bits() -> None:
    secrets = {generate_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(base64.b64decode(s.removeprefix("whsec_"))) for s in secrets} == {32}
