"""What handlers find in the application and in a request. control/app.py puts it there."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from control.api.probe import HealthProbe
from control.auth.keys import ApiKey
from control.auth.principal import Principal
from control.messages.service import MessageService
from control.sessions.service import SessionService


class RegisteredWebhook(Protocol):
    """A webhook as it was stored. secret_generated: the secret when the caller gave none, shown this once."""

    @property
    def url(self) -> str:
        """Where events go."""

    @property
    def secret_generated(self) -> str | None:
        """The secret that was made for the caller."""

    @property
    def events(self) -> list[str]:
        """The kinds of events that go there."""


class WebhookRegistry(Protocol):
    """Where tenants' webhooks are kept."""

    async def register(
        self, tenant_id: str, *, url: str, secret: str | None, events: list[str] | None
    ) -> RegisteredWebhook:
        """Store a tenant's webhook. Raises `webhook_url_refused`."""


API_KEY = web.AppKey("api_key", ApiKey)
SESSIONS = web.AppKey("sessions", SessionService)
MESSAGES = web.AppKey("messages", MessageService)
WEBHOOKS: web.AppKey[WebhookRegistry] = web.AppKey("webhooks")
HEALTH = web.AppKey("health", HealthProbe)

REQUEST_ID = web.RequestKey("request_id", str)
PRINCIPAL = web.RequestKey("principal", Principal)
