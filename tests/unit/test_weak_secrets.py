from __future__ import annotations

import base64
import re
import secrets
from pathlib import Path

import pytest

from control.settings import ConfigurationError, load_settings
from control.weak_secrets import refuse_weak
from tests.support.gateway import KEY

ROOT = Path(__file__).resolve().parents[2]

EXAMPLES = [
    "429683C4C977415CAAFCCE10F7D57E11",
    "B6D711FCDE4D4FD5936544120E713976",
    "L=0YWt]b2w[WF>#>:&E`",
    "THISISMYSECURETOKEN",
    "H4Zbhw72PBKdTIgS",
    "your-api-key",
    "your_super_secret_api_key_here",
    "tu-api-key-super-secreta",
    "sua-chave-secreta-aqui",
    "change-me-before-production",
    "replace-with-a-long-random-password",
    "RANDOM_STRING_OF_CHARACTERS",
    "my-jwt-secret-key-for-tests",
]
WEAK = [
    "short",
    "a" * 40,
    "abababababababababab",
    "0" * 32,
    "abc123xyzabc123xyzabc123xyz",
    "0123456789abcdef0123456789abcdef",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "98765432109876543210",
]


@pytest.mark.parametrize("secret", EXAMPLES)
def test_what_others_published_and_what_examples_say_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="openssl rand") as refused:
        refuse_weak("API_KEY", secret)

    assert "API_KEY is an example" in str(refused.value)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("secret", WEAK)
def test_what_can_be_guessed_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="API_KEY is"):
        refuse_weak("API_KEY", secret)


def test_random_ones_are_taken_however_they_were_made() -> None:
    for _ in range(500):
        for made in (
            secrets.token_hex(16),
            secrets.token_urlsafe(24),
            base64.b64encode(secrets.token_bytes(48)).decode(),
            "wag_" + secrets.token_urlsafe(30),
        ):
            refuse_weak("API_KEY", made)


def test_every_secret_in_our_own_documents_is_refused() -> None:
    documents = [
        *ROOT.glob("README*.md"),
        *ROOT.glob("clients/*/README.md"),
        ROOT / ".env.example",
        ROOT / "docker-compose.yml",
        *ROOT.glob("docs/*.md"),
    ]
    written = re.compile(
        r"""(?:API_KEY|JWT_SECRET|WEBHOOK_SECRET)=["']?([^\s"'`$<]+)|"secret":\s*"([^"…]+)"|(whsec_[A-Za-z0-9+/=]+)"""
    )
    found = {
        next(filter(None, match.groups()))
        for document in documents
        for match in written.finditer(document.read_text())
    }

    assert len(found) >= 3
    for secret in found:
        with pytest.raises(ValueError, match=r"weak|example"):
            refuse_weak("API_KEY", secret)


@pytest.mark.parametrize("name", ["API_KEY", "JWT_SECRET", "WEBHOOK_SECRET", "LOCAI_WEBHOOK_SECRET"])
@pytest.mark.parametrize("secret", ["short", "your-secret-key-goes-here-please-1"])
def test_a_weak_one_keeps_the_gateway_from_starting(
    monkeypatch: pytest.MonkeyPatch, name: str, secret: str
) -> None:
    monkeypatch.setenv(name, secret)

    with pytest.raises(ConfigurationError, match=name.removeprefix("LOCAI_")) as refused:
        load_settings()

    assert secret not in str(refused.value)
    assert "openssl rand" in str(refused.value)


def test_a_secret_of_tokens_needs_32_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", secrets.token_urlsafe(20))
    with pytest.raises(ConfigurationError, match="at least 32"):
        load_settings()


def test_one_value_for_two_purposes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("WEBHOOK_SECRET", KEY)

    with pytest.raises(ConfigurationError, match="API_KEY and WEBHOOK_SECRET are the same"):
        load_settings()


@pytest.mark.parametrize("key", ["k3y für Tests 0123456789", "schlüssel-9f8a7b6c5d4e"])
def test_a_key_no_header_can_carry_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("API_KEY", key)

    with pytest.raises(ConfigurationError, match="no header carries"):
        load_settings()
