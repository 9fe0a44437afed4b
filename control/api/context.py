"""What handlers find in the application and in a request. control/app.py puts it there."""

from __future__ import annotations

from aiohttp import web

from control.api.large_bodies import LargeBodies
from control.api.probe import HealthProbe
from control.auth.keys import ApiKey
from control.auth.principal import Principal
from control.egress.addresses import AddressPolicy
from control.events.feed import Feed
from control.media.intake import MediaIntake
from control.messages.service import MessageService
from control.sessions.service import SessionService
from control.webhooks.service import WebhookService

API_KEY = web.AppKey("api_key", ApiKey)
SESSIONS = web.AppKey("sessions", SessionService)
MESSAGES = web.AppKey("messages", MessageService)
MEDIA = web.AppKey("media", MediaIntake)
LARGE_BODIES = web.AppKey("large_bodies", LargeBodies)
WEBHOOK_SERVICE = web.AppKey("webhook_service", WebhookService)
FEED = web.AppKey("feed", Feed)
PROXIES = web.AppKey("proxies", AddressPolicy)
HEALTH = web.AppKey("health", HealthProbe)

REQUEST_ID = web.RequestKey("request_id", str)
PRINCIPAL = web.RequestKey("principal", Principal)
