"""The OpenAPI 3.1 document, made of the route table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from control import __version__
from control.api.idempotency import HEADER as IDEMPOTENCY_KEY
from control.api.idempotency import MAX_LENGTH
from control.api.operation import Answer, Body, Content, Operation, Parameter, Tag, Variants
from control.api.route import Route
from control.api.spec import errors, prose
from control.api.spec.events import webhooks
from control.api.spec.examples import Examples
from control.api.spec.models import components, reference
from control.api.spec.path_parameters import PATH_PARAMETERS
from control.api.spec.problem import Problem

VERSION: Final = "3.1.1"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"

_VARIABLE: Final = re.compile(r"\{(\w+)\}")


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the whole document. Raises KeyError, ValueError for an operation that says what is not known.

    A test insists that every route of the API has its operation.
    """
    rows = [route for route in routes if not route.page and route.operation is not None]
    examples = Examples.load()
    operations = [row.operation for row in rows if row.operation is not None]
    # What errors look like is a model like all others.
    problem = Operation("problem", Tag.DOCUMENTS, "", answers={400: Problem})
    used = {operation.tag for operation in operations}
    paths: dict[str, dict[str, Any]] = {}
    refusals = errors.Responses()
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, examples, refusals)
    return {
        "openapi": VERSION,
        "info": {
            "title": "WhatsApp gateway",
            "version": __version__,
            "summary": prose.SUMMARY,
            "description": prose.DESCRIPTION,
        },
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "servers": [{"url": "/", "description": "This gateway."}],
        "tags": [{"name": tag.value, "description": prose.TAGS[tag]} for tag in Tag if tag in used],
        "paths": paths,
        "webhooks": webhooks(examples),
        "components": {
            "schemas": components([*operations, problem]),
            "responses": dict(sorted(refusals.components.items())),
            "securitySchemes": prose.SECURITY,
            "headers": prose.HEADERS,
            "examples": errors.examples(),
        },
    }


def _operation(row: Route, examples: Examples, refusals: errors.Responses) -> dict[str, Any]:
    operation = row.operation
    if operation is None:
        raise ValueError(f"{row.method} {row.path} has no operation")
    said: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag.value],
        "summary": operation.summary,
        "description": _description(row, operation),
        "parameters": _parameters(row, operation),
    }
    if operation.request is not None:
        said["requestBody"] = _body(operation.id, operation.request, examples)
    answers = {
        str(status): _answer(operation.id, status, answer, examples)
        for status, answer in operation.answers.items()
    }
    said["responses"] = dict(sorted({**refusals.of(errors.codes_of(row)), **answers}.items()))
    said["security"] = _security(row)
    if row.scope is not None:
        said["x-required-scope"] = row.scope.value
    if operation.deprecated is not None:
        said["deprecated"] = True
    return said


def _description(row: Route, operation: Operation) -> str:
    parts = [operation.description]
    if operation.deprecated is not None:
        parts.append(f"Deprecated: {operation.deprecated}")
    if row.public:
        parts.append("Needs no key.")
    elif row.link is not None:
        parts.append("Needs the token of a connect link; no key opens it.")
    elif row.any_scope:
        parts.append("Needs a key or token, whatever its scopes.")
    elif row.scope is not None:
        parts.append(f"Needs the scope `{row.scope.value}`.")
    return "\n\n".join(parts)


def _security(row: Route) -> list[dict[str, list[str]]]:
    if row.public:
        return []
    if row.link is not None:
        return [{"connectLink": []}]
    scopes = [row.scope.value] if row.scope is not None else []
    schemes = ["bearer", "apiKey", *(["ticket"] if row.ticket else [])]
    return [{scheme: scopes} for scheme in schemes]


def _parameters(row: Route, operation: Operation) -> list[dict[str, Any]]:
    said = [_in_path(name) for name in _VARIABLE.findall(row.path)]
    said += [_parameter(parameter) for parameter in operation.parameters]
    if operation.idempotent:
        said.append(
            _parameter(
                Parameter(
                    IDEMPOTENCY_KEY,
                    prose.IDEMPOTENCY_KEY,
                    {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "pattern": "^[!-~][ -~]*$"},
                    "header",
                    example="order-4711-confirmed",
                )
            )
        )
    return said


def _in_path(name: str) -> dict[str, Any]:
    known = PATH_PARAMETERS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": known.description,
        "schema": dict(known.schema),
        "example": known.example,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }
    if parameter.example is not None:
        said["example"] = parameter.example
    return said


def _body(operation_id: str, body: Body, examples: Examples) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": reference(body.shape)}}
    if shown := _shown(examples.requests(operation_id)):
        content[JSON]["examples"] = shown
    if body.multipart:
        content[MULTIPART] = _form(body.shape)
    return {"required": body.required, "content": content}


def _form(shape: type[BaseModel] | Variants) -> dict[str, Any]:
    return {
        "schema": {
            "type": "object",
            "description": prose.FORM,
            "required": ["file"],
            "properties": {
                "file": {
                    "type": "string",
                    "contentMediaType": "application/octet-stream",
                    "description": "The file.",
                },
                "payload": {**reference(shape), "description": "The other fields, as one JSON object."},
            },
            "additionalProperties": {"type": "string"},
        },
        "encoding": {"payload": {"contentType": JSON}},
    }


def _answer(
    operation_id: str, status: int, answer: type[BaseModel] | Content | Answer, examples: Examples
) -> dict[str, Any]:
    if isinstance(answer, Content):
        answer = Answer(answer.description, others=(answer,))
    elif not isinstance(answer, Answer):
        answer = Answer(_first_paragraph(answer), answer)
    headers: dict[str, Any] = dict(errors.HEADERS)
    for name, words in answer.headers.items():
        headers[name] = {"description": words, "schema": {"type": "string"}}
    content: dict[str, Any] = {}
    if answer.model is not None:
        content[JSON] = {"schema": reference(answer.model)}
        if shown := _shown(examples.answers(operation_id, status)):
            content[JSON]["examples"] = shown
    for other in answer.others:
        for media_type in other.media_types:
            content[media_type] = {"schema": dict(other.schema)}
            if answer.model is None and (shown := _shown(examples.answers(operation_id, status))):
                content[media_type]["examples"] = shown
    said: dict[str, Any] = {"description": answer.description, "headers": headers}
    if content:
        said["content"] = content
    return said


def _shown(examples: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"value": value} for name, value in examples.items()}


def _first_paragraph(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n\n")[0].replace("\n", " ").strip()
