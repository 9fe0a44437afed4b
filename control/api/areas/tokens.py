"""Addresses of tokens that stand for an API key."""

from __future__ import annotations

from typing import Final

from control.api import tokens
from control.api.route import Route

ROUTES: Final = (
    Route("POST", "/api/v1/tokens", tokens.create, seconds=10, any_scope=True),
    Route("DELETE", "/api/v1/tokens/current", tokens.sign_out, seconds=10, any_scope=True),
)
