"""From what a request shows to who is asking: the operator's key, a key made by API, a signed token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from control.auth.credential import MAX_LENGTH, credential_in
from control.auth.key_format import PREFIX, key_id_of
from control.auth.operator import OperatorKey
from control.auth.principal import Principal
from control.auth.scrape_token import ScrapeToken
from control.auth.standing import DIGEST_LENGTH, Standing
from control.auth.stored_key import digest_of
from control.errors import GatewayError

_TOKEN_BEGINS = "eyJ"  # noqa: S105 - a JWT is JSON in base64, and that begins with {"


class KeyHolder(Protocol):
    """Knows the keys that were made by API."""

    async def principal(self, given: str, address: str | None) -> Principal:
        """Return whose key this is; raises `unauthorized`, `redis_unavailable`, `disk_unavailable`."""


class TokenVerifier(Protocol):
    """Knows signed tokens."""

    async def principal(self, token: str) -> Principal:
        """Return whose token this is; raises `unauthorized`."""

    def standing(self, token: str) -> Standing:
        """Return what being let in by a token rests on; raises `unauthorized`."""

    async def still(self, standing: Standing) -> Principal:
        """Return what may be done now by who was let in so; raises `unauthorized`."""


class Authenticator:
    """Lets in who shows something valid, nobody else."""

    def __init__(
        self,
        operator: OperatorKey,
        *,
        keys: KeyHolder | None = None,
        tokens: TokenVerifier | None = None,
        metrics: ScrapeToken | None = None,
    ) -> None:
        self._operator = operator
        self._keys = keys
        self._tokens = tokens
        self._metrics = metrics

    async def authenticate(self, headers: Mapping[str, str], *, address: str | None = None) -> Principal:
        """Return who sent these headers; raises `unauthorized`, and `redis_unavailable` where that cannot be said.

        address: the IP address they came from, for the last use of a key.
        """
        given = credential_in(headers)
        if len(given) <= MAX_LENGTH:
            operator = self._operator.principal(given)
            if operator is not None:
                return operator
            scraper = self._metrics.principal(given) if self._metrics is not None else None
            if scraper is not None:
                return scraper
            if self._keys is not None and given.startswith(PREFIX):
                return await self._keys.principal(given, address)
            if self._tokens is not None and given.startswith(_TOKEN_BEGINS):
                return await self._tokens.principal(given)
        raise GatewayError("unauthorized", "This API key is not valid here.")

    def standing(self, headers: Mapping[str, str]) -> Standing:
        """Return what being let in by these headers rests on, without asking whether it holds."""
        given = credential_in(headers)
        if self._tokens is not None and given.startswith(_TOKEN_BEGINS) and not self._operator.principal(given):
            return self._tokens.standing(given)
        operator = self._operator.principal(given)
        key_id = operator.key_id if operator is not None else key_id_of(given)
        return Standing(key_id=key_id or "", digest=digest_of(given)[:DIGEST_LENGTH])

    async def still(self, standing: Standing) -> Principal:
        """Return what somebody may do now who was let in before.

        Raises `unauthorized` when the key was revoked, changed or is over, or the token is; `disk_unavailable` and
        redis.RedisError where that cannot be said.
        """
        if self._tokens is None:
            raise GatewayError("unauthorized")
        return await self._tokens.still(standing)
