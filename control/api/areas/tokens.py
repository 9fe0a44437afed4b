"""Addresses of tokens that stand for an API key."""

from __future__ import annotations

from typing import Final

from control.api import tokens
from control.api.operation import Body, Operation, Tag
from control.api.route import Route
from control.api.tokens import SignedOutOut, TokenIn, TokenOut

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/tokens",
        tokens.create,
        seconds=10,
        any_scope=True,
        operation=Operation(
            "createToken",
            Tag.TOKENS,
            "Sign in, or renew a token",
            description=(
                "With an API key: a token that may do for 15 minutes what the key may do, or less where `tenants` "
                "or `scopes` say so. With a token: another one for 15 minutes, until 12 hours after the sign-in. "
                "A token ends with its key. For pages in browsers, which should not keep a key."
            ),
            body=Body(TokenIn, required=False),
            answers={201: TokenOut},
            errors=("tenant_not_found", "invalid_tenant_id", "redis_unavailable"),
        ),
    ),
    Route(
        "DELETE",
        "/api/v1/tokens/current",
        tokens.sign_out,
        seconds=10,
        any_scope=True,
        operation=Operation(
            "signOut",
            Tag.TOKENS,
            "Sign out",
            description="Ends the token this is asked with and every other of the same sign-in, at once.",
            answers={200: SignedOutOut},
            errors=("forbidden", "redis_unavailable"),
        ),
    ),
)
