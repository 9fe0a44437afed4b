"""Every Redis key and how long it lives, on one page.

The tenant stands in a hash tag, so that a cluster keeps one tenant's keys on one node. Keys without a
tenant belong to the installation.
"""

from __future__ import annotations

from dataclasses import dataclass

EVENT_LOG_MAX_LENGTH = 10_000
"""Events kept per tenant for pulling; older ones are trimmed once they are delivered or given up."""

UNDELIVERED_MAX = 100_000
"""Events per tenant that may wait for their webhook; past it the oldest is given up, see storage/lanes.py."""

DEAD_LETTERS_MAX = 10_000
"""Given-up webhooks kept per tenant; the oldest is dropped past it."""

QUARANTINE_MAX = 1_000
"""Events kept per tenant that this version could not put into words; the oldest is dropped past it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Spells every key below one prefix (REDIS_PREFIX; tests use a random one)."""

    prefix: str

    def of_tenant(self, tenant_id: str) -> str:
        """What every key of one tenant begins with."""
        return f"{self.prefix}:{{{tenant_id}}}:"

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

    def event_quarantine(self, tenant_id: str) -> str:
        """STREAM (event): events of the bridge this version has no envelope for, as the bridge gave them."""
        return f"{self.prefix}:{{{tenant_id}}}:events:quarantine"

    def lane_queue(self, tenant_id: str) -> str:
        """ZSET: every event waiting for its webhook, `lane\\n{padded log id}` in lexical order."""
        return f"{self.prefix}:{{{tenant_id}}}:lanes:queue"

    def lane_heads(self, tenant_id: str) -> str:
        """ZSET: lane → age of its oldest waiting event; the log is not trimmed past the lowest."""
        return f"{self.prefix}:{{{tenant_id}}}:lanes:heads"

    def lane_due(self, tenant_id: str) -> str:
        """ZSET: lane → when (unix ms) its head may be sent, or when the lease of who sends it ends."""
        return f"{self.prefix}:{{{tenant_id}}}:lanes:due"

    def lane_state(self, tenant_id: str) -> str:
        """HASH: lane → `{attempts begun}|{lease token}` of its head."""
        return f"{self.prefix}:{{{tenant_id}}}:lanes:state"

    def dead_letters(self, tenant_id: str) -> str:
        """STREAM (id, type, lane, body, reason, attempts): webhooks that were given up."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:dead"

    def webhook_hints(self) -> str:
        """ZSET: tenant → when (unix ms) to look at its lanes. Only a hint, rebuilt from the lanes."""
        return f"{self.prefix}:webhook:hints"

    def ticket(self, digest: str) -> str:
        """STRING with a TTL: the tenant whose stream a ticket opens; digest: the ticket's hash."""
        return f"{self.prefix}:ticket:{digest}"

    def tenants(self) -> str:
        """SET: tenants that ever started a session."""
        return f"{self.prefix}:tenants"

    def ingest_cursor(self, journal_id: str) -> str:
        """STRING: where to go on pulling from that bridge journal. A hint: the truth is each tenant's cursor."""
        return f"{self.prefix}:ingest:{journal_id}"

    def tenant_cursor(self, tenant_id: str, journal_id: str) -> str:
        """STRING: position of the tenant's last event in its log, moved in the same script as the log."""
        return f"{self.prefix}:{{{tenant_id}}}:ingest:{journal_id}"
