"""The OpenAPI says what the API is: each route with its key, errors and examples, each shape and field."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import create_model
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from control.api.batch_in import batch_request
from control.api.body import checked
from control.api.health_shapes import LiveOut
from control.api.operation import Operation, Tag, Variants
from control.api.problems import problem_document
from control.api.route import Route
from control.api.routes import ROUTES
from control.api.send_request import send_request
from control.api.spec.document import document
from control.api.spec.errors import codes_of
from control.api.spec.examples import Examples
from control.api.spec.models import NameTaken, components
from control.api.spec.path_parameters import PATH_PARAMETERS
from control.errors import ERROR_KINDS, GatewayError
from control.events.envelope import described
from control.events.schemas.published import EVENTS
from control.rpc.contract_gen import METHODS, Event
from control.rpc.parsing import parse
from tests.support.doc_examples import examples_of

ROOT = Path(__file__).resolve().parents[2]
API = [route for route in ROUTES if not route.page]

BINARY_OR_SOCKET = {"getMedia", "openEventSocket", "getOpenApi", "getMetrics"}
"""Whose answers nobody would write out."""


@cache
def spec() -> dict[str, Any]:
    return document(ROUTES)


def operation_of(route: Route) -> Operation:
    assert route.operation is not None, f"{route.method} {route.path} lacks its operation"
    return route.operation


def said_of(route: Route) -> dict[str, Any]:
    said: dict[str, Any] = spec()["paths"][route.path][route.method.lower()]
    return said


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = spec()
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, dict)
    return found


@cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    schemas = spec()["components"]["schemas"]
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": {"schemas": schemas}})


def wrong_with(schema: dict[str, Any], value: Any) -> list[str]:
    errors = validator(json.dumps(schema)).iter_errors(value)
    return [f"{list(error.instance_path)}: {error.message}" for error in errors]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


every_route = pytest.mark.parametrize("route", API, ids=name_of)


@every_route
def test_a_route_has_an_operation_whose_words_are_known(route: Route) -> None:
    operation = operation_of(route)

    assert operation.summary
    assert operation.description
    assert set(operation.errors) <= set(ERROR_KINDS)
    assert set(operation.calls) <= set(METHODS)
    assert set(re.findall(r"\{(\w+)\}", route.path)) <= set(PATH_PARAMETERS)
    assert (route.scope is None) == (route.public or route.any_scope or route.link is not None)


@every_route
def test_a_route_is_in_the_document_with_its_key_and_its_scope(route: Route) -> None:
    said = said_of(route)
    schemes = {name for one in said["security"] for name in one}

    assert said["operationId"] == operation_of(route).id
    assert schemes <= set(spec()["components"]["securitySchemes"])
    if route.public:
        assert schemes == set()
        return
    if route.link is not None:
        assert schemes == {"connectLink"}
        assert "no key opens it" in said["description"]
        return
    assert schemes == ({"bearer", "apiKey", "ticket"} if route.ticket else {"bearer", "apiKey"})
    if route.any_scope:
        assert said["security"] == [{"bearer": []}, {"apiKey": []}]
        assert "whatever its scopes" in said["description"]
        return
    assert route.scope is not None
    assert {scope for one in said["security"] for scopes in one.values() for scope in scopes} == {route.scope}
    assert said["x-required-scope"] == route.scope
    assert route.scope in said["description"]


@every_route
def test_every_error_of_a_route_is_in_the_document_with_an_example(route: Route) -> None:
    responses = said_of(route)["responses"]
    found = set()
    for status, response in responses.items():
        content = resolved(response).get("content", {}).get("application/problem+json")
        if content is None:
            continue
        codes = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
        assert set(codes) == set(content["examples"])
        assert {ERROR_KINDS[code].http_status for code in codes} == {int(status)}
        found |= set(codes)

    assert found == set(codes_of(route))
    assert ("unauthorized" in found) != route.public
    assert "forbidden" in found or route.scope is None
    assert ("rate_limited" in found) == (route.cost > 0)


@every_route
def test_a_route_has_an_example(route: Route) -> None:
    operation, said = operation_of(route), said_of(route)

    if operation.request is not None:
        assert said["requestBody"]["content"]["application/json"]["examples"]
    if operation.id in BINARY_OR_SOCKET:
        return
    for status in operation.answers:
        if status < 300 and (status, operation.id) != (202, "sendMessage"):
            answers = said["responses"][str(status)]["content"].values()
            assert any("examples" in content for content in answers), f"{operation.id} {status}"


@every_route
def test_the_examples_of_a_route_are_of_its_shapes(route: Route) -> None:
    said = said_of(route)
    wrong = []
    for content in said.get("requestBody", {}).get("content", {}).values():
        for name, example in content.get("examples", {}).items():
            wrong += [f"request {name} {found}" for found in wrong_with(content["schema"], example["value"])]
    for status, response in said["responses"].items():
        for content_type, content in resolved(response).get("content", {}).items():
            # Those of errors are looked at below, once for each code.
            shown = content.get("examples", {}) if content_type != "application/problem+json" else {}
            for name, example in shown.items():
                wrong += [f"{status} {name} {found}" for found in wrong_with(content["schema"], example["value"])]

    assert wrong == []


@pytest.mark.parametrize("route", [one for one in API if one.operation and one.operation.request], ids=name_of)
def test_the_examples_of_a_request_are_taken_by_what_serves_it(route: Route) -> None:
    operation = operation_of(route)
    assert operation.request is not None
    for example in Examples.load().requests(operation.id).values():
        shape = operation.request.shape
        if not isinstance(shape, Variants):
            checked(shape, example)
        elif shape.name == "SendRequest":
            send_request(example, None)
        else:
            batch_request(example, None)


def test_operation_ids_are_unique() -> None:
    ids = Counter(operation_of(route).id for route in API)

    assert [name for name, count in ids.items() if count > 1] == []


def test_examples_are_of_operations_and_events_that_exist() -> None:
    assert Examples.load().names <= {operation_of(route).id for route in API} | set(EVENTS)


def test_the_document_is_an_openapi_3_1() -> None:
    errors = [
        f"{list(error.instance_path)}: {error.message}" for error in OPENAPI_31_VALIDATOR.iter_errors(spec())
    ]

    assert errors == []


def test_every_reference_leads_somewhere_and_everything_is_referred_to() -> None:
    text = json.dumps(spec())
    referred = set(re.findall(r'"(#/components/[^"]+)"', text))
    there = {f"#/components/{section}/{name}" for section, parts in spec()["components"].items() for name in parts}

    assert referred <= there
    # Errors are all documented, also those that only come with a message or belong to no address.
    unused = {name for name in there - referred if "/examples/" not in name and "/securitySchemes/" not in name}
    assert unused == set()


def schemas_below(place: str, schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict):
            for name, field in schema["properties"].items():
                yield f"{place}.{name}", field
        for key, part in schema.items():
            yield from schemas_below(f"{place}.{key}" if key not in ("properties",) else place, part)
    elif isinstance(schema, list):
        for part in schema:
            yield from schemas_below(place, part)


def test_every_field_of_every_shape_has_a_description() -> None:
    bare = [
        place
        for name, schema in spec()["components"]["schemas"].items()
        for place, field in schemas_below(name, schema)
        if not field.get("description")
    ]

    assert bare == [], "describe them at the model, or in control/api/spec/words.py"


def test_two_shapes_with_one_name_are_refused() -> None:
    one = Operation("one", Tag.HEALTH, "one", {200: LiveOut})
    other = Operation("other", Tag.HEALTH, "other", {200: create_model("Live", status=(str, ...))})

    with pytest.raises(NameTaken):
        components([one, other])


@pytest.mark.parametrize("code", sorted(ERROR_KINDS))
def test_a_problem_is_what_the_document_says(code: str) -> None:
    problem = problem_document(GatewayError(code, errors=[{"field": "to", "message": "is required"}]), "6f1c")

    assert wrong_with({"$ref": "#/components/schemas/Problem"}, problem) == []


@pytest.mark.parametrize("kind", EVENTS)
def test_every_kind_of_event_is_a_webhook_with_an_example(kind: str) -> None:
    content = spec()["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]
    (example,) = content["examples"].values()

    assert example["value"]["event"] == kind
    assert wrong_with(content["schema"], example["value"]) == []


def test_the_examples_of_events_are_what_becomes_of_the_contract_s() -> None:
    golden = [
        described(parse(Event, json.loads(path.read_text(encoding="utf-8"))), "https://gateway.example.com")
        for path in sorted((ROOT / "bridge/contract/examples/events").glob("*.json"))
    ]

    for kind in EVENTS:
        # This one is made by control itself.
        assert kind == "webhook.disabled" or Examples.load().event(kind) in golden


def test_the_user_s_own_examples_are_in_the_document() -> None:
    examples = Examples.load()
    sends = list(examples.requests("sendMessage").values())
    image = {"to": "+5511987654321", "message": "Look!", "type": "image", "caption": "Our new shop"}

    assert {"to": "+5511987654321", "message": "Hello!", "type": "text"} in sends
    assert {**image, "mediaUrl": "https://example.com/photo.jpg"} in sends
    for started in examples.answers("startSession", 200).values():
        assert {"success", "sessionId", "qrCode", "qr"} <= set(started)
    for looked in examples.answers("getSessionStatus", 200).values():
        assert {"connected", "status", "phoneNumber", "qrCode", "lastActivity", "qr"} <= set(looked)
    assert {"success", "messageId", "status"} <= set(examples.answers("sendMessage", 200)["sent"])
    (started,) = examples.requests("startSession").values()
    assert set(started["webhook"]) == {"url", "secret", "events"}


def test_the_examples_of_a_send_are_those_of_the_documentation() -> None:
    """Which are run against the whole gateway by tests/e2e/test_message_kinds.py."""
    sends = Examples.load().requests("sendMessage")
    documented = {}
    for example in examples_of("messages.md"):
        if example.language == "sh" and "/my-shop/send" in example.code and example.section.lower() in sends:
            words = shlex.split(example.code.replace("\\\n", " ").replace("$ID", "3EB0C1D2E3F405162738AB"))
            documented[example.section.lower()] = json.loads(words[words.index("-d") + 1])

    # The user's own text and picture stand under these two names.
    del documented["text"], documented["image"]
    assert len(documented) == 18
    assert {name: sends[name] for name in documented} == documented


def test_what_a_kind_of_message_cannot_have_is_not_in_its_shape() -> None:
    shapes = spec()["components"]["schemas"]

    assert "replyTo" not in shapes["SendReaction"]["properties"]
    assert "mentions" not in shapes["SendLocation"]["properties"]
    assert "BatchReaction" not in shapes
    assert shapes["SendRequest"]["discriminator"]["mapping"]["ptt"].endswith("/SendVoice")
    assert "type" not in shapes["SendText"]["required"]
    assert "type" in shapes["SendImage"]["required"]
