"""What a caller wishes of a webhook beside its address (destination.py) and headers (headers.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from control.errors import GatewayError
from control.weak_secrets import MIN_SECRET_LENGTH
from control.webhooks.endpoint import EVENT_NAMES

SECRET_MAX_CHARACTERS: Final = 512


def check_secret(secret: str | None, name: str) -> None:
    """Raise GatewayError invalid_request unless the secret has a length that will do. name: of the field."""
    if secret is not None and not MIN_SECRET_LENGTH <= len(secret) <= SECRET_MAX_CHARACTERS:
        problem = f"A webhook's secret needs {MIN_SECRET_LENGTH} to {SECRET_MAX_CHARACTERS} characters."
        raise GatewayError("invalid_request", problem, errors=[{"field": name, "message": problem}])


def checked_events(events: Sequence[str] | None, name: str) -> tuple[str, ...] | None:
    """Return the wanted types, sorted, None for all; raise GatewayError invalid_request. name: of the field."""
    if events is None:
        return None
    unknown = sorted(set(events) - EVENT_NAMES)
    if unknown or not events:
        problem = (
            f"There is no event {unknown[0][:64]!r}. Events are: {', '.join(sorted(EVENT_NAMES))}."
            if unknown
            else "A webhook needs at least one event; leave events out to get all of them."
        )
        raise GatewayError("invalid_request", problem, errors=[{"field": name, "message": problem}])
    return tuple(sorted(set(events)))
