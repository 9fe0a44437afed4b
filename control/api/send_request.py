"""From the body of a send or of a batch to a draft: its kind is looked up, then everything is checked at once."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from control.api.body import refused, wrong_fields
from control.api.delivery import DeliveryIn, SendDeliveryIn
from control.api.fields import MAX_TEXT
from control.api.kinds.kind import Kind
from control.api.kinds.table import kind_named
from control.api.uploads import FILE
from control.errors import GatewayError
from control.media.kinds import Upload
from control.messages.draft import Draft
from control.messages.recipient import STATUS, normalise_recipient

D = TypeVar("D", bound=DeliveryIn)
M = TypeVar("M", bound=BaseModel)

# How long an answer is waited for changes nothing about the message.
_NO_PART_OF_IT = {"to", "kind_name", "wait"}


def send_request(body: dict[str, Any], upload: Upload | None) -> tuple[Draft, SendDeliveryIn]:
    """Return the draft of a message and the delivery it was made of.

    Raises `invalid_request`, `unsupported_message_type`, `message_too_long`, `invalid_recipient`.
    """
    name, delivery, said = parts(SendDeliveryIn, body, upload)
    recipient = normalise_recipient(delivery.to)
    wrong = said.wrong_in(recipient)
    if delivery.audience is not None and recipient != STATUS:
        wrong.append({"field": "audience", "message": "is for stories only, which go to status"})
    if delivery.audience is None and recipient == STATUS:
        wrong.append({"field": "audience", "message": "is required: who sees the story"})
    if wrong:
        raise refused(wrong)
    draft = Draft(
        to=recipient,
        content=said.content(),
        asked={"to": recipient, **asked(name, delivery, said, upload)},
        schedule=delivery.schedule(),
        context=delivery.context(),
        audience=tuple(delivery.audience) if delivery.audience is not None else None,
        queue=delivery.queue,
        when_uncertain=delivery.when_uncertain(),
    )
    return draft, delivery


def parts(shared: type[D], body: dict[str, Any], upload: Upload | None) -> tuple[str, D, Kind]:
    """Return the kind's name, and the two halves of the body: where it goes, and what it says."""
    name, kind = kind_named(body.get("type", "text"))
    names = {field.alias for field in shared.model_fields.values()} | {"mentionAll"}
    wrong: list[dict[str, str]] = []
    delivery = _half(shared, {field: value for field, value in body.items() if field in names}, wrong)
    own = {field: value for field, value in body.items() if field not in names}
    said = _half(kind, {**own, FILE: upload} if upload is not None else own, wrong)
    if delivery is not None:
        wrong += delivery.wrong_for(name, kind)
    if delivery is None or said is None or wrong:
        raise refused(wrong)
    for field, text in said.texts().items():
        if len(text) > MAX_TEXT:
            raise GatewayError(
                "message_too_long",
                f"{field} has {len(text):,} characters; at most {MAX_TEXT:,} are possible.",
            )
    return name, delivery, said


def asked(name: str, delivery: DeliveryIn, said: Kind, upload: Upload | None) -> dict[str, Any]:
    """Return what makes the request recognisable when it is repeated, whatever way its values were written."""
    return {
        **({"sha256": upload.sha256} if upload is not None else {}),
        "type": name,
        **delivery.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_NO_PART_OF_IT),
        **said.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    }


def _half(model: type[M], values: dict[str, Any], wrong: list[dict[str, str]]) -> M | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong += wrong_fields(error)
        return None
