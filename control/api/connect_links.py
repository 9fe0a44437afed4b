"""Connect links over HTTP, for applications: make one, list them, revoke one.

    POST   /api/v1/sessions/{tenantId}/connect-link
    GET    /api/v1/sessions/{tenantId}/connect-links
    DELETE /api/v1/sessions/{tenantId}/connect-links/{linkId}

What the page behind a link asks is in control/api/connect.py, what a link is in control/auth/connect_links.py.
"""

from __future__ import annotations

import time

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.connect_shapes import (
    ConnectLinkIn,
    ConnectLinkOut,
    ConnectLinkRevokedOut,
    ConnectLinkShown,
    ConnectLinksOut,
)
from control.api.context import AUDIT_TARGET, CONNECT_LINKS
from control.api.schemas import checked_tenant_id


async def create(request: web.Request) -> web.Response:
    """POST …/connect-link: an address for the tenant's customer. Starts nothing; opening it does.

    Raises `too_many_connect_links`.
    """
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    body = checked(ConnectLinkIn, await read_object(request, optional=True))
    link, url = await request.app[CONNECT_LINKS].issue(tenant_id, body.record(), body.expires_in_seconds)
    request[AUDIT_TARGET] = link.id
    return json_answer(ConnectLinkOut.made(link, url), status=201)


async def page(request: web.Request) -> web.Response:
    """GET …/connect-links: those that are not over and not revoked, at most 50."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    now_ms = time.time_ns() // 1_000_000
    links = await request.app[CONNECT_LINKS].all_of(tenant_id)
    return json_answer(ConnectLinksOut(links=[ConnectLinkShown.of(link, now_ms) for link in links]))


async def revoke(request: web.Request) -> web.Response:
    """DELETE …/connect-links/{linkId}. Pages that it opened are told within seconds."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    link_id = request.match_info["linkId"]
    await request.app[CONNECT_LINKS].revoke(tenant_id, link_id)
    return json_answer(ConnectLinkRevokedOut(id=link_id))
