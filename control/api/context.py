"""What handlers find in the application and in a request. control/app.py puts it there."""

from __future__ import annotations

from aiohttp import web

from control.api.connections import Connections
from control.api.large_bodies import LargeBodies
from control.api.probe import HealthProbe
from control.audit.audit_log import AuditLog
from control.audit.reading import AuditReader
from control.auth.api_keys import ApiKeys
from control.auth.authenticator import Authenticator
from control.auth.connect_links import ConnectLinks, Visitor
from control.auth.principal import Principal
from control.auth.standing import Standing
from control.auth.tickets import Tickets
from control.auth.tokens import Tokens
from control.egress.addresses import AddressPolicy
from control.events.feed import Feed
from control.events.reader import EventReader
from control.media.intake import MediaIntake
from control.media.offsite import OffsiteMedia
from control.media.received import ReceivedMedia
from control.media.storage import Storage
from control.messages.batches import Batches
from control.messages.chats import Chats
from control.messages.outbox import Outbox
from control.messages.pacing import Pacing
from control.messages.sender import Sender
from control.metrics.instruments import Instruments
from control.metrics.scrape import Scrape
from control.pages.shelf import Shelf
from control.ratelimit.address import ClientAddresses
from control.ratelimit.limiter import RateLimiter
from control.ratelimit.policy import Verdict
from control.rpc.directory_calls import DirectoryCalls
from control.rpc.session_calls import SessionCalls
from control.sandbox.admin import SandboxAdmin
from control.sessions.departure import Departure
from control.sessions.service import SessionService
from control.sessions.suspension import Suspension
from control.tenancy.quotas import QuotaBook
from control.tenancy.tenants import Tenants
from control.tenancy.usage import Usage
from control.webhooks.service import WebhookService

AUDIT = web.AppKey("audit", AuditLog)
AUDIT_READER = web.AppKey("audit_reader", AuditReader)
API_KEYS = web.AppKey("api_keys", ApiKeys)
AUTHENTICATOR = web.AppKey("authenticator", Authenticator)
SESSIONS = web.AppKey("sessions", SessionService)
SENDER = web.AppKey("sender", Sender)
OUTBOX = web.AppKey("outbox", Outbox)
BATCHES = web.AppKey("batches", Batches)
PACING = web.AppKey("pacing", Pacing)
CHATS = web.AppKey("chats", Chats)
DIRECTORY = web.AppKey("directory", DirectoryCalls)
MEDIA = web.AppKey("media", MediaIntake)
LARGE_BODIES = web.AppKey("large_bodies", LargeBodies)
WEBHOOK_SERVICE = web.AppKey("webhook_service", WebhookService)
FEED = web.AppKey("feed", Feed)
PROXIES = web.AppKey("proxies", AddressPolicy)
HEALTH = web.AppKey("health", HealthProbe)
INSTRUMENTS = web.AppKey("instruments", Instruments)
SCRAPE = web.AppKey("scrape", Scrape)
PAGES = web.AppKey("pages", Shelf)
SANDBOX: web.AppKey[SandboxAdmin | None] = web.AppKey("sandbox")

MEDIA_OUT = web.AppKey("media_out", ReceivedMedia)
MEDIA_OFFSITE: web.AppKey[OffsiteMedia | None] = web.AppKey("media_offsite")
SESSION_SETTINGS = web.AppKey("session_settings", SessionCalls)
READER = web.AppKey("reader", EventReader)
CONNECT_LINKS = web.AppKey("connect_links", ConnectLinks)
TOKENS = web.AppKey("tokens", Tokens)
TENANTS = web.AppKey("tenants", Tenants)
SUSPENSION = web.AppKey("suspension", Suspension)
DEPARTURE = web.AppKey("departure", Departure)
USAGE = web.AppKey("usage", Usage)
QUOTAS = web.AppKey("quotas", QuotaBook)
STORAGE = web.AppKey("storage", Storage)
TICKETS = web.AppKey("tickets", Tickets)

REQUEST_ID = web.RequestKey("request_id", str)
RATE_LIMITER = web.AppKey("rate_limiter", RateLimiter)
ADDRESSES = web.AppKey("addresses", ClientAddresses)
CONNECTIONS = web.AppKey("connections", Connections)

PRINCIPAL = web.RequestKey("principal", Principal)
AUDIT_TARGET = web.RequestKey("audit_target", str)
"""The id of what a handler made, for the audit log; what the address names is known without."""
AUDIT_TENANT = web.RequestKey("audit_tenant", str)
STANDING = web.RequestKey("standing", Standing)
"""Of a request that was let in by a ticket: of who asked for the ticket."""
VERDICT = web.RequestKey("verdict", Verdict)
VISITOR = web.RequestKey("visitor", Visitor)
