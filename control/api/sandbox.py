"""The sandbox over HTTP, for the dashboard's buttons. With real WhatsApp there is nothing at these addresses."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import Field, StrictStr

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import SANDBOX, SESSIONS
from control.api.fields import NOT_BLANK, Phone
from control.api.schemas import checked_tenant_id
from control.api.shape import DoneOut, In
from control.errors import GatewayError
from control.sandbox.admin import SandboxAdmin

_Name = Annotated[StrictStr, NOT_BLANK, Field(max_length=256)]


class ScanIn(In):
    """Body of POST …/scan; may be left out. phoneNumber: the phone's, made up without one."""

    phone_number: Phone | None = None
    name: _Name | None = None


class ScannedOut(DoneOut):
    """The phone that scanned."""

    phone_number: str


class SayIn(In):
    """Body of POST …/say: what a contact writes to the tenant. name: how the contact is called from now on."""

    from_: Phone = Field(alias="from")
    text: Annotated[StrictStr, NOT_BLANK, Field(max_length=4096)]
    name: _Name | None = None


class SaidOut(DoneOut):
    """The message that was written."""

    message_id: str


async def scan(request: web.Request) -> web.Response:
    """POST /api/v1/sandbox/{tenantId}/scan: a mock phone scans the tenant's QR code. Raises `no_qr_code`."""
    sandbox, tenant_id = _sandbox(request), checked_tenant_id(request.match_info["tenantId"])
    body = checked(ScanIn, await read_object(request, optional=True))
    view = await request.app[SESSIONS].qr(tenant_id)
    if view.qr is None:
        raise GatewayError("no_qr_code")
    number = await sandbox.scan(view.qr, number=body.phone_number, name=body.name)
    return json_answer(ScannedOut(phone_number=number))


async def say(request: web.Request) -> web.Response:
    """POST /api/v1/sandbox/{tenantId}/say: a mock contact writes to it. Raises `session_not_connected`."""
    sandbox, tenant_id = _sandbox(request), checked_tenant_id(request.match_info["tenantId"])
    body = checked(SayIn, await read_object(request))
    number = (await request.app[SESSIONS].status(tenant_id)).session.phone_number
    if number is None:
        raise GatewayError("session_not_connected")
    return json_answer(SaidOut(message_id=await sandbox.say(body.from_, number, body.text, name=body.name)))


def _sandbox(request: web.Request) -> SandboxAdmin:
    sandbox = request.app[SANDBOX]
    if sandbox is None or not sandbox.is_used:
        raise GatewayError("not_found")
    return sandbox
