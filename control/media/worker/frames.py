"""MP3, AAC and AMR: streams of frames without a table of contents. Their length is what their frames say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from control.media.worker.isobmff import broken

_MP3_RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MP3_KBPS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBPS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_AAC_RATES: Final = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)
# Bytes of a frame after its first one, by its mode (RFC 4867); 0 for modes that are not used.
_AMR_SIZES: Final = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)

MIN_FRAMES = 2
"""A single header may be chance; two that follow each other are not."""

Frame = Callable[[bytes, int], tuple[int, float] | None]


def mp3_seconds(data: bytes) -> float:
    """Return the length of an MP3 file; raises Unfit `media_invalid` when there are no frames."""
    at = _after_id3(data)
    # Some encoders leave a gap of zeros behind the tag.
    while data[at : at + 1] == b"\x00":
        at += 1
    return _walk(data, at, _mp3_frame)


def aac_seconds(data: bytes) -> float:
    """Return the length of an ADTS file; raises Unfit `media_invalid` when there are no frames."""
    return _walk(data, 0, _aac_frame)


def amr_seconds(data: bytes) -> float:
    """Return the length of an AMR file; raises Unfit `media_invalid` when its frames make no sense."""
    return _walk(data, 6, _amr_frame)


def _walk(data: bytes, at: int, frame: Frame) -> float:
    seconds = 0.0
    count = 0
    while (found := frame(data, at)) is not None:
        size, length = found
        at += size
        seconds += length
        count += 1
    # What follows the last frame may be a tag, and an MP3 that was cut ends within a frame: players do not mind.
    if count < MIN_FRAMES:
        raise broken()
    return seconds


def _after_id3(data: bytes) -> int:
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return at


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, rate_index, kbps_index = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate_index == 3 or kbps_index in (0, 15):
        return None
    rate = _MP3_RATES[version][rate_index]
    kbps = (_MP3_KBPS_1 if version == 3 else _MP3_KBPS_2)[kbps_index]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * kbps * 1000 // rate + (head[2] >> 1 & 1)
    return (size, samples / rate) if at + size <= len(data) else None


def _aac_frame(data: bytes, at: int) -> tuple[int, float] | None:
    head = data[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return None
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    samples = 1024 * ((head[6] & 3) + 1)
    if size < 7 or at + size > len(data):
        return None
    return size, samples / _AAC_RATES[head[2] >> 2 & 15]


def _amr_frame(data: bytes, at: int) -> tuple[int, float] | None:
    if at >= len(data) or data[at] & 0x83:
        return None
    mode = data[at] >> 3 & 15
    size = 1 + _AMR_SIZES[mode]
    if mode > 8 and mode != 15:
        return None
    return (size, 0.02) if at + size <= len(data) else None
