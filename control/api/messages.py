"""Messages over HTTP: send, look, list, take back."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import wrong_field
from control.api.context import OUTBOX, REQUEST_ID, SENDER
from control.api.idempotency import idempotency_key, mark
from control.api.message_out import MessageDetailsOut, MessagePageOut, RawMessageOut, SentMessageOut
from control.api.problems import problem_response
from control.api.schemas import checked_tenant_id
from control.api.send_body import send_body
from control.api.send_request import send_request
from control.errors import GatewayError
from control.messages.outcome import error_of
from control.messages.sender import Sent
from control.rpc.contract_gen import MessageStatus

WAIT_SECONDS: Final = 5
"""How long a send waits for WhatsApp's server to take the message when the caller does not say."""

MAX_WAIT_SECONDS: Final = 30
PAGE_MAX: Final = 200

_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:@-]{1,128}", re.ASCII)


async def send(request: web.Request) -> web.Response:
    """POST …/send: 200 once WhatsApp's server has the message, 202 when it is recorded and on its way."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    query.known_only(request, "wait")
    key = idempotency_key(request)
    async with send_body(request, tenant_id) as (fields, upload):
        draft, delivery = send_request(fields, upload)
        default = delivery.wait if delivery.wait is not None else WAIT_SECONDS
        wait = query.whole_number(request, "wait", least=0, most=MAX_WAIT_SECONDS, default=default)
    sent = await request.app[SENDER].send(tenant_id, draft, key=key, wait_ms=wait * 1000)
    return mark(_answer(request, sent), replayed=sent.replayed)


async def get(request: web.Request) -> web.Response:
    """GET …/{messageId}: a message and all that is known of it."""
    tenant_id, message_id = _message(request)
    return json_answer(MessageDetailsOut.of(await request.app[OUTBOX].get(tenant_id, message_id)))


async def raw(request: web.Request) -> web.Response:
    """GET …/{messageId}/raw: a message as WhatsApp's own protocol has it."""
    tenant_id, message_id = _message(request)
    found = await request.app[OUTBOX].raw(tenant_id, message_id)
    return json_answer(RawMessageOut(message_id=found.message_id, message=found.message))


async def page(request: web.Request) -> web.Response:
    """GET …/messages/{tenantId}?status=&before=&limit=: messages, newest first."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    query.known_only(request, "status", "before", "limit")
    found = await request.app[OUTBOX].page(
        tenant_id,
        status=_status(request),
        before=query.cursor(request, "before"),
        limit=query.limit(request, most=PAGE_MAX),
    )
    return json_answer(MessagePageOut.of(found))


async def cancel(request: web.Request) -> web.Response:
    """DELETE …/{messageId}: take back a message that has not left."""
    tenant_id, message_id = _message(request)
    return json_answer(MessageDetailsOut.of(await request.app[OUTBOX].cancel(tenant_id, message_id)))


def _answer(request: web.Request, sent: Sent) -> web.Response:
    error = error_of(sent.message)
    if error is not None:
        return problem_response(error, request[REQUEST_ID])
    accepted = sent.message.status is MessageStatus.accepted
    return json_answer(SentMessageOut.of(sent.message), status=202 if accepted else 200)


def _message(request: web.Request) -> tuple[str, str]:
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    message_id = request.match_info["messageId"]
    if not _MESSAGE_ID.fullmatch(message_id):
        # An id nobody can have been given.
        raise GatewayError("message_not_found")
    return tenant_id, message_id


def _status(request: web.Request) -> MessageStatus | None:
    given = request.query.get("status")
    if not given:
        return None
    try:
        return MessageStatus(given)
    except ValueError:
        raise wrong_field("status", f"must be one of {', '.join(MessageStatus)}") from None
