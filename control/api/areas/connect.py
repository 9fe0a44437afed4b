"""Addresses of connect links: those an application makes, and those the page behind one asks."""

from __future__ import annotations

from typing import Final

from control.api import connect, connect_links
from control.api.connect_shapes import ConnectLinkIn, ConnectLinkOut, ConnectLinkRevokedOut, ConnectLinksOut
from control.api.connect_view import ConnectStateOut, ConnectVisitOut
from control.api.operation import Body, Content, Operation, Tag
from control.api.route import Route
from control.api.schemas import PairingCodeIn
from control.auth.jwt import Purpose
from control.auth.scopes import Scope

_SESSION: Final = "/api/v1/sessions/{tenantId}"

_OVER: Final = (
    "connect_link_expired",
    "connect_link_revoked",
    "connect_link_finished",
    "tenant_suspended",
    "tenant_not_found",
    "redis_unavailable",
)

ROUTES: Final = (
    Route(
        "POST",
        f"{_SESSION}/connect-link",
        connect_links.create,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
        operation=Operation(
            "createConnectLink",
            Tag.CONNECT,
            "Make a connect link",
            description=(
                "An address for your own customer: a page with the live QR code, or a pairing code for the "
                "number they type, in your name and colour, and nothing else. `url` is shown in this answer only. "
                "Nothing is started before the link is opened. It ends by its time, when it is revoked, ten "
                "minutes after the number was connected, and with its tenant."
            ),
            body=Body(ConnectLinkIn, required=False),
            answers={201: ConnectLinkOut},
            errors=("too_many_connect_links", "redis_unavailable"),
        ),
    ),
    Route(
        "GET",
        f"{_SESSION}/connect-links",
        connect_links.page,
        scope=Scope.SESSIONS_READ,
        seconds=15,
        operation=Operation(
            "listConnectLinks",
            Tag.CONNECT,
            "List connect links",
            description="Those that are neither over nor revoked, at most 50, without their addresses.",
            answers={200: ConnectLinksOut},
            errors=("redis_unavailable",),
        ),
    ),
    Route(
        "DELETE",
        f"{_SESSION}/connect-links/{{linkId}}",
        connect_links.revoke,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
        operation=Operation(
            "revokeConnectLink",
            Tag.CONNECT,
            "Revoke a connect link",
            description="It opens nothing from now on, and pages that it opened are told within seconds.",
            answers={200: ConnectLinkRevokedOut},
            errors=("connect_link_not_found", "redis_unavailable"),
        ),
    ),
    Route(
        "POST",
        "/api/v1/connect/visits",
        connect.visit,
        seconds=15,
        link=Purpose.CONNECT_LINK,
        operation=Operation(
            "openConnectLink",
            Tag.CONNECT,
            "Open a connect link",
            description=(
                "For the connect page: takes the token that stands behind the # of a connect link and answers "
                "with the one that the page's other addresses take. Counts as a use of the link."
            ),
            answers={201: ConnectVisitOut},
            errors=(*_OVER, "connect_link_used"),
        ),
    ),
    Route(
        "POST",
        "/api/v1/connect/start",
        connect.start,
        creates_tenant=True,
        seconds=35,
        link=Purpose.CONNECT_VISIT,
        operation=Operation(
            "startByConnectLink",
            Tag.CONNECT,
            "Start the session of a connect link",
            description="For the connect page: makes the session run where it does not, and says how it is.",
            answers={200: ConnectStateOut},
            calls=("session.get", "session.start"),
            errors=(*_OVER, "qr_code_not_ready"),
        ),
    ),
    Route(
        "POST",
        "/api/v1/connect/pairing-code",
        connect.pairing_code,
        creates_tenant=True,
        seconds=35,
        link=Purpose.CONNECT_VISIT,
        operation=Operation(
            "getPairingCodeByConnectLink",
            Tag.CONNECT,
            "Get a pairing code by a connect link",
            description="For the connect page: a code to type on the phone with this number; ten by each link.",
            body=PairingCodeIn,
            answers={200: ConnectStateOut},
            calls=("session.pairingCode",),
            errors=(*_OVER, "forbidden", "invalid_phone_number", "too_many_pairing_codes"),
        ),
    ),
    Route(
        "GET",
        "/api/v1/connect/state",
        connect.state,
        seconds=15,
        link=Purpose.CONNECT_VISIT,
        operation=Operation(
            "getConnectState",
            Tag.CONNECT,
            "Look at a connect link's session",
            description="For the connect page: what it shows now.",
            answers={200: ConnectStateOut},
            calls=("session.get",),
            errors=_OVER,
        ),
    ),
    Route(
        "GET",
        "/api/v1/connect/events",
        connect.events,
        seconds=None,
        link=Purpose.CONNECT_VISIT,
        operation=Operation(
            "watchConnectState",
            Tag.CONNECT,
            "Watch a connect link's session",
            description=(
                "For the connect page: server-sent events, `state` with what to show now and with every change, "
                "`ended` with the code of the error once the link opens nothing any more."
            ),
            answers={200: Content("The stream.", ("text/event-stream",), {"type": "string"})},
            calls=("session.get",),
            errors=(*_OVER, "too_many_streams"),
        ),
    ),
)
