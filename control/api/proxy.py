"""PUT and DELETE …/proxy: through which proxy a tenant reaches WhatsApp.

A proxy's address may hold a user and a password. It goes to the bridge and nowhere else: no log, no answer, no
error repeats any part of it.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web
from yarl import URL

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import PROXIES, SESSIONS
from control.api.schemas import ProxyIn, SessionOut, checked_tenant_id
from control.egress.addresses import AddressPolicy, BlockedAddress, literal_addresses
from control.egress.destination import resolve
from control.errors import GatewayError

SCHEMES: Final = ("http", "https", "socks5")


async def put(request: web.Request) -> web.Response:
    """PUT …/proxy: test the proxy, and connect through it from now on.

    Raises `proxy_url_refused`, `proxy_unreachable`, `session_not_found`.
    """
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    body = checked(ProxyIn, await read_object(request))
    await _check(body.proxy_url, request.app[PROXIES])
    return json_answer(SessionOut.of(await request.app[SESSIONS].set_proxy(tenant_id, body.proxy_url)))


async def delete(request: web.Request) -> web.Response:
    """DELETE …/proxy: connect directly again. Raises `session_not_found`."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    return json_answer(SessionOut.of(await request.app[SESSIONS].set_proxy(tenant_id, None)))


async def _check(proxy_url: str, policy: AddressPolicy) -> None:
    """Refuse what is no proxy's address, and addresses inside the operator's network, as for webhooks."""
    try:
        parsed = URL(proxy_url)
        port = parsed.port
    except ValueError:
        raise _refused(_FORM) from None
    host = parsed.raw_host
    if parsed.scheme not in SCHEMES or not host or port is None or not proxy_url.isprintable() or " " in proxy_url:
        raise _refused(_FORM)
    if parsed.raw_path not in ("", "/") or parsed.raw_query_string or parsed.raw_fragment:
        raise _refused(_FORM)
    try:
        for address in literal_addresses(host) or await resolve(host):
            policy.check(address)
    except BlockedAddress:
        raise _refused(
            "Proxies may not be at this internal address. The operator can allow its network in "
            "OUTBOUND_ALLOW_CIDRS."
        ) from None


_FORM = (
    "A proxy's address looks like socks5://user:password@proxy.example:1080; http, https and socks5 are possible."
)


def _refused(sentence: str) -> GatewayError:
    return GatewayError("proxy_url_refused", sentence)
