"""What somebody's being let in rests on, without the credential: enough to ask later whether it still holds.

A stream lives for hours; what opened it may be revoked, narrowed or over after minutes. So whoever keeps a stream
open asks again and again, by this. A ticket keeps it too, for the stream that it opens.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStanding:
    """What a token adds to its key. sign_in: names what signing out ends. expires_at: unix seconds.

    tenants, scopes: what it was narrowed to, None where it was not.
    """

    sign_in: str
    expires_at: int
    tenants: tuple[str, ...] | None
    scopes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The API key that was shown, or stands behind the token that was. digest: the beginning of the key's hash."""

    key_id: str
    digest: str
    token: TokenStanding | None = None

    def dumped(self) -> dict[str, Any]:
        """Return it as a JSON object. There is no secret in it."""
        return asdict(self)

    @classmethod
    def loaded(cls, value: dict[str, Any]) -> Self:
        """Return the standing of such an object; raises KeyError or TypeError when it is none."""
        token = value["token"]
        if token is not None:
            token = TokenStanding(
                sign_in=token["sign_in"],
                expires_at=token["expires_at"],
                tenants=tuple(token["tenants"]) if token["tenants"] is not None else None,
                scopes=tuple(token["scopes"]) if token["scopes"] is not None else None,
            )
        return cls(key_id=value["key_id"], digest=value["digest"], token=token)
