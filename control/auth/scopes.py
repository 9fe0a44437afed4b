"""What a key may be allowed to do. Every route names the one it needs, see control/api/routes.py."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """One permission, `area:action`. `write` does not include `read`."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_SEND = "messages:send"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    GROUPS_READ = "groups:read"
    GROUPS_WRITE = "groups:write"
    CHANNELS_READ = "channels:read"
    CHANNELS_WRITE = "channels:write"
    LABELS_READ = "labels:read"
    LABELS_WRITE = "labels:write"
    EVENTS_READ = "events:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    TENANTS_READ = "tenants:read"
    TENANTS_WRITE = "tenants:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    AUDIT_READ = "audit:read"
    METRICS_READ = "metrics:read"
    """The figures of the whole installation: the operator's, and METRICS_TOKEN's. No key made by API has it."""
    INSTALLATION = "installation"
    """The whole installation: what only the operator does. No key made by API has it."""


ALL_SCOPES: Final = frozenset(Scope)

GRANTABLE_SCOPES: Final = ALL_SCOPES - {Scope.INSTALLATION, Scope.METRICS_READ}
"""What a key made by API may have."""
