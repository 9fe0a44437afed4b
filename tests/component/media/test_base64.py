"""Base64: what is taken, what is refused, and that nobody waits for it."""

from __future__ import annotations

import asyncio
import base64
import time
from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.base64_text import SLICE_CHARACTERS
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.files import lying, names

DOCUMENT = MediaKind.document
SLICE = SLICE_CHARACTERS * 3 // 4


@pytest.mark.parametrize("size", [1, 2, 3, 4, SLICE - 1, SLICE, SLICE + 1, 2_000_003])
async def test_bytes_come_out_as_they_went_in(intake: MediaIntake, spool: Path, size: int) -> None:
    data = bytes(number * 7 % 256 for number in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    text = base64.b64encode(data).decode()
    broken_up = "\n ".join(text[at : at + 61] for at in range(0, len(text), 61))
    for given in (text, text.rstrip("="), broken_up, f"DATA:image/png;name=x;BASE64,{text}"):
        media = await intake.from_base64("t1", given, DOCUMENT)
        assert lying(spool, media) == data
        await intake.discard(media)


@pytest.mark.parametrize(
    "text",
    [
        *("A", "====", "AAAA=AAA", "AA=A", "A===", "ab-_", "ção=", "AAAA\x00", "AAAA%3D", "<html>"),
        *("data:,AAAA", "data:image/png,AAAA", "data:image/png;base64", "data:;base32,AAAA", "data:"),
        "A" * 600_000 + "=" + "A" * 600_000,
        "A" * 1_000_001,
    ],
)
async def test_what_is_no_base64_is_refused_by_field(intake: MediaIntake, spool: Path, text: str) -> None:
    with pytest.raises(GatewayError, match="invalid_request") as refused:
        await intake.from_base64("t1", text, DOCUMENT)
    assert refused.value.errors is not None
    assert [error["field"] for error in refused.value.errors] == ["mediaBase64"]
    assert names(spool) == []


async def test_more_than_the_limit_is_refused_before_it_is_decoded(intake: MediaIntake, spool: Path) -> None:
    text = "A" * (4 * (17 << 20) // 3)
    began = time.monotonic()
    with pytest.raises(GatewayError, match="media_too_large"):
        await intake.from_base64("t1", text, DOCUMENT)
    assert time.monotonic() - began < 0.5
    assert names(spool) == []


async def test_the_event_loop_goes_on_while_a_large_file_is_decoded(intake: MediaIntake) -> None:
    text = base64.b64encode(bytes(15 << 20)).decode()
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    ticking = asyncio.create_task(tick())
    began = time.perf_counter()
    media = await intake.from_base64("t1", text, DOCUMENT)
    took = time.perf_counter() - began
    ticking.cancel()
    print(f"decoded in {took:.3f} s, longest pause {longest * 1000:.1f} ms")  # noqa: T201
    await intake.discard(media)
    # A pause is a slice or two, however large the whole is; what the machine does besides is allowed for.
    assert longest < max(0.1, took / 2)
