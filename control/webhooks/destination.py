"""Judges a webhook's URL when it is saved, with a sentence for the person who typed it.

This is courtesy, not protection: a name can point somewhere else a second later. The protection is in
egress.py, where the address is dialled.
"""

from __future__ import annotations

import asyncio
import socket

from yarl import URL

from control.errors import GatewayError
from control.webhooks.addresses import AddressPolicy, BlockedAddress, literal_addresses

URL_MAX_CHARACTERS = 2_048
RESOLVE_SECONDS = 5.0


async def check_destination(url: str, policy: AddressPolicy) -> None:
    """Raise GatewayError webhook_url_refused unless webhooks may be sent to this URL.

    https to public addresses; http and internal addresses only where OUTBOUND_ALLOW_CIDRS allows them.
    """
    parsed = _parse(url)
    host = parsed.raw_host or ""
    plain = parsed.scheme == "http"
    literals = literal_addresses(host)
    if plain and not literals:
        literals = await resolve(host) if policy.allows_internal else ()
        if not literals:
            raise _refused(_PLAIN_HTTP)
    try:
        for address in literals:
            policy.check(address, internal_only=plain)
    except BlockedAddress as blocked:
        raise _refused(_PLAIN_HTTP if plain else _INTERNAL) from blocked


_PLAIN_HTTP = (
    "Webhooks go to https addresses. Plain http is accepted only inside the networks the operator lists in "
    "OUTBOUND_ALLOW_CIDRS."
)
_INTERNAL = (
    "Webhooks may not go to this internal address. The operator can allow its network in OUTBOUND_ALLOW_CIDRS."
)


def _parse(url: str) -> URL:
    if len(url) > URL_MAX_CHARACTERS:
        raise _refused(f"A webhook's URL has at most {URL_MAX_CHARACTERS} characters.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise _refused("A webhook's URL must not hold spaces, backslashes or control characters.")
    # The parser of the client that will dial: two parsers may read one URL as two hosts.
    try:
        parsed = URL(url)
        port = parsed.port
    except ValueError as broken:
        raise _refused("This is not a URL.") from broken
    if parsed.scheme not in ("https", "http") or not parsed.raw_host:
        raise _refused("A webhook's URL looks like https://example.com/path.")
    if parsed.raw_user is not None or parsed.raw_password is not None:
        raise _refused("A webhook's URL must not hold a user name or password.")
    if port is None or not (port in (80, 443) or 1024 <= port <= 65535):
        raise _refused("Webhooks go to port 443, 80 or a port from 1024 on.")
    return parsed


async def resolve(host: str) -> tuple[str, ...]:
    """Return the addresses of a name now; none when it has none or DNS does not answer in time."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return ()
    return tuple(str(entry[4][0]) for entry in found)


def _refused(sentence: str) -> GatewayError:
    return GatewayError("webhook_url_refused", sentence)
