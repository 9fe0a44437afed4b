from __future__ import annotations

import gc
import ipaddress

import pytest

from control.ratelimit.address import UNKNOWN, ClientAddresses

PROXIES = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "127.0.0.1/32", "fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        # Nobody in between.
        ("203.0.113.9", [], "203.0.113.9"),
        # A stranger's word about himself counts for nothing.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        # What stands left of the first stranger is his invention.
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.0.0.7"], "198.51.100.1"),
        ("fd00::1", ["198.51.100.1,10.1.1.1 , 127.0.0.1"], "198.51.100.1"),
        # Proxies all the way: the farthest.
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        # Rubbish ends the list; the last hop that could be read is the caller.
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, <script>, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [","], "10.0.0.1"),
        # Ports, brackets and ways of writing.
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8:1:2::9]:443"], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        # One customer has a /64.
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", [], "2001:db8:1:2::/64"),
        ("", [], UNKNOWN),
        (None, ["198.51.100.1"], UNKNOWN),
    ],
)
def test_a_caller_is_the_first_who_is_no_trusted_proxy(
    peer: str | None, forwarded: list[str], caller: str
) -> None:
    assert ClientAddresses(PROXIES).name(peer, forwarded) == caller


def test_without_trusted_proxies_the_header_means_nothing() -> None:
    addresses = ClientAddresses()
    assert addresses.name("127.0.0.1", ["198.51.100.1"]) == "127.0.0.1"
    assert not addresses.trusts("127.0.0.1")


def test_a_header_of_endless_hops_is_read_only_so_far() -> None:
    assert ClientAddresses(PROXIES).name("10.0.0.1", ["198.51.100.1" + ",10.0.0.2" * 10_000]) == "10.0.0.2"


def test_what_a_caller_writes_into_the_header_is_not_kept_in_memory() -> None:
    addresses = ClientAddresses(PROXIES)
    for number in range(50):
        addresses.name("10.0.0.1", [f"{number}" * 4_000 + ",198.51.100.1"])
        addresses.name("10.0.0.1", [f"{number}," * 2_000 + "198.51.100.1"])

    assert addresses.name("10.0.0.1", ["x" * 8_000 + ",198.51.100.1"]) == "198.51.100.1"
    kept = [name for name in gc.get_objects() if isinstance(name, tuple) and len(name) == 2]
    assert (
        max((len(name[1]) for name in kept if name[0] == "10.0.0.1" and isinstance(name[1], str)), default=0)
        < 4_000
    )
