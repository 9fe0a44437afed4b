"""Tokens over HTTP: what a page keeps instead of an API key.

POST   /api/v1/tokens            by an API key: signs in; by a token: renews it
DELETE /api/v1/tokens/current    by a token: signs out
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, Self

from aiohttp import web
from pydantic import Field, StrictStr

from control.api.answers import json_answer
from control.api.body import checked, read_object, wrong_field
from control.api.context import PRINCIPAL, TOKENS
from control.api.schemas import checked_tenant_id
from control.api.shape import In, Out, iso
from control.auth.credential import credential_in
from control.auth.principal import PrincipalKind
from control.auth.scopes import Scope
from control.auth.tokens import IssuedToken, Narrowing
from control.errors import GatewayError

TENANTS_MAX = 50
"""That a token can be narrowed to: they stand in it, and it stands in a header."""


class TokenIn(In):
    """Body of POST /api/v1/tokens; may be left out for all that the key may do."""

    tenants: Annotated[list[StrictStr], Field(min_length=1, max_length=TENANTS_MAX)] | None = None
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))] | None = None


class TokenOut(Out):
    """A token for `Authorization: Bearer`. tenants: null for all. signInEndsAt: until when it can be renewed."""

    success: Literal[True] = True
    token: str
    expires_at: str
    sign_in_ends_at: str
    tenants: list[str] | None
    scopes: list[Scope]

    @classmethod
    def of(cls, issued: IssuedToken) -> Self:
        """Return the answer for a token."""
        holder = issued.principal
        return cls(
            token=issued.token,
            expires_at=iso(issued.expires_at * 1000),
            sign_in_ends_at=iso(issued.sign_in_ends_at * 1000),
            tenants=sorted(holder.tenants) if holder.tenants is not None else None,
            scopes=sorted(holder.scopes),
        )


class SignedOutOut(Out):
    """No token of this sign-in is taken any more."""

    success: Literal[True] = True


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/tokens. Raises `forbidden` and `tenant_not_found` for more than the key may do."""
    if request[PRINCIPAL].kind is PrincipalKind.METRICS:
        raise GatewayError("forbidden", "This takes an API key.")
    body = checked(TokenIn, await read_object(request, optional=True))
    given, tokens = credential_in(request.headers), request.app[TOKENS]
    if request[PRINCIPAL].kind is PrincipalKind.TOKEN:
        if body.tenants is not None or body.scopes is not None:
            named = "tenants" if body.tenants is not None else "scopes"
            raise wrong_field(named, "can be chosen at the sign-in only: a renewed token may do what it could")
        return json_answer(TokenOut.of(await tokens.renew(given)), status=201)
    narrowing = Narrowing(
        frozenset(map(checked_tenant_id, body.tenants)) if body.tenants is not None else None,
        frozenset(body.scopes) if body.scopes is not None else None,
    )
    digest = hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()
    return json_answer(TokenOut.of(await tokens.sign_in(request[PRINCIPAL], digest, narrowing)), status=201)


async def sign_out(request: web.Request) -> web.Response:
    """DELETE /api/v1/tokens/current. Raises `forbidden` for an API key, which is ended by revoking it."""
    if request[PRINCIPAL].kind is not PrincipalKind.TOKEN:
        raise GatewayError("forbidden", "Only a token can sign itself out. An API key ends by being revoked.")
    await request.app[TOKENS].sign_out(credential_in(request.headers))
    return json_answer(SignedOutOut())
