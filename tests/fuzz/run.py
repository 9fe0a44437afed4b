"""One run of schemathesis against the whole gateway, and what came of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz.stage import Stage, stage

ROOT: Final = Path(__file__).resolve().parents[2]
HOOKS: Final = Path(__file__).with_name("hooks.py")

STREAMS: Final = ("watchSession", "streamEvents", "openEventSocket")
"""Never end by themselves; tests/component/api/ has their tests."""

ENDING: Final = (
    *("deleteSession", "logoutSession", "stopSession", "restartSession", "setProxy", "removeProxy"),
    *("deleteTenant", "suspendTenant", "updateTenant", "replaceTenant"),
)
"""Would end or change the session that all others need."""

CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "missing_required_header"),
    *("unsupported_method", "allow_header_conformance", "ignored_auth", "negative_data_rejection"),
)

MANY_SHAPES: Final = ("sendMessage", "createBatch")

REFUSED_BEHIND: Final = (502, 503, 504)
"""What WhatsApp, or a part that is busy, refused. They have to be documented; 500 and all others are faults."""


_TROUBLE: Final = ("= ERRORS =", "= FAILURES =")
_ALARMS: Final = ("request failed", "breaks the contract", "background task failed", "Traceback", "unhandled")


@dataclass
class Wish:
    """seconds: of fuzzing, None for one pass. examples: for each operation and kind of data."""

    seconds: int | None = None
    examples: int = 5
    seed: int = 1
    phases: tuple[str, ...] = ("examples", "coverage", "fuzzing")
    workers: int = 2


@dataclass
class Outcome:
    """What was asked and found. statuses: how often each. faults: as schemathesis tells them, or of the log."""

    requests: int = 0
    operations: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    behind: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


async def fuzz(wish: Wish) -> Outcome:
    """Start a gateway, fuzz it, look whether it is well afterwards."""
    async with stage() as ready:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            outcome = await _run(ready, wish, Path(folder))
        await _look_after(ready, outcome)
    return outcome


async def _run(ready: Stage, wish: Wish, folder: Path) -> Outcome:
    gateway = ready.gateway
    answers = folder / "answers.ndjson"
    (folder / "schemathesis.toml").write_text(_configuration(), encoding="utf-8")
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(folder / "schemathesis.toml")),
        *("run", f"{gateway.url}/openapi.json", "--header", f"Authorization: Bearer {gateway.api_key}"),
        *("--checks", ",".join(CHECKS), "--phases", ",".join(wish.phases), "--seed", str(wish.seed)),
        *("--max-examples", str(wish.examples), "--workers", str(wish.workers), "--continue-on-failure"),
        *("--request-timeout", "60", "--no-color", "--warnings", "off"),
        *(("--max-time", str(wish.seconds)) if wish.seconds is not None else ()),
    ]
    for name in STREAMS:
        command += ["--exclude-operation-id", name]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(HOOKS),
        "FUZZ_KNOWN": json.dumps(ready.known),
        "FUZZ_ENDING": json.dumps(ENDING),
        "FUZZ_LOG": str(answers),
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return await asyncio.to_thread(_read, answers, out.decode(errors="replace"), process.returncode)


def _configuration() -> str:
    statuses = ", ".join(f'"{status}"' for status in ("2xx", "3xx", "4xx", *REFUSED_BEHIND))
    # A gateway may answer with all that WhatsApp and its own parts refuse, if it is documented; never with 500.
    return f"""
[checks.not_a_server_error]
expected-statuses = [{statuses}]

[checks.negative_data_rejection]
# Also too large is refused.
expected-statuses = ["4xx", {", ".join(map(str, REFUSED_BEHIND))}]

# Every combination of seventeen shapes with thirty fields each takes hours and gigabytes to enumerate; what sends
# refuse has its tests in tests/component/api/.
[[operations]]
include-operation-id = {json.dumps(MANY_SHAPES)}
phases.coverage.enabled = false
generation.mode = "positive"
"""


def _read(answers: Path, said: str, status: int | None) -> Outcome:
    outcome = Outcome()
    operations = set()
    for line in answers.read_text(encoding="utf-8").splitlines() if answers.exists() else ():
        answer = json.loads(line)
        outcome.requests += 1
        outcome.statuses[answer["status"]] += 1
        operations.add(answer["operation"])
        if answer["status"] >= 500:
            outcome.behind[f"{answer['operation']} {answer['status']} {answer['code']}"] += 1
    outcome.operations = len(operations)
    if status != 0:
        begins = min((at for at in (said.find(title) for title in _TROUBLE) if at >= 0), default=0)
        outcome.faults.append(said[begins:])
    return outcome


async def _look_after(ready: Stage, outcome: Outcome) -> None:
    """What no single answer shows: an exception in the log, a session that is gone, a process that died."""
    gateway = ready.gateway
    status, health = await gateway.call("GET", "/health", key=None)
    if status != 200 or health["status"] != "ok":
        outcome.faults.append(f"health afterwards: {status} {health}")
    status, session = await gateway.call("GET", f"/api/v1/sessions/{ready.known['tenantId']}/status")
    if status != 200 or not session["connected"]:
        outcome.faults.append(f"the session afterwards: {status} {session}")
    for name in ("control", "bridge"):
        for line in (gateway.data_dir / "logs" / f"{name}.log").read_text(errors="replace").splitlines():
            if any(word in line for word in _ALARMS):
                outcome.faults.append(f"{name}: {line[:2000]}")
