"""Addresses of sessions: connecting a tenant's number, its settings and limits."""

from __future__ import annotations

from typing import Final

from control.api import limits, live, proxy, qr, session_settings, sessions
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/sessions/{tenantId}/start",
        sessions.start,
        scope=Scope.SESSIONS_WRITE,
        creates_tenant=True,
        seconds=35,
    ),
    Route("GET", "/api/v1/sessions/{tenantId}/status", sessions.status, scope=Scope.SESSIONS_READ, seconds=15),
    Route("GET", "/api/v1/sessions/{tenantId}/qr", qr.qr, scope=Scope.SESSIONS_READ, seconds=20),
    Route("GET", "/api/v1/sessions/{tenantId}/events", live.live, scope=Scope.SESSIONS_READ, seconds=None),
    Route(
        "POST",
        "/api/v1/sessions/{tenantId}/pairing-code",
        sessions.pairing_code,
        scope=Scope.SESSIONS_WRITE,
        creates_tenant=True,
        seconds=35,
    ),
    Route("POST", "/api/v1/sessions/{tenantId}/restart", sessions.restart, scope=Scope.SESSIONS_WRITE, seconds=35),
    Route("PUT", "/api/v1/sessions/{tenantId}/proxy", proxy.put, scope=Scope.SESSIONS_WRITE, seconds=35),
    Route("DELETE", "/api/v1/sessions/{tenantId}/proxy", proxy.delete, scope=Scope.SESSIONS_WRITE, seconds=35),
    Route("GET", "/api/v1/sessions/{tenantId}/limits", limits.get, scope=Scope.SESSIONS_READ, seconds=15),
    Route("PUT", "/api/v1/sessions/{tenantId}/limits", limits.put, scope=Scope.SESSIONS_WRITE, seconds=15),
    Route(
        "GET", "/api/v1/sessions/{tenantId}/settings", session_settings.get, scope=Scope.SESSIONS_READ, seconds=15
    ),
    Route(
        "PATCH",
        "/api/v1/sessions/{tenantId}/settings",
        session_settings.patch,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
    ),
    Route("POST", "/api/v1/sessions/{tenantId}/stop", sessions.stop, scope=Scope.SESSIONS_WRITE, seconds=25),
    Route("POST", "/api/v1/sessions/{tenantId}/logout", sessions.logout, scope=Scope.SESSIONS_WRITE, seconds=30),
    Route("DELETE", "/api/v1/sessions/{tenantId}", sessions.delete, scope=Scope.SESSIONS_WRITE, seconds=35),
    Route("GET", "/api/v1/sessions", sessions.page, scope=Scope.SESSIONS_READ, seconds=15),
)
