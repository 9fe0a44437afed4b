"""Loaded by schemathesis: how our own formats are written, and what keeps a request where it may go.

FUZZ_KNOWN (JSON) in the environment has the ids that exist, by the names of path variables, and `url`, the only
address that files and webhooks are asked for: random ones must not be looked up anywhere.
"""

from __future__ import annotations

import json
import os
import random
import re
import zlib
from contextlib import suppress
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st

KNOWN: Final[dict[str, Any]] = json.loads(os.environ["FUZZ_KNOWN"])
ENDING: Final = frozenset(json.loads(os.environ["FUZZ_ENDING"]))
"""Operations that would end the session all others need; they get a tenant of their own."""

_ADDRESS: Final = re.compile(r"^\s*[A-Za-z][A-Za-z0-9+.-]*://", re.ASCII)

_numbers = st.integers(min_value=10_000_000, max_value=99_999_999).map(lambda end: f"+55119{end}")
_people = st.one_of(_numbers, st.just(KNOWN["contact"]), st.just("80317281632@lid"))
_chats = st.one_of(_people, st.just(f"{KNOWN['groupId']}@g.us"), st.just(f"{KNOWN['channelId']}@newsletter"))

schemathesis.openapi.format("phone-number", _numbers)
schemathesis.openapi.format("whatsapp-person", _people)
schemathesis.openapi.format("whatsapp-chat", _chats)


@schemathesis.hook
def filter_query(context: Any, query: dict[str, Any] | None) -> bool:
    """Leave out what is empty: behind a question mark that is as if it were not there, and no error."""
    return query is None or "" not in query.values()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Aim valid requests at what exists, most of the time, and everything at this machine only."""
    operation = case.operation.definition.raw.get("operationId", "")
    valid = case.meta is not None and case.meta.generation.mode.is_positive
    parameters = case.path_parameters
    if parameters and valid:
        # The same choice for the same case, so that a seed repeats a run.
        chance = random.Random(zlib.crc32(repr(sorted(parameters.items())).encode()))
        for name in parameters:
            if name in KNOWN and chance.random() < 0.8:
                parameters[name] = KNOWN[name]
    # Ids are learned from answers too, for what is not valid as well.
    if parameters and operation in ENDING and parameters.get("tenantId") == KNOWN["tenantId"]:
        parameters["tenantId"] = KNOWN["spare"]
    if isinstance(case.body, (dict, list)):
        case.body = _kept_here(case.body)
    if valid and isinstance(case.body, dict):
        _make_sense(operation, case.body)


def _make_sense(operation: str, body: dict[str, Any]) -> None:
    """Let fields agree with each other, which no JSON Schema can ask for: or next to no send would be taken."""
    said = body.get("payload") if isinstance(body.get("payload"), dict) else body
    if operation in ("sendMessage", "createBatch") and isinstance(said, dict):
        for name in ("audience", "sendAt", "expiresAt", "backgroundColor", "font", "endsAt", "file"):
            said.pop(name, None)
        for name in ("messageId", "replyTo"):
            if said.get(name) is not None:
                said[name] = KNOWN["messageId"]
        if said.get("mediaUrl") is not None:
            said.pop("mediaBase64", None)
            said["mediaUrl"] = KNOWN["url"]
    if operation in ("markRead", "showPresence", "followPresence") and body.get("to") is not None:
        body.pop("chatId", None)


def _kept_here(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept_here(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_kept_here(part) for part in value]
    if isinstance(value, str) and _ADDRESS.match(value):
        return KNOWN["url"]
    return value


def _call_positive(case: Any) -> None:
    """Expect no refusal of a case in which nothing was spoilt: aimed elsewhere it counts as one that was."""
    if case.meta is None or case.meta.generation.mode.is_positive:
        return
    description = getattr(case.meta.phase.data, "description", None)
    if description is not None and description.lower() == "positive test case":
        case.meta.generation.mode = schemathesis.GenerationMode.POSITIVE


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Note every answer, for the figures."""
    _call_positive(case)
    code = None
    if response.status_code >= 400:
        with suppress(ValueError):
            code = json.loads(response.content).get("code")
    operation = case.operation.definition.raw.get("operationId", "")
    line = {"operation": operation, "status": response.status_code, "code": code, "seconds": response.elapsed}
    # One write: several workers write here.
    with open(os.environ["FUZZ_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
