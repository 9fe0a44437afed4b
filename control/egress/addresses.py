"""Which addresses may be reached for a caller: public ones, and those the operator allows by OUTBOUND_ALLOW_CIDRS.

A customer names the URL, the gateway stands inside the operator's network: without this a webhook or a mediaUrl
would be a way to speak to Redis, to the cloud's metadata service or to the router. Only a numeric address can be
judged, so the judgement falls where one is dialled (client.py). Sources of the lists: the IANA special-purpose
registries, and what Python 3.11 calls global although it is not or leads back to IPv4 (NAT64, 6to4, Teredo,
IPv4-compatible, site-local, SRv6).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:10::/28",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class BlockedAddress(OSError):
    """Nothing may be sent to this address. An OSError, as that is what the dialling code above us expects."""

    def __init__(self) -> None:
        # The same text for all: the customer must not learn which internal addresses exist.
        super().__init__("this address may not be reached from here")


class AddressPolicy:
    """Judges numeric addresses."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        """allowed: internal networks that may be reached in spite of everything else."""
        self._allowed = tuple(allowed)

    @property
    def allows_internal(self) -> bool:
        """Whether any internal network is allowed."""
        return bool(self._allowed)

    def is_allowed_internal(self, text: str) -> bool:
        """Whether the operator allows this address by name of its network."""
        address = parse_address(text)
        return address is not None and any(address in network for network in self._allowed)

    def check(self, text: str, *, internal_only: bool = False) -> None:
        """Raise BlockedAddress unless this address may be reached.

        internal_only: for plain http, which is accepted only into the allowed networks.
        """
        if self.is_allowed_internal(text):
            return
        address = parse_address(text)
        if internal_only or address is None or not _is_public(address) or _is_own(address):
            raise BlockedAddress


def parse_address(text: str) -> Address | None:
    """Read a numeric address, also `fe80::1%eth0` and IPv4 inside IPv6; None for anything else."""
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def literal_addresses(host: str) -> Sequence[str]:
    """Return the addresses a host stands for without asking DNS; none when it is a name.

    Covers the spellings of IPv4 that the C library accepts, such as 127.1, 0x7f000001 and 2130706433.
    """
    bare = host.rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return ("127.0.0.1", "::1")
    if parse_address(bare) is not None:
        return (bare,)
    try:
        return (socket.inet_ntoa(socket.inet_aton(bare)),)
    except (OSError, UnicodeError):
        return ()


def _is_public(address: Address) -> bool:
    # is_private would let carrier-grade NAT (100.64.0.0/10) through; is_global does not.
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NEVER if network.version == address.version)
    )


def _is_own(address: Address) -> bool:
    """Whether this machine has the address, asked of the kernel's routing table; sends nothing.

    For an address of its own the kernel answers with that address as the source. Else a customer could reach
    ports of this host that are closed to the outside through its public address.
    """
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.setblocking(False)
            probe.connect((str(address), 9))
            source = parse_address(str(probe.getsockname()[0]))
    except OSError:
        return False
    return source == address
