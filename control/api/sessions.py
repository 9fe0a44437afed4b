"""Sessions over HTTP: start, status, stop, logout."""

from __future__ import annotations

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import SESSIONS, WEBHOOKS
from control.api.schemas import SessionOut, StartIn, StatusOut, checked_tenant_id


async def start(request: web.Request) -> web.Response:
    """POST …/start: make the session run; answers with the QR code to scan, or connected."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    body = checked(StartIn, await read_object(request, optional=True))
    webhook = None
    if body.webhook is not None:
        # Before the start, so that the session's first event already has somewhere to go.
        webhook = await request.app[WEBHOOKS].register(
            tenant_id, url=body.webhook.url, secret=body.webhook.secret, events=body.webhook.events
        )
    view = await request.app[SESSIONS].start(tenant_id)
    return json_answer(SessionOut.of(view, webhook))


async def status(request: web.Request) -> web.Response:
    """GET …/status: the session as it is now."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    return json_answer(StatusOut.of(await request.app[SESSIONS].status(tenant_id)))


async def stop(request: web.Request) -> web.Response:
    """POST …/stop: close the connection, keep the pairing."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    return json_answer(SessionOut.of(await request.app[SESSIONS].stop(tenant_id)))


async def logout(request: web.Request) -> web.Response:
    """POST …/logout: unlink the device and forget the pairing."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    return json_answer(SessionOut.of(await request.app[SESSIONS].logout(tenant_id)))
