"""The checks of a campaign find what they are there for: each is shown a history that breaks its promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.campaign.history import Asked, Attempt, History, Hook, Said, Way
from tests.campaign.history import Wanted as Message
from tests.campaign.ledger import Arrival, Copies, Ledger
from tests.campaign.promises import check_received, check_sends
from tests.campaign.story import story

TENANT = "campaign-0"
OWN = "5511900000000"
READER = "5511900000001"
CHAT = f"+{READER}"


def attempt(at: float, code: int = 200, /, **body: Any) -> Attempt:
    return Attempt(began=at, ended=at + 0.1, status=code, raw=orjson.dumps(body), body=body)


class Course:
    """A sound course of things: three messages sent one after the other, two that came in."""

    def __init__(self) -> None:
        self.history = History()
        self.ledger = Ledger()
        for number in range(3):
            self.send(number, f"3EB{number}")
        for number in range(2):
            self.say(number)

    def send(self, number: int, message_id: str, way: Way = "text") -> Asked:
        text = f"message {number}."
        first = attempt(float(number), messageId=message_id, status="sent")
        again = replace(first, began=90.0, ended=90.1, replayed=True, at_rest=True)
        asked = Asked(TENANT, f"key-{number}", way, {}, [Message(CHAT, text, (READER, OWN))])
        asked.attempts = [first, again]
        asked.messages[0].message_id = message_id
        self.history.asked.append(asked)
        self.arrive(message_id, text, number + 1)
        self.ledger.rows[TENANT, message_id] = {"messageId": message_id, "status": "delivered", "failure": None}
        return asked

    def arrive(self, message_id: str, text: str, position: int) -> None:
        devices = tuple(Copies(number, 0, 1, 1, True, 0, position) for number in (READER, OWN))
        self.ledger.arrivals[TENANT, message_id] = Arrival(
            message_id, OWN, CHAT, position, "sent", text, devices, raw={"arrivals": 1}
        )

    def say(self, number: int) -> None:
        self.history.said.append(Said(TENANT, CHAT, f"SAID{number}", f"said {number}", float(number)))
        self.hook(number, "evt", status=500)
        self.hook(number, "evt", status=200)

    def hook(self, number: int, event: str, *, status: int = 200, at: float | None = None) -> None:
        body = {"event": "message", "data": {"messageId": f"SAID{number}", "message": f"said {number}"}}
        when = at if at is not None else number + 10 + status / 1000
        self.history.hooks.append(Hook(TENANT, f"{event}_{number}", body, when, status))

    def change(self, number: int, **changes: Any) -> None:
        """Let the ledger say something else of a message."""
        place = (TENANT, f"3EB{number}")
        self.ledger.arrivals[place] = replace(self.ledger.arrivals[place], **changes)

    def copies(self, number: int, **changes: Any) -> None:
        """Let the reader's phone have got something else of a message."""
        reader, *others = self.ledger.arrivals[TENANT, f"3EB{number}"].devices
        self.change(number, devices=(replace(reader, **changes), *others))

    def row(self, number: int, **changes: Any) -> None:
        self.ledger.rows[TENANT, f"3EB{number}"].update(changes)

    def broken(self) -> set[str]:
        return {one.promise for one in (*check_sends(self.history, self.ledger), *check_received(self.history))}


def _lose_the_row(course: Course) -> None:
    del course.ledger.rows[TENANT, "3EB1"]


def _lose_the_arrival(course: Course) -> None:
    del course.ledger.arrivals[TENANT, "3EB1"]


def _swap_arrivals(course: Course) -> None:
    course.change(0, chat_position=2)
    course.change(1, chat_position=1)


def _two_ids(course: Course) -> None:
    course.history.asked[0].attempts.insert(
        1, replace(attempt(0.5, messageId="3EBX", status="sent"), replayed=True)
    )


def _double_under_another_id(course: Course) -> None:
    course.arrive("3EBX", "message 1.", 4)


def _phantom(course: Course) -> None:
    course.arrive("3EBX", "nobody said this", 4)


def _answer_otherwise(course: Course) -> None:
    last = course.history.asked[0].attempts[-1]
    course.history.asked[0].attempts.append(replace(last, raw=b"{}"))


def _forget_the_mark(course: Course) -> None:
    course.history.asked[0].attempts[-1].replayed = False


def _lie(course: Course) -> None:
    course.row(1, status="failed", failure={"code": "rejected", "whatsappError": 479})
    course.change(1, ack="none", devices=())


def _lie_in_an_event(course: Course) -> None:
    _lie(course)
    course.history.asked[1].attempts = [attempt(1.0, 202, messageId="3EB1", status="accepted")]
    body = {"event": "message.status", "data": {"messageId": "3EB1", "status": "sent"}}
    course.history.hooks.append(Hook(TENANT, "evt_s", body, 12.0, 200))


