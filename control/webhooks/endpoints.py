"""A tenant's webhooks: list, add, change, remove, rotate a secret, switch on and off.

A tenant that has none uses the installation's (WEBHOOK_URL and WEBHOOK_SECRET), which shows as webhook `default`.
Secrets are kept sealed (storage/seal.py) and shown once, when they are generated. Starting a session with a
webhook adds one or changes the one that start added; without a secret it keeps the one there is, so a start that
is repeated does not break the customer's check.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from control.egress.addresses import AddressPolicy
from control.errors import GatewayError
from control.settings import Settings
from control.storage.lanes import DEFAULT_WEBHOOK
from control.storage.seal import Seal, SealBroken
from control.webhooks.destination import check_destination
from control.webhooks.endpoint import WEBHOOK_ID_PREFIX, DisabledReason, Endpoint, Stored, opened
from control.webhooks.headers import checked_headers
from control.webhooks.queue import Line
from control.webhooks.registry import WEBHOOKS_MAX, Notice, WebhookRegistry
from control.webhooks.signing import generate_secret
from control.webhooks.wishes import check_secret, checked_events

OVERLAP_MAX_SECONDS: Final = 7 * 86_400
# How long another process' change may stay unnoticed. Bounded in number as tenants are many.
CACHE_SECONDS = 1.0
CACHE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class RegisteredWebhook:
    """What a registration came to. secret_generated: only when it was made now; it is not shown again."""

    id: str
    url: str
    secret_generated: str | None = field(repr=False)
    events: list[str] | None


class WebhookEndpoints:
    """The tenants' webhooks. Raises redis.RedisError when Redis does."""

    def __init__(
        self,
        registry: WebhookRegistry,
        settings: Settings,
        *,
        most_of: Callable[[str], int | None] = lambda tenant_id: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """most_of: how many webhooks a tenant may have, None for WEBHOOKS_MAX."""
        self._registry = registry
        self._most_of = most_of
        self._clock = clock
        self._policy = AddressPolicy(settings.outbound_allow_cidrs)
        self._key_file = settings.data_dir / "secrets" / "control.key"
        self._seal: Seal | None = None
        self._default = _default(settings)
        self._cache: dict[str, tuple[float, dict[str, Stored]]] = {}

    async def register(
        self, tenant_id: str, *, url: str, secret: str | None, events: Sequence[str] | None
    ) -> RegisteredWebhook:
        """Add or change the webhook that belongs to the start of the session.

        secret: at least 16 characters; without one the webhook's own is kept, or one is generated. events: the
        wanted types, None for all. Raises GatewayError webhook_url_refused, invalid_request, too_many_webhooks.
        """
        check_secret(secret, "webhook.secret")
        chosen = checked_events(events, "webhook.events")
        await check_destination(url, self._policy)
        seal = await self._open_seal()
        candidate = generate_secret()
        now_ms = self._now_ms()
        given = seal.seal(secret, _context(tenant_id)) if secret is not None else None
        fresh = Stored(
            _new_id(),
            secret=seal.seal(candidate, _context(tenant_id)),
            by_start=True,
            created_ms=now_ms,
        )

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            mine = _by_start(found)
            if mine is None:
                _check_room(found, self._most_of(tenant_id))
                mine = fresh
            # Whoever starts the session with a webhook wants its events, also where it was switched off.
            changes: dict[str, Any] = {"url": url, "events": chosen, "disabled": None, "disabled_ms": 0}
            if given is not None and not _holds(seal, tenant_id, mine.secret, secret):
                changes |= {"secret": given, "previous": None, "previous_until_ms": 0}
            if mine is not fresh and all(getattr(mine, name) == value for name, value in changes.items()):
                return found
            return {**found, mine.id: mine.changed(now_ms, **changes)}

        mine = _by_start(await self._change(tenant_id, alter, now_ms)) or _not_found()
        generated = candidate if secret is None and mine.secret == fresh.secret else None
        return RegisteredWebhook(mine.id, url, generated, list(chosen) if chosen is not None else None)

    async def page(self, tenant_id: str) -> list[Stored]:
        """Return the tenant's webhooks, oldest first; the installation's when there are none."""
        found = await self._registry.load(tenant_id)
        own = [stored for stored in found.values() if not stored.is_default]
        if own or self._default is None:
            return own
        return [self._shown_default(found)]

    async def get(self, tenant_id: str, webhook_id: str) -> Stored:
        """Return one webhook. Raises `webhook_not_found`."""
        return next(iter(s for s in await self.page(tenant_id) if s.id == webhook_id), None) or _not_found()

    async def add(
        self, tenant_id: str, *, secret: str | None, headers: Mapping[str, str] | None = None, **values: Any
    ) -> tuple[Stored, str | None]:
        """Add a webhook and return it with its secret where that was generated here.

        values: url, events, ordering, inline_media_max_bytes, description. Raises what register() raises.
        """
        check_secret(secret, "secret")
        now_ms = self._now_ms()
        changes = await self._checked(tenant_id, values | ({"headers": headers} if headers else {}))
        given = secret if secret is not None else generate_secret()
        sealed = (await self._open_seal()).seal(given, _context(tenant_id))
        fresh = Stored(_new_id(), secret=sealed, created_ms=now_ms).changed(now_ms, **changes)

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            _check_room(found, self._most_of(tenant_id))
            return {**found, fresh.id: fresh}

        await self._change(tenant_id, alter, now_ms)
        return fresh, given if secret is None else None

    async def update(self, tenant_id: str, webhook_id: str, **values: Any) -> Stored:
        """Change a webhook and return it.

        values: as in add(), and headers, enabled. Raises `webhook_not_found`, `webhook_is_default` and what
        register() raises.
        """
        now_ms = self._now_ms()
        enabled: bool | None = values.pop("enabled", None)
        changes = await self._checked(tenant_id, values)
        if enabled is True:
            changes |= {"disabled": None, "disabled_ms": 0}

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            mine = self._own(found, webhook_id, allow_default=not values)
            more = dict(changes)
            if enabled is False and mine.disabled is None:
                more |= {"disabled": "by_request", "disabled_ms": now_ms}
            return {**found, mine.id: mine.changed(now_ms, **more)}

        return (await self._change(tenant_id, alter, now_ms))[webhook_id]

    async def remove(self, tenant_id: str, webhook_id: str) -> None:
        """Remove a webhook. Raises `webhook_not_found`, `webhook_is_default`."""

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            self._own(found, webhook_id)
            return {name: stored for name, stored in found.items() if name != webhook_id}

        await self._change(tenant_id, alter, self._now_ms())

    async def rotate(self, tenant_id: str, webhook_id: str, overlap_seconds: int) -> tuple[Stored, str]:
        """Give a webhook a new secret, beside which the one before signs too for a while; return both.

        Raises `webhook_not_found`, `webhook_is_default`.
        """
        now_ms = self._now_ms()
        secret = generate_secret()
        sealed = (await self._open_seal()).seal(secret, _context(tenant_id))

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            mine = self._own(found, webhook_id)
            overlap: dict[str, Any] = {"previous": None, "previous_until_ms": 0}
            if overlap_seconds > 0:
                overlap = {"previous": mine.secret, "previous_until_ms": now_ms + overlap_seconds * 1000}
            return {**found, mine.id: mine.changed(now_ms, secret=sealed, **overlap)}

        return (await self._change(tenant_id, alter, now_ms))[webhook_id], secret

    async def disable(self, line: Line, reason: DisabledReason, notice: Notice) -> bool:
        """Switch a webhook off and tell the tenant's other ones; False when it was off or gone already."""
        now_ms = self._now_ms()
        done = False

        def alter(found: dict[str, Stored]) -> dict[str, Stored]:
            nonlocal done
            mine = found.get(line.webhook_id) or (
                self._shown_default(found) if line.webhook_id == DEFAULT_WEBHOOK else None
            )
            done = mine is not None and mine.disabled is None
            if mine is None or mine.disabled is not None:
                raise _NothingToDo
            return {**found, mine.id: mine.changed(now_ms, disabled=reason, disabled_ms=now_ms)}

        try:
            await self._change(line.tenant_id, alter, now_ms, notice)
        except _NothingToDo:
            return False
        return done

    async def find(self, line: Line) -> Endpoint | None:
        """Return the webhook ready to send to, None when nothing is sent to it now or any more.

        Raises SealBroken when its secret was sealed under another key.
        """
        stored = await self._cached(line)
        if stored is None or stored.disabled is not None:
            return None
        return await self.ready(line.tenant_id, stored)

    async def exists(self, line: Line) -> bool:
        """Whether there is such a webhook, switched off or not. Not answered from memory."""
        if line.webhook_id == DEFAULT_WEBHOOK:
            return True
        return line.webhook_id in await self._registry.load(line.tenant_id)

    async def ready(self, tenant_id: str, stored: Stored) -> Endpoint:
        """Return a webhook ready to send to. Raises SealBroken."""
        if stored.is_default:
            return self._default or _no_default()
        seal = await self._open_seal()
        return opened(stored, lambda sealed: seal.open(sealed, _context(tenant_id)), self._now_ms())

    def forget(self, tenant_id: str) -> None:
        """The tenant was deleted, and its webhooks with it."""
        self._cache.pop(tenant_id, None)
        self._registry.forget(tenant_id)

    async def _cached(self, line: Line) -> Stored | None:
        now = time.monotonic()
        cached = self._cache.get(line.tenant_id)
        if cached is None or cached[0] <= now:
            cached = (now + CACHE_SECONDS, await self._registry.load(line.tenant_id))
            if len(self._cache) >= CACHE_MAX:
                self._cache.clear()
            self._cache[line.tenant_id] = cached
        if line.webhook_id == DEFAULT_WEBHOOK:
            return self._shown_default(cached[1]) if self._default is not None else None
        return cached[1].get(line.webhook_id)

    async def _change(
        self,
        tenant_id: str,
        alter: Callable[[dict[str, Stored]], dict[str, Stored]],
        now_ms: int,
        notice: Notice | None = None,
    ) -> dict[str, Stored]:
        try:
            return await self._registry.change(tenant_id, alter, now_ms=now_ms, notice=notice)
        finally:
            self._cache.pop(tenant_id, None)

    async def _checked(self, tenant_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Check what a caller gives of url, events, ordering, description and headers; seal the latter."""
        changes = dict(values)
        if "url" in changes:
            await check_destination(changes["url"], self._policy)
        if "events" in changes:
            changes["events"] = checked_events(changes["events"], "events")
        if "headers" in changes:
            headers = checked_headers(changes["headers"] or {})
            seal = await self._open_seal()
            sealed = seal.seal(orjson.dumps(headers).decode(), _context(tenant_id)) if headers else None
            changes |= {"headers": sealed, "header_names": tuple(headers)}
        return changes

    def _own(self, found: Mapping[str, Stored], webhook_id: str, *, allow_default: bool = False) -> Stored:
        if webhook_id == DEFAULT_WEBHOOK and self._default is not None:
            if not allow_default:
                raise GatewayError("webhook_is_default")
            return self._shown_default(found)
        return found.get(webhook_id) or _not_found()

    def _shown_default(self, found: Mapping[str, Stored]) -> Stored:
        known = found.get(DEFAULT_WEBHOOK, Stored(DEFAULT_WEBHOOK))
        return known.changed(known.updated_ms, url=(self._default or _no_default()).url)

    async def _open_seal(self) -> Seal:
        """The seal under DATA_DIR/secrets/control.key, which is read or created on first use."""
        if self._seal is None:
            self._seal = await asyncio.to_thread(Seal.from_file, self._key_file)
        return self._seal

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


class _NothingToDo(Exception):
    pass


def _not_found() -> Stored:
    raise GatewayError("webhook_not_found")


def _no_default() -> Endpoint:
    raise GatewayError("webhook_not_found")


def _new_id() -> str:
    return WEBHOOK_ID_PREFIX + secrets.token_hex(12)


def _context(tenant_id: str) -> str:
    return f"webhook:{tenant_id}"


def _holds(seal: Seal, tenant_id: str, sealed: str, secret: str | None) -> bool:
    try:
        return seal.open(sealed, _context(tenant_id)) == secret
    except SealBroken:
        return False


def _by_start(found: Mapping[str, Stored]) -> Stored | None:
    return next((stored for stored in found.values() if stored.by_start), None)


def _check_room(found: Mapping[str, Stored], most: int | None) -> None:
    most = min(most or WEBHOOKS_MAX, WEBHOOKS_MAX)
    if sum(not stored.is_default for stored in found.values()) >= most:
        raise GatewayError(
            "too_many_webhooks", f"This tenant has {most} webhooks at most; remove one first.", limit=most
        )


def _default(settings: Settings) -> Endpoint | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Endpoint(DEFAULT_WEBHOOK, settings.webhook_url, settings.webhook_secret.get_secret_value())
