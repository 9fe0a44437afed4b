"""Sessions over HTTP: start, link by code, look, list, restart, stop, log out, delete."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import AUDIT_TENANT, PRINCIPAL, SESSIONS, WEBHOOK_SERVICE
from control.api.phone import given_phone
from control.api.schemas import (
    PairingCodeIn,
    PairingCodeOut,
    SessionDeletedOut,
    SessionOut,
    SessionPageOut,
    SessionStatusOut,
    SessionTruthOut,
    StartedSessionOut,
    StartSessionIn,
    checked_tenant_id,
)
from control.log import mask_tenant

PAGE_MAX = 500


async def start(request: web.Request) -> web.Response:
    """POST …/start: make the session run; answers with the QR code to scan, or connected."""
    tenant_id = _tenant(request)
    body = checked(StartSessionIn, await read_object(request, optional=True))
    webhook = None
    if body.webhook is not None:
        # Before the start, so that the session's first event already has somewhere to go.
        webhook = await request.app[WEBHOOK_SERVICE].register(
            tenant_id, url=body.webhook.url, secret=body.webhook.secret, events=body.webhook.events
        )
    view = await request.app[SESSIONS].start(tenant_id)
    return json_answer(StartedSessionOut.started(view, webhook))


async def pairing_code(request: web.Request) -> web.Response:
    """POST …/pairing-code: a code to type on the phone, instead of scanning."""
    tenant_id = _tenant(request)
    body = checked(PairingCodeIn, await read_object(request))
    number = given_phone(body.phone_number, "phoneNumber")
    return json_answer(PairingCodeOut.of(await request.app[SESSIONS].pairing_code(tenant_id, number)))


async def status(request: web.Request) -> web.Response:
    """GET …/status: the session as it is now."""
    return json_answer(SessionStatusOut.of(await request.app[SESSIONS].status(_tenant(request))))


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/sessions?after=&limit=: the sessions who asks may see, a page at a time."""
    after = request.query.get("after") or None
    if after is not None:
        checked_tenant_id(after)
    sessions, tenants, limit = (
        request.app[SESSIONS],
        request[PRINCIPAL].tenants,
        query.limit(request, most=PAGE_MAX),
    )
    page_of = sessions.page if tenants is None else partial(sessions.page_of, tenants)
    views, following = await page_of(after, limit)
    return json_answer(SessionPageOut(sessions=[SessionTruthOut.of(view) for view in views], next=following))


async def restart(request: web.Request) -> web.Response:
    """POST …/restart: connect anew with the same pairing."""
    return json_answer(SessionOut.of(await request.app[SESSIONS].restart(_tenant(request))))


async def stop(request: web.Request) -> web.Response:
    """POST …/stop: close the connection, keep the pairing."""
    return json_answer(SessionOut.of(await request.app[SESSIONS].stop(_tenant(request))))


async def logout(request: web.Request) -> web.Response:
    """POST …/logout: unlink the device and forget the pairing."""
    return json_answer(SessionOut.of(await request.app[SESSIONS].logout(_tenant(request))))


async def delete(request: web.Request) -> web.Response:
    """DELETE: unlink the device and destroy everything that is stored of the tenant."""
    tenant_id = _tenant(request)
    # What is deleted is not named in full by the entry that says so.
    request[AUDIT_TENANT] = mask_tenant(tenant_id)
    return json_answer(
        SessionDeletedOut(deleted=await request.app[SESSIONS].delete(tenant_id), tenant_id=tenant_id)
    )


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])
