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

_PLACEHOLDER = re.compile(r"\{\{([A-Za-z0-9_]{1,64})\}\}", re.ASCII)

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
        list[Annotated[RecipientIn, BeforeValidator(_bare)]], Field(min_length=1, max_length=MAX_RECIPIENTS)
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
    for text in said.texts().values():
        _fill(text, delivery.recipients)
    return BatchDraft(
        recipients=tuple(BatchRecipient(to=one.to, variables=one.variables) for one in delivery.recipients),
        content=said.content(),
        asked=asked(name, delivery, said, upload),
        schedule=delivery.schedule(),
        context=delivery.context(),
    )


def _fill(text: str, recipients: list[RecipientIn]) -> None:
    """Refuse a text that would reach somebody with a {{name}} in it, or too long."""
    names = _PLACEHOLDER.findall(text)
    bare = len(text) - sum(len(name) + 4 for name in names)
    wrong = []
    for at, recipient in enumerate(recipients):
        variables = recipient.variables or {}
        missing = sorted({name for name in names if name not in variables})
        if missing:
            wrong.append({"field": f"recipients.{at}.variables", "message": f"lacks {', '.join(missing)}"})
        elif bare + sum(len(variables[name]) for name in names) > MAX_TEXT:
            raise GatewayError(
                "message_too_long",
                f"With the variables of recipients.{at} the text has more than {MAX_TEXT:,} characters.",
            )
    if wrong:
        raise refused(wrong)
