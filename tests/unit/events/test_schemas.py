"""The published schemas describe the events that are sent: every example of the contract is held to them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from control.events.envelope import envelope
from control.events.schemas.published import EVENTS, KINDS, json_schema
from control.rpc.contract_gen import Event
from control.rpc.parsing import parse
from control.webhooks.endpoint import EVENT_NAMES
from control.webhooks.notices import disabled_notice
from tests.unit.events import test_envelope as shapes

EXAMPLES = Path(__file__).resolve().parents[3] / "bridge" / "contract" / "examples" / "events"


def check(event: Event) -> None:
    body = envelope(event, "https://gateway.example.com")
    EVENTS[event.data.type].model_validate_json(body)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_example_event_is_as_the_schema_says(path: Path) -> None:
    check(parse(Event, orjson.loads(path.read_bytes())))


@pytest.mark.parametrize("content", [content for content, _ in shapes.CONTENTS], ids=lambda value: value["type"])
def test_every_kind_of_content_is_as_the_schema_says(content: dict[str, object]) -> None:
    check(shapes.event({**shapes.MESSAGE, "content": content}))


@pytest.mark.parametrize("data", [data for data, _ in shapes.OTHERS], ids=lambda value: value["type"])
def test_every_other_kind_of_event_is_as_the_schema_says(data: dict[str, object]) -> None:
    check(shapes.event(data))


def test_a_disabled_webhook_is_told_as_the_schema_says() -> None:
    notice = disabled_notice("tenant-1", "whe_1", "https://app.example.com/x?secret=1", "gone", 5, 10)

    EVENTS["webhook.disabled"].model_validate_json(notice.body)


def test_the_vocabulary_is_one() -> None:
    assert set(KINDS) == EVENT_NAMES


def test_one_schema_holds_all_events() -> None:
    schema = json_schema()

    assert len(schema["anyOf"]) == len(KINDS)
    assert schema["$defs"]["MessageEvent"]["properties"]["event"]["const"] == "message"
