"""Signed tokens: what is taken, and everything that is not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import jwt
import orjson
import pytest

from control.auth.jwt import ISSUER, LEEWAY_SECONDS, Purpose, Signer, TokenExpired, TokenInvalid

SECRET = b"0f1e2d3c4b5a69788796a5b4c3d2e1f0-a0f1e2d3c4b5a69788796a5b4c3d2e1f0"
OTHER = b"a-0f1e2d3c4b5a69788796a5b4c3d2e1f0"
NOW = 1_795_435_218


class Clock:
    def __init__(self) -> None:
        self.now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signer(clock: Clock) -> Signer:
    return Signer(SECRET, clock=clock)


def claims(**changes: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": Purpose.ACCESS.audience,
        "sub": "wk12",
        "jti": "abc",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def made(said: dict[str, Any], *, key: bytes = SECRET, algorithm: str = "HS256", typ: str = "at+jwt") -> str:
    return jwt.encode(said, key, algorithm=algorithm, headers={"typ": typ})


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def unsigned(signer: Signer) -> str:
    return f"{segment({'alg': 'none', 'typ': 'at+jwt'})}.{segment(claims())}."


def changed(signer: Signer) -> str:
    head, _, signature = made(claims()).split(".")
    return f"{head}.{segment(claims(sub='operator'))}.{signature}"


def test_what_was_signed_is_read(signer: Signer) -> None:
    token, said = signer.sign(Purpose.ACCESS, "wk12", NOW + 900, sid="x")

    read = signer.read(Purpose.ACCESS, token)

    assert read == said
    assert (read.subject, read.issued_at, read.expires_at, read.private) == ("wk12", NOW, NOW + 900, {"sid": "x"})
    assert len(read.id) == 22
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "at+jwt"}


def test_the_hand_made_token_these_tests_spoil_is_good(signer: Signer) -> None:
    assert signer.read(Purpose.ACCESS, made(claims())).subject == "wk12"


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("asked", Purpose)
def test_a_token_is_good_for_its_purpose_only(signer: Signer, purpose: Purpose, asked: Purpose) -> None:
    token, _ = signer.sign(purpose, "acme", NOW + 60)

    if purpose is asked:
        assert signer.read(asked, token).subject == "acme"
    else:
        with pytest.raises(TokenInvalid):
            signer.read(asked, token)


@pytest.mark.parametrize("missing", ["exp", "iat", "nbf", "sub", "aud", "iss", "jti"])
def test_every_claim_is_required(signer: Signer, missing: str) -> None:
    with pytest.raises(TokenInvalid):
        signer.read(Purpose.ACCESS, made(claims(**{missing: None})))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody-else"},
        {"aud": [Purpose.ACCESS.audience, "x"]},
        {"aud": "whatsapp-gateway"},
        {"sub": 7},
        {"jti": 7},
        {"exp": "soon"},
        {"exp": NOW + 900.5},
        {"exp": True},
        {"nbf": NOW + LEEWAY_SECONDS + 1},
        {"iat": NOW + LEEWAY_SECONDS + 1},
    ],
    ids=lambda wrong: "-".join(f"{name}" for name in wrong),
)
def test_a_claim_that_is_wrong_makes_the_token_worthless(signer: Signer, wrong: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid) as refused:
        signer.read(Purpose.ACCESS, made(claims(**wrong)))

    assert not isinstance(refused.value, TokenExpired)


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        changed,
        lambda signer: made(claims(), key=OTHER),
        lambda signer: made(claims(), algorithm="HS512"),
        lambda signer: made(claims(), typ="JWT"),
        lambda signer: made(claims(), typ="connect-link+jwt"),
        lambda signer: made(claims()).rpartition(".")[0] + ".",
        lambda signer: made(claims()) + "A",
        lambda signer: "",
        lambda signer: "a.b.c",
        lambda signer: "x" * 5_000,
    ],
    ids=[
        *(
            "unsigned",
            "changed",
            "other-key",
            "other-algorithm",
            "no-type",
            "other-type",
            "no-signature",
            "longer",
        ),
        *("empty", "not-base64", "no-token"),
    ],
)
def test_a_forged_token_is_worthless(signer: Signer, forge: Callable[[Signer], str]) -> None:
    with pytest.raises(TokenInvalid) as refused:
        signer.read(Purpose.ACCESS, forge(signer))

    assert not isinstance(refused.value, TokenExpired)


def test_a_token_ends_with_its_time_and_half_a_minute_for_clocks_that_differ(signer: Signer, clock: Clock) -> None:
    token, _ = signer.sign(Purpose.ACCESS, "wk12", NOW + 60)

    clock.now = NOW + 60 + LEEWAY_SECONDS - 0.1
    signer.read(Purpose.ACCESS, token)
    clock.now = NOW + 60 + LEEWAY_SECONDS
    with pytest.raises(TokenExpired):
        signer.read(Purpose.ACCESS, token)


def test_a_forged_token_is_never_called_expired(signer: Signer) -> None:
    for typ, key in (("at+jwt", OTHER), ("JWT", SECRET)):
        with pytest.raises(TokenInvalid) as refused:
            signer.read(Purpose.ACCESS, made(claims(exp=NOW - 900), key=key, typ=typ))
        assert not isinstance(refused.value, TokenExpired)


def test_what_the_secret_before_signed_is_read_and_it_signs_nothing(clock: Clock) -> None:
    before, _ = Signer(OTHER, clock=clock).sign(Purpose.ACCESS, "old", NOW + 60)
    both = Signer(SECRET, previous=OTHER, clock=clock)
    since, _ = both.sign(Purpose.ACCESS, "new", NOW + 60)

    assert both.read(Purpose.ACCESS, before).subject == "old"
    assert Signer(SECRET, clock=clock).read(Purpose.ACCESS, since).subject == "new"
    with pytest.raises(TokenInvalid):
        Signer(SECRET, clock=clock).read(Purpose.ACCESS, before)
    clock.now += 600
    with pytest.raises(TokenExpired):
        both.read(Purpose.ACCESS, before)


@pytest.mark.parametrize("short", [b"", b"short", b"x" * 31])
def test_a_short_key_signs_nothing(short: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        Signer(short)
    with pytest.raises(ValueError, match="bytes"):
        Signer(SECRET, previous=short)
