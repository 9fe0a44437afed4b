"""Ogg (RFC 3533) with Opus (RFC 7845) in it: its length and channels, from its pages. Decodes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from control.media.worker.isobmff import broken

OPUS_RATE = 48_000


@dataclass(frozen=True, slots=True)
class Opus:
    """What the pages say."""

    seconds: float
    channels: int


def read_opus(file: BinaryIO) -> Opus:
    """Walk the pages of the first stream; raises Unfit `media_invalid` when they are broken or end too early."""
    head = _page(file)
    if head is None or not head.body.startswith(b"OpusHead") or len(head.body) < 19:
        raise broken()
    channels = head.body[9]
    skipped = int.from_bytes(head.body[10:12], "little")
    last = 0
    ended = False
    while (page := _page(file)) is not None:
        if page.stream != head.stream:
            raise broken()
        # -1: no packet ends on this page.
        if page.granule != 2**64 - 1:
            last = max(last, page.granule)
        ended = ended or page.ends
    if last <= skipped or channels not in (1, 2):
        raise broken()
    return Opus((last - skipped) / OPUS_RATE, channels)


@dataclass(frozen=True, slots=True)
class _Page:
    granule: int
    stream: bytes
    ends: bool
    body: bytes


def _page(file: BinaryIO) -> _Page | None:
    head = file.read(27)
    if not head:
        return None
    if len(head) < 27 or head[:5] != b"OggS\x00":
        raise broken()
    sizes = file.read(head[26])
    body = file.read(sum(sizes))
    if len(sizes) < head[26] or len(body) < sum(sizes):
        raise broken()
    return _Page(int.from_bytes(head[6:14], "little"), head[14:18], bool(head[5] & 4), body)
