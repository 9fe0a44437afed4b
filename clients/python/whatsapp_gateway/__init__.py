"""A client of the WhatsApp gateway: WhatsAppClient, AsyncWhatsAppClient, and webhooks. Shapes are in types_gen."""

from whatsapp_gateway.async_client import AsyncWhatsAppClient
from whatsapp_gateway.call import File
from whatsapp_gateway.client import WhatsAppClient
from whatsapp_gateway.problem import GatewayError
from whatsapp_gateway.webhook import WebhookRefused, verify_webhook

__all__ = [
    "AsyncWhatsAppClient",
    "File",
    "GatewayError",
    "WebhookRefused",
    "WhatsAppClient",
    "verify_webhook",
]
