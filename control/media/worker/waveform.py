"""The little bars beside a voice note. Runs in a worker process."""

from __future__ import annotations

import array
import sys
from pathlib import Path

BARS = 64
RATE = 4_000
"""Samples per second of what `waveform` reads: enough for loudness, and little to go through."""


def waveform(path: Path) -> dict[str, object]:
    """Return {"waveform"}: BARS bytes from 0 to 100, of which the loudest is 100; None when there is no sound.

    The file holds signed 16 bit samples, little-endian, one channel.
    """
    samples = array.array("h")
    data = path.read_bytes()
    samples.frombytes(data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if len(samples) < BARS:
        return {"waveform": None}
    loud = []
    for bar in range(BARS):
        part = samples[bar * len(samples) // BARS : (bar + 1) * len(samples) // BARS]
        loud.append(sum(map(abs, part)) / len(part))
    loudest = max(loud)
    if loudest == 0:
        return {"waveform": bytes(BARS)}
    return {"waveform": bytes(round(100 * value / loudest) for value in loud)}
