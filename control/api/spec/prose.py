"""What the OpenAPI says in words, and what all operations share."""

from __future__ import annotations

from typing import Any, Final

from control.api.operation import Tag

SUMMARY: Final = "Self-hosted WhatsApp for applications that cannot hold a connection themselves."

DESCRIPTION: Final = """\
An application calls this API and receives signed webhooks; the gateway keeps the WhatsApp connections alive.

**Keys.** Every call but those marked as public needs an API key in a header: `Authorization: Bearer <key>`, or
`X-API-Key: <key>`. Each operation names the scope that the key must have. A key never stands in an address; a
browser that opens a stream uses a ticket.

**Tenants.** `{tenantId}` is your own id of a tenant: a customer, a shop. One tenant has one WhatsApp number.
Of tenants that are not the key's nobody learns whether they exist.

**Errors.** Every error is `application/problem+json` (RFC 9457) with a stable `code` to decide by; `retryable`
says whether the same request may succeed later, and `Retry-After` when, where that is known.

**Sending once.** With an `Idempotency-Key` a send can be repeated as often as needed: one message is made.

**Unknown fields.** In requests they are refused, so that nothing is silently left out. In answers and events more
may be added: let pass what you do not know.
"""

TAGS: Final[dict[Tag, str]] = {
    Tag.SESSIONS: "Linking a tenant's number, its state, its settings and limits.",
    Tag.MESSAGES: "Sending, and what became of what was sent.",
    Tag.BATCHES: "One message for many.",
    Tag.CHATS: "Marking as read, showing and following presence.",
    Tag.EVENTS: "What happened, fetched or streamed in place of webhooks.",
    Tag.WEBHOOKS: "Where events are sent, what was delivered and what was not.",
    Tag.MEDIA: "Files of received messages.",
    Tag.NUMBERS: "Which numbers are on WhatsApp.",
    Tag.CONTACTS: "People: what WhatsApp shows of them, and blocking.",
    Tag.GROUPS: "Groups, their members and invitations.",
    Tag.CHANNELS: "Channels and their posts.",
    Tag.LABELS: "Labels of WhatsApp Business.",
    Tag.TENANTS: "Tenants, their quotas and what they used.",
    Tag.KEYS: "API keys with scopes.",
    Tag.TOKENS: "Short-lived tokens in place of keys.",
    Tag.CONNECT: "Links by which a tenant's own customer connects a number.",
    Tag.AUDIT: "Who did what.",
    Tag.HEALTH: "How the gateway is.",
    Tag.DOCUMENTS: "This document, and pages.",
    Tag.SANDBOX: "Mock phones and contacts, for the operator. With real WhatsApp none of this is there.",
}

SECURITY: Final[dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or a token: `Authorization: Bearer <key>`.",
    },
    "connectLink": {
        "type": "http",
        "scheme": "bearer",
        "description": "What stands behind the # of a connect link, and then the token of its visit.",
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
    "ticket": {
        "type": "apiKey",
        "in": "query",
        "name": "ticket",
        "description": "A ticket from createStreamTicket: opens one stream, once, within a minute.",
    },
}

HEADERS: Final[dict[str, Any]] = {
    "RequestId": {
        "description": "The request's id: the caller's own X-Request-Id if it is a sane one.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "RetryAfter": {
        "description": "Seconds after which the same request may succeed, where that is known.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit": {
        "description": 'What is left of each limit, and when it is full again: `"key";r=599;t=1`.',
        "schema": {"type": "string"},
    },
    "RateLimitPolicy": {
        "description": 'The limits that hold, requests in seconds: `"key";q=600;w=60`.',
        "schema": {"type": "string"},
    },
    "Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
}

IDEMPOTENCY_KEY: Final = (
    "A text of your own for this message: the same request with the same key makes one message and is answered "
    "the same. In quotes (RFC 9651) or bare."
)

FORM: Final = (
    "The file as the part `file`, for any message that carries one. The other fields are parts of their own, "
    "those that are no texts written as in JSON, or one JSON object in the part `payload`."
)
