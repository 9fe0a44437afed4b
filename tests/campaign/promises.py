"""What the gateway promises, checked against what happened. Each check yields what was broken, by which message.

Everything here is a function of a history and a ledger: a test shows each check a history that breaks it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.campaign.history import Asked, Attempt, History, Hook, Wanted
from tests.campaign.ledger import Arrival, Copies, Ledger
from tests.campaign.settling import message_of

TAKEN: Final = ("sent", "delivered", "read", "played")
REFUSED_ON_PURPOSE: Final = "rejected"
"""The only reason for which a message may fail in a campaign: the fault that refuses one."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken promise. message: tenant and id of the message it is about, or of the event; asked: its request."""

    promise: str
    what: str
    message: tuple[str, str] | None = None
    asked: Asked | None = None


def check_sends(history: History, ledger: Ledger) -> Iterator[Broken]:
    """Everything promised about messages that were asked for."""
    for asked in history.asked:
        yield from _accepted(asked)
        yield from _one_message(asked)
        if asked.first_answer is None:
            continue
        for wanted in asked.messages:
            yield from _ended(asked, wanted, ledger)
    yield from _copies(ledger)
    yield from _one_for_each_key(history, ledger)
    yield from _in_order(history, ledger)
    yield from _truth(history, ledger)


def _accepted(asked: Asked) -> Iterator[Broken]:
    """Every request was answered in the end, and no answer was one for which nobody had thought of a reason."""
    for attempt in asked.attempts:
        code = attempt.body.get("code")
        if code in ("internal_error", "idempotency_mismatch", "message_conflict"):
            yield Broken("answers are foreseen", f"{asked.key} was answered {code}", asked=asked)
    if not asked.settled:
        yield Broken("requests are answered", f"{asked.key} never got an answer that settles it", asked=asked)
    elif asked.first_answer is None and not any(_failed_on_purpose(one) for one in asked.attempts):
        codes = {one.body.get("code") for one in asked.attempts}
        yield Broken("requests are accepted", f"{asked.key} was refused: {codes}", asked=asked)


def _failed_on_purpose(attempt: Attempt) -> bool:
    return attempt.body.get("code") == "send_rejected"


def _one_message(asked: Asked) -> Iterator[Broken]:
    """Answers to one key name one message, and once nothing changes any more they are the same."""
    answers = [one for one in asked.attempts if one.accepted]
    name = "batchId" if asked.way == "batch" else "messageId"
    ids = {one.body[name] for one in answers}
    if len(ids) > 1:
        yield Broken("one key, one message", f"{asked.key} was answered with {sorted(ids)}", asked=asked)
    if not answers:
        return
    first = min(answers, key=lambda one: one.ended)
    for one in answers:
        if one.began > first.ended and not one.replayed:
            yield Broken(
                "replays are marked", f"{asked.key} was repeated without Idempotent-Replayed", asked=asked
            )
    if len({one.raw for one in answers if one.at_rest}) > 1:
        yield Broken(
            "replays are identical", f"{asked.key} was answered differently twice in the end", asked=asked
        )


def _ended(asked: Asked, wanted: Wanted, ledger: Ledger) -> Iterator[Broken]:
    """A message that was accepted exists, ended, and was read by everybody as it was sent."""
    assert wanted.message_id is not None
    place = (asked.tenant, wanted.message_id)
    row = ledger.rows.get(place)
    arrival = ledger.arrivals.get(place)
    if row is None:
        yield Broken("accepted is never lost", f"{wanted.message_id} was accepted and is unknown", place, asked)
        return
    match row["status"]:
        case status if status in TAKEN:
            yield from _arrived(asked, wanted, arrival, place)
            if arrival is not None and wanted.file_sha256 is not None:
                got = ledger.files.get(wanted.message_id, wanted.file_sha256)
                if got != wanted.file_sha256:
                    yield Broken("content is as sent", f"the file of {wanted.message_id} differs", place, asked)
        case "failed":
            code = row["failure"]["code"]
            if code != REFUSED_ON_PURPOSE:
                yield Broken("accepted is sent", f"{wanted.message_id} failed: {row['failure']}", place, asked)
            if arrival is not None and arrival.is_known:
                yield Broken("failed was not sent", f"{wanted.message_id} failed, yet it arrived", place, asked)
        case status:
            yield Broken("every message ends", f"{wanted.message_id} is {status} in the end", place, asked)


def _arrived(asked: Asked, wanted: Wanted, arrival: Arrival | None, place: tuple[str, str]) -> Iterator[Broken]:
    if arrival is None:
        yield Broken("accepted is never lost", f"{place[1]} never reached WhatsApp", place, asked)
        return
    unread = [number for number in wanted.readers if arrival.read_by(number) == 0]
    if unread:
        yield Broken("accepted is never lost", f"{place[1]} could not be read by {unread}", place, asked)
    elif arrival.text != wanted.text:
        yield Broken("content is as sent", f"{place[1]} says {arrival.text!r}", place, asked)


def _copies(ledger: Ledger) -> Iterator[Broken]:
    """No device could read two copies, and copies that nobody asked for were the same bytes."""
    for place, arrival in ledger.arrivals.items():
        for copies in arrival.devices:
            if (copies.readable or 0) > 1:
                words = f"{arrival.id} was read {copies.readable} times by {_device(copies)}"
                yield Broken("never read twice", words, place)
            if not copies.identical and copies.retries == 0:
                words = f"{arrival.id} came to {_device(copies)} {copies.copies} times with different bytes"
                yield Broken("copies are the same bytes", words, place)


