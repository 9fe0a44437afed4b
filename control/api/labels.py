"""Labels of WhatsApp Business over HTTP: list, make, change, delete, put on a chat or message."""

from __future__ import annotations

import re

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import DIRECTORY
from control.api.label_shapes import (
    LabelAssignIn,
    LabelAssignmentOut,
    LabelDetailsOut,
    LabelIn,
    LabelOut,
    LabelsOut,
)
from control.api.schemas import checked_tenant_id
from control.api.shape import DoneOut
from control.errors import GatewayError
from control.rpc.contract_gen import (
    LabelAssignParams,
    LabelParams,
    LabelSaveParams,
    NumberCheckParams,
    PhoneNumber,
    TenantParams,
)

_LABEL_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/labels/{tenantId}: the labels."""
    answer = await request.app[DIRECTORY].label_list(TenantParams(tenant_id=_tenant(request)))
    return json_answer(LabelsOut(labels=[LabelOut.of(label) for label in answer.labels]))


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/labels/{tenantId}: make a label."""
    return await _save(request, _tenant(request), None)


async def update(request: web.Request) -> web.Response:
    """PUT …/{labelId}: change a label."""
    label = _label(request)
    return await _save(request, label.tenant_id, label.label_id)


async def delete(request: web.Request) -> web.Response:
    """DELETE …/{labelId}."""
    await request.app[DIRECTORY].label_delete(_label(request))
    return json_answer(DoneOut())


async def assign(request: web.Request) -> web.Response:
    """POST …/{labelId}/assign: put the label on a chat or message, or take it off."""
    label = _label(request)
    body = checked(LabelAssignIn, await read_object(request))
    chat_id = await _chat_id(request, label.tenant_id, body.chat)
    params = LabelAssignParams(
        tenant_id=label.tenant_id,
        label_id=label.label_id,
        chat_id=chat_id,
        message_id=body.message_id,
        assigned=body.assigned,
    )
    await request.app[DIRECTORY].label_assign(params)
    return json_answer(LabelAssignmentOut(chat_id=chat_id, assigned=body.assigned))


async def _save(request: web.Request, tenant_id: str, label_id: str | None) -> web.Response:
    body = checked(LabelIn, await read_object(request))
    params = LabelSaveParams(tenant_id=tenant_id, label_id=label_id, name=body.name, color=body.color)
    return json_answer(LabelDetailsOut.of(await request.app[DIRECTORY].label_save(params)))


async def _chat_id(request: web.Request, tenant_id: str, chat: str) -> str:
    """Return the chat's WhatsApp id: only WhatsApp knows the one of a number."""
    if "@" in chat:
        return chat
    params = NumberCheckParams(tenant_id=tenant_id, phone_numbers=[PhoneNumber(chat)])
    (found,) = (await request.app[DIRECTORY].number_check(params)).numbers
    if found.jid is None:
        raise GatewayError("recipient_not_on_whatsapp")
    return found.jid


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])


def _label(request: web.Request) -> LabelParams:
    tenant_id, label_id = _tenant(request), request.match_info["labelId"]
    if not _LABEL_ID.fullmatch(label_id):
        # An id no label can have.
        raise GatewayError("label_not_found")
    return LabelParams(tenant_id=tenant_id, label_id=label_id)
