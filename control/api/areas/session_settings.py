"""Addresses of a session's settings and of its limits."""

from __future__ import annotations

from typing import Final

from control.api import limits, session_settings
from control.api.limits import SendLimitsIn, SendLimitsOut
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.api.session_settings import SessionSettingsIn, SessionSettingsOut
from control.auth.scopes import Scope

_SESSION: Final = "/api/v1/sessions/{tenantId}"

ROUTES: Final = (
    Route(
        "GET",
        f"{_SESSION}/limits",
        limits.get,
        scope=Scope.SESSIONS_READ,
        seconds=15,
        operation=Operation(
            "getLimits",
            Tag.SESSIONS,
            "Look at a session's limits",
            description="How its messages are spaced, what is used of each limit, and what WhatsApp restricts.",
            answers={200: SendLimitsOut},
            calls=("limits.get",),
        ),
    ),
    Route(
        "PUT",
        f"{_SESSION}/limits",
        limits.put,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
        operation=Operation(
            "setLimits",
            Tag.SESSIONS,
            "Choose how messages are spaced",
            description="`paced` protects the number best; `null` takes what the installation's settings say.",
            body=SendLimitsIn,
            answers={200: SendLimitsOut},
            calls=("limits.set",),
        ),
    ),
    Route(
        "GET",
        f"{_SESSION}/settings",
        session_settings.get,
        scope=Scope.SESSIONS_READ,
        seconds=15,
        operation=Operation(
            "getSessionSettings",
            Tag.SESSIONS,
            "Look at a session's settings",
            description="What happens with files and calls, and which events there are at all.",
            answers={200: SessionSettingsOut},
            calls=("session.getSettings",),
        ),
    ),
    Route(
        "PATCH",
        f"{_SESSION}/settings",
        session_settings.patch,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
        operation=Operation(
            "changeSessionSettings",
            Tag.SESSIONS,
            "Change a session's settings",
            description="What is left out stays as it is.",
            body=SessionSettingsIn,
            answers={200: SessionSettingsOut},
            calls=("session.setSettings",),
        ),
    ),
)
