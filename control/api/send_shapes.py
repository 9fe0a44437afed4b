"""The bodies of a send and of a batch as one shape for each kind of message, for the OpenAPI.

A request is read in two halves (send_request.py): where it goes, and what it says. Callers see one object, so each
shape here is made of the very fields of both halves, without those that its kind cannot have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictStr, create_model

from control.api.batch_in import BatchDeliveryIn
from control.api.delivery import DeliveryIn, SendDeliveryIn
from control.api.kinds.kind import Kind
from control.api.kinds.media import MediaIn
from control.api.kinds.table import ALIASES, KINDS
from control.api.operation import Variants
from control.api.shape import In

TYPE = "type"

Base64 = Annotated[
    StrictStr,
    Field(min_length=1, description="The file itself as base64, in place of mediaUrl; a data: URL is taken too."),
]


@cache
def send_shapes() -> dict[str, type[BaseModel]]:
    """Return each value of `type` with the shape of its send."""
    return _shapes("Send", SendDeliveryIn, lambda kind: True)


@cache
def batch_shapes() -> dict[str, type[BaseModel]]:
    """Return each value of `type` with the shape of its batch."""
    return _shapes("Batch", BatchDeliveryIn, lambda kind: kind.for_many)


SEND = Variants("SendRequest", "A message of any kind; `type` says which.", TYPE, send_shapes)
BATCH = Variants("BatchRequest", "A message for many, of any kind; `type` says which.", TYPE, batch_shapes)


def _shapes(
    prefix: str, delivery: type[DeliveryIn], takes: Callable[[type[Kind]], bool]
) -> dict[str, type[BaseModel]]:
    made = {name: _shape(prefix, name, delivery, kind) for name, kind in KINDS.items() if takes(kind)}
    return {**made, **{alias: made[name] for alias, name in ALIASES.items() if name in made}}


def _shape(prefix: str, name: str, delivery: type[DeliveryIn], kind: type[Kind]) -> type[BaseModel]:
    names: Any = (name, *(alias for alias, of in ALIASES.items() if of == name))
    # A text is what a message is that names no type.
    kind_field = Field("text" if name == "text" else ..., alias=TYPE, description="The kind of message.")
    fields: dict[str, Any] = {
        **_fields(delivery, without=_impossible(kind)),
        "kind_name": (Literal[names], kind_field),
        **_fields(kind, without=frozenset({"file"})),
    }
    if issubclass(kind, MediaIn):
        fields["media_base64"] = (Base64 | None, None)
    title = prefix + "".join(word.capitalize() for word in name.split("_"))
    return create_model(title, __base__=In, __doc__=kind.__doc__, **fields)


def _impossible(kind: type[Kind]) -> frozenset[str]:
    return frozenset(
        {
            *(() if kind.can_reply else ("reply_to",)),
            *(() if kind.can_mention else ("mentions", "mention_all")),
        }
    )


def _fields(model: type[BaseModel], *, without: frozenset[str]) -> Mapping[str, Any]:
    return {
        name: (field.rebuild_annotation(), field)
        for name, field in model.model_fields.items()
        if name not in without
    }
