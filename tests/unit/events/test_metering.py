"""What events count as: a message by its fate, not a member's device, and nothing the number said itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from control.events.metering import Metering
from control.rpc.contract_gen import Event
from control.tenancy.fates import REMEMBERED_MAX, Fates
from control.tenancy.usage import Counted, Usage

AT = 1_795_435_218_000
EXAMPLES = Path(__file__).resolve().parents[3] / "bridge" / "contract" / "examples" / "events"


class Counts:
    """In the place of Usage."""

    def __init__(self) -> None:
        self.all: dict[Counted, int] = {}
        self.at: set[int | None] = set()

    def count(self, tenant_id: str, what: Counted, number: int = 1, *, at_ms: int | None = None) -> None:
        self.all[what] = self.all.get(what, 0) + number
        self.at.add(at_ms)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("message.text", {Counted.RECEIVED: 1}),
        ("message.image", {Counted.RECEIVED: 1, Counted.MEDIA_RECEIVED: ...}),
        ("message.from-me", {}),
        ("message.status.delivered", {Counted.DELIVERED: 1}),
        ("message.status.failed", {Counted.FAILED: 1}),
        ("message.status.group", {}),
        ("message.status.unknown", {}),
        ("message.edited", {}),
        ("session.status.connected", {}),
    ],
)
async def test_an_event_counts(name: str, counted: dict[Counted, Any]) -> None:
    raw = orjson.loads((EXAMPLES / f"{name}.json").read_bytes())
    counts = Counts()
    usage = cast("Usage", counts)
    await Metering(usage, Fates(usage)).on_event(Event.model_validate(raw))
    size = raw["data"].get("content", {}).get("media", {}).get("sizeBytes")
    assert counts.all == {what: size if number is ... else number for what, number in counted.items()}
    assert counts.at <= {raw["occurredAtMs"]}


def told(*steps: tuple[str, Counted], accepted: tuple[str, ...] = ()) -> dict[Counted, int]:
    """What is counted when messages get to steps in this order."""
    counts = Counts()
    fates = Fates(cast("Usage", counts))
    for message in accepted:
        fates.accepted("acme", message)
    for message, step in steps:
        fates.reached("acme", message, step, AT)
    return counts.all


def test_a_message_counts_once_for_each_step_also_for_those_that_were_left_out() -> None:
    sent, delivered, read = Counted.SENT, Counted.DELIVERED, Counted.READ
    once = {sent: 1, delivered: 1}
    assert told(("1", sent), ("1", delivered), accepted=("1",)) == once
    assert told(("1", delivered), ("1", sent), ("1", delivered), accepted=("1",)) == once
    assert told(("1", read), accepted=("1",)) == {**once, read: 1}
    assert told(("1", delivered), ("2", delivered), accepted=("1", "2")) == {sent: 2, delivered: 2}


def test_a_message_of_before_this_process_counts_for_what_is_told() -> None:
    assert told(("1", Counted.DELIVERED), ("1", Counted.READ)) == {Counted.DELIVERED: 1, Counted.READ: 1}


def test_a_message_whose_events_are_faster_than_its_answer_counts_for_each_step() -> None:
    counts = Counts()
    fates = Fates(cast("Usage", counts))
    fates.reached("acme", "1", Counted.DELIVERED, AT)
    fates.accepted("acme", "1")
    fates.reached("acme", "1", Counted.SENT, AT)
    assert counts.all == {Counted.SENT: 1, Counted.DELIVERED: 1}


def test_a_message_of_before_this_process_counts_for_what_is_told_in_any_order() -> None:
    assert told(("1", Counted.DELIVERED), ("1", Counted.SENT)) == {Counted.DELIVERED: 1, Counted.SENT: 1}


def test_a_failure_is_counted_once() -> None:
    assert told(("1", Counted.FAILED), ("1", Counted.FAILED), accepted=("1",)) == {Counted.FAILED: 1}


def test_only_so_many_messages_are_remembered() -> None:
    fates = Fates(cast("Usage", Counts()))
    for number in range(REMEMBERED_MAX + 10):
        fates.accepted("acme", str(number))
        fates.reached("acme", f"unknown {number}", Counted.SENT, AT)
    assert len(fates._fates) == REMEMBERED_MAX
