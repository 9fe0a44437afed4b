"""The only wiring: what exists, in which order it starts, and who is given what. It stops in the reverse order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, suppress
from functools import partial

from aiohttp import web
from redis.exceptions import RedisError

from control.api.connections import Connections, room_for_connections
from control.api.context import (
    ADDRESSES,
    API_KEYS,
    AUDIT,
    AUDIT_READER,
    AUTHENTICATOR,
    BATCHES,
    CHATS,
    CONNECT_LINKS,
    CONNECTIONS,
    DEPARTURE,
    DIRECTORY,
    FEED,
    HEALTH,
    INSTRUMENTS,
    LARGE_BODIES,
    MEDIA,
    MEDIA_OFFSITE,
    MEDIA_OUT,
    OUTBOX,
    PACING,
    PAGES,
    PROXIES,
    QUOTAS,
    RATE_LIMITER,
    READER,
    SANDBOX,
    SCRAPE,
    SENDER,
    SESSION_SETTINGS,
    SESSIONS,
    STORAGE,
    SUSPENSION,
    TENANTS,
    TICKETS,
    TOKENS,
    USAGE,
    WEBHOOK_SERVICE,
)
from control.api.cors import Cors
from control.api.large_bodies import LargeBodies
from control.api.probe import HealthProbe
from control.api.routes import new_application
from control.audit.audit_log import AuditLog
from control.audit.reading import AuditReader
from control.auth.api_keys import ApiKeys
from control.auth.authenticator import Authenticator
from control.auth.connect_links import ConnectLinks
from control.auth.jwt_secret import load_signer
from control.auth.key_holders import StoredKeyHolders
from control.auth.key_registry import KeyRegistry
from control.auth.key_use import KeyUse
from control.auth.key_verifier import KeyVerifier
from control.auth.operator import OperatorKey
from control.auth.scrape_token import ScrapeToken
from control.auth.tickets import Tickets
from control.auth.tokens import Tokens
from control.background import background, end
from control.egress.addresses import AddressPolicy
from control.egress.client import Egress
from control.events.bridge_source import BridgeSource
from control.events.feed import Feed
from control.events.ingest import EventIngest
from control.events.metering import Metering
from control.events.reader import EventReader
from control.events.room import EventRoom
from control.events.stream import EventLog
from control.media.bucket import Bucket
from control.media.offsite import OffsiteMedia
from control.media.received import ReceivedMedia
from control.media.room import media_room
from control.messages.accounts import Accounts
from control.messages.batches import Batches
from control.messages.chats import Chats
from control.messages.idempotency import InFlight
from control.messages.outbox import Outbox
from control.messages.pacing import Pacing
from control.messages.sender import Sender
from control.metrics.room import metrics_room
from control.pages.shelf import read_pages
from control.ratelimit.address import ClientAddresses
from control.ratelimit.limiter import Policies, RateLimiter
from control.ratelimit.shared import SharedBuckets
from control.rpc.client import BridgeClient
from control.rpc.link import BridgeLink
from control.sandbox.address import SandboxAddress
from control.sandbox.admin import SandboxAdmin
from control.sessions.departure import Departure
from control.sessions.qr import QrImages
from control.sessions.service import SessionService
from control.sessions.store import SessionStore
from control.sessions.suspension import Suspension
from control.settings import Settings
from control.storage.copy import DurableCopy
from control.storage.erasure import rewrite_history
from control.storage.keys import Keys
from control.storage.records import DurableRecords
from control.storage.redis import connect_redis
from control.tenant_rooms import open_tenant_rooms
from control.webhooks.copy import WebhookCopy
from control.webhooks.delivery import Delivery
from control.webhooks.endpoints import WebhookEndpoints
from control.webhooks.history import WebhookHistory
from control.webhooks.inline_media import InlineMedia
from control.webhooks.migration import Migration
from control.webhooks.queue import LEASE_SECONDS, DeliveryQueue
from control.webhooks.recovery import Recovery
from control.webhooks.registry import WebhookRegistry
from control.webhooks.service import WebhookService
from control.webhooks.slots import IN_ALL, SLOW
from control.webhooks.trial import AT_ONCE as TRIALS
from control.webhooks.trial import Trial
from control.webhooks.worker import WebhookWorker

WEBHOOK_STOP_SECONDS = 3.0
"""What webhook attempts get to end by. Requests before them get 4 s, and all has to end within 10 s."""

FATAL: web.AppKey[asyncio.Future[None]] = web.AppKey("fatal")
"""Has an exception when control must not go on running."""

log = logging.getLogger(__name__)


def build_app(settings: Settings, operator_key: OperatorKey) -> web.Application:
    """Return the application; nothing is connected before it is started."""
    app = new_application(Cors(settings.allowed_origins))
    app[ADDRESSES] = addresses = ClientAddresses(settings.trusted_proxies)
    app[CONNECTIONS] = Connections(
        addresses,
        most=room_for_connections(settings.max_connections),
        most_of_one=settings.max_connections_per_ip,
    )
    app[FEED] = feed = Feed()

    readers: list[EventReader] = []

    async def end_streams(app: web.Application) -> None:
        # Before requests under way are waited for: these would not end by themselves.
        feed.close()
        for reader in readers:
            reader.close()

    app.on_shutdown.append(end_streams)

    async def parts(app: web.Application) -> AsyncIterator[None]:
        """Everything below REST."""
        app[FATAL] = asyncio.get_running_loop().create_future()
        keys = Keys(settings.redis_prefix)
        redis = connect_redis(settings.redis_address)
        app[RATE_LIMITER] = limiter = RateLimiter(
            SharedBuckets(connect_redis(settings.redis_address, connections=1)), keys, Policies.of(settings)
        )
        link = BridgeLink(settings.bridge_socket_path)
        told = app[INSTRUMENTS]
        bridge = BridgeClient(link, observed=told.call)

        def forget(tenant_id: str) -> None:
            ingest.forget(tenant_id)
            endpoints.forget(tenant_id)

        registry = WebhookRegistry(
            redis, keys, WebhookCopy(settings.data_dir / "control"), has_default=settings.webhook_url is not None
        )
        await registry.open()
        key_use = KeyUse(redis, keys)
        api_keys = KeyRegistry(
            DurableRecords(
                redis,
                DurableCopy(settings.data_dir / "control" / "keys.sqlite", what="API keys"),
                key_of=keys.api_key,
                index=keys.api_keys(),
            ),
            on_dropped=key_use.forget,
        )
        await api_keys.open()
        app[API_KEYS] = ApiKeys(api_keys, key_use)
        app[AUDIT] = audit = AuditLog(
            redis,
            keys,
            max_entries=settings.audit_max_entries,
            retention_days=settings.audit_retention_days,
        )
        app[AUDIT_READER] = AuditReader(redis, keys)
        signer = await asyncio.to_thread(load_signer, settings)
        app[TOKENS] = tokens = Tokens(signer, (operator_key, StoredKeyHolders(api_keys)), redis, keys)
        app[CONNECT_LINKS] = links = ConnectLinks(signer, redis, keys, base_url=settings.base_url)
        app[AUTHENTICATOR] = Authenticator(
            operator_key,
            keys=KeyVerifier(api_keys, key_use),
            tokens=tokens,
            metrics=ScrapeToken.of(settings),
        )
        migration = Migration(redis, keys, registry)
        bucket = Bucket.of(settings)
        of_tenants = await open_tenant_rooms(settings, redis, keys, bridge, bucket)
        app[TENANTS] = tenants = of_tenants.tenants
        app[USAGE] = usage = of_tenants.usage
        app[STORAGE], app[QUOTAS] = of_tenants.storage, of_tenants.book

        async def erase_beside(tenant_id: str) -> None:
            await registry.erase(tenant_id)
            await of_tenants.remove_offsite(tenant_id)
            await departure.session_deleted(tenant_id)
            await audit.forget(tenant_id)

        store = SessionStore(redis, keys, before_erased=erase_beside, on_erased=forget)
        images = QrImages()
        endpoints = WebhookEndpoints(registry, settings, most_of=of_tenants.book.webhooks_of)
        addresses = AddressPolicy(settings.outbound_allow_cidrs)
        egress = Egress(
            addresses,
            total_seconds=settings.webhook_timeout_seconds,
            connections=IN_ALL + SLOW + TRIALS,
        )
        rooms = AsyncExitStack()
        app[LARGE_BODIES] = LargeBodies(settings.media_base64_max_mb * 1024 * 1024)
        app[MEDIA] = await rooms.enter_async_context(media_room(settings, addresses))
        lease_seconds = max(LEASE_SECONDS, 2.0 * settings.webhook_timeout_seconds)
        queue = DeliveryQueue(redis, keys, lease_seconds=lease_seconds)
        delivery = Delivery(egress, total_seconds=settings.webhook_timeout_seconds)
        app[MEDIA_OUT] = received = ReceivedMedia(bridge, settings.data_dir / "media")
        inline = InlineMedia(received)
        worker = WebhookWorker(
            queue,
            endpoints,
            delivery,
            inline=inline,
            on_attempt=of_tenants.attempted,
            stop_seconds=WEBHOOK_STOP_SECONDS,
            observed=told.attempt,
            on_given_up=partial(told.given_up, "tried"),
            on_switched_off=told.switched_off,
        )
        event_log = EventLog(
            redis, keys, webhooks=registry, retention_seconds=settings.webhook_retention_days * 86_400
        )
        app[READER] = reader = EventReader(redis, keys, event_log)
        app[TICKETS] = Tickets(redis, keys)
        readers.append(reader)

        def wake(tenants: Iterable[str]) -> None:
            told = list(tenants)
            worker.wake(told)
            reader.wake(told)

        app[SUSPENSION] = suspension = Suspension(tenants, bridge, on_suspended=feed.end)
        ingest = EventIngest(
            BridgeSource(link, bridge),
            event_log,
            base_url=settings.base_url,
            on_event=(
                store.on_event,
                feed.on_event,
                links.on_event,
                suspension.on_event,
                Metering(usage, of_tenants.fates).on_event,
            ),
            wake=wake,
            on_given_up=partial(told.given_up, "waited"),
        )

        app[SESSIONS] = sessions = SessionService(bridge, store, images, on_deleted=(feed.end,))
        app[DEPARTURE] = departure = Departure(
            tenants, sessions, usage, of_tenants.book, forget_history=lambda: rewrite_history(redis)
        )
        departure.on_deleted.append(app[API_KEYS].forget_tenant)
        in_flight, accounts = InFlight(), Accounts(of_tenants.book, usage, of_tenants.fates)
        app[SENDER] = Sender(bridge, app[MEDIA], in_flight, accounts)
        app[BATCHES] = Batches(bridge, app[MEDIA], in_flight, accounts)
        app[OUTBOX] = Outbox(bridge)
        app[PACING] = Pacing(bridge)
        app[CHATS] = Chats(bridge)
        app[DIRECTORY] = bridge
        app[SESSION_SETTINGS] = bridge
        app[MEDIA_OFFSITE] = offsite = (
            OffsiteMedia(bucket, prefix=settings.media_s3_prefix, seconds=settings.media_s3_url_seconds)
            if bucket is not None
            else None
        )
        app[WEBHOOK_SERVICE] = WebhookService(
            endpoints,
            queue,
            WebhookHistory(redis, keys),
            Recovery(redis, keys),
            Trial(endpoints, delivery),
            wake=worker.wake,
        )
        app[PROXIES] = addresses
        app[SANDBOX] = sandbox = SandboxAdmin.of(SandboxAddress(), link)
        app[PAGES] = await asyncio.to_thread(read_pages)
        app[HEALTH] = HealthProbe(
            link,
            bridge,
            redis,
            keys,
            environment=settings.node_env,
            data_dir=settings.data_dir,
            copy_broken=lambda: registry.copy_broken or tenants.copy_broken or api_keys.copy_broken,
        )

        app[SCRAPE] = await rooms.enter_async_context(
            metrics_room(settings, app[INSTRUMENTS], link, bridge, redis, keys)
        )

        linking = background("bridge link", link.run, app[FATAL])
        delivering = background("webhook worker", worker.run, app[FATAL])
        keeping = background("webhook copy", registry.keep, app[FATAL])
        comparing_keys = background("API keys", api_keys.run, app[FATAL])
        auditing = background("audit log", audit.run, app[FATAL])
        noting_use = background("last uses of keys", key_use.run, app[FATAL])

        beside = [background(name, run, app[FATAL]) for name, run in of_tenants.tasks().items()]
        beside.append(background("suspension", suspension.run, app[FATAL]))
        room = EventRoom(redis, keys, on_given_up=partial(told.given_up, "no_room"))
        beside.append(background("room for events", room.run, app[FATAL]))

        async def take_in() -> None:
            await migration.run()
            await ingest.run()

        ingesting = background("event ingest", take_in, app[FATAL])
        yield
        await end(ingesting)
        for task in beside:
            await end(task)
        await end(keeping)
        await end(comparing_keys)
        await end(noting_use)
        await key_use.write()
        await end(auditing)
        with suppress(RedisError, OSError):
            await audit.write(everything=True)
        await end(delivering, patience=WEBHOOK_STOP_SECONDS + 1)
        await end(linking)
        app[FATAL].cancel()
        images.close()
        await egress.close()
        if sandbox is not None:
            await sandbox.close()
        if offsite is not None:
            await offsite.close()
        await rooms.aclose()
        await of_tenants.close()
        registry.close()
        await limiter.close()
        api_keys.close()
        await redis.aclose()

    app.cleanup_ctx.append(parts)
    return app