def _no_answer(course: Course) -> None:
    course.history.asked[0].attempts = [Attempt(0.0, 8.0, trouble="TimeoutError")]


def _refuse(course: Course) -> None:
    course.history.asked[0].attempts = [attempt(0.0, 422, code="invalid_recipient", retryable=False)]


def _fault(course: Course) -> None:
    course.history.asked[0].attempts.insert(0, attempt(-1.0, 500, code="internal_error", retryable=True))


def _never_taken(course: Course) -> None:
    for hook in course.history.hooks:
        hook.status = 500


def _two_events(course: Course) -> None:
    course.hook(1, "another")


def _webhooks_in_another_order(course: Course) -> None:
    for hook in course.history.hooks:
        hook.at = -hook.at


def _other_words(course: Course) -> None:
    course.history.said[0].text = "something else"


BREAKS: dict[str, tuple[str, Callable[[Course], None]]] = {
    "no row": ("accepted is never lost", _lose_the_row),
    "no arrival": ("accepted is never lost", _lose_the_arrival),
    "one phone cannot read it": ("accepted is never lost", lambda course: course.copies(1, readable=0)),
    "read twice": ("never read twice", lambda course: course.copies(1, readable=2, copies=2)),
    "other bytes": ("copies are the same bytes", lambda course: course.copies(1, identical=False, copies=2)),
    "other text": ("content is as sent", lambda course: course.change(1, text="message 7.")),
    "still accepted": ("every message ends", lambda course: course.row(1, status="accepted")),
    "unknown": ("every message ends", lambda course: course.row(1, status="unknown")),
    "expired": ("accepted is sent", lambda course: course.row(1, status="failed", failure={"code": "expired"})),
    "failed and read": (
        "failed was not sent",
        lambda course: course.row(1, status="failed", failure={"code": "rejected"}),
    ),
    "arrived in another order": ("order within a chat", _swap_arrivals),
    "read in another order": ("order within a chat", lambda course: course.copies(0, first_read=9)),
    "two ids": ("one key, one message", _two_ids),
    "twice under two ids": ("one key, one message", _double_under_another_id),
    "nobody asked for it": ("one key, one message", _phantom),
    "answered otherwise": ("replays are identical", _answer_otherwise),
    "no mark": ("replays are marked", _forget_the_mark),
    "sent was a lie": ("sent means sent", _lie),
    "an event lied": ("sent means sent", _lie_in_an_event),
    "no answer": ("requests are answered", _no_answer),
    "refused": ("requests are accepted", _refuse),
    "a fault": ("answers are foreseen", _fault),
    "never taken": ("what was said arrives", _never_taken),
    "two events": ("one message, one event", _two_events),
    "webhooks in another order": ("order of webhooks", _webhooks_in_another_order),
    "other words": ("content is as said", _other_words),
}


def test_a_course_in_which_all_is_well_breaks_no_promise() -> None:
    assert Course().broken() == set()


@pytest.mark.parametrize("name", BREAKS)
def test_a_history_that_breaks_a_promise_is_found(name: str) -> None:
    promise, breaks = BREAKS[name]
    course = Course()
    breaks(course)
    assert promise in course.broken()


def test_other_bytes_are_no_fault_when_the_device_asked_for_them() -> None:
    course = Course()
    course.copies(1, identical=False, copies=2, retries=1)
    assert course.broken() == set()


def test_a_message_refused_on_purpose_has_ended() -> None:
    course = Course()
    course.history.asked[1].attempts = [attempt(1.0, 502, code="send_rejected", messageId="3EB1", retryable=False)]
    course.row(1, status="failed", failure={"code": "rejected", "whatsappError": 479})
    course.change(1, ack="refused", devices=(), text=None)
    assert course.broken() == set()


def test_requests_that_overlap_and_scheduled_ones_may_arrive_in_any_order() -> None:
    course = Course()
    _swap_arrivals(course)
    course.history.asked[1].attempts.insert(0, Attempt(0.0, 0.9, trouble="TimeoutError"))
    assert course.broken() == set()
    scheduled = Course()
    _swap_arrivals(scheduled)
    scheduled.history.asked[0].way = "scheduled"
    assert scheduled.broken() == set()


def test_the_story_of_a_broken_promise_has_its_request_its_row_its_copies_and_its_webhooks() -> None:
    course = Course()
    course.copies(1, readable=2)
    _never_taken(course)
    broken = [*check_sends(course.history, course.ledger), *check_received(course.history)]
    told = [story(one, course.history, course.ledger) for one in broken]
    assert "request key-1" in told[0]
    assert '"status":"delivered"' in told[0]
    assert "ledger" in told[0]
    assert "SAID0" in told[1]
    assert "→ 500" in told[1]
