"""Every Redis key and how long it lives, on one page.

The tenant stands in a hash tag, so that a cluster keeps one tenant's keys on one node. Keys without a
tenant belong to the installation.
"""

from __future__ import annotations

from dataclasses import dataclass

EVENT_LOG_MAX_LENGTH = 10_000
"""Events kept per tenant for pulling; older ones are trimmed once they are delivered or given up."""

UNDELIVERED_MAX = 100_000
"""Deliveries per tenant that may wait, each event counted once for each of its webhooks; see storage/lanes.py."""

DEAD_LETTERS_MAX = 10_000
"""Given-up deliveries kept per tenant, shared evenly by its webhooks; the oldest is dropped past it."""

DELIVERIES_MAX = 200
"""Attempts kept per webhook for looking at; the oldest is dropped past it."""

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
        """HASH: the tenant's only webhook as versions before 0.2 kept it; webhooks/migration.py moves it."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook"

    def webhooks(self, tenant_id: str) -> str:
        """HASH: the tenant's webhooks by id, and `revision`, which counts changes; see webhooks/endpoint.py."""
        return f"{self.prefix}:{{{tenant_id}}}:webhooks"

    def events(self, tenant_id: str) -> str:
        """STREAM: the tenant's event log."""
        return f"{self.prefix}:{{{tenant_id}}}:events"

    def event_quarantine(self, tenant_id: str) -> str:
        """STREAM (event): events of the bridge this version has no envelope for, as the bridge gave them."""
        return f"{self.prefix}:{{{tenant_id}}}:events:quarantine"

    def lane_queue(self, tenant_id: str) -> str:
        """ZSET: every delivery that waits, `lane\\n{padded log id}` in lexical order."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:queue"

    def lane_heads(self, tenant_id: str) -> str:
        """ZSET: lane → age of its oldest waiting event; the log is not trimmed past the lowest."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:heads"

    def lane_state(self, tenant_id: str) -> str:
        """HASH: lane → how often its head was tried and who holds it."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:state"

    def lane_lines(self, tenant_id: str) -> str:
        """ZSET: webhook → when (unix ms) to look at its lanes next."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:lines"

    def lane_revived(self, tenant_id: str) -> str:
        """HASH: `webhook|log id` → an event that waits again although the log has it no longer."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:revived"

    def lane_due(self, tenant_id: str, webhook_id: str) -> str:
        """ZSET: lane → when (unix ms) its head may be sent, or when the lease of who sends it ends."""
        return f"{self.lane_due_of(tenant_id)}:{webhook_id}"

    def lane_due_of(self, tenant_id: str) -> str:
        """What lane_due begins with; no key itself."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:due"

    def webhook_health(self, tenant_id: str, webhook_id: str) -> str:
        """HASH: the webhook's failures since it last took something; absent while it has none."""
        return f"{self.webhook_health_of(tenant_id)}:{webhook_id}"

    def webhook_health_of(self, tenant_id: str) -> str:
        """What webhook_health begins with; no key itself."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:health"

    def webhook_gaps(self, tenant_id: str, webhook_id: str) -> str:
        """ZSET: lane → when (unix ms) an event of it was given up; until the lane's next event was taken."""
        return f"{self.webhook_gaps_of(tenant_id)}:{webhook_id}"

    def webhook_gaps_of(self, tenant_id: str) -> str:
        """What webhook_gaps begins with; no key itself."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:gaps"

    def dead_letters(self, tenant_id: str, webhook_id: str) -> str:
        """STREAM (id, type, lane, body, reason, attempts, log): deliveries that were given up."""
        return f"{self.dead_letters_of(tenant_id)}:{webhook_id}"

    def dead_letters_of(self, tenant_id: str) -> str:
        """What dead_letters begins with; itself the dead letters of versions before 0.2."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:dead"

    def deliveries(self, tenant_id: str, webhook_id: str) -> str:
        """STREAM (id, type, log, attempt, reason, status, ms, answer): the last attempts."""
        return f"{self.deliveries_of(tenant_id)}:{webhook_id}"

    def deliveries_of(self, tenant_id: str) -> str:
        """What deliveries begins with; no key itself."""
        return f"{self.prefix}:{{{tenant_id}}}:webhook:deliveries"

    def webhooks_moved(self) -> str:
        """STRING: there once nothing of versions before 0.2 is left, see webhooks/migration.py."""
        return f"{self.prefix}:webhooks:moved"

    def webhook_hints(self) -> str:
        """ZSET: tenant → when (unix ms) to look at its lanes. Only a hint, rebuilt from the lanes."""
        return f"{self.prefix}:webhook:hints"

    def ticket(self, tenant_id: str, digest: str) -> str:
        """STRING with a TTL, JSON: who asked for a ticket that opens a stream of the tenant; digest: its hash."""
        return f"{self.prefix}:{{{tenant_id}}}:ticket:{digest}"

    def rate_limit(self, policy: str, digest: str) -> str:
        """STRING with a TTL: when a bucket is full again; digest: the hash of whose it is. All on one node."""
        return f"{self.prefix}:{{limits}}:{policy}:{digest}"

    def connect_links(self, tenant_id: str) -> str:
        """ZSET: the tenant's connect link → until when (unix ms) it is good; see auth/connect_links.py."""
        return f"{self.prefix}:{{{tenant_id}}}:connect"

    def connect_link(self, tenant_id: str, link_id: str) -> str:
        """HASH with a lifetime: one connect link."""
        return f"{self.connect_links(tenant_id)}:{link_id}"

    def signed_out(self, sign_in: str) -> str:
        """STRING with a TTL: there when the tokens of a sign-in are no longer taken."""
        return f"{self.prefix}:signed-out:{sign_in}"

    def tenants(self) -> str:
        """SET: tenants that ever started a session."""
        return f"{self.prefix}:tenants"

    # A tenant's record outlives its session, so these do not carry its hash tag, by which a session is erased.

    def tenant_record(self, tenant_id: str) -> str:
        """HASH (tenant, revision): the tenant itself, see tenancy/tenants.py. The copy is tenants.sqlite."""
        return f"{self.prefix}:tenancy:{tenant_id}"

    def tenant_records(self) -> str:
        """SET: every tenant that has a record."""
        return f"{self.prefix}:tenancies"

    def usage(self, tenant_id: str, day: str) -> str:
        """HASH with a TTL: what a tenant used on a day, YYYY-MM-DD; see tenancy/usage.py."""
        return f"{self.prefix}:usage:{tenant_id}:{day}"

    def quota(self, digest: str, day: int) -> str:
        """STRING with a TTL: messages taken from a tenant's quota of a day since 1970; digest: of its id."""
        return f"{self.prefix}:quota:{digest}:{day}"

    def bucket_removal(self, tenant_id: str) -> str:
        """HASH (removal, revision): objects of a deleted tenant that the bucket still has."""
        return f"{self.prefix}:bucket:removal:{tenant_id}"

    def bucket_removals(self) -> str:
        """SET: the tenants of bucket_removal."""
        return f"{self.prefix}:bucket:removals"

    def api_key(self, key_id: str) -> str:
        """HASH (key, revision): an API key without its secret, see auth/stored_key.py. The copy is keys.sqlite."""
        return f"{self.prefix}:key:{key_id}"

    def api_keys(self) -> str:
        """SET: the id of every API key, those that were revoked lately among them."""
        return f"{self.prefix}:keys"

    def api_keys_used(self) -> str:
        """HASH: key id → `unix ms network` of its last use."""
        return f"{self.prefix}:keys:used"

    def audit(self) -> str:
        """STREAM (entry): what was done, see audit/entry.py; bounded in number and age by the settings."""
        return f"{self.prefix}:audit"

    def audit_refused(self) -> str:
        """STREAM (entry): who was not let in, counted; bounded by itself, see audit/audit_log.py."""
        return f"{self.prefix}:audit:refused"

    def ingest_cursor(self, journal_id: str) -> str:
        """STRING: where to go on pulling from that bridge journal. A hint: the truth is each tenant's cursor."""
        return f"{self.prefix}:ingest:{journal_id}"

    def tenant_cursor(self, tenant_id: str, journal_id: str) -> str:
        """STRING: position of the tenant's last event in its log, moved in the same script as the log."""
        return f"{self.prefix}:{{{tenant_id}}}:ingest:{journal_id}"
