"""One row of the route table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control.api.operation import Operation
from control.auth.jwt import Purpose
from control.auth.scopes import Scope

SEND_SECONDS: Final = 400.0
"""Of a send with a file: its parts have limits of their own, which together may be this long. A file is uploaded
or fetched, waits for its turn, is converted, and WhatsApp's answer is waited for."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    seconds: the deadline of a request, above what its own parts may take; None for a stream.
    scope: what a key must be allowed; None only where the address is public, or one of the last two is set.
    ticket: a ticket in the address opens it too.
    cost: requests it counts as where requests are limited; 0 for none.
    any_scope: every key and token may, whatever its scopes.
    link: only a connect link opens it, by the token for this purpose, and no key does.
    creates_tenant: a tenant that does not exist is created by it, where the settings let everybody create one.
    audited_each: the audit log has each change made here by itself; else they are counted by the minute.
    operation: what the OpenAPI says of it.
    page: it is a page, or a file of one, for browsers and no part of the API.
    """

    method: str
    path: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    seconds: float | None
    scope: Scope | None = None
    public: bool = False
    ticket: bool = False
    cost: int = 1
    any_scope: bool = False
    link: Purpose | None = None
    creates_tenant: bool = False
    audited_each: bool = True
    operation: Operation | None = None
    page: bool = False