def _device(copies: Copies) -> str:
    return f"{copies.number}:{copies.device}"


def _one_for_each_key(history: History, ledger: Ledger) -> Iterator[Broken]:
    """What reached WhatsApp and what the gateway has on record are what was asked for, each once."""
    ids_by_text: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (tenant, message_id), arrival in ledger.arrivals.items():
        if arrival.text is not None:
            ids_by_text[tenant, arrival.text].add(message_id)
    known = set()
    for asked in history.asked:
        for wanted in asked.messages:
            ids = ids_by_text[asked.tenant, wanted.text]
            if wanted.message_id is not None:
                known.add((asked.tenant, wanted.message_id))
                ids = ids | {wanted.message_id}
            if len(ids) > 1:
                yield Broken("one key, one message", f"{asked.key} made {sorted(ids)}", None, asked)
    open_requests = sum(1 for asked in history.asked if asked.first_answer is None)
    unknown = [place for place in {**ledger.rows, **ledger.arrivals} if place not in known]
    if len(unknown) > open_requests:
        for place in unknown:
            yield Broken("one key, one message", f"nobody asked for {place[1]}", place)


def _in_order(history: History, ledger: Ledger) -> Iterator[Broken]:
    """In a chat a message accepted before another was asked for arrives, and is read, before it."""
    lines: dict[tuple[str, str], list[tuple[Asked, Arrival]]] = defaultdict(list)
    for asked in history.asked:
        for wanted in asked.messages if asked.way != "scheduled" and asked.first_answer is not None else ():
            place = (asked.tenant, wanted.message_id or "")
            arrival = ledger.arrivals.get(place)
            if arrival is not None and ledger.rows.get(place, {}).get("status") in TAKEN:
                lines[asked.tenant, wanted.to].append((asked, arrival))
    for line in lines.values():
        yield from _line(line, "arrived", lambda arrival: arrival.chat_position)
        for number in {copies.number for _, arrival in line for copies in arrival.devices if copies.first_read}:
            yield from _line(line, f"was read by {number}", lambda arrival, n=number: _first_read(arrival, n))


def _first_read(arrival: Arrival, number: str) -> int | None:
    return next((one.first_read for one in arrival.devices if one.number == number and one.first_read), None)


def _line(line: list[tuple[Asked, Arrival]], verb: str, position: Any) -> Iterator[Broken]:
    placed = [(place, asked, arrival) for asked, arrival in line if (place := position(arrival)) is not None]
    placed.sort(key=lambda each: each[0], reverse=True)
    earliest: tuple[float, Asked, Arrival] | None = None
    for _, asked, arrival in placed:
        if earliest is not None and earliest[0] < asked.began:
            words = f"{arrival.id} {verb} before {earliest[2].id}, which was accepted before it was asked for"
            yield Broken("order within a chat", words, (asked.tenant, arrival.id), asked)
        first = asked.first_answer
        assert first is not None
        if earliest is None or first.ended < earliest[0]:
            earliest = (first.ended, asked, arrival)


def _truth(history: History, ledger: Ledger) -> Iterator[Broken]:
    """Nobody was told that WhatsApp has a message which it does not have."""
    told: dict[tuple[str, str], str] = {}
    for asked in history.asked:
        for one in asked.attempts:
            if one.accepted and one.body.get("status") in TAKEN:
                told.setdefault((asked.tenant, one.body["messageId"]), f"the answer of {asked.key}")
    for hook in history.hooks:
        if hook.event["event"] == "message.status" and hook.event["data"]["status"] in TAKEN:
            told.setdefault((hook.tenant, hook.event["data"]["messageId"]), f"the event {hook.event_id}")
    for place, row in ledger.rows.items():
        if row["status"] in TAKEN:
            told.setdefault(place, "GET")
    for place, by in told.items():
        arrival = ledger.arrivals.get(place)
        if arrival is None or not arrival.is_known:
            yield Broken("sent means sent", f"{by} said that WhatsApp has {place[1]}, which it does not", place)


def check_received(history: History) -> Iterator[Broken]:
    """Everything that contacts said came to the app at least once, in order, and again only under its id."""
    hooks: dict[tuple[str, str], list[Hook]] = defaultdict(list)
    for hook in history.hooks:
        message_id = message_of(hook.event)
        if message_id is not None:
            hooks[hook.tenant, message_id].append(hook)
    last: dict[tuple[str, str], tuple[float, str]] = {}
    for said in history.said:
        place = (said.tenant, said.message_id)
        got = hooks[place]
        taken = [hook for hook in got if hook.taken]
        if not taken:
            yield Broken("what was said arrives", f"{said.message_id} was never taken by the app", place)
            continue
        if len({hook.event_id for hook in got}) > 1:
            ids = sorted({hook.event_id for hook in got})
            yield Broken("one message, one event", f"{said.message_id} came as {ids}", place)
        if taken[0].event["data"]["message"] != said.text:
            yield Broken("content is as said", f"{said.message_id} says something else", place)
        at = min(hook.at for hook in taken)
        before = last.get((said.tenant, said.chat))
        if before is not None and at < before[0]:
            yield Broken("order of webhooks", f"{said.message_id} was taken before {before[1]}", place)
        else:
            last[said.tenant, said.chat] = (at, said.message_id)
