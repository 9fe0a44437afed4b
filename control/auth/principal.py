"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid credential. key_id: names the key in logs without giving it away."""

    key_id: str
