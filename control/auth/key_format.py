"""What an API key looks like: `wk_live_` and 36 letters and digits, the last six a checksum of the thirty before.

The beginning is for programs that look for secrets in code and logs: `\\bwk_live_[0-9A-Za-z]{36}\\b`. The checksum
lets them, and us, tell a key from something alike without asking anybody. The first eight of the thirty are the
key's id, which is no secret; they stay when the key is rotated. The other 22 are 131 random bits.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib
from typing import Final

PREFIX: Final = "wk_live_"
KEY_ID: Final = re.compile(r"[0-9A-Za-z]{8}", re.ASCII)

_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_LENGTH: Final = 8
_SECRET_LENGTH: Final = 22
_CHECKSUM_LENGTH: Final = 6
_KEY: Final = re.compile(r"wk_live_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", re.ASCII)


def new_key_id() -> str:
    """Return a random id."""
    return _random(_ID_LENGTH)


def new_secret(key_id: str) -> str:
    """Return a random key of this id."""
    body = key_id + _random(_SECRET_LENGTH)
    return PREFIX + body + _checksum(body)


def key_id_of(given: str) -> str | None:
    """Return the id of what may be a key; None when it cannot be one, its checksum included."""
    parts = _KEY.fullmatch(given)
    if parts is None or parts[2] != _checksum(parts[1]):
        return None
    return parts[1][:_ID_LENGTH]


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
