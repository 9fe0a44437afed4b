"""The bridge's outbox as the contract describes it, played: keys, replays, batches.

It forgets nothing while it lives, so control can be started anew in front of it.
"""

from __future__ import annotations

import copy
import secrets
from typing import Any

from tests.support.scripted_bridge import Fault, Params, ScriptedBridge, now_ms, outgoing


class ScriptedOutbox:
    """Answers message.send, message.replay and batch.create of a scripted bridge.

    status: what new messages are answered with. messages: every message made, in order, as it was asked for.
    """

    def __init__(self, bridge: ScriptedBridge, *, status: str = "sent", **changes: Any) -> None:
        self.status = status
        self.changes = changes
        self.messages: list[Params] = []
        self.batches: list[Params] = []
        self._answers: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        bridge.scripts["message.send"] = self.send
        bridge.scripts["message.replay"] = self.replay
        bridge.scripts["batch.create"] = self.batch

    def send(self, params: Params) -> dict[str, Any]:
        """message.send."""
        before = self._before(params)
        if before is not None:
            return {"message": before["message"], "replayed": True}
        self.messages.append(params)
        result = outgoing(params, self.status)
        result["message"] |= self.changes
        self._remember(params, {"message": result["message"]})
        return result

    def batch(self, params: Params) -> dict[str, Any]:
        """batch.create."""
        before = self._before(params)
        if before is not None:
            return {"batch": before["batch"], "replayed": True}
        self.batches.append(params)
        made = batch(total=len({one["to"] for one in params["recipients"]}))
        made["duplicates"] = len(params["recipients"]) - made["total"]
        self._remember(params, {"batch": made})
        return {"batch": made, "replayed": False}

    def replay(self, params: Params) -> dict[str, Any]:
        """message.replay."""
        return self._before(params) or {}

    def _before(self, params: Params) -> dict[str, Any] | None:
        asked = params.get("idempotency")
        if asked is None:
            return None
        fingerprint, answer = self._answers.get((params["tenantId"], asked["key"]), (asked["fingerprint"], None))
        if fingerprint != asked["fingerprint"]:
            raise Fault("idempotency_mismatch")
        return answer

    def _remember(self, params: Params, answer: dict[str, Any]) -> None:
        if asked := params.get("idempotency"):
            self._answers[params["tenantId"], asked["key"]] = (asked["fingerprint"], copy.deepcopy(answer))


def batch(**changes: Any) -> dict[str, Any]:
    """A contract Batch."""
    total = changes.get("total", 1)
    return {
        "batchId": f"bat_{secrets.token_hex(10)}",
        "state": "running",
        "createdAtMs": now_ms(),
        "total": total,
        "duplicates": 0,
        "counts": {
            **dict.fromkeys(("sent", "delivered", "read", "played", "failed", "unknown"), 0),
            "accepted": total,
        },
        **changes,
    }
