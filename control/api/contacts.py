"""Contacts over HTTP: look at somebody, block, unblock, who is blocked."""

from __future__ import annotations

from aiohttp import web

from control.api.addresses import person_in
from control.api.answers import json_answer
from control.api.contact_shapes import BlockedContactsOut, ContactBlockOut, ContactOut
from control.api.context import DIRECTORY
from control.api.schemas import checked_tenant_id
from control.rpc.contract_gen import ContactParams, TenantParams


async def get(request: web.Request) -> web.Response:
    """GET …/{contact}: what WhatsApp shows of a person."""
    return json_answer(ContactOut.of(await request.app[DIRECTORY].contact_get(_contact(request))))


async def block(request: web.Request) -> web.Response:
    """POST …/{contact}/block."""
    await request.app[DIRECTORY].contact_block(_contact(request))
    return json_answer(ContactBlockOut(is_blocked=True))


async def unblock(request: web.Request) -> web.Response:
    """DELETE …/{contact}/block."""
    await request.app[DIRECTORY].contact_unblock(_contact(request))
    return json_answer(ContactBlockOut(is_blocked=False))


async def blocked(request: web.Request) -> web.Response:
    """GET …/blocked: who is blocked."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    answer = await request.app[DIRECTORY].contact_blocked(TenantParams(tenant_id=tenant_id))
    return json_answer(BlockedContactsOut(contacts=[one.root for one in answer.contacts]))


def _contact(request: web.Request) -> ContactParams:
    return ContactParams(tenant_id=checked_tenant_id(request.match_info["tenantId"]), contact=person_in(request))
