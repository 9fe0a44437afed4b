"""The examples of a document, run as its reader would: in a shell, and with Node."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN_SECONDS = 60

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A fenced block. section: the heading above it. language: as it stands there."""

    section: str
    language: str
    code: str


def examples_of(document: str, *languages: str) -> list[Example]:
    """Return the blocks of a file below docs/, in their order. languages: sh and ts when none is said."""
    wanted = languages or ("sh", "ts")
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    headings = [(found.start(), found[1]) for found in _HEADING.finditer(text)]
    found = []
    for block in _BLOCK.finditer(text):
        if block[1] not in wanted:
            continue
        section = next((name for at, name in reversed(headings) if at < block.start()), "")
        found.append(Example(section, block[1], block[2]))
    return found


async def run(code: str, language: str, directory: Path, environment: dict[str, str]) -> str:
    """Run code in a directory and return what it printed; AssertionError when it fails."""
    if language == "sh":
        command = ["bash", "-euo", "pipefail", "-c", code]
    else:
        # Modules by their suffix: the examples await at the top.
        file = directory / "example.mts"
        file.write_text(code, encoding="utf-8")
        command = [
            "bash",
            "-c",
            f'source "{ROOT}/scripts/environment"; use_node; exec node "$1"',
            "bash",
            str(file),
        ]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(RUN_SECONDS):
        out, _ = await process.communicate()
    assert process.returncode == 0, f"{code}\n{out.decode(errors='replace')}"
    return out.decode()
