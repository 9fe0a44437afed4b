"""The requests the gateway makes: each kind of event as a webhook of the OpenAPI."""

from __future__ import annotations

from typing import Any, Final

from control.api.spec.examples import Examples
from control.api.spec.models import PREFIX, public_name
from control.events.schemas.published import EVENTS

_HEADERS: Final = {
    "X-Webhook-Signature": ("`sha256=` and the HMAC-SHA256 of the body under the webhook's secret, in hex.", True),
    "X-Webhook-Event": ("The kind of event.", True),
    "X-Webhook-Attempt": ("1 at first, one more each time the event is sent again.", True),
    "X-Webhook-After-Gap": ("`true` after an event of this chat was given up.", False),
    "webhook-id": ("The event's `id`: the same in every attempt.", True),
    "webhook-timestamp": ("When this attempt was made, in unix seconds.", True),
    "webhook-signature": ("Standard Webhooks: one or two signatures, `v1,…`.", True),
}

_ANSWERS: Final = {
    "2XX": {"description": "Your application took the event. It is not sent again."},
    "410": {"description": "Your application wants no more events here: the webhook is disabled."},
    "default": {"description": "The event is sent again, later and later, for about three days."},
}


def webhooks(examples: Examples) -> dict[str, Any]:
    """Return the section `webhooks`."""
    return {
        kind: {
            "post": {
                "operationId": "on" + "".join(word.capitalize() for word in kind.split(".")),
                "tags": ["Webhooks"],
                "summary": f"The event {kind}",
                "description": (model.__doc__ or "").replace("\n    ", " ").strip(),
                "parameters": [
                    {
                        "name": name,
                        "in": "header",
                        "required": required,
                        "description": words,
                        "schema": {"type": "string"},
                    }
                    for name, (words, required) in _HEADERS.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"$ref": PREFIX + public_name(model.__name__)},
                            "examples": {kind: {"value": examples.event(kind)}},
                        }
                    },
                },
                "responses": _ANSWERS,
                # The signature is what the application checks in place of a credential.
                "security": [],
            }
        }
        for kind, model in EVENTS.items()
    }
