"""Judges a URL that a caller names before anything is sent there.

This is courtesy, not protection: a name can point somewhere else a second later. The protection is in
client.py, where the address is dialled.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Literal

from yarl import URL

from control.egress.addresses import AddressPolicy, BlockedAddress, literal_addresses

URL_MAX_CHARACTERS = 2_048
RESOLVE_SECONDS = 5.0

Reason = Literal["too_long", "characters", "not_a_url", "form", "credentials", "port", "plain_http", "internal"]


class UrlRefused(ValueError):
    """The URL is not for us. reason: one of a closed set, nothing of the URL is in it."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)


async def judge(url: str, policy: AddressPolicy) -> URL:
    """Return the parsed URL, or raise UrlRefused.

    https to public addresses; http and internal addresses only where OUTBOUND_ALLOW_CIDRS allows them.
    """
    parsed = parse(url)
    host = parsed.raw_host or ""
    plain = parsed.scheme == "http"
    literals = literal_addresses(host)
    if plain and not literals:
        literals = await resolve(host) if policy.allows_internal else ()
        if not literals:
            raise UrlRefused("plain_http")
    try:
        for address in literals:
            policy.check(address, internal_only=plain)
    except BlockedAddress as blocked:
        raise UrlRefused("plain_http" if plain else "internal") from blocked
    return parsed


def parse(url: str) -> URL:
    """Return the URL as the client will read it, or raise UrlRefused; asks nobody."""
    if len(url) > URL_MAX_CHARACTERS:
        raise UrlRefused("too_long")
    if not url.isprintable() or " " in url or "\\" in url:
        raise UrlRefused("characters")
    # The parser of the client that will dial: two parsers may read one URL as two hosts.
    try:
        parsed = URL(url)
        port = parsed.port
    except ValueError as broken:
        raise UrlRefused("not_a_url") from broken
    if parsed.scheme not in ("https", "http") or not parsed.raw_host:
        raise UrlRefused("form")
    if parsed.raw_user is not None or parsed.raw_password is not None:
        raise UrlRefused("credentials")
    if port is None or not (port in (80, 443) or 1024 <= port <= 65535):
        raise UrlRefused("port")
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
