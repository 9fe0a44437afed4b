"""Which limits a request over HTTP meets, and what its answer says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from control.api.context import API_KEYS, RATE_LIMITER
from control.auth.api_keys import Wanted
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import ALL_SCOPES, Scope
from control.errors import GatewayError
from tests.support.gateway import KEY, Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, session
from tests.support.structured_fields import parse_list

STATUS = "/api/v1/sessions/{}/status"
WRONG = {"Authorization": "Bearer wrong-wrong-wrong-wrong"}
OPERATOR = Principal(kind=PrincipalKind.OPERATOR, key_id="operator", tenants=None, scopes=ALL_SCOPES)
START = Callable[..., Awaitable[Gateway]]


@pytest.fixture
def keys() -> dict[str, str]:
    """The header of each key: `acme` and `second` are of one tenant, `other` of another."""
    return {}


async def key_of(gateway: Gateway, tenant: str) -> str:
    """Make a key, past REST and its limits."""
    wanted = Wanted("test", (tenant,), frozenset((Scope.SESSIONS_READ,)), None)
    _, key = await gateway.app[API_KEYS].create(OPERATOR, wanted)
    return f"Bearer {key}"


@pytest.fixture
async def start(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str, keys: dict[str, str]
) -> AsyncIterator[START]:
    """Starts a gateway with limits, and keys for two tenants."""
    bridge.scripts["session.get"] = lambda params: session(params["tenantId"])
    async with AsyncExitStack() as running:

        async def begin(**limits: Any) -> Gateway:
            off = {f"rate_limit_{name}": "off" for name in ("ip", "failed_auth", "operator", "key", "tenant")}
            values = {"redis_url": redis_server.url, "redis_prefix": key_prefix, **off, **limits}
            settings = settings_for(socket_dir, **values)
            gateway = await running.enter_async_context(running_gateway(settings, key=None))
            keys["acme"], keys["second"] = await key_of(gateway, "acme"), await key_of(gateway, "acme")
            keys["other"] = await key_of(gateway, "other")
            # A busy machine must not turn a test of limits into one of the fallback.
            gateway.app[RATE_LIMITER]._buckets._patience = 10
            return gateway

        yield begin


async def status_of(gateway: Gateway, tenant: str, key: str = f"Bearer {KEY}", **headers: str) -> Answer:
    return await gateway.get(STATUS.format(tenant), headers={"Authorization": key, **headers})


def limits_of(answer: Answer) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    return dict(parse_list(answer.headers["ratelimit-policy"])), dict(parse_list(answer.headers["ratelimit"]))


async def test_a_request_past_the_limit_is_told_which_one_and_when_to_come_again(start: START) -> None:
    gateway = await start(rate_limit_operator="3/3600")
    answers = [await status_of(gateway, "acme") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [limits_of(answer)[1]["operator"]["r"] for answer in answers] == [2, 1, 0, 0]
    denied = answers[3]
    assert denied.problem() == (429, "rate_limited")
    assert denied.json["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert denied.json["violated-policies"] == ["operator"]
    assert denied.json["retryable"] is True
    wait = int(denied.headers["retry-after"])
    assert 1100 < wait <= 1200
    assert limits_of(denied) == ({"operator": {"q": 3, "w": 3600}}, {"operator": {"r": 0, "t": wait}})


async def test_waiting_retry_after_over_http_admits(start: START) -> None:
    gateway = await start(rate_limit_operator="2/2")
    while (denied := await status_of(gateway, "acme")).status == 200:
        pass
    await asyncio.sleep(int(denied.headers["retry-after"]))

    assert (await status_of(gateway, "acme")).status == 200


async def test_of_many_at_once_exactly_the_burst_is_let_in(start: START) -> None:
    gateway = await start(rate_limit_operator="10/3600")
    answers = await asyncio.gather(*(status_of(gateway, "acme") for _ in range(100)))

    assert sorted(answer.status for answer in answers) == [200] * 10 + [429] * 90


async def test_each_key_has_its_own_limit_and_a_tenant_one_over_all_its_keys(
    start: START, keys: dict[str, str]
) -> None:
    gateway = await start(rate_limit_key="3/3600", rate_limit_tenant="4/3600")
    first = [await status_of(gateway, "acme", keys["acme"]) for _ in range(4)]
    assert first[3].json["violated-policies"] == ["key"]
    assert set(limits_of(first[0])[0]) == {"key", "tenant"}

    second = [await status_of(gateway, "acme", keys["second"]) for _ in range(2)]

    # The denied request took nothing from the tenant's four.
    assert [answer.status for answer in second] == [200, 429]
    assert second[1].json["violated-policies"] == ["tenant"]
    assert (await status_of(gateway, "other", keys["other"])).status == 200


async def test_the_operator_does_not_use_up_what_is_a_tenant_s(start: START, keys: dict[str, str]) -> None:
    gateway = await start(rate_limit_tenant="1/3600", rate_limit_key="1/3600")
    assert [(await status_of(gateway, "acme")).status for _ in range(3)] == [200] * 3
    assert "ratelimit" not in (await status_of(gateway, "acme")).headers
    assert (await status_of(gateway, "acme", keys["acme"])).status == 200


async def test_asking_for_another_s_tenant_costs_the_asker_and_not_the_other(
    start: START, keys: dict[str, str]
) -> None:
    gateway = await start(rate_limit_tenant="2/3600")
    answers = [await status_of(gateway, "other", keys["acme"]) for _ in range(4)]

    assert [answer.status for answer in answers] == [404, 404, 429, 429]
    assert (await status_of(gateway, "other", keys["other"])).status == 200


async def test_strangers_are_limited_by_address_and_who_was_let_in_once_is_none(
    start: START, keys: dict[str, str]
) -> None:
    gateway = await start(rate_limit_ip="3/3600")
    assert (await status_of(gateway, "acme")).status == 200

    strangers = [await gateway.get(STATUS.format("acme")) for _ in range(3)]

    assert [answer.status for answer in strangers] == [401, 401, 429]
    assert limits_of(strangers[2])[0] == {"ip": {"q": 3, "w": 3600}}
    assert (await status_of(gateway, "acme")).status == 200
    # A good key that was never shown before comes from an address that is out of requests.
    assert (await status_of(gateway, "acme", keys["acme"])).status == 429


async def test_wrong_keys_are_stopped_before_they_are_looked_at(start: START, keys: dict[str, str]) -> None:
    gateway = await start(rate_limit_failed_auth="3/3600")
    assert (await status_of(gateway, "acme")).status == 200
    guesses = [await status_of(gateway, "acme", f"Bearer guess-{n}-guess-guess") for n in range(5)]

    assert [answer.status for answer in guesses] == [401, 401, 401, 429, 429]
    assert guesses[4].json["violated-policies"] == ["failed_auth"]
    # The right one does not tell the guesser that it is right.
    assert (await status_of(gateway, "acme", keys["acme"])).status == 429
    # And nobody is locked out whose key was good before.
    assert (await status_of(gateway, "acme")).status == 200


async def test_a_request_without_any_key_is_no_guess(start: START) -> None:
    gateway = await start(rate_limit_failed_auth="1/3600")
    assert [(await gateway.get(STATUS.format("acme"))).status for _ in range(3)] == [401] * 3


async def test_guesses_at_one_key_count_from_whatever_address(start: START) -> None:
    gateway = await start(rate_limit_failed_auth="4/3600", trusted_proxies=(ip_network("127.0.0.1"),))
    guess = "Bearer wk_live_ABCDEFGH" + "x" * 28

    def tries(n: int, key: str) -> Awaitable[Answer]:
        return status_of(gateway, "acme", key, **{"X-Forwarded-For": f"203.0.113.{n}"})

    assert [(await tries(n, guess)).status for n in range(5)] == [401] * 4 + [429]
    assert (await tries(9, guess)).json["violated-policies"] == ["failed_auth_key"]
    assert (await tries(9, "Bearer wk_live_OTHERKEY" + "x" * 28)).status == 401


async def test_a_key_that_is_not_good_any_more_is_a_stranger_again(start: START, keys: dict[str, str]) -> None:
    gateway = await start(rate_limit_failed_auth="2/3600")
    assert (await status_of(gateway, "acme", keys["acme"])).status == 200
    await gateway.app[API_KEYS].revoke(OPERATOR, keys["acme"].partition("wk_live_")[2][:8])

    assert [(await status_of(gateway, "acme", keys["acme"])).status for _ in range(3)] == [401, 401, 429]


async def test_callers_behind_a_trusted_proxy_are_told_apart_and_an_invented_address_helps_nobody(
    start: START,
) -> None:
    gateway = await start(rate_limit_ip="2/3600", trusted_proxies=(ip_network("127.0.0.1"),))

    async def come(forwarded: str) -> int:
        return (await gateway.get(STATUS.format("acme"), headers={"X-Forwarded-For": forwarded})).status

    assert [await come("203.0.113.1") for _ in range(3)] == [401, 401, 429]
    assert await come("203.0.113.2") == 401
    assert [await come(f"198.51.100.{n}, 203.0.113.1") for n in range(2)] == [429, 429]


async def test_without_trusted_proxies_nobody_is_believed_an_address(start: START) -> None:
    gateway = await start(rate_limit_ip="2/3600")
    answers = [
        await gateway.get(STATUS.format("acme"), headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(3)
    ]
    assert [answer.status for answer in answers] == [401, 401, 429]


async def test_health_is_never_limited(start: START) -> None:
    gateway = await start(rate_limit_ip="1/3600", rate_limit_operator="1/3600")
    for path in ("/health", "/health/live", "/health/ready"):
        for _ in range(3):
            answer = await gateway.get(path)
            assert answer.status == 200
            assert "ratelimit" not in answer.headers


async def test_limits_hold_while_redis_is_away(
    start: START, own_server: RedisServer, bridge: ScriptedBridge
) -> None:
    gateway = await start(rate_limit_operator="3/3600", redis_url=own_server.url)
    assert (await status_of(gateway, "acme")).status == 200
    own_server.kill()

    authorized = {"Authorization": f"Bearer {KEY}"}
    answers = await asyncio.gather(*(gateway.get("/nowhere", headers=authorized) for _ in range(9)))

    assert sorted(answer.status for answer in answers) == [404] * 3 + [429] * 6


async def test_a_batch_counts_as_ten_requests(start: START) -> None:
    gateway = await start(rate_limit_operator="20/3600")
    authorized = {"Authorization": f"Bearer {KEY}"}
    answer = await gateway.post("/api/v1/messages/acme/batch", json={}, headers=authorized)
    assert answer.status == 400
    assert limits_of(answer)[1]["operator"]["r"] == 10


async def test_an_error_tells_the_limits_too(start: START) -> None:
    gateway = await start(rate_limit_operator="9/3600")
    answer = await gateway.get("/nowhere", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.problem() == (404, "not_found")
    assert limits_of(answer)[1]["operator"]["r"] == 8


def test_the_error_is_in_the_table() -> None:
    assert GatewayError("rate_limited").kind.http_status == 429


async def test_public_addresses_are_counted_by_address_for_those_who_show_a_key_too(
    start: START, keys: dict[str, str]
) -> None:
    gateway = await start(rate_limit_ip="5/60", trusted_proxies=(ip_network("127.0.0.1/32"),))
    acme, other = (
        {"Authorization": keys[name], "X-Forwarded-For": address}
        for name, address in (("acme", "203.0.113.1"), ("other", "203.0.113.2"))
    )
    for headers, tenant in ((acme, "acme"), (other, "other")):
        # From here on these are known.
        assert (await gateway.get(STATUS.format(tenant), headers=headers)).status == 200
    spent = [(await gateway.get("/openapi.json", headers=acme)).status for _ in range(6)]

    assert spent[-1] == 429
    assert (await gateway.get("/openapi.json", headers=other)).status == 200


async def test_guessing_at_a_key_does_not_lock_out_who_has_it(start: START, keys: dict[str, str]) -> None:
    gateway = await start(rate_limit_failed_auth="3/60", trusted_proxies=(ip_network("127.0.0.1/32"),))
    guess = keys["acme"][:-1] + ("x" if keys["acme"][-1] != "x" else "y")

    async def from_address(number: int, key: str) -> int:
        headers = {"Authorization": key, "X-Forwarded-For": f"203.0.113.{number}"}
        return (await gateway.get(STATUS.format("acme"), headers=headers)).status

    assert [await from_address(number, guess) for number in range(1, 7)] == [401, 401, 401, 429, 429, 429]
    # Its holder was never here before.
    assert await from_address(7, keys["acme"]) == 200
    assert await from_address(8, guess) == 429
