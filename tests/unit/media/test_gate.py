from __future__ import annotations

import asyncio

import pytest

from control.errors import GatewayError
from control.media.gate import Gate
from control.media.pace import Pace, TooSlow


class Room:
    """Counts who is inside."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self.leave = asyncio.Event()

    async def visit(self, tenant_id: str) -> None:
        async with self.gate.enter(tenant_id):
            self.inside.append(tenant_id)
            await self.leave.wait()
            self.inside.remove(tenant_id)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_tenant_has_its_share_and_the_others_have_theirs() -> None:
    room = Room(Gate(per_tenant=2, in_all=5))
    tasks = [asyncio.create_task(room.visit(tenant)) for tenant in ("a", "a", "a", "a", "b", "c", "c", "d")]
    await settle()
    assert sorted(room.inside) == ["a", "a", "b", "c", "c"]
    room.leave.set()
    await asyncio.gather(*tasks)


async def test_who_waits_too_long_a_line_is_sent_away() -> None:
    room = Room(Gate(per_tenant=1, in_all=1, waiting_per_tenant=2))
    tasks = [asyncio.create_task(room.visit("a")) for _ in range(3)]
    await settle()
    with pytest.raises(GatewayError, match="media_busy") as refused:
        await room.visit("a")
    assert refused.value.retry_after
    room.leave.set()
    await asyncio.gather(*tasks)
    await room.visit("a")


async def test_who_is_cancelled_while_waiting_takes_no_place() -> None:
    room = Room(Gate(per_tenant=1, in_all=1))
    first = asyncio.create_task(room.visit("a"))
    waiting = [asyncio.create_task(room.visit(tenant)) for tenant in ("a", "b")]
    await settle()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    room.leave.set()
    await first
    await asyncio.wait_for(room.visit("c"), 1)
    assert not room.gate._tenants
    assert not room.gate._present


async def test_a_fast_sender_may_pause_shortly() -> None:
    pace = Pace(min_bytes=10, window_seconds=1)

    async def read(data: bytes, after: float) -> bytes:
        await asyncio.sleep(after)
        return data

    for after in (0.0, 0.3, 0.2):
        assert await pace.of(read(b"x" * 20, after)) == b"x" * 20
    with pytest.raises(TooSlow):
        await pace.of(read(b"x", 30))


async def test_the_end_of_a_short_file_is_not_too_slow() -> None:
    pace = Pace(min_bytes=1000, window_seconds=1)

    async def end() -> bytes:
        await asyncio.sleep(0.4)
        return b""

    for _ in range(3):
        assert await pace.of(end()) == b""
