"""Puts bytes into a room and looks at what lies in the spool afterwards."""

from __future__ import annotations

import base64
import hashlib
import stat
from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind, PreparedMedia


async def put(intake: MediaIntake, data: bytes, kind: MediaKind, **options: str) -> PreparedMedia:
    """Take bytes in."""
    return await intake.from_base64("t1", base64.b64encode(data).decode(), kind, **options)


async def refusal(intake: MediaIntake, data: bytes, kind: MediaKind) -> str:
    """Take bytes in that are refused, and return the error's code."""
    with pytest.raises(GatewayError) as error:
        await put(intake, data, kind)
    return error.value.code


def names(spool: Path) -> list[str]:
    """What lies in a spool."""
    return [path.name for path in spool.iterdir()]


def lying(spool: Path, media: PreparedMedia) -> bytes:
    """The bytes of the one file in the spool, after a look at how it lies there."""
    assert names(spool) == [media.name]
    path = spool / media.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    data = path.read_bytes()
    assert (media.size_bytes, media.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return data
