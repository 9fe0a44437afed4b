"""The golden messages of bridge/contract/examples, which both languages read.

<method>/*.json           {"params":…,"result":…} or {"params":…,"error":{"name":…}}
events/*.json             an event
rejected/<method>.*.json  {"params":…} or {"result":…} that must be refused
rejected/events.*.json    what is no event
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from control.rpc.contract_gen import ERRORS, METHODS, Event
from control.rpc.parsing import parse

EXAMPLES = Path(__file__).resolve().parents[2] / "bridge" / "contract" / "examples"

GOOD = [
    pytest.param(method, path, id=f"{method}/{path.name}")
    for method in METHODS
    for path in sorted((EXAMPLES / method).glob("*.json"))
]
EVENTS = sorted((EXAMPLES / "events").glob("*.json"))
REJECTED = sorted((EXAMPLES / "rejected").glob("*.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def round_trip(model: type[BaseModel], value: Any) -> Any:
    return parse(model, value).model_dump(mode="json", by_alias=True, exclude_none=True)


@pytest.mark.parametrize(("method", "path"), GOOD)
def test_an_example_is_understood_and_written_back_as_it_was(method: str, path: Path) -> None:
    example = read(path)

    assert set(example) <= {"params", "result", "error"}
    if "params" in example:
        assert round_trip(METHODS[method].params, example["params"]) == example["params"]
    if "result" in example:
        assert round_trip(METHODS[method].result, example["result"]) == example["result"]
    if "error" in example:
        assert example["error"]["name"] in {error.name for error in ERRORS}


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.name)
def test_an_event_is_understood_and_written_back_as_it_was(path: Path) -> None:
    assert round_trip(Event, read(path)) == read(path)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_an_example(method: str) -> None:
    assert list((EXAMPLES / method).glob("*.json"))


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.name)
def test_what_must_be_refused_is(path: Path) -> None:
    example = read(path)
    subject = next(name for name in ("events", *METHODS) if path.name.startswith(f"{name}."))
    if subject == "events":
        model: type[BaseModel] = Event
        value = example
    else:
        model = METHODS[subject].params if "params" in example else METHODS[subject].result
        value = example.get("params", example.get("result"))

    with pytest.raises(ValidationError):
        parse(model, value)
