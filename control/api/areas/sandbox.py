"""Addresses of the sandbox: for the operator, and only where the bridge is connected to a sandbox."""

from __future__ import annotations

from typing import Final

from control.api import sandbox
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("POST", "/api/v1/sandbox/{tenantId}/scan", sandbox.scan, scope=Scope.INSTALLATION, seconds=30),
    Route("POST", "/api/v1/sandbox/{tenantId}/say", sandbox.say, scope=Scope.INSTALLATION, seconds=30),
)
