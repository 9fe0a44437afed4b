"""Addresses of phone numbers."""

from __future__ import annotations

from typing import Final

from control.api import numbers
from control.api.number_shapes import CheckedNumbersOut, NumberCheckIn
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/numbers/{tenantId}/check",
        numbers.check,
        scope=Scope.CONTACTS_READ,
        seconds=95,
        audited_each=False,
        operation=Operation(
            "checkNumbers",
            Tag.NUMBERS,
            "Check which numbers are on WhatsApp",
            description="Answers in the order of the question, with the form by which WhatsApp knows each number.",
            body=NumberCheckIn,
            answers={200: CheckedNumbersOut},
            calls=("number.check",),
        ),
    ),
)
