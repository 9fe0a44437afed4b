"""The name a document is shown by: whatever a caller called it, without what a name must not hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_BYTES = 255

# Control and format characters (which turn "gpj.exe" around to look like a picture), surrogates, line separators.
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What joins emoji and the letters of some scripts is a format character that belongs into names.
_JOINERS: Final = frozenset({"\u200c", "\u200d"})
_SEPARATORS: Final = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]")
# A drive letter, or a stream of a file on Windows.
_COLON: Final = re.compile(r"[:\uff1a]")


def safe_file_name(given: str | None) -> str | None:
    """Return the last part of a name, None when nothing is left of it.

    No folders, no control characters, no dots or spaces at either end, at most MAX_BYTES bytes of UTF-8 with the
    extension kept; letters of every script stay.
    """
    if given is None:
        return None
    name = _SEPARATORS.split(unicodedata.normalize("NFC", given[:4096]))[-1]
    name = _COLON.sub("_", name)
    name = "".join(
        character
        for character in name
        if character in _JOINERS or unicodedata.category(character) not in _REFUSED_CATEGORIES
    )
    name = " ".join(name.split()).strip(". ")
    name = _shortened(name)
    return name or None


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension.encode()) > 16:
        stem, extension = name, ""
    end = f".{extension}" if extension else ""
    kept = stem.encode()[: MAX_BYTES - len(end.encode())].decode(errors="ignore")
    return kept.rstrip(". ") + end
