"""What comes of a file: it is sent as it is, another was made of it, or it is refused."""

from __future__ import annotations

from typing import Any

from control.errors import GatewayError
from control.media.kinds import PreparedMedia, Upload
from control.media.sniff import UNKNOWN, FileType
from control.media.spool_file import Stored

MAX_SECONDS = 86_400


def as_it_is(upload: Upload, mime_type: str, **known: Any) -> PreparedMedia:
    """Send the file that came; known: further fields of PreparedMedia."""
    return PreparedMedia(upload.name, mime_type, upload.size_bytes, upload.sha256, **known)


def made(stored: Stored, mime_type: str, **known: Any) -> PreparedMedia:
    """Send the file that was made; known: further fields of PreparedMedia."""
    return PreparedMedia(stored.name, mime_type, stored.size_bytes, stored.sha256, **known)


def refused(kind: str, found: FileType, possible: str) -> GatewayError:
    """Say that a file of this type cannot be sent so. kind: with its article."""
    known = "of a type that is not known here" if found is UNKNOWN else f"of the type {found.mime}"
    return GatewayError("media_type_refused", f"The file is {known}. As {kind}: {possible}")


def whole_seconds(seconds: float | None) -> int | None:
    """Return seconds as WhatsApp shows them: at least one, at most a day; none when they are not known."""
    return min(max(1, round(seconds)), MAX_SECONDS) if seconds is not None else None
