"""The shapes of the OpenAPI: JSON Schemas of the pydantic models that serve the requests, each under one name.

Outside a model is called by its class without `Out`; one that callers send ends in `Input` in place of `In`.
Fields that have no description of their own get that of their name from words.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from control.api.operation import Answer, Content, Operation, Variants
from control.api.spec.words import word_for
from control.events.schemas.published import EVENTS

PREFIX: Final = "#/components/schemas/"

_SEND: Final = re.compile(r"(?:Send|Batch)(?:[A-Z][a-z]+)+")
_PLAIN: Final = frozenset({"type", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "items"})

T = TypeVar("T")
Mode = Literal["validation", "serialization"]


class NameTaken(ValueError):
    """Two models would have the same name outside."""


def public_name(name: str) -> str:
    """Return what a model is called outside."""
    if name.endswith("Out"):
        return name.removesuffix("Out")
    return f"{name.removesuffix('In')}Input" if name.endswith("In") else name


def components(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return `components.schemas` with all that the operations and the events refer to."""
    variants: dict[str, Variants] = {}
    wanted: dict[tuple[type[BaseModel], Mode], None] = {}
    for operation in operations:
        body = operation.request
        match body.shape if body is not None else None:
            case Variants() as shape:
                variants[shape.name] = shape
                wanted.update(((model, "validation"), None) for model in shape.models().values())
            case type() as sent:
                wanted[sent, "validation"] = None
        for answer in operation.answers.values():
            model = answer_model(answer)
            if model is not None:
                wanted[model, "serialization"] = None
    # Of what is not known of an event its body says nothing, which is how the models are when they are read.
    wanted.update(((model, "validation"), None) for model in EVENTS.values())
    _, made = models_json_schema(list(wanted), by_alias=True, ref_template=PREFIX + "{model}")
    taken = _renaming(made["$defs"])
    schemas = {taken[name]: _tidied(schema, taken) for name, schema in made["$defs"].items()}
    for name, schema in schemas.items():
        _describe(name, schema)
    for one in variants.values():
        refs = {value: PREFIX + public_name(model.__name__) for value, model in one.models().items()}
        schemas[one.name] = {
            "description": one.description,
            "oneOf": [{"$ref": ref} for ref in dict.fromkeys(refs.values())],
            "discriminator": {"propertyName": one.by, "mapping": refs},
        }
    return dict(sorted(schemas.items()))


def answer_model(answer: type[BaseModel] | Content | Answer) -> type[BaseModel] | None:
    """Return the model an answer is made of, if it is."""
    if isinstance(answer, Answer):
        return answer.model
    return None if isinstance(answer, Content) else answer


def reference(shape: type[BaseModel] | Variants) -> dict[str, str]:
    """Return the reference to a shape."""
    return {"$ref": PREFIX + (shape.name if isinstance(shape, Variants) else public_name(shape.__name__))}


def _renaming(definitions: Mapping[str, Any]) -> dict[str, str]:
    names = {name: public_name(name) for name in definitions}
    twice = {outside for outside in names.values() if list(names.values()).count(outside) > 1}
    if twice or any("__" in name for name in definitions):
        raise NameTaken(f"two models have one name: {sorted(twice) or [n for n in definitions if '__' in n]}")
    return names


def _tidied(schema: T, names: Mapping[str, str]) -> T:
    """Return the schema with public references, and without what says nothing: titles, defaults of null."""
    if isinstance(schema, list):
        return [_tidied(part, names) for part in schema]  # type: ignore[return-value]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "$ref":
            made[key] = PREFIX + names[value.removeprefix(PREFIX)]
        elif key == "properties":
            made[key] = {name: _tidied(field, names) for name, field in value.items()}
        elif key == "mapping":
            made[key] = {name: PREFIX + names[ref.removeprefix(PREFIX)] for name, ref in value.items()}
        elif (key == "title" and isinstance(value, str)) or (key == "default" and value is None):
            continue
        else:
            made[key] = _tidied(value, names)
    return _with_null(made)  # type: ignore[return-value]


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Write "this or null" the short way where there is one: `"type": ["string", "null"]`."""
    either = schema.get("anyOf")
    if not isinstance(either, list) or len(either) != 2 or either[1] != {"type": "null"}:
        return schema
    one = either[0]
    if isinstance(one.get("type"), str) and set(one) - {"description", "examples"} <= _PLAIN:
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**one, **rest, "type": [one["type"], "null"]}
    if set(one) <= {"anyOf", "description", "examples"} and isinstance(one.get("anyOf"), list):
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**one, **rest, "anyOf": [*one["anyOf"], {"type": "null"}]}
    return schema


def _describe(name: str, schema: dict[str, Any]) -> None:
    # All kinds of messages share their words, whether they are for one or for many.
    family = "Send" if _SEND.fullmatch(name) else name
    for field, said in schema.get("properties", {}).items():
        # What stands at a type is said of every field of it; the field's own words are more exact.
        words = word_for(family, field)
        if words is not None and (family == "Send" or "description" not in said):
            said["description"] = words
