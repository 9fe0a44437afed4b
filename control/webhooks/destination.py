"""Says why webhooks may not go to a URL, to the person who typed it."""

from __future__ import annotations

from typing import Final

from control.egress.addresses import AddressPolicy
from control.egress.destination import URL_MAX_CHARACTERS, Reason, UrlRefused, judge
from control.errors import GatewayError

_SENTENCES: Final[dict[Reason, str]] = {
    "too_long": f"A webhook's URL has at most {URL_MAX_CHARACTERS} characters.",
    "characters": "A webhook's URL must not hold spaces, backslashes or control characters.",
    "not_a_url": "This is not a URL.",
    "form": "A webhook's URL looks like https://example.com/path.",
    "credentials": "A webhook's URL must not hold a user name or password.",
    "port": "Webhooks go to port 443, 80 or a port from 1024 on.",
    "plain_http": (
        "Webhooks go to https addresses. Plain http is accepted only inside the networks the operator lists in "
        "OUTBOUND_ALLOW_CIDRS."
    ),
    "internal": (
        "Webhooks may not go to this internal address. The operator can allow its network in OUTBOUND_ALLOW_CIDRS."
    ),
}


async def check_destination(url: str, policy: AddressPolicy) -> None:
    """Raise GatewayError webhook_url_refused unless webhooks may be sent to this URL."""
    try:
        await judge(url, policy)
    except UrlRefused as refused:
        raise GatewayError("webhook_url_refused", _SENTENCES[refused.reason]) from refused
