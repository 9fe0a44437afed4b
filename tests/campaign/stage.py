"""The whole gateway with tenants linked, groups made and webhooks set: where a campaign takes place."""

from __future__ import annotations

import asyncio
import xmlrpc.client
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from supervisor.xmlrpc import SupervisorTransport

from tests.campaign.plan import Plan
from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.journey import start_and_scan
from tests.support.sandbox import Sandbox

ALONE: Final = 3
"""Chats of a tenant in which one client writes; in one more two clients write at the same time."""

RUNNING: Final = 20
"""supervisord's number for a process that runs."""


@dataclass(slots=True)
class Tenant:
    """A linked number. chats: contacts it writes to, shared the one of two clients, speakers who write to it."""

    name: str
    number: str = ""
    chats: list[str] = field(default_factory=list)
    shared: str = ""
    speakers: list[str] = field(default_factory=list)
    batch: list[str] = field(default_factory=list)
    group: str = ""
    members: list[str] = field(default_factory=list)

    def readers(self, to: str) -> tuple[str, ...]:
        """Digits of everybody whose phone reads what is sent there, the tenant's own phone among them."""
        people = self.members if to == self.group else [to]
        return tuple(number.lstrip("+") for number in (*people, self.number))


class Stage:
    """What takes part."""

    def __init__(self, gateway: Installation, sandbox: Sandbox, app: CustomerApp, tenants: list[Tenant]) -> None:
        self.gateway = gateway
        self.sandbox = sandbox
        self.app = app
        self.tenants = tenants

    async def pids(self) -> dict[str, int]:
        """The process ids of the supervised programs that run."""
        return await asyncio.to_thread(self._ask_supervisord)

    def _ask_supervisord(self) -> dict[str, int]:
        # scripts/ctl starts a Python for each question, which is too slow to hit a young process.
        socket = f"unix://{self.gateway.data_dir}/run/supervisor.sock"
        transport = SupervisorTransport(None, None, socket)
        try:
            answer: Any = xmlrpc.client.ServerProxy(
                "http://127.0.0.1", transport=transport
            ).supervisor.getAllProcessInfo()
        finally:
            transport.close()
        return {one["name"]: one["pid"] for one in answer if one["state"] == RUNNING}


@asynccontextmanager
async def opened(plan: Plan, *, keep: list[str]) -> AsyncIterator[Stage]:
    """Start everything and link the tenants. keep: if something is in it in the end, the folder stays."""
    gateway = Installation(SEND_PROFILE="unpaced")
    try:
        await gateway.start()
        sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
        try:
            async with CustomerApp() as app:
                tenants = [await _linked(n, gateway, sandbox, app) for n in range(plan.tenants)]
                yield Stage(gateway, sandbox, app, tenants)
        finally:
            await sandbox.close()
    finally:
        await (gateway.halt() if keep else gateway.stop())


async def _linked(n: int, gateway: Installation, sandbox: Sandbox, app: CustomerApp) -> Tenant:
    def contact(i: int) -> str:
        return f"+55119{n:02}{i:06}"

    tenant = Tenant(f"campaign-{n}")
    tenant.number = await start_and_scan(gateway, sandbox, app, tenant.name)
    tenant.chats = [contact(i) for i in range(ALONE)]
    tenant.shared = contact(10)
    tenant.speakers = [contact(20 + i) for i in range(3)]
    tenant.batch = [contact(30 + i) for i in range(4)]
    tenant.members = [contact(40 + i) for i in range(3)]
    made = await sandbox.call(
        "POST",
        "/groups",
        json={"by": tenant.members[0], "subject": tenant.name, "members": [*tenant.members[1:], tenant.number]},
    )
    tenant.group = made["jid"]
    return tenant
