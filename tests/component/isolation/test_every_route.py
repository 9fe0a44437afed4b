"""Every route of the table, asked by everybody it is not for: refused, with nothing leaked, written or asked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from control.api import routes
from control.api.context import API_KEYS, TENANTS
from control.api.routes import ROUTES
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import ALL_SCOPES, GRANTABLE_SCOPES, Scope
from tests.component.isolation import conftest
from tests.component.isolation.addresses import (
    OF_TENANTS,
    PRIVATE,
    SCOPED,
    ask,
    filled,
    named,
    without_instance,
)
from tests.component.isolation.conftest import OTHER_NAME, OTHER_NUMBER, OTHER_WEBHOOK, Two, bearer
from tests.support.gateway import KEY
from tests.support.scripted_bridge import ScriptedBridge

OPERATOR = Principal(kind=PrincipalKind.OPERATOR, key_id="-", tenants=None, scopes=ALL_SCOPES)


def test_every_route_says_whom_it_is_for() -> None:
    for route in ROUTES:
        ways = [route.scope is not None, route.public, route.any_scope, route.link is not None]
        assert ways.count(True) == 1, (
            f"{named(route)} has a scope, or is declared to need none, or none to be enough"
        )
        if route.ticket:
            assert route.method == "GET", named(route)
            assert route.scope is Scope.EVENTS_READ, named(route)


def test_the_tests_give_every_scope_a_key_may_have() -> None:
    assert set(conftest.ALL_SCOPES) == GRANTABLE_SCOPES


async def test_without_a_key_or_with_one_that_opens_nothing_there_is_nothing(two: Two) -> None:
    expired, revoked, rotated = [await two.new_key() for _ in range(3)]
    await two.gateway.app[API_KEYS].change(OPERATOR, expired["id"], {"expires_ms": 1})
    await two.gateway.request("DELETE", f"/api/v1/keys/{revoked['id']}")
    await two.gateway.post(f"/api/v1/keys/{rotated['id']}/rotate", json={"overlapSeconds": 0})
    two.gateway.http.headers.popall("Authorization")
    before = await two.state.now()
    refused = [
        ({}, ""),
        (bearer("wrong-key-0123456789"), ""),
        (bearer(f"{KEY}x"), ""),
        (bearer(KEY[:-1]), ""),
        (bearer("k" * 5_000), ""),
        (bearer("schlüssel"), ""),
        (bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9."), ""),
        ({"Authorization": f"Basic {KEY}"}, ""),
        ({"X-API-Key": ""}, ""),
        ({"X-API-Key": "wrong-key-0123456789"}, ""),
        (bearer(expired["key"]), ""),
        (bearer(revoked["key"]), ""),
        (bearer(rotated["key"]), ""),
        ({}, f"?api_key={KEY}"),
        ({}, f"?token={two.key}"),
        (bearer(two.key), f"?access_token={two.key}"),
        (bearer(KEY), f"?x={two.key}"),
    ]

    for headers, query in refused:
        answers = [await ask(two.gateway, route, filled(route) + query, headers) for route in PRIVATE]
        for route, answer in zip(PRIVATE, answers, strict=True):
            assert answer.problem() == (401, "unauthorized"), (named(route), headers, query)
            assert answer.headers["www-authenticate"] == 'Bearer realm="whatsapp-gateway"'
            # What takes connect links only says so.
            alike = next(other for other, first in zip(answers, PRIVATE, strict=True) if first.link is route.link)
            assert without_instance(answer) == without_instance(alike), named(route)
            assert not any(len(value) > 15 and value.encode() in answer.body for value in headers.values())
    assert await two.state.now() == before


async def test_without_its_scope_a_route_does_nothing_not_even_for_a_key_of_all_tenants(two: Two) -> None:
    keys = {}
    for scope in Scope:
        others = [given for given in conftest.ALL_SCOPES if given != scope]
        keys[scope] = [await two.new_key(scopes=others), await two.new_key(scopes=others, tenants=None)]
    before = await two.state.now()

    for route in SCOPED:
        scope = route.scope or Scope.INSTALLATION
        for key in keys[scope]:
            answer = await ask(two.gateway, route, filled(route, tenantId="acme"), bearer(key["key"]))
            assert answer.problem() == (403, "forbidden"), named(route)
            assert answer.json["detail"] == f"This key lacks the scope {scope}."
    assert await two.state.now() == before


async def test_another_tenant_and_one_that_is_not_there_are_told_by_nothing(two: Two) -> None:
    await two.gateway.post("/api/v1/messages/beta/send", json={})
    before = await two.state.now()
    seen = []

    for route in OF_TENANTS:
        values = {"webhookId": two.webhook_id, "keyId": two.key_id}
        for tenant in ("beta", "nobody", "BETA", "acme2", "acme%2F..%2Fbeta"):
            for query in ("", "?tenantId=acme"):
                address = filled(route, tenantId=tenant, **values) + query
                answer = await ask(two.gateway, route, address, bearer(two.key))
                assert answer.problem() == (404, "tenant_not_found"), (named(route), tenant)
                seen.append(without_instance(answer))
    assert all(answer == seen[0] for answer in seen)
    assert await two.state.now() == before


async def test_a_suspended_tenant_s_own_key_opens_nothing_of_it(two: Two) -> None:
    await two.gateway.app[TENANTS].change("acme", lambda tenant: replace(tenant, state="suspended"))
    before = await two.state.now()

    for route in OF_TENANTS:
        if route.scope is not Scope.INSTALLATION:
            answer = await ask(two.gateway, route, filled(route, tenantId="acme"), bearer(two.key))
            assert answer.problem() == (403, "tenant_suspended"), named(route)
    for route in SCOPED:
        if route not in OF_TENANTS and route.scope in GRANTABLE_SCOPES:
            answer = await ask(two.gateway, route, filled(route), bearer(two.key))
            assert answer.problem() == (403, "tenant_suspended"), named(route)
    assert await two.state.now() == before


async def test_a_key_of_several_tenants_works_for_those_that_are_not_suspended(two: Two) -> None:
    key = bearer((await two.new_key(tenants=["acme", "gamma"]))["key"])
    await two.gateway.app[TENANTS].change("acme", lambda tenant: replace(tenant, state="suspended"))

    assert (await two.gateway.get("/api/v1/sessions", headers=key)).status == 200
    assert (await two.gateway.get("/api/v1/sessions/acme/status", headers=key)).problem()[1] == "tenant_suspended"


async def test_what_is_for_connect_links_takes_no_key_not_even_the_operator_s(two: Two) -> None:
    before = await two.state.now()

    for route in (route for route in PRIVATE if route.link is not None):
        for key in (KEY, two.key):
            answer = await ask(two.gateway, route, filled(route), bearer(key))
            assert answer.problem() == (401, "unauthorized"), named(route)
    assert await two.state.now() == before


async def test_a_ticket_of_another_tenant_opens_nothing(two: Two) -> None:
    two.gateway.http.headers.popall("Authorization")

    for route in (route for route in PRIVATE if route.ticket):
        issued = await two.gateway.post("/api/v1/events/beta/tickets", headers=bearer(KEY))
        address = f"{filled(route, tenantId='acme')}?ticket={issued.json['ticket']}"
        assert (await ask(two.gateway, route, address, {})).problem() == (401, "unauthorized"), named(route)
    for route in (route for route in PRIVATE if not route.ticket):
        issued = await two.gateway.post("/api/v1/events/acme/tickets", headers=bearer(KEY))
        address = f"{filled(route, tenantId='acme')}?ticket={issued.json['ticket']}"
        assert (await ask(two.gateway, route, address, {})).problem() == (401, "unauthorized"), named(route)


async def test_nothing_a_key_can_read_has_anything_of_another_tenant_in_it(
    two: Two, bridge: ScriptedBridge
) -> None:
    await two.gateway.post("/api/v1/sessions/beta/stop")
    canaries = [OTHER_NUMBER, OTHER_WEBHOOK, OTHER_NAME, two.webhook_id, two.key_id, '"beta"']
    read = 0

    for route in PRIVATE:
        if route.method == "GET" and route.seconds is not None:
            answer = await ask(two.gateway, route, filled(route, tenantId="acme"), bearer(two.key))
            read += answer.status == 200
            for canary in canaries:
                assert canary.encode() not in answer.body, (named(route), canary)
    assert read > 5
    asked = [params["tenantId"] for _, params in bridge.calls if "tenantId" in params]
    assert "beta" not in asked[asked.index("acme") :]


async def test_an_id_of_another_tenant_is_asked_for_under_the_tenant_of_the_address_only(
    two: Two, bridge: ScriptedBridge
) -> None:
    before = await two.state.now()
    bridge.calls.clear()
    ids = {"webhookId": two.webhook_id}

    for route in OF_TENANTS:
        variables = set(re.findall(r"\{(\w+)\}", route.path)) - {"tenantId"}
        if "webhookId" in variables:
            answer = await ask(two.gateway, route, filled(route, tenantId="acme", **ids), bearer(KEY))
            # A body that is wrong may be said first.
            assert answer.problem()[0] in (400, 404), named(route)
        elif variables:
            await ask(two.gateway, route, filled(route, tenantId="acme"), bearer(KEY))
    for route in PRIVATE:
        if "{keyId}" in route.path:
            answer = await ask(two.gateway, route, filled(route, keyId=two.key_id), bearer(two.key))
            assert answer.problem()[0] in (400, 404), named(route)
    # What is in the bridge is looked for as (tenant, id): the tenant is the address's in every question.
    asked = {params["tenantId"] for _, params in bridge.calls if "tenantId" in params}
    assert asked == {"acme"}
    assert (await two.state.now())[1] == before[1]


async def test_a_row_that_names_no_scope_is_the_operator_s_alone(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = [replace(route, scope=None) for route in ROUTES if route.path == "/api/v1/sessions"]
    monkeypatch.setattr(routes, "_BY_ADDRESS", {("GET", "/api/v1/sessions"): forgotten[0]})

    key = (await two.new_key(tenants=None))["key"]

    assert (await two.gateway.get("/api/v1/sessions", headers=bearer(key))).problem() == (403, "forbidden")
    assert (await two.gateway.get("/api/v1/sessions")).status == 200
