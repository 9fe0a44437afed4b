"""What a bridge answers about numbers, people and groups."""

from __future__ import annotations

from typing import Any

GROUP_ID = "120363043968066561@g.us"
MARIA = {"id": "98765432101234@lid", "phoneNumber": "+5511987654321", "lid": "98765432101234@lid", "role": "admin"}


def group(**changes: Any) -> dict[str, Any]:
    """A contract Group."""
    return {
        "groupId": GROUP_ID,
        "subject": "Friday",
        "createdAtMs": 1_795_435_218_000,
        "size": 2,
        "participants": [MARIA],
        "onlyAdminsSend": False,
        "onlyAdminsEdit": True,
        "memberAddMode": "all",
        "joinApproval": False,
        **changes,
    }
