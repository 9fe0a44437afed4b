"""From what a request shows to who is asking: the operator's key, a key made by API, a signed token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from control.auth.credential import MAX_LENGTH, credential_in
from control.auth.key_format import PREFIX
from control.auth.operator import OperatorKey
from control.auth.principal import Principal
from control.auth.scrape_token import ScrapeToken
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
