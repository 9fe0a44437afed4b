"""Examples of requests and answers, from the files in control/api/examples/, one for each chapter.

{"<operationId>": {"request": {"<name>": …}, "answers": {"<status>": {"<name>": …}}}}

Tests hold each to the models: a request is read as it would be, an answer is one that the model makes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

FOLDER: Final = Path(__file__).resolve().parent.parent / "examples"


class Examples:
    """All examples, by operation."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    @classmethod
    @cache
    def load(cls) -> Examples:
        """Read them; blocks, and is done once."""
        found: dict[str, Any] = {}
        for path in sorted(FOLDER.glob("*.json")):
            for name, said in orjson.loads(path.read_bytes()).items():
                if name in found:
                    raise ValueError(f"{path.name}: {name} has examples in another file")
                found[name] = said
        return cls(found)

    @property
    def names(self) -> frozenset[str]:
        """The operations, and kinds of events, that have some."""
        return frozenset(self._found)

    def requests(self, operation_id: str) -> dict[str, Any]:
        """Return bodies of requests by their names."""
        return dict(self._found.get(operation_id, {}).get("request", {}))

    def answers(self, operation_id: str, status: int) -> dict[str, Any]:
        """Return bodies of answers by their names."""
        return dict(self._found.get(operation_id, {}).get("answers", {}).get(str(status), {}))

    def event(self, kind: str) -> dict[str, Any]:
        """Return an event of this kind, as a webhook gets it."""
        return dict(self._found[kind]["event"])
