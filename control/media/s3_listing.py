"""Reads the answer of ListObjectsV2. The server is the operator's, what is in the bucket need not be.

Only keys and times are taken from it, without an XML parser: keys come percent-encoded (encoding-type=url), and
text in XML holds no bare `<`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

_CONTENTS = re.compile(r"<Contents>(.*?)</Contents>", re.DOTALL)
_KEY = re.compile(r"<Key>([^<]+)</Key>")
_TIME = re.compile(r"<LastModified>([^<]+)</LastModified>")
_ENCODED = re.compile(r"<EncodingType>\s*url\s*</EncodingType>")
_RESULT = re.compile(r"<ListBucketResult[\s>]")


@dataclass(frozen=True, slots=True)
class Listed:
    """An object. at_ms: when it was put, by the server's clock."""

    key: str
    at_ms: int


def read_listing(text: str) -> list[Listed]:
    """Return the objects in their order; raises ValueError for what is no listing."""
    if not _RESULT.search(text):
        raise ValueError("no listing")
    encoded = _ENCODED.search(text) is not None
    found = []
    for contents in _CONTENTS.findall(text):
        key, time = _KEY.search(contents), _TIME.search(contents)
        if key is None or time is None:
            raise ValueError("an object without key or time")
        name = html.unescape(key[1])
        moment = datetime.fromisoformat(time[1].strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        found.append(Listed(unquote(name, errors="strict") if encoded else name, int(moment.timestamp() * 1000)))
    return found
