"""Where requests meet their limits: before anybody is authenticated, and when it is known who somebody is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from control.api.context import ADDRESSES, INSTRUMENTS, PRINCIPAL, RATE_LIMITER, VERDICT
from control.api.route import Route
from control.auth.principal import Principal, PrincipalKind
from control.errors import GatewayError
from control.ratelimit.headers import rate_limit_headers
from control.ratelimit.limiter import Caller, RateLimited, RateLimiter

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_KEY_BEGINS: Final = "wk_live_"
_KEY_ID_LENGTH: Final = 8
_MAX_SHOWN: Final = 4096

_CALLER = web.RequestKey("caller", Caller)


def before_authentication(route_of: Callable[[web.Request], Route | None]) -> Middleware:
    """Make the middleware around authentication: it stops strangers out of requests and counts failures."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _cost(route_of(request)) == 0:
            return await handler(request)
        limiter = request.app[RATE_LIMITER]
        try:
            request[_CALLER] = caller = _caller(request, limiter)
            limiter.arrived(caller)
            try:
                return await handler(request)
            except GatewayError as error:
                await _charge_refusal(request, limiter, caller, error)
                raise
        except RateLimited as limited:
            request[VERDICT] = limited.verdict
            for policy in limited.verdict.denying:
                request.app[INSTRUMENTS].denied(policy)
            raise

    return middleware


def after_authentication(route_of: Callable[[web.Request], Route | None]) -> Middleware:
    """Make the middleware that draws from the buckets of whoever was let in."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        cost = _cost(route_of(request))
        if cost > 0:
            limiter, caller = request.app[RATE_LIMITER], request[_CALLER]
            principal = request.get(PRINCIPAL)
            if principal is None:
                # By the address, whatever was shown: else all who hold a key would draw from one bucket.
                caller = _stranger(request, caller.shown) if caller.known else caller
                request[VERDICT] = await limiter.anonymous(caller, cost)
            else:
                tenant_id = request.match_info.get("tenantId")
                await _draw(request, limiter, caller, principal, tenant_id, cost)
        return await handler(request)

    return middleware


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the caller what holds and what is left."""
    verdict = request.get(VERDICT)
    if verdict is not None:
        response.headers.update(rate_limit_headers(verdict))


async def _charge_refusal(request: web.Request, limiter: RateLimiter, caller: Caller, error: GatewayError) -> None:
    """Let a request that did not get as far as the other middleware count too."""
    principal = request.get(PRINCIPAL)
    if principal is None:
        if error.code == "unauthorized":
            caller = _stranger(request, caller.shown) if caller.known else caller
            request[VERDICT] = await limiter.refused(caller)
    elif VERDICT not in request:
        # Another's tenant is not charged for it.
        await _draw(request, limiter, caller, principal, None, 1)


async def _draw(
    request: web.Request,
    limiter: RateLimiter,
    caller: Caller,
    principal: Principal,
    tenant_id: str | None,
    cost: int,
) -> None:
    if principal.kind is PrincipalKind.CONNECT_LINK:
        # Whoever has a link must not be able to use up what the tenant's own application may do.
        tenant_id = None
    elif tenant_id is None and principal.tenants is not None and len(principal.tenants) == 1:
        (tenant_id,) = principal.tenants
    request[VERDICT] = await limiter.signed_in(
        caller,
        operator=principal.kind is PrincipalKind.OPERATOR,
        key_id=principal.key_id if principal.kind is not PrincipalKind.TICKET else None,
        tenant_id=tenant_id,
        cost=cost,
    )


def _caller(request: web.Request, limiter: RateLimiter) -> Caller:
    given = _shown(request)
    shown = limiter.fingerprint(given) if given is not None and len(given) <= _MAX_SHOWN else None
    # Of a known one neither the address nor the key's name is asked for.
    return Caller("", shown, None, known=True) if limiter.knows(shown) else _stranger(request, shown)


def _stranger(request: web.Request, shown: bytes | None) -> Caller:
    address = request.app[ADDRESSES].name(request.remote, request.headers.getall("X-Forwarded-For", ()))
    # The id in a key made by API is no secret.
    _, found, secret = (_shown(request) or "").partition(_KEY_BEGINS)
    return Caller(address, shown, secret[:_KEY_ID_LENGTH] if found else None, known=False)


def _shown(request: web.Request) -> str | None:
    return request.headers.get("Authorization") or request.headers.get("X-API-Key")


def _cost(route: Route | None) -> int:
    return route.cost if route is not None else 1
