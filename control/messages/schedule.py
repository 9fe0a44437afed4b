"""When a message may leave: not before, and not after.

What the caller gave is kept as it was given. It becomes times of the clock only when the message is new: the same
request repeated an hour later is the same request, although its `sendAt` lies in the past by then.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from control.errors import GatewayError

PAST_TOLERANCE_MS = 60_000
"""A `sendAt` that lies so far back is sent at once: clocks differ."""

FARTHEST_MS = 366 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Times:
    """Unix ms; None: at once, and as long as the settings say."""

    send_at_ms: int | None
    expires_at_ms: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """send_at_ms, expires_at_ms: unix ms. expires_in_seconds: after sendAt, or after now without one."""

    send_at_ms: int | None = None
    expires_at_ms: int | None = None
    expires_in_seconds: int | None = None

    def times(self, now_ms: int) -> Times:
        """Return the times for a message that is accepted now; raises `invalid_request`."""
        if self.send_at_ms is not None:
            if self.send_at_ms < now_ms - PAST_TOLERANCE_MS:
                raise _wrong("sendAt", "lies in the past")
            if self.send_at_ms > now_ms + FARTHEST_MS:
                raise _wrong("sendAt", "is more than a year away")
        begins = max(self.send_at_ms or now_ms, now_ms)
        expires = self.expires_at_ms
        if self.expires_in_seconds is not None:
            expires = begins + self.expires_in_seconds * 1000
        if expires is not None:
            if expires <= begins:
                before = "sendAt" if self.send_at_ms is not None and self.send_at_ms > now_ms else "now"
                raise _wrong("expiresAt", f"is not after {before}")
            if expires > begins + FARTHEST_MS:
                raise _wrong("expiresAt", "is more than a year away")
        return Times(self.send_at_ms, expires)


def now_ms() -> int:
    """Return the time in unix milliseconds."""
    return time.time_ns() // 1_000_000


def _wrong(field: str, sentence: str) -> GatewayError:
    return GatewayError("invalid_request", f"{field} {sentence}.", errors=[{"field": field, "message": sentence}])
