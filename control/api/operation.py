"""What a route says of itself to those who call it: the rows' half of the OpenAPI, see control/api/spec/.

An operation names what cannot be read off the handler: the models of its body and answers, its parameters, and the
errors of its own. What all routes have in common is added from the row: the key and its scope, the tenant, the
errors of bodies, of keys and of the link. What the bridge may refuse comes from the contract, by `calls`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import BaseModel

from control.api.query import PAGE_DEFAULT

Schema = Mapping[str, Any]
"""A JSON Schema (2020-12)."""

CURSOR: Final[Schema] = {"type": "string", "pattern": r"^[A-Za-z0-9._:@-]{1,128}$"}
FLAG: Final[Schema] = {"type": "string", "enum": ["true", "false", "1", "0"]}


class Tag(StrEnum):
    """A chapter of the API, in the order of the document."""

    SESSIONS = "Sessions"
    MESSAGES = "Messages"
    BATCHES = "Batches"
    CHATS = "Chats"
    EVENTS = "Events"
    WEBHOOKS = "Webhooks"
    MEDIA = "Media"
    NUMBERS = "Numbers"
    CONTACTS = "Contacts"
    GROUPS = "Groups"
    CHANNELS = "Channels"
    LABELS = "Labels"
    TENANTS = "Tenants"
    KEYS = "Keys"
    TOKENS = "Tokens"
    CONNECT = "Connect links"
    AUDIT = "Audit log"
    HEALTH = "Health"
    DOCUMENTS = "Documents"
    SANDBOX = "Sandbox"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter behind the question mark, or a header. Those in the path are in spec/path_parameters.py."""

    name: str
    description: str
    schema: Schema
    where: Literal["query", "header"] = "query"
    required: bool = False
    example: Any = None


@dataclass(frozen=True, slots=True)
class Variants:
    """One of several shapes, told apart by one field.

    by: that field, by its outside name. models: each value of the field with its shape.
    """

    name: str
    description: str
    by: str
    models: Callable[[], Mapping[str, type[BaseModel]]]


Shape = type[BaseModel] | Variants


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries.

    multipart: the same fields may come as multipart/form-data, with the file as the part `file`.
    """

    shape: Shape
    required: bool = True
    multipart: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """An answer that is no JSON object of a model. media_types: all in which it is given."""

    description: str
    media_types: tuple[str, ...]
    schema: Schema = field(default_factory=lambda: {"type": "string", "format": "binary"})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with more than a model: what it means, other forms of it, headers by name with their meaning."""

    description: str
    model: type[BaseModel] | None = None
    others: tuple[Content, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the OpenAPI.

    id: operationId, camelCase and never changed: generated clients name their methods after it.
    summary: a few words. description: what one has to know to use it, Markdown.
    answers: by HTTP status. errors: codes of control/errors.py that this route gives besides those of all routes.
    calls: methods of the bridge's contract it uses, whose errors are its errors.
    idempotent: it takes an Idempotency-Key. deprecated: what to use in its place.
    """

    id: str
    tag: Tag
    summary: str
    answers: Mapping[int, type[BaseModel] | Content | Answer]
    description: str = ""
    body: Body | Shape | None = None
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    idempotent: bool = False
    deprecated: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][A-Za-z0-9]*", self.id):
            raise ValueError(f"{self.id!r} is no operationId")

    @property
    def request(self) -> Body | None:
        """The body, whichever way it was given."""
        return self.body if self.body is None or isinstance(self.body, Body) else Body(self.body)


def limit(*, most: int, default: int | None = None) -> Parameter:
    """How many entries a page has, as control/api/query.py reads it."""
    usual = default if default is not None else min(PAGE_DEFAULT, most)
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Parameter("limit", f"How many entries the page has at most; {usual} when left out.", schema)


def after(description: str, schema: Schema = CURSOR) -> Parameter:
    """Where a page begins, going forward."""
    return Parameter("after", description, schema)


def before(description: str, schema: Schema = CURSOR) -> Parameter:
    """Where a page begins, going back in time."""
    return Parameter("before", description, schema)
