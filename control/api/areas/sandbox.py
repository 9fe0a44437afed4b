"""Addresses of the sandbox: for the operator, and only where the bridge is connected to a sandbox."""

from __future__ import annotations

from typing import Final

from control.api import sandbox
from control.api.operation import Body, Operation, Tag
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/sandbox/{tenantId}/scan",
        sandbox.scan,
        scope=Scope.INSTALLATION,
        seconds=30,
        operation=Operation(
            "scanInSandbox",
            Tag.SANDBOX,
            "Let a mock phone scan the QR code",
            description="Links the tenant's number in the sandbox. With real WhatsApp this address is not there.",
            body=Body(sandbox.ScanIn, required=False),
            answers={200: sandbox.ScannedOut},
            errors=("not_found", "no_qr_code", "sandbox_refused", "sandbox_unavailable"),
            calls=("session.get",),
        ),
    ),
    Route(
        "POST",
        "/api/v1/sandbox/{tenantId}/say",
        sandbox.say,
        scope=Scope.INSTALLATION,
        seconds=30,
        operation=Operation(
            "sayInSandbox",
            Tag.SANDBOX,
            "Let a mock contact write",
            description=(
                "The tenant's number gets a message from the contact, as it would from a person. With real "
                "WhatsApp this address is not there."
            ),
            body=sandbox.SayIn,
            answers={200: sandbox.SaidOut},
            errors=("not_found", "session_not_connected", "sandbox_refused", "sandbox_unavailable"),
            calls=("session.get",),
        ),
    ),
)
