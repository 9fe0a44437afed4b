"""Where a request carries its credential: in a header, never in its address, which ends up in logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from control.auth.key_format import key_id_of
from control.errors import GatewayError

MAX_LENGTH: Final = 4096
"""Of a credential. A signed token is the longest."""

# What other services call a key in an address, spelled without - and _.
_NAMES: Final = frozenset({"apikey", "xapikey", "key", "token", "accesstoken", "authorization", "bearer", "jwt"})
_MADE_HERE: Final = re.compile(r"wk_(?:live|test)_|eyJ[A-Za-z0-9_-]+\.eyJ", re.ASCII)


def credential_in(headers: Mapping[str, str]) -> str:
    """Return what `Authorization: Bearer …` or `X-API-Key: …` holds; raises `unauthorized` when neither does."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    given = given or headers.get("X-API-Key", "").strip()
    if not given:
        raise GatewayError("unauthorized", "Send the API key as `Authorization: Bearer <key>` or `X-API-Key`.")
    return given


def claimed_key_id(headers: Mapping[str, str]) -> str | None:
    """Return the id that a key made by API has which was refused; what nobody proved, but has its checksum."""
    try:
        return key_id_of(credential_in(headers))
    except GatewayError:
        return None


def refuse_in_address(query: Iterable[tuple[str, str]]) -> None:
    """Raise `unauthorized` for a key in an address, valid or not, whatever the headers say. It is not repeated."""
    for name, value in query:
        if name.lower().replace("-", "").replace("_", "") in _NAMES or _MADE_HERE.search(value):
            raise GatewayError(
                "unauthorized",
                "Keys are taken in a header only, `Authorization: Bearer <key>` or `X-API-Key`: addresses end up "
                "in logs. Replace a key that was sent in one.",
            )
