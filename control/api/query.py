"""What stands behind the question mark of an address."""

from __future__ import annotations

import re

from aiohttp import web

from control.api.body import wrong_field

PAGE_DEFAULT = 100

_CURSOR = re.compile(r"[A-Za-z0-9._:@-]{1,128}", re.ASCII)


def known_only(request: web.Request, *names: str) -> None:
    """Raise `invalid_request` for a name this address does not know: a misspelt filter would filter nothing."""
    for name in request.query:
        if name not in names:
            raise wrong_field(name[:40], "is not a known parameter")


def whole_number(request: web.Request, name: str, *, least: int, most: int, default: int) -> int:
    """Return a parameter's number; raises `invalid_request`."""
    given = request.query.get(name, "")
    if given == "":
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and least <= int(given) <= most):
        raise wrong_field(name, f"must be a whole number from {least} to {most}")
    return int(given)


def limit(request: web.Request, *, most: int) -> int:
    """Return how many entries a page may have; raises `invalid_request`."""
    return whole_number(request, "limit", least=1, most=most, default=min(PAGE_DEFAULT, most))


def cursor(request: web.Request, name: str) -> str | None:
    """Return the id a page begins beside; raises `invalid_request`."""
    given = request.query.get(name) or None
    if given is not None and not _CURSOR.fullmatch(given):
        raise wrong_field(name, "is no id")
    return given


def truth(request: web.Request, name: str) -> bool:
    """Return whether a parameter says yes; raises `invalid_request`."""
    given = request.query.get(name, "").lower()
    if given not in ("", "true", "false", "1", "0"):
        raise wrong_field(name, "must be true or false")
    return given in ("true", "1")
