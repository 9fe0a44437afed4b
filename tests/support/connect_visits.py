"""What the tests of connect links begin with: a link, opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from control.api.context import TENANTS
from tests.support.gateway import Answer, Gateway

LINK = "/api/v1/sessions/acme/connect-link"
LINKS = "/api/v1/sessions/acme/connect-links"
CONNECT = "/api/v1/connect"


def bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


def token_of(url: str) -> str:
    return url.partition("#")[2]


async def new_link(gateway: Gateway, at: str = LINK, **body: Any) -> dict[str, Any]:
    answer = await gateway.post(at, json=body)
    assert answer.status == 201, answer.body
    return answer.json


async def open_link(gateway: Gateway, url: str) -> Answer:
    return await gateway.post(f"{CONNECT}/visits", headers=bearer(token_of(url)))


@dataclass
class Visit:
    """An opened link: what its page can ask."""

    gateway: Gateway
    id: str
    url: str
    token: str
    shown: dict[str, Any]

    async def ask(self, method: str, name: str, **options: Any) -> Answer:
        return await self.gateway.request(method, f"{CONNECT}/{name}", headers=bearer(self.token), **options)

    async def state(self) -> dict[str, Any]:
        answer = await self.ask("GET", "state")
        assert answer.status == 200, answer.body
        return answer.json


async def visit(gateway: Gateway, at: str = LINK, **body: Any) -> Visit:
    made = await new_link(gateway, at, **body)
    opened = await open_link(gateway, made["url"])
    assert opened.status == 201, opened.body
    return Visit(gateway, made["id"], made["url"], opened.json["visit"], opened.json)


async def suspend(gateway: Gateway, tenant: str) -> None:
    """Suspend a tenant, as the operator does."""
    tenants = gateway.app[TENANTS]
    await tenants.admit(tenant, creating=True)
    await tenants.change(tenant, lambda known: replace(known, state="suspended"))
