"""One connect link: what was asked for when it was made, and whether it still opens anything."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from control.errors import GatewayError

FINISHED_AFTER_MS: Final = 10 * 60_000
"""How long a link goes on saying that the number is connected before it is over."""


class ConnectMethod(StrEnum):
    """How the number can be linked by it."""

    QR = "qr"
    CODE = "code"
    BOTH = "both"


class ConnectLinkStatus(StrEnum):
    """open: can be used. connected: has done its work and says so for some minutes, then it is finished. used: was
    opened as often as it may be.
    """

    OPEN = "open"
    CONNECTED = "connected"
    USED = "used"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What the page shows. brand_logo: a data URL. language: None is the browser's. max_uses: None is no limit."""

    method: ConnectMethod = ConnectMethod.BOTH
    language: str | None = None
    brand_name: str | None = None
    brand_color: str | None = None
    brand_logo: str | None = None
    return_url: str | None = None
    max_uses: int | None = None


@dataclass(frozen=True, slots=True)
class ConnectLink:
    """A link as Redis knows it. Times are unix milliseconds, None for what did not happen."""

    id: str
    tenant_id: str
    created_at_ms: int
    expires_at_ms: int
    record: LinkRecord
    uses: int = 0
    connected_at_ms: int | None = None
    revoked_at_ms: int | None = None

    @classmethod
    def stored(cls, tenant_id: str, link_id: str, fields: dict[str, Any]) -> ConnectLink:
        """Return a link from the fields of its hash; record: its parsed JSON."""
        record = dict(fields["record"])
        created, expires = record.pop("created_at_ms"), record.pop("expires_at_ms")
        record["method"] = ConnectMethod(record["method"])
        return cls(
            link_id,
            tenant_id,
            created,
            expires,
            LinkRecord(**record),
            uses=int(fields["uses"] or 0),
            connected_at_ms=_moment(fields["connected"]),
            revoked_at_ms=_moment(fields["revoked"]),
        )

    def to_store(self) -> dict[str, Any]:
        """Return what never changes, for the hash's field `record`."""
        return {**asdict(self.record), "created_at_ms": self.created_at_ms, "expires_at_ms": self.expires_at_ms}

    def status(self, now_ms: int) -> ConnectLinkStatus:
        """Return what it is good for, of one that is neither revoked nor over."""
        if self.connected_at_ms is not None:
            over = now_ms > self.connected_at_ms + FINISHED_AFTER_MS
            return ConnectLinkStatus.FINISHED if over else ConnectLinkStatus.CONNECTED
        most = self.record.max_uses
        return ConnectLinkStatus.USED if most is not None and self.uses >= most else ConnectLinkStatus.OPEN

    def awaits(self, connected_since_ms: int) -> bool:
        """Whether a connection since then is the one it was made for, and not noted yet."""
        return self.connected_at_ms is None and self.created_at_ms <= connected_since_ms

    def refuse_if_over(self, now_ms: int) -> None:
        """Raise `connect_link_revoked`, `connect_link_expired`, `connect_link_finished`."""
        if self.revoked_at_ms is not None:
            raise GatewayError("connect_link_revoked")
        if now_ms >= self.expires_at_ms:
            raise GatewayError("connect_link_expired")
        if self.status(now_ms) is ConnectLinkStatus.FINISHED:
            raise GatewayError("connect_link_finished")


def _moment(stored: bytes | None) -> int | None:
    return int(stored) if stored is not None else None
