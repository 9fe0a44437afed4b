"""MP4 and its relatives (ISO/IEC 14496-12): what their boxes say of size, length and codecs. Decodes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from control.media.worker.unfit import Unfit

MAX_BOXES = 20_000
MAX_DEPTH = 8
MAX_READ_BYTES = 1024 * 1024

_FOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex"})
_READ = frozenset({b"mvhd", b"tkhd", b"hdlr", b"stsd", b"mehd"})


@dataclass
class Track:
    """kind: b"vide", b"soun" or another. codec: the sample entry, such as b"avc1". width, height: as shown.

    profile: of H.264, else 0. coding: the object type of MPEG-4 sound, of which AAC is one, else 0.
    """

    kind: bytes = b""
    codec: bytes = b""
    profile: int = 0
    coding: int = 0
    width: int = 0
    height: int = 0


@dataclass
class Movie:
    """seconds: None when the file does not say, as one that is made of fragments need not."""

    seconds: float | None = None
    tracks: list[Track] = field(default_factory=list)

    def first(self, kind: bytes) -> Track | None:
        """Return the first track of a kind."""
        return next((track for track in self.tracks if track.kind == kind), None)


def read_movie(file: BinaryIO) -> Movie:
    """Read what the boxes say; raises Unfit `media_invalid` when they make no sense or the file ends too early."""
    movie = Movie()
    timescale = 0
    seen_data = False
    size = file.seek(0, 2)
    for kind, body in _boxes(file, 0, size, 0, [0]):
        if kind == b"trak":
            movie.tracks.append(Track())
        elif kind in (b"mdat", b"moof"):
            seen_data = True
        elif kind == b"mvhd":
            timescale, ticks = _times(body)
            if timescale and ticks:
                movie.seconds = ticks / timescale
        elif kind == b"mehd" and timescale and movie.seconds is None:
            ticks = int.from_bytes(body[4:12] if body[0] == 1 else body[4:8], "big")
            movie.seconds = ticks / timescale if ticks else None
        elif movie.tracks:
            _track(movie.tracks[-1], kind, body)
    if not movie.tracks or not seen_data:
        raise broken()
    return movie


def _track(track: Track, kind: bytes, body: bytes) -> None:
    if kind == b"tkhd" and len(body) >= (96 if body[0] == 1 else 84):
        end = 96 if body[0] == 1 else 84
        width, height = (int.from_bytes(body[at : at + 4], "big") >> 16 for at in (end - 8, end - 4))
        a, b = (int.from_bytes(body[at : at + 4], "big", signed=True) for at in (end - 44, end - 40))
        # The matrix turns a video that was filmed upright: 90 or 270 degrees when the diagonal is nothing.
        track.width, track.height = (height, width) if a == 0 and b != 0 else (width, height)
    elif kind == b"hdlr":
        # QuickTime has a second one, for where the data is.
        if body[4:8] != b"dhlr":
            track.kind = body[8:12]
    elif kind == b"stsd":
        track.codec = body[12:16]
        at = body.find(b"avcC")
        # The box begins with its version, then the profile (ISO/IEC 14496-15).
        track.profile = body[at + 5] if 0 <= at < len(body) - 5 else 0
        track.coding = _coding(body)


def _coding(body: bytes) -> int:
    """Return the object type from an `esds` box (ISO/IEC 14496-1): a descriptor 3 with a descriptor 4 in it."""
    at = body.find(b"esds")
    if at < 0:
        return 0
    at = _descriptor(body, at + 8, 3)
    if at == 0 or at + 3 > len(body):
        return 0
    flags = body[at + 2]
    at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
    at = _descriptor(body, at, 4)
    return body[at] if 0 < at < len(body) else 0


def _descriptor(body: bytes, at: int, tag: int) -> int:
    """Return where the content of a descriptor begins, 0 when it is not there; its size has up to four bytes."""
    if at >= len(body) or body[at] != tag:
        return 0
    for number in range(1, 5):
        if at + number < len(body) and body[at + number] < 0x80:
            return at + number + 1
    return 0


def _times(body: bytes) -> tuple[int, int]:
    if body[:1] == b"\x01":
        timescale, ticks, unknown = body[20:24], body[24:32], b"\xff" * 8
    else:
        timescale, ticks, unknown = body[12:16], body[16:20], b"\xff" * 4
    return int.from_bytes(timescale, "big"), 0 if ticks == unknown else int.from_bytes(ticks, "big")


def _boxes(file: BinaryIO, start: int, end: int, depth: int, count: list[int]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind of each box, those inside others too, and the body of those that are of use here."""
    at = start
    while at + 8 <= end:
        count[0] += 1
        if count[0] > MAX_BOXES or depth > MAX_DEPTH:
            raise broken()
        file.seek(at)
        head = file.read(16)
        size, kind, used = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, used = int.from_bytes(head[8:16], "big"), 16
        elif size == 0 and depth == 0:
            size = end - at
        if size < used or at + size > end:
            raise broken()
        if kind in _READ:
            if size > MAX_READ_BYTES:
                raise broken()
            file.seek(at + used)
            body = file.read(size - used)
            if (len(body) < 16 and kind != b"mehd") or len(body) < 8:
                raise broken()
            yield kind, body
        else:
            yield kind, b""
        if kind in _FOLDERS:
            yield from _boxes(file, at + used, at + size, depth + 1, count)
        at += size


def broken() -> Unfit:
    """Say that the file is not whole."""
    return Unfit("media_invalid", "The file is damaged or not complete.")
