"""When a part counts as not well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from control.api.probe import Health
from control.api.wellness import parts_of
from control.rpc.contract_gen import HealthResult
from control.rpc.parsing import parse
from tests.support.scripted_bridge import health

GIB = 1024**3


def found(bridge: dict[str, Any] | None = None, **changes: Any) -> Health:
    whole = Health(
        environment="test",
        uptime=1.0,
        hello=None,
        bridge=parse(HealthResult, health(**(bridge or {}))),
        bridge_problem=None,
        redis_ms=1.0,
        redis_problem=None,
        copy_broken=False,
        webhooks_behind=0.0,
        disk_free=20 * GIB,
        disk_size=25 * GIB,
    )
    return replace(whole, **changes)


def unwell(health: Health) -> dict[str, str]:
    return {name: said for name, said in parts_of(health).items() if said != "ok"}


def connections(connected: int, *, unanswered: int = 0, silent: int = 0) -> dict[str, Any]:
    return {"connections": {"connected": connected, "unanswered": unanswered, "silent": silent}}


def test_all_is_well() -> None:
    assert unwell(found()) == {}
    assert list(parts_of(found())) == [
        *("bridge", "redis", "webhooks", "disk", "store", "whatsapp", "events", "connections", "silence")
    ]


def test_what_only_the_bridge_knows_is_not_told_while_it_is_down() -> None:
    parts = parts_of(replace(found(), bridge=None))

    assert list(parts) == ["bridge", "redis", "webhooks", "disk"]


@pytest.mark.parametrize(
    ("connected", "silent", "says"),
    [
        (1, 1, False),
        (2, 2, False),
        (3, 1, False),
        (3, 2, True),
        (100, 49, False),
        (100, 50, True),
    ],
)
def test_one_quiet_number_is_nothing_and_half_of_several_is(connected: int, silent: int, says: bool) -> None:
    said = unwell(found(connections(connected, silent=silent)))

    assert (said == {"silence": f"{silent} of {connected} connected sessions hear nothing"}) is says
    assert bool(said) is says


def test_a_connection_without_answers_is_told_at_once() -> None:
    assert unwell(found(connections(9, unanswered=1))) == {"connections": "1 of 9 get no answer to keepalives"}


@pytest.mark.parametrize(
    ("free", "size", "says"),
    [
        (20 * GIB, 25 * GIB, False),
        (1 * GIB, 25 * GIB, True),
        (GIB // 4, 2 * GIB, True),
        (6 * GIB, 1000 * GIB, False),
        (4 * GIB, 1000 * GIB, True),
        (None, None, True),
    ],
)
def test_a_disk_that_is_nearly_full_is_told(free: int | None, size: int | None, says: bool) -> None:
    assert ("disk" in unwell(found(disk_free=free, disk_size=size))) is says


def test_queues_that_back_up_are_told() -> None:
    journal = {"headPosition": 6000, "ackedPosition": 0, "unackedEvents": 6000}

    assert unwell(found({"journal": journal})) == {"events": "6000 wait to be taken in"}
    assert unwell(found(webhooks_behind=29.0)) == {}
    assert unwell(found(webhooks_behind=31.4)) == {"webhooks": "what is due is 31 s late"}
    assert unwell(found(copy_broken=True)) == {"webhooks": "where they go is not on disk"}
