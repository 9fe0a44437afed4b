"""API keys over HTTP: make, list, look, change, rotate, revoke."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import API_KEYS, AUDIT_TARGET, PRINCIPAL
from control.api.key_schemas import KeyChangeIn, KeyIn, KeyOut, KeyPageOut, KeyRevokedOut, KeyRotateIn, KeyShownOut
from control.api.schemas import checked_tenant_id
from control.auth.api_keys import Wanted
from control.auth.key_format import KEY_ID
from control.auth.scopes import Scope
from control.errors import GatewayError

PAGE_MAX: Final = 200


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/keys: a new key, shown in this answer and never again."""
    body = checked(KeyIn, await read_object(request))
    view, secret = await request.app[API_KEYS].create(
        request[PRINCIPAL],
        Wanted(
            name=body.name,
            tenants=tuple(body.tenants) if body.tenants is not None else None,
            scopes=frozenset(Scope(scope) for scope in body.scopes),
            expires_ms=body.expires_at,
        ),
    )
    request[AUDIT_TARGET] = view.key.id
    return json_answer(KeyShownOut.shown(view, secret), status=201)


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/keys?after=&limit=&tenantId=&createdBy=: the keys that who asks may see."""
    query.known_only(request, "after", "limit", "tenantId", "createdBy")
    tenant_id = request.query.get("tenantId") or None
    if tenant_id is not None and not request[PRINCIPAL].sees(checked_tenant_id(tenant_id)):
        raise GatewayError("tenant_not_found")
    views, following = await request.app[API_KEYS].page(
        request[PRINCIPAL],
        after=query.cursor(request, "after"),
        limit=query.limit(request, most=PAGE_MAX),
        tenant_id=tenant_id,
        created_by=query.cursor(request, "createdBy"),
    )
    return json_answer(KeyPageOut(keys=[KeyOut.of(view) for view in views], next=following))


async def get(request: web.Request) -> web.Response:
    """GET /api/v1/keys/{keyId}: one key."""
    return json_answer(KeyOut.of(await request.app[API_KEYS].get(request[PRINCIPAL], _key_id(request))))


async def change(request: web.Request) -> web.Response:
    """PATCH /api/v1/keys/{keyId}: change what is in the body."""
    key_id, values = _key_id(request), checked(KeyChangeIn, await read_object(request)).given()
    if not values:
        raise GatewayError("invalid_request", "The body names nothing to change.")
    return json_answer(KeyOut.of(await request.app[API_KEYS].change(request[PRINCIPAL], key_id, values)))


async def rotate(request: web.Request) -> web.Response:
    """POST /api/v1/keys/{keyId}/rotate: a new key in its place, shown once."""
    key_id, body = _key_id(request), checked(KeyRotateIn, await read_object(request, optional=True))
    view, secret = await request.app[API_KEYS].rotate(
        request[PRINCIPAL], key_id, overlap_seconds=body.overlap_seconds
    )
    return json_answer(KeyShownOut.shown(view, secret))


async def revoke(request: web.Request) -> web.Response:
    """DELETE /api/v1/keys/{keyId}: it opens nothing any more, now and everywhere."""
    return json_answer(KeyRevokedOut.of(await request.app[API_KEYS].revoke(request[PRINCIPAL], _key_id(request))))


def _key_id(request: web.Request) -> str:
    key_id = request.match_info["keyId"]
    if not KEY_ID.fullmatch(key_id):
        raise GatewayError("key_not_found")
    return key_id
