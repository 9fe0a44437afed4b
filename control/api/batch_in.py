"""The body of a batch: what a send has, with `recipients` in place of `to`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictStr

from control.api.body import refused
from control.api.delivery import DeliveryIn
from control.api.fields import MAX_TEXT, Chat
from control.api.kinds.kind import Kind
from control.api.send_request import asked, parts
from control.api.shape import In
from control.errors import GatewayError
from control.media.kinds import Upload
from control.messages.draft import BatchDraft
from control.messages.recipient import STATUS
from control.rpc.contract_gen import BatchRecipient

MAX_RECIPIENTS = 1_000

# As the bridge fills them in (bridge/src/sending/template.ts).
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}", re.ASCII)
_MISTAKE = re.compile(r"\{\{[^{}]{0,80}\}\}")

Variables = Annotated[
    dict[
        Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")],
        Annotated[StrictStr, Field(max_length=4096)],
    ],
    Field(max_length=64),
]


class RecipientIn(In):
    """A recipient, and what stands for {{name}} in its text. A string is a recipient without variables."""

    to: Chat
    variables: Variables | None = None


def _bare(given: Any) -> Any:
    return {"to": given} if isinstance(given, str) else given


class BatchDeliveryIn(DeliveryIn):
    """To many."""

    recipients: Annotated[
        list[Annotated[RecipientIn, BeforeValidator(_bare, json_schema_input_type=Chat | RecipientIn)]],
        Field(min_length=1, max_length=MAX_RECIPIENTS),
    ]

    def wrong_for(self, name: str, kind: type[Kind]) -> list[dict[str, str]]:
        """Return the fields that a batch of such messages cannot have."""
        wrong = super().wrong_for(name, kind)
        if not kind.for_many:
            wrong.append({"field": "type", "message": f"{name} belongs to one chat and cannot go to many"})
        if any(recipient.to == STATUS for recipient in self.recipients):
            wrong.append({"field": "recipients", "message": "are chats; a story is a message of its own"})
        return wrong


def batch_request(body: dict[str, Any], upload: Upload | None) -> BatchDraft:
    """Return the draft of a batch. Raises `invalid_request`, `unsupported_message_type`, `message_too_long`."""
    name, delivery, said = parts(BatchDeliveryIn, body, upload)
    wrong = said.wrong_in(delivery.recipients[0].to)
    for text in said.fillable():
        wrong += _unfilled(text, delivery.recipients)
    if wrong:
        raise refused(wrong)
    return BatchDraft(
        recipients=tuple(BatchRecipient(to=one.to, variables=one.variables) for one in delivery.recipients),
        content=said.content(),
        asked=asked(name, delivery, said, upload),
        schedule=delivery.schedule(),
        context=delivery.context(),
    )


def _unfilled(text: str, recipients: list[RecipientIn]) -> list[dict[str, str]]:
    """Return what would let a text reach somebody with a {{name}} in it; raises `message_too_long`."""
    if mistake := _MISTAKE.search(_PLACEHOLDER.sub("", text)):
        return [{"field": "message", "message": f"has {mistake[0]}, which is no {{{{name}}}} of a variable"}]
    places = list(_PLACEHOLDER.finditer(text))
    if not places:
        return []
    bare = len(text) - sum(len(place[0]) for place in places)
    wrong = []
    for at, recipient in enumerate(recipients):
        variables = recipient.variables or {}
        missing = sorted({place[1] for place in places if place[1] not in variables})
        if missing:
            wrong.append({"field": f"recipients.{at}.variables", "message": f"lacks {', '.join(missing)}"})
        elif bare + sum(len(variables[place[1]]) for place in places) > MAX_TEXT:
            raise GatewayError(
                "message_too_long",
                f"With the variables of recipients.{at} the text has more than {MAX_TEXT:,} characters.",
            )
    return wrong
