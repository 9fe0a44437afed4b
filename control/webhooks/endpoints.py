"""Where a tenant wants its events: one endpoint per tenant, or the installation's default.

A tenant that registered nothing uses WEBHOOK_URL and WEBHOOK_SECRET. The secret is kept sealed
(storage/seal.py) and shown once, when it is generated; registering again without one keeps it, so a start that
is repeated does not break the customer's check.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from control.egress.addresses import AddressPolicy
from control.errors import GatewayError
from control.settings import MIN_SECRET_LENGTH, Settings
from control.storage.keys import Keys
from control.storage.seal import Seal
from control.webhooks.destination import check_destination
from control.webhooks.signing import generate_secret

EVENT_NAMES = frozenset(
    {
        "message",
        "message.status",
        "message.edited",
        "message.deleted",
        "message.reaction",
        "message.unreadable",
        "session.status",
        "session.qr",
        "group.update",
        "contact.update",
        "presence",
        "call",
        "webhook.disabled",
    }
)
SECRET_MAX_CHARACTERS = 512
# How long another process' registration may stay unnoticed. Bounded in number as tenants are many.
CACHE_SECONDS = 1.0
CACHE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go. id: whose in-flight limit counts. events: the wanted types, None for all."""

    id: str
    url: str
    secret: str = field(repr=False)
    events: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class RegisteredWebhook:
    """What a registration came to. secret_generated: only when it was made now; it is not shown again."""

    url: str
    secret_generated: str | None = field(repr=False)
    events: list[str] | None


class WebhookEndpoints:
    """Registers and finds endpoints. Raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys, settings: Settings) -> None:
        self._redis = redis
        self._keys = keys
        self._policy = AddressPolicy(settings.outbound_allow_cidrs)
        self._key_file = settings.data_dir / "secrets" / "control.key"
        self._seal: Seal | None = None
        self._default = _default(settings)
        self._cache: dict[str, tuple[float, Endpoint | None]] = {}

    async def register(
        self, tenant_id: str, *, url: str, secret: str | None, events: Sequence[str] | None
    ) -> RegisteredWebhook:
        """Store the tenant's endpoint in place of the one before.

        secret: at least 16 characters; without one the tenant's own is kept, or one is generated. events: the
        wanted types, None for all. Raises GatewayError webhook_url_refused or invalid_request.
        """
        _check_secret(secret)
        chosen = _check_events(events)
        await check_destination(url, self._policy)
        seal = await self._open_seal()
        key = self._keys.webhook(tenant_id)
        stored = {"url": url, "events": "*" if chosen is None else ",".join(chosen)}
        generated = None
        if secret is not None:
            stored["secret"] = seal.seal(secret, _context(tenant_id))
        else:
            candidate = generate_secret()
            sealed = seal.seal(candidate, _context(tenant_id))
            # Of two first registrations at once only one sets its secret, and only that one shows it.
            if await self._redis.hsetnx(key, "secret", sealed):  # type: ignore[misc]
                generated = candidate
        await self._redis.hset(key, mapping=stored)  # type: ignore[misc]
        self._cache.pop(tenant_id, None)
        return RegisteredWebhook(url, generated, chosen)

    async def for_tenant(self, tenant_id: str) -> Endpoint | None:
        """Return the tenant's endpoint, else the default, else None.

        Raises SealBroken when the tenant's secret was sealed under another key.
        """
        now = time.monotonic()
        cached = self._cache.get(tenant_id)
        if cached is not None and cached[0] > now:
            return cached[1]
        endpoint = await self._stored(tenant_id) or self._default
        if len(self._cache) >= CACHE_MAX:
            self._cache.clear()
        self._cache[tenant_id] = (now + CACHE_SECONDS, endpoint)
        return endpoint

    def forget(self, tenant_id: str) -> None:
        """The tenant was deleted, and its endpoint with it."""
        self._cache.pop(tenant_id, None)

    async def _stored(self, tenant_id: str) -> Endpoint | None:
        stored = await self._redis.hgetall(self._keys.webhook(tenant_id))  # type: ignore[misc]
        if b"url" not in stored or b"secret" not in stored:
            return None
        names = stored.get(b"events", b"*").decode()
        return Endpoint(
            id=f"tenant:{tenant_id}",
            url=stored[b"url"].decode(),
            secret=(await self._open_seal()).open(stored[b"secret"].decode(), _context(tenant_id)),
            events=None if names == "*" else frozenset(names.split(",")),
        )

    async def _open_seal(self) -> Seal:
        """The seal under DATA_DIR/secrets/control.key, which is read or created on first use."""
        if self._seal is None:
            self._seal = await asyncio.to_thread(Seal.from_file, self._key_file)
        return self._seal


def _context(tenant_id: str) -> str:
    return f"webhook:{tenant_id}"


def _default(settings: Settings) -> Endpoint | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Endpoint("default", settings.webhook_url, settings.webhook_secret.get_secret_value(), None)


def _check_secret(secret: str | None) -> None:
    if secret is not None and not MIN_SECRET_LENGTH <= len(secret) <= SECRET_MAX_CHARACTERS:
        problem = f"A webhook's secret needs {MIN_SECRET_LENGTH} to {SECRET_MAX_CHARACTERS} characters."
        raise GatewayError("invalid_request", problem, errors=[{"field": "webhook.secret", "message": problem}])


def _check_events(events: Sequence[str] | None) -> list[str] | None:
    if events is None:
        return None
    unknown = sorted(set(events) - EVENT_NAMES)
    if unknown or not events:
        problem = (
            f"There is no event {unknown[0][:64]!r}. Events are: {', '.join(sorted(EVENT_NAMES))}."
            if unknown
            else "A webhook needs at least one event; leave events out to get all of them."
        )
        raise GatewayError("invalid_request", problem, errors=[{"field": "webhook.events", "message": problem}])
    return sorted(set(events))
