from __future__ import annotations

from control.webhooks.slots import Slots


def test_tenants_have_their_turn_in_the_order_they_came() -> None:
    slots = Slots()
    for tenant in ("a", "b", "a", "c"):
        slots.ready(tenant)
    assert [slots.next(), slots.next(), slots.next(), slots.next()] == ["a", "b", "c", None]


def test_nobody_has_a_turn_while_everything_is_under_way() -> None:
    slots = Slots(per_endpoint=2, in_all=2)
    slots.begin("x")
    slots.begin("y")
    slots.ready("a")
    assert slots.next() is None
    slots.end("x")
    assert slots.next() == "a"


def test_a_full_endpoint_sets_its_tenants_apart_and_lets_them_back_one_per_slot() -> None:
    slots = Slots(per_endpoint=1)
    slots.begin("shared")
    for tenant in ("a", "b"):
        slots.ready(tenant)
        assert slots.next() == tenant
        assert slots.share("shared") == 0
        slots.wait(tenant, "shared")
    slots.ready("a")
    assert slots.next() is None
    assert slots.others_wait("shared")
    assert not slots.others_wait("other")
    slots.end("shared")
    assert slots.next() == "a"
    assert slots.next() is None


def test_a_share_leaves_room_for_those_who_wait() -> None:
    slots = Slots(per_endpoint=8, in_all=16)
    assert slots.share("x") == 8
    for n in range(7):
        slots.ready(f"t{n}")
    assert slots.share("x") == 2
    for n in range(100):
        slots.ready(f"u{n}")
    assert slots.share("x") == 1


def test_an_endpoint_that_timed_out_has_one_slot_until_it_answers() -> None:
    slots = Slots()
    slots.begin("x")
    slots.answered("x", timed_out=True)
    assert slots.share("x") == 0
    slots.end("x")
    assert slots.share("x") == 1
    slots.begin("x")
    slots.answered("x", timed_out=False)
    assert slots.share("x") == 7


def test_an_endpoint_nobody_uses_is_forgotten() -> None:
    slots = Slots()
    for n in range(1000):
        slots.begin(f"x{n}")
        slots.answered(f"x{n}", timed_out=False)
        slots.end(f"x{n}")
    assert not slots._usage
