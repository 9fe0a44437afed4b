"""Every Redis key and how long it lives, on one page.

The tenant stands in a hash tag, so that a cluster keeps one tenant's keys on one node. Keys without a
tenant belong to the installation.
"""

from __future__ import annotations

from dataclasses import dataclass

EVENT_LOG_MAX_LENGTH = 10_000
"""Events kept per tenant for pulling; older ones are trimmed once they are delivered or given up."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Spells every key below one prefix (REDIS_PREFIX; tests use a random one)."""

    prefix: str

    def session(self, tenant_id: str) -> str:
        """HASH: session metadata of one tenant."""
        return f"{self.prefix}:{{{tenant_id}}}:session"

    def qr(self, tenant_id: str) -> str:
        """STRING with a TTL: the QR code that can be scanned now."""
        return f"{self.prefix}:{{{tenant_id}}}:qr"

    def webhook(self, tenant_id: str) -> str:
        """HASH: where the tenant wants its events (url, secret, events)."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook"

    def events(self, tenant_id: str) -> str:
        """STREAM: the tenant's event log."""
        return f"{self.prefix}:{{{tenant_id}}}:events"

    def tenants(self) -> str:
        """SET: tenants that ever started a session."""
        return f"{self.prefix}:tenants"

    def ingest_cursor(self, journal_id: str) -> str:
        """STRING: where to go on pulling from that bridge journal. A hint: the truth is each tenant's cursor."""
        return f"{self.prefix}:ingest:{journal_id}"

    def tenant_cursor(self, tenant_id: str, journal_id: str) -> str:
        """STRING: position of the tenant's last event in its log, moved in the same script as the log."""
        return f"{self.prefix}:{{{tenant_id}}}:ingest:{journal_id}"
