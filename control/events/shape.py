"""From the contract's shapes to those customers read: the same names, times in ISO 8601, not in milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel


class UnknownEvent(Exception):
    """An event this version has no words for."""


def iso(ms: int) -> str:
    """Write unix milliseconds as `2026-11-23T12:00:00.123Z`; a year past 9999 raises UnknownEvent."""
    try:
        moment = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
    except (ValueError, OverflowError) as impossible:
        raise UnknownEvent(f"time {ms}") from impossible
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(ms: int | None) -> str | None:
    """Write a time where there is one."""
    return iso(ms) if ms is not None else None


def shown(model: BaseModel) -> dict[str, Any]:
    """Return the shape's fields that are known: `startsAtMs: 0` becomes `startsAt: "1970-…"`."""
    value: dict[str, Any] = _shown(model.model_dump(mode="json", by_alias=True, exclude_none=True))
    return value


def _shown(value: Any) -> Any:
    match value:
        case dict():
            return dict(_field(name, inner) for name, inner in value.items())
        case list():
            return [_shown(inner) for inner in value]
        case _:
            return value


def _field(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("Ms") and isinstance(value, int):
        return name.removesuffix("Ms"), iso(value)
    return name, _shown(value)
