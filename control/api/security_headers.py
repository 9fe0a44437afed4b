"""The headers that every answer has: Helmet's, as version 8 sets them, with a Content-Security-Policy for JSON.

The policy here allows nothing, because an answer of the API is never a page; pages bring their own
(control/api/pages.py). Strict-Transport-Security is sent whatever BASE_URL says, as Helmet does: browsers heed it
only where it came over HTTPS, so where there is none it does nothing, and behind a proxy that speaks HTTPS it is
right without a setting. Nothing is ever kept by caches unless a handler says so.
"""

from __future__ import annotations

from typing import Final

from multidict import CIMultiDict, istr

SERVER: Final = "whatsapp-gateway"

HEADERS: Final = {
    istr("Cache-Control"): "no-store",
    istr("Content-Security-Policy"): "default-src 'none'; frame-ancestors 'none'",
    istr("Cross-Origin-Opener-Policy"): "same-origin",
    istr("Cross-Origin-Resource-Policy"): "same-origin",
    istr("Origin-Agent-Cluster"): "?1",
    istr("Referrer-Policy"): "no-referrer",
    istr("Strict-Transport-Security"): "max-age=31536000; includeSubDomains",
    istr("X-Content-Type-Options"): "nosniff",
    istr("X-DNS-Prefetch-Control"): "off",
    istr("X-Download-Options"): "noopen",
    istr("X-Frame-Options"): "SAMEORIGIN",
    istr("X-Permitted-Cross-Domain-Policies"): "none",
    istr("X-XSS-Protection"): "0",
}

_SERVER_NAME: Final = istr("Server")


def add_security_headers(headers: CIMultiDict[str]) -> None:
    """Put them on an answer, but for those that its handler set itself."""
    for name, value in HEADERS.items():
        if name not in headers:
            headers[name] = value
    # aiohttp has named itself and its version here already.
    headers[_SERVER_NAME] = SERVER
