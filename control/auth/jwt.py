"""Signed tokens: JSON Web Tokens (RFC 7519) by HS256 with JWT_SECRET, each good for one purpose only.

What a token is for stands in its audience and in its type, and both are compared: a connect link is no token of
the dashboard and the other way round. Whoever holds a token can read what is in it, so nothing secret is.

The algorithm is the one of this file, whatever a token says. RFC 8725 has the reasons for all of this.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import jwt

ALGORITHM: Final = "HS256"
ISSUER: Final = "whatsapp-gateway"
LEEWAY_SECONDS: Final = 30
"""How far the clocks of two machines may be apart."""

MIN_SECRET_BYTES: Final = 32
"""RFC 7518 §3.2: a key has the size of the hash at least."""

_REQUIRED: Final = ("exp", "iat", "nbf", "sub", "aud", "iss", "jti")


class Purpose(Enum):
    """What a token is good for, with its audience and the type in its header."""

    ACCESS = ("api", "at+jwt")
    """Stands for an API key at this API, for minutes; the type is the one of RFC 9068."""

    CONNECT_LINK = ("connect-link", "connect-link+jwt")
    """Opens the connect page of one tenant."""

    CONNECT_VISIT = ("connect-visit", "connect-visit+jwt")
    """What the connect page works with once it is open."""

    @property
    def audience(self) -> str:
        """Who the token is for, as an address within this installation."""
        return f"{ISSUER}:{self.value[0]}"

    @property
    def type(self) -> str:
        """The header's `typ`."""
        return self.value[1]


class TokenInvalid(Exception):
    """This is no token of that purpose made here."""


class TokenExpired(TokenInvalid):
    """The token was made here for that purpose, and its time is over."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says. subject: whom it speaks of. id: its own name. Times are unix seconds.

    private: the claims that only this purpose has.
    """

    subject: str
    id: str
    issued_at: int
    expires_at: int
    private: Mapping[str, Any]


class Signer:
    """Makes and reads the tokens of one installation."""

    def __init__(
        self, secret: bytes, *, previous: bytes | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """previous: the secret before this one; what it signed is read until it expires, and it signs nothing."""
        self._keys = [secret] if previous is None else [secret, previous]
        self._clock = clock
        for key in self._keys:
            if len(key) < MIN_SECRET_BYTES:
                raise ValueError(f"a secret of {len(key)} bytes signs nothing")

    def sign(
        self, purpose: Purpose, subject: str, expires_at: int, *, id: str | None = None, **private: Any
    ) -> tuple[str, Claims]:
        """Return a token and what it says. expires_at: unix seconds. id: a random one without."""
        now = int(self._clock())
        identity = id or new_id()
        token = jwt.encode(
            {
                **private,
                "iss": ISSUER,
                "aud": purpose.audience,
                "sub": subject,
                "jti": identity,
                "iat": now,
                "nbf": now,
                "exp": expires_at,
            },
            self._keys[0],
            algorithm=ALGORITHM,
            headers={"typ": purpose.type},
        )
        return token, Claims(subject, identity, now, expires_at, private)

    def read(self, purpose: Purpose, token: str) -> Claims:
        """Return what a token says; raises TokenExpired for one that was good, TokenInvalid for all others."""
        for key in self._keys:
            try:
                return self._read(purpose, token, key)
            except jwt.ExpiredSignatureError:
                raise TokenExpired from None
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError:
                break
        raise TokenInvalid

    def _read(self, purpose: Purpose, token: str, key: bytes) -> Claims:
        whole = jwt.decode_complete(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=purpose.audience,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={
                "require": list(_REQUIRED),
                "enforce_minimum_key_length": True,
                "strict_aud": True,
                # Below, by this object's clock and after everything else: expired says that all the rest is right.
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        if whole["header"].get("typ") != purpose.type:
            raise jwt.InvalidTokenError("type")
        said = whole["payload"]
        for name in ("iat", "nbf", "exp"):
            if not isinstance(said[name], int) or isinstance(said[name], bool):
                raise jwt.InvalidTokenError(name)
        now = self._clock()
        if max(said["iat"], said["nbf"]) > now + LEEWAY_SECONDS:
            raise jwt.ImmatureSignatureError("nbf")
        if said["exp"] <= now - LEEWAY_SECONDS:
            raise jwt.ExpiredSignatureError("exp")
        private = {name: value for name, value in said.items() if name not in _REQUIRED}
        return Claims(said["sub"], said["jti"], said["iat"], said["exp"], private)


def new_id() -> str:
    """Return an id nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)
