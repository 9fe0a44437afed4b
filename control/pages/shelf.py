"""The pages' files, read once at start: what a browser may have is exactly what stands here.

A room is a folder beside this file: `shared` for all pages, one more for each page, whose document is `page.html`.
All rooms together have one version, a hash of their contents. The documents name it in the addresses of everything
they load (where they say VERSION), so that a browser may keep those for ever and never mixes two versions.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOMS: Final = Path(__file__).parent
DOCUMENT: Final = "page.html"
TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What may stand in a room, and as what it is served, as UTF-8. Everything else is refused at start."""

_PLACEHOLDER: Final = b"VERSION/"
_VERSION_LENGTH: Final = 16


class UnfitPages(Exception):
    """The package's files are not what they should be. The text says which and why."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file. etag: without quotes, of `body`. packed: the same with gzip, None where that saves nothing."""

    content_type: str
    body: bytes
    packed: bytes | None
    etag: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All files. version: of them all. documents: by room. assets: by room and name."""

    version: str
    documents: Mapping[str, PageFile]
    assets: Mapping[tuple[str, str], PageFile]


def read_pages(rooms: Path = ROOMS) -> Shelf:
    """Read every room. Blocks. Raises UnfitPages for a file of a kind that is not served, OSError like open."""
    raw = {
        (room.name, file.name): file.read_bytes()
        for room in sorted(rooms.iterdir())
        if room.is_dir() and not room.name.startswith("_")
        for file in sorted(room.iterdir())
        if not file.name.startswith(".")
    }
    for room, name in raw:
        if Path(name).suffix not in TYPES:
            raise UnfitPages(f"{room}/{name} is none of {', '.join(TYPES)}")
    version = _version(raw)
    documents: dict[str, PageFile] = {}
    assets: dict[tuple[str, str], PageFile] = {}
    for (room, name), body in raw.items():
        if name == DOCUMENT:
            documents[room] = _file(name, body.replace(_PLACEHOLDER, f"{version}/".encode()))
        else:
            assets[room, name] = _file(name, body)
    return Shelf(version, documents, assets)


def _version(raw: Mapping[tuple[str, str], bytes]) -> str:
    whole = hashlib.sha256()
    for (room, name), body in raw.items():
        whole.update(f"{room}/{name}\0{len(body)}\0".encode() + body)
    return whole.hexdigest()[:_VERSION_LENGTH]


def _file(name: str, body: bytes) -> PageFile:
    packed = gzip.compress(body, mtime=0)
    return PageFile(
        content_type=TYPES[Path(name).suffix],
        body=body,
        packed=packed if len(packed) < len(body) else None,
        etag=hashlib.sha256(body).hexdigest()[:32],
    )
