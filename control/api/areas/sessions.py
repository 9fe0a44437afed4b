"""Addresses of sessions: connecting a tenant's number. Its settings and limits are in session_settings.py."""

from __future__ import annotations

from typing import Final

from control.api import live, proxy, qr, sessions
from control.api.operation import Answer, Body, Content, Operation, Parameter, Tag, after, limit
from control.api.route import Route
from control.api.schemas import (
    PairingCodeIn,
    PairingCodeOut,
    ProxyIn,
    QrCodeOut,
    SessionDeletedOut,
    SessionOut,
    SessionPageOut,
    SessionStatusOut,
    StartedSessionOut,
    StartSessionIn,
)
from control.api.spec.path_parameters import PATH_PARAMETERS
from control.auth.scopes import Scope

_SESSION: Final = "/api/v1/sessions/{tenantId}"

_FORMS: Final = ("json", "png", "svg", "text")

ROUTES: Final = (
    Route(
        "POST",
        f"{_SESSION}/start",
        sessions.start,
        scope=Scope.SESSIONS_WRITE,
        creates_tenant=True,
        seconds=35,
        operation=Operation(
            "startSession",
            Tag.SESSIONS,
            "Start a session",
            description=(
                "Makes the tenant's session run and waits for the first QR code, or for the connection where the "
                "number was linked before. Starting a session that runs changes nothing and returns what is. "
                "`webhook` registers where its events go; without a body they go to the installation's webhook."
            ),
            body=Body(StartSessionIn, required=False),
            answers={200: StartedSessionOut},
            calls=("session.start",),
            errors=("qr_code_not_ready", "webhook_url_refused", "too_many_webhooks", "disk_unavailable"),
        ),
    ),
    Route(
        "GET",
        f"{_SESSION}/status",
        sessions.status,
        scope=Scope.SESSIONS_READ,
        seconds=15,
        operation=Operation(
            "getSessionStatus",
            Tag.SESSIONS,
            "Look at a session",
            description="The session as it is now, with the QR code or pairing code it can be linked by.",
            answers={200: SessionStatusOut},
            calls=("session.get",),
        ),
    ),
    Route(
        "GET",
        f"{_SESSION}/qr",
        qr.qr,
        scope=Scope.SESSIONS_READ,
        seconds=20,
        operation=Operation(
            "getQrCode",
            Tag.SESSIONS,
            "Get the QR code",
            description=(
                "The code that can be scanned now, waiting a moment for the next one, in the form that `Accept` "
                "or `format` asks for. A code is good for seconds: ask again when `expiresAt` has passed."
            ),
            parameters=(
                Parameter("format", "The form; wins over the header Accept.", {"type": "string", "enum": _FORMS}),
            ),
            answers={
                200: Answer(
                    "The code.",
                    QrCodeOut,
                    others=(
                        Content("A picture.", ("image/png",)),
                        Content("A picture.", ("image/svg+xml",), {"type": "string"}),
                        Content("Half blocks for a terminal.", ("text/plain",), {"type": "string"}),
                    ),
                )
            },
            calls=("session.get",),
            errors=("invalid_request", "no_qr_code", "not_acceptable"),
        ),
    ),
    Route(
        "GET",
        f"{_SESSION}/events",
        live.live,
        scope=Scope.SESSIONS_READ,
        seconds=None,
        operation=Operation(
            "watchSession",
            Tag.SESSIONS,
            "Watch a session",
            description=(
                "Server-sent events: first `session.status` as it is now, then each change, and `session.qr` with "
                "`data.qrCode`, the picture of each new code. A comment every 15 seconds keeps the connection."
            ),
            answers={200: Content("The stream.", ("text/event-stream",), {"type": "string"})},
            calls=("session.get",),
            errors=("too_many_streams",),
        ),
    ),
    Route(
        "POST",
        f"{_SESSION}/pairing-code",
        sessions.pairing_code,
        scope=Scope.SESSIONS_WRITE,
        creates_tenant=True,
        seconds=35,
        operation=Operation(
            "getPairingCode",
            Tag.SESSIONS,
            "Get a pairing code",
            description=(
                "A code to type on the phone in place of scanning: WhatsApp, Linked devices, Link a device, Link "
                "with phone number instead. Starts the session if it does not run."
            ),
            body=PairingCodeIn,
            answers={200: PairingCodeOut},
            calls=("session.pairingCode",),
            errors=("invalid_phone_number",),
        ),
    ),
    Route(
        "POST",
        f"{_SESSION}/restart",
        sessions.restart,
        scope=Scope.SESSIONS_WRITE,
        seconds=35,
        operation=Operation(
            "restartSession",
            Tag.SESSIONS,
            "Restart a session",
            description="Connects anew and keeps the link.",
            answers={200: SessionOut},
            calls=("session.restart",),
            errors=("qr_code_not_ready",),
        ),
    ),
    Route(
        "POST",
        f"{_SESSION}/stop",
        sessions.stop,
        scope=Scope.SESSIONS_WRITE,
        seconds=25,
        operation=Operation(
            "stopSession",
            Tag.SESSIONS,
            "Stop a session",
            description="Closes the connection and keeps the link; start it to go on.",
            answers={200: SessionOut},
            calls=("session.stop",),
        ),
    ),
    Route(
        "POST",
        f"{_SESSION}/logout",
        sessions.logout,
        scope=Scope.SESSIONS_WRITE,
        seconds=30,
        operation=Operation(
            "logoutSession",
            Tag.SESSIONS,
            "Log a session out",
            description="Unlinks the device from the phone; the next start needs a scan.",
            answers={200: SessionOut},
            calls=("session.logout",),
        ),
    ),
    Route(
        "DELETE",
        _SESSION,
        sessions.delete,
        scope=Scope.SESSIONS_WRITE,
        seconds=35,
        operation=Operation(
            "deleteSession",
            Tag.SESSIONS,
            "Delete a session",
            description="Unlinks the device and destroys everything that is stored of the tenant.",
            answers={200: SessionDeletedOut},
            calls=("session.delete",),
            errors=("disk_unavailable",),
        ),
    ),
    Route(
        "PUT",
        f"{_SESSION}/proxy",
        proxy.put,
        scope=Scope.SESSIONS_WRITE,
        seconds=35,
        operation=Operation(
            "setProxy",
            Tag.SESSIONS,
            "Connect through a proxy",
            description="Tests the proxy, keeps its address encrypted and connects through it from now on.",
            body=ProxyIn,
            answers={200: SessionOut},
            calls=("session.setProxy",),
            errors=("proxy_url_refused",),
        ),
    ),
    Route(
        "DELETE",
        f"{_SESSION}/proxy",
        proxy.delete,
        scope=Scope.SESSIONS_WRITE,
        seconds=35,
        operation=Operation(
            "removeProxy",
            Tag.SESSIONS,
            "Connect directly",
            description="Forgets the proxy.",
            answers={200: SessionOut},
            calls=("session.setProxy", "session.get"),
        ),
    ),
    Route(
        "GET",
        "/api/v1/sessions",
        sessions.page,
        scope=Scope.SESSIONS_READ,
        seconds=15,
        operation=Operation(
            "listSessions",
            Tag.SESSIONS,
            "List sessions",
            description="Sessions with their states in the order of `tenantId`, without codes to scan.",
            parameters=(
                after(
                    "The `next` of the page before: sessions of tenants after this one.",
                    PATH_PARAMETERS["tenantId"].schema,
                ),
                limit(most=sessions.PAGE_MAX),
            ),
            answers={200: SessionPageOut},
            calls=("session.list",),
            errors=("invalid_tenant_id",),
        ),
    ),
)
