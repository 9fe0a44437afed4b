"""Whose address a request comes from, when proxies may stand in between.

Only a proxy that TRUSTED_PROXIES names is believed what it says in X-Forwarded-For, and of that list only what
trusted proxies wrote: it is read from its right end, where each proxy adds the address it was called from, up to
the first that is not a trusted proxy. Whatever stands left of it may be invented. The header `Forwarded` is not
read: a proxy that does not know it would pass on a caller's.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN: Final = "unknown"
"""Of peers on a Unix socket, or whose address the system does not tell."""

_REMEMBERED: Final = 4096
_HOPS: Final = 32
"""Proxies in a row that are looked at."""

_MOST_TOLD: Final = _HOPS * 64


class ClientAddresses:
    """Tells callers apart by their address; an IPv6 address by its /64, which is what one customer gets."""

    def __init__(self, trusted: Iterable[Network] = ()) -> None:
        self._trusted = tuple(trusted)
        # The same few callers come again and again.
        self._found = lru_cache(_REMEMBERED)(self._find)

    def address(self, peer: str | None, forwarded: Iterable[str] = ()) -> str | None:
        """Return the caller's address. peer: of the connection; forwarded: every X-Forwarded-For."""
        return self._found(peer or "", self._told(forwarded))[0]

    def name(self, peer: str | None, forwarded: Iterable[str] = ()) -> str:
        """Return what stands for the caller where callers are counted: the address, or the network it is in."""
        return self._found(peer or "", self._told(forwarded))[1]

    def trusts(self, peer: str | None) -> bool:
        """Whether this is a proxy of the operator's, which many callers share."""
        address = _parsed(peer or "")
        return address is not None and self._is_trusted(address)

    def _told(self, forwarded: Iterable[str]) -> str:
        # No more than what is looked at: results are remembered by it, and a caller may write kilobytes.
        return ",".join(",".join(forwarded).rsplit(",", _HOPS)[-_HOPS:])[-_MOST_TOLD:] if self._trusted else ""

    def _find(self, peer: str, forwarded: str) -> tuple[str | None, str]:
        caller = _parsed(peer)
        if caller is None:
            return None, UNKNOWN
        hops = forwarded.split(",")[-_HOPS:] if forwarded else []
        while hops and self._is_trusted(caller):
            before = _parsed(hops.pop())
            if before is None:
                break
            caller = before
        if caller.version == 6:
            return str(caller), str(ipaddress.IPv6Network((caller, 64), strict=False))
        return str(caller), str(caller)

    def _is_trusted(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self._trusted)


def _parsed(text: str) -> Address | None:
    """Return the address in `1.2.3.4`, `1.2.3.4:567`, `2001:db8::1`, `[2001:db8::1]:567`; None for other text."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
