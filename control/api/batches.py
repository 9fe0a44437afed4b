"""Batches over HTTP: make, look, list, pause, resume, cancel."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.batch_in import batch_request
from control.api.batch_out import BatchDetailsOut, BatchPageOut
from control.api.context import BATCHES
from control.api.idempotency import idempotency_key, mark
from control.api.message_out import MessagePageOut
from control.api.schemas import checked_tenant_id
from control.api.send_body import send_body
from control.errors import GatewayError
from control.rpc.contract_gen import Batch

PAGE_MAX: Final = 100
MESSAGES_PAGE_MAX: Final = 200

_BATCH_ID = re.compile(r"bat_[0-9A-Za-z]{16,40}", re.ASCII)


async def create(request: web.Request) -> web.Response:
    """POST …/batch: 202 once all of its messages are recorded."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    query.known_only(request)
    key = idempotency_key(request)
    async with send_body(request, tenant_id) as (fields, upload):
        draft = batch_request(fields, upload)
    made = await request.app[BATCHES].create(tenant_id, draft, key=key)
    return mark(_answer(made.batch, status=202), replayed=made.replayed)


async def get(request: web.Request) -> web.Response:
    """GET …/batches/{batchId}: a batch and how far it is."""
    return _answer(await request.app[BATCHES].get(*_batch(request)))


async def page(request: web.Request) -> web.Response:
    """GET …/batches?before=&limit=: batches, newest first."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    query.known_only(request, "before", "limit")
    before = query.cursor(request, "before")
    if before is not None and not _BATCH_ID.fullmatch(before):
        raise GatewayError("batch_not_found")
    limit = query.limit(request, most=PAGE_MAX)
    return json_answer(BatchPageOut.of(await request.app[BATCHES].page(tenant_id, before=before, limit=limit)))


async def messages(request: web.Request) -> web.Response:
    """GET …/batches/{batchId}/messages?after=&limit=: its messages in the order of their recipients."""
    tenant_id, batch_id = _batch(request)
    query.known_only(request, "after", "limit")
    found = await request.app[BATCHES].messages(
        tenant_id,
        batch_id,
        after=query.cursor(request, "after"),
        limit=query.limit(request, most=MESSAGES_PAGE_MAX),
    )
    return json_answer(MessagePageOut.of(found))


async def pause(request: web.Request) -> web.Response:
    """POST …/batches/{batchId}/pause: no more of its messages leave."""
    return _answer(await request.app[BATCHES].pause(*_batch(request)))


async def resume(request: web.Request) -> web.Response:
    """POST …/batches/{batchId}/resume: its messages leave again."""
    return _answer(await request.app[BATCHES].resume(*_batch(request)))


async def cancel(request: web.Request) -> web.Response:
    """POST …/batches/{batchId}/cancel: those that have not left are not sent."""
    return _answer(await request.app[BATCHES].cancel(*_batch(request)))


def _answer(batch: Batch, *, status: int = 200) -> web.Response:
    return json_answer(BatchDetailsOut.of(batch), status=status)


def _batch(request: web.Request) -> tuple[str, str]:
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    batch_id = request.match_info["batchId"]
    if not _BATCH_ID.fullmatch(batch_id):
        # An id nobody can have been given.
        raise GatewayError("batch_not_found")
    return tenant_id, batch_id
