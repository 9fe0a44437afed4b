"""What the way out never reaches: internal addresses, however they are spelled or named."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from control.egress.addresses import AddressPolicy, BlockedAddress
from control.egress.client import Egress, EgressError
from tests.support.internal_addresses import (
    INTERNAL_ADDRESSES,
    LOOPBACK_HOSTS,
    PUBLIC_ADDRESSES,
    REBINDING,
    Listener,
    internal_answers,
)

ALLOW_LOOPBACK = AddressPolicy([ip_network("127.0.0.0/8")])


async def test_no_spelling_of_an_internal_address_reaches_a_listener(listener: Listener) -> None:
    vectors = [
        f"{scheme}://{host}:{listener.port}/hook"
        for scheme in ("https", "http")
        for host in (*LOOPBACK_HOSTS, *INTERNAL_ADDRESSES)
    ]
    assert len(vectors) >= 200
    reached = []
    async with Egress(AddressPolicy(), connect_seconds=2, total_seconds=3) as egress:
        for url in vectors:
            try:
                await egress.post(url, {}, b"{}")
                reached.append(url)
            except EgressError as error:
                if error.fault not in ("blocked_address", "bad_url", "dns_failure"):
                    reached.append(f"{url} {error.fault}")
    assert reached == []
    assert listener.connections == 0


@pytest.mark.parametrize("name", REBINDING)
async def test_no_name_leads_to_an_internal_address(listener: Listener, name: str) -> None:
    async with Egress(AddressPolicy(), resolve=internal_answers) as egress:
        for scheme in ("https", "http"):
            with pytest.raises(EgressError, match="blocked_address"):
                await egress.post(f"{scheme}://{name}:{listener.port}/", {}, b"{}")
    assert listener.connections == 0


async def test_the_same_listener_is_reached_where_the_operator_allows_it(listener: Listener) -> None:
    async with Egress(ALLOW_LOOPBACK, resolve=internal_answers) as egress:
        for host in ("127.0.0.1", "loopback.example", "[::ffff:127.0.0.1]"):
            with pytest.raises(EgressError, match="no_answer"):
                await egress.post(f"http://{host}:{listener.port}/", {}, b"{}")
        with pytest.raises(EgressError, match="blocked_address"):
            await egress.post(f"http://private.example:{listener.port}/", {}, b"{}")
    assert listener.connections == 3


async def test_an_address_of_this_machine_is_blocked_even_if_it_is_public(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No public address can be lent to a test, so a loopback one is taken for public.
    monkeypatch.setattr("control.egress.addresses._is_public", lambda address: True)
    async with Egress(AddressPolicy()) as egress:
        with pytest.raises(EgressError, match="blocked_address"):
            await egress.post(f"https://127.0.0.1:{listener.port}/", {}, b"{}")
    assert listener.connections == 0


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_may_be_reached_by_https_only(address: str) -> None:
    AddressPolicy().check(address)
    with pytest.raises(BlockedAddress):
        AddressPolicy().check(address, internal_only=True)


@pytest.mark.parametrize("host", INTERNAL_ADDRESSES)
def test_internal_addresses_are_blocked_one_by_one(host: str) -> None:
    with pytest.raises(BlockedAddress):
        AddressPolicy().check(host.strip("[]"))
