"""A phone number in a request's body."""

from __future__ import annotations

from control.errors import GatewayError
from control.messages.recipient import NotAPhoneNumber, normalise_phone


def given_phone(given: str, field: str) -> str:
    """Return E.164; raises `invalid_phone_number`, which names the field and does not repeat what was given."""
    try:
        return normalise_phone(given)
    except NotAPhoneNumber as wrong:
        sentence = f"{field} is no phone number with its country code, such as +5511999999999. {wrong}"
        raise GatewayError(
            "invalid_phone_number", sentence, errors=[{"field": field, "message": str(wrong)}]
        ) from None
