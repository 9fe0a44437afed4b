"""docs/keys.md says what is so: its commands run, its table is the scopes there are."""

from __future__ import annotations

import os
import re
from pathlib import Path

from control.auth.scopes import GRANTABLE_SCOPES
from tests.support.doc_examples import ROOT, examples_of, run
from tests.support.gateway import KEY, Gateway
from tests.support.scripted_bridge import ScriptedBridge, session
from tests.support.wait import wait_for


async def test_every_command_of_the_page_runs_one_after_the_other(
    gateway: Gateway, bridge: ScriptedBridge, tmp_path: Path
) -> None:
    bridge.answers("session.get", session("my-shop"))
    commands = [example.code for example in examples_of("keys.md") if example.language == "sh"]
    indented = re.findall(
        r"^   ```sh\n(.*?)^   ```$", (ROOT / "docs/keys.md").read_text(), re.DOTALL | re.MULTILINE
    )
    environment = {"PATH": os.environ["PATH"], "API": gateway.url, "KEY": KEY}

    printed = await run("\n".join([*commands, *indented]), "sh", tmp_path, environment)

    assert len(commands) >= 8
    assert len(indented) == 2
    assert '"connected":true' in printed
    assert '"state":"revoked"' in printed

    async def told() -> bool:
        return b'"rotateKey"' in (await gateway.get("/api/v1/audit?action=rotateKey")).body

    await wait_for(told, every=0.05)


def test_the_table_has_every_scope_a_key_may_have() -> None:
    table = re.findall(r"^\| `([a-z]+:[a-z]+)` \|", (ROOT / "docs/keys.md").read_text(), re.MULTILINE)

    assert sorted(table) == sorted(GRANTABLE_SCOPES)
