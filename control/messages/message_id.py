"""The id of a message. It is fixed before the bridge is called: asking again with it cannot send twice."""

from __future__ import annotations

import secrets


def new_message_id() -> str:
    """Return a random WhatsApp message id of the form WhatsApp's own web clients use."""
    return "3EB0" + secrets.token_hex(9).upper()
