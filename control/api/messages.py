"""Messages over HTTP: send."""

from __future__ import annotations

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import MESSAGES
from control.api.schemas import SendIn, SendOut, checked_tenant_id
from control.errors import GatewayError
from control.rpc.contract_gen import MessageStatus

SUPPORTED_TYPES = ("text",)


async def send(request: web.Request) -> web.Response:
    """POST …/send: 200 once WhatsApp's server has the message, 202 when it is recorded and on its way."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    body = await read_object(request)
    _refuse_other_types(body.get("type", "text"))
    wanted = checked(SendIn, body)
    sent = await request.app[MESSAGES].send_text(tenant_id, wanted.to, wanted.message)
    accepted = sent.message.status is MessageStatus.accepted
    return json_answer(SendOut.of(sent), status=202 if accepted else 200)


def _refuse_other_types(kind: object) -> None:
    # Before the fields are checked: those of another type would be called unknown, which explains nothing.
    if isinstance(kind, str) and kind not in SUPPORTED_TYPES:
        raise GatewayError(
            "unsupported_message_type",
            f"Messages of the type {kind[:40]!r} cannot be sent by this version; supported: text.",
        )
