"""Entries of the audit log for tests."""

from __future__ import annotations

from typing import Any

from control.audit.entry import NOBODY, REFUSED, AuditEntry


def entry(**changes: Any) -> AuditEntry:
    """Somebody who was not let in, unless changed."""
    values: dict[str, Any] = {
        "at_ms": 1,
        "kind": NOBODY,
        "key_id": None,
        "address": "203.0.113.7",
        "method": "GET",
        "route": None,
        "action": REFUSED,
        "tenant_id": None,
        "target": None,
        "status": 401,
        "request_id": "r",
        **changes,
    }
    return AuditEntry(**values)
