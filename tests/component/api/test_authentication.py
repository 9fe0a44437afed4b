"""How the key is taken. That nothing opens without one is shown in component/isolation/, route by route."""

from __future__ import annotations

import pytest

from control.api.routes import ROUTES
from tests.support.gateway import KEY, Gateway
from tests.support.scripted_bridge import ScriptedBridge, session


@pytest.fixture(autouse=True)
def _no_key(gateway: Gateway) -> None:
    gateway.http.headers.popall("Authorization")


async def test_only_health_the_document_and_the_files_of_pages_are_public() -> None:
    assert {route.path for route in ROUTES if route.public} == {
        *("/health", "/health/live", "/health/ready", "/openapi.json", "/docs"),
        *("/connect", "/dashboard", "/dashboard/", "/pages/{version}/{room}/{name}"),
    }


async def test_an_address_that_is_no_route_needs_a_key_too(gateway: Gateway) -> None:
    assert (await gateway.get("/api/v1/secrets")).problem() == (401, "unauthorized")


@pytest.mark.parametrize("name", ["api_key", "apikey", "token", "access_token", "X-API-Key", "Authorization"])
async def test_a_key_in_the_address_is_refused_with_a_sentence_even_beside_a_good_one(
    gateway: Gateway, name: str
) -> None:
    headers = {"X-API-Key": KEY}
    answer = await gateway.get(f"/api/v1/sessions/acme/status?{name}={KEY}", headers=headers)

    assert answer.problem() == (401, "unauthorized")
    assert "in a header only" in answer.json["detail"]
    assert KEY.encode() not in answer.body


async def test_a_key_of_ours_is_known_in_the_address_under_any_name(gateway: Gateway) -> None:
    answer = await gateway.get("/api/v1/sessions?after=wk_live_" + "a" * 36, headers={"X-API-Key": KEY})

    assert "in a header only" in answer.json["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer {KEY}"},
        {"X-API-Key": KEY},
        {"Authorization": "Basic dTpw", "X-API-Key": KEY},
    ],
)
async def test_the_key_is_taken_from_either_header(
    gateway: Gateway, bridge: ScriptedBridge, headers: dict[str, str]
) -> None:
    bridge.answers("session.get", session("acme"))

    assert (await gateway.get("/api/v1/sessions/acme/status", headers=headers)).status == 200


async def test_health_needs_no_key(gateway: Gateway) -> None:
    for path in ("/health", "/health/live", "/health/ready"):
        assert (await gateway.get(path)).status == 200
