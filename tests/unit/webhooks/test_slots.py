from __future__ import annotations

from control.webhooks.queue import Line
from control.webhooks.slots import Slot, Slots


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def line(webhook: str, tenant: str = "t") -> Line:
    return Line(tenant, webhook)


def make_trusted(slots: Slots, *webhooks: str) -> None:
    """Have them answer quickly until they have as much as one may have."""
    for webhook in webhooks:
        for _ in range(4):
            slot = slots.begin(webhook)
            slots.answered(slot, timed_out=False)
            slots.end(slot)


def test_webhooks_have_their_turn_in_the_order_they_came() -> None:
    slots = Slots()
    for webhook in ("a", "b", "a", "c"):
        slots.ready(line(webhook))
    assert [slots.next(), slots.next(), slots.next(), slots.next()] == [line("a"), line("b"), line("c"), None]


def test_nobody_has_a_turn_while_everything_is_under_way() -> None:
    slots = Slots(in_all=2)
    make_trusted(slots, "x")
    held = [slots.begin("x"), slots.begin("x")]
    slots.ready(line("x"))
    assert slots.next() is None
    slots.end(held[0])
    assert slots.next() == line("x")


def test_a_full_endpoint_sets_its_webhooks_apart_and_lets_them_back_one_per_slot() -> None:
    slots = Slots(per_endpoint=1)
    held = slots.begin("default")
    for tenant in ("a", "b"):
        slots.ready(line("default", tenant))
        assert slots.next() == line("default", tenant)
        assert slots.share("default") == 0
        slots.wait(line("default", tenant))
    slots.ready(line("default", "a"))
    assert slots.next() is None
    assert slots.others_wait("default")
    assert not slots.others_wait("other")
    slots.end(held)
    assert slots.next() == line("default", "a")
    assert slots.next() is None


def test_a_share_leaves_room_for_those_who_wait() -> None:
    slots = Slots(per_endpoint=8, in_all=16)
    make_trusted(slots, *(f"x{n}" for n in range(108)))
    assert slots.share("x0") == 8
    for n in range(1, 8):
        slots.ready(line(f"x{n}"))
    assert slots.share("x0") == 2
    for n in range(8, 108):
        slots.ready(line(f"x{n}"))
    assert slots.share("x0") == 1


def test_a_new_endpoint_gets_more_with_each_quick_answer_and_one_after_it_timed_out() -> None:
    slots = Slots()
    shares = [slots.share("x")]
    for timed_out in (False, False, False, True, False):
        slot = slots.begin("x")
        slots.answered(slot, timed_out=timed_out)
        slots.end(slot)
        shares.append(slots.share("x"))
    assert shares == [1, 2, 4, 8, 1, 2]


def test_endpoints_that_have_not_shown_that_they_answer_get_half_of_the_room() -> None:
    slots = Slots(in_all=8)
    make_trusted(slots, "good")
    for n in range(20):
        slots.ready(line(f"new{n}"))
    begun = 0
    while slots.next() is not None:
        slots.begin(f"n{begun}")
        begun += 1
    assert begun == 4
    slots.ready(line("good"))
    assert slots.next() == line("good")
    assert slots.share("good") == 4


def test_those_who_answer_and_the_others_take_turns() -> None:
    slots = Slots()
    make_trusted(slots, "good1", "good2", "good3")
    for webhook in ("good1", "good2", "good3", "new1", "new2"):
        slots.ready(line(webhook))
    order = [slots.next() for _ in range(5)]
    assert [one.webhook_id[:3] for one in order if one is not None] == ["goo", "new", "goo", "new", "goo"]


def test_attempts_that_take_long_make_room_for_others_up_to_a_bound() -> None:
    time = Time()
    slots = Slots(in_all=4, slow=3, clock=time)
    make_trusted(slots, "a", "b", "c", "d", "e")
    held: list[Slot] = [slots.begin(webhook) for webhook in "abcd"]
    slots.ready(line("e"))
    assert slots.next() is None
    time.now += 1.5
    assert slots.next() == line("e")
    assert [slot.slow for slot in held] == [True, True, True, False]
    # What hangs is no longer among those who answer, although it has not timed out yet.
    slots.ready(line("a"))
    assert line("a") in slots._turn
    for slot in held:
        slots.answered(slot, timed_out=True)
        slots.end(slot)
    assert slots.share("e") == 4


def test_endpoints_are_remembered_up_to_a_bound() -> None:
    slots = Slots()
    make_trusted(slots, *(f"x{n}" for n in range(10_100)))
    assert len(slots._usage) == 10_000
