"""Repeated requests, after draft-ietf-httpapi-idempotency-key-header-07: one key, one message.

The bridge's store decides: it holds the key in the same transaction as the message. What is here keeps two
requests with one key from working side by side before they get there, which may take long when media is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from control.errors import GatewayError
from control.rpc.contract_gen import Idempotency


def fingerprint(route: str, tenant_id: str, body: dict[str, Any]) -> str:
    """Return the hex SHA-256 of what is asked for. body: JSON values; the order of its names does not matter."""
    whole = {"route": route, "tenantId": tenant_id, "body": body}
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


class InFlight:
    """The keys of requests that are worked on now."""

    def __init__(self) -> None:
        self._fingerprints: dict[tuple[str, str], str] = {}

    @contextmanager
    def enter(self, tenant_id: str, request: Idempotency | None) -> Iterator[None]:
        """Work on a request; without a key there is nothing to keep apart.

        Raises `idempotency_in_flight` while another one with this key is worked on, `idempotency_mismatch` when
        that one asks for something else.
        """
        if request is None:
            yield
            return
        place = (tenant_id, request.key)
        there = self._fingerprints.get(place)
        if there == request.fingerprint:
            raise GatewayError("idempotency_in_flight", retry_after=1)
        if there is not None:
            raise GatewayError("idempotency_mismatch")
        self._fingerprints[place] = request.fingerprint
        try:
            yield
        finally:
            del self._fingerprints[place]
