"""The five minutes of the README, typed as they stand there. Only ports and the folder are this test's own."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from pathlib import Path

import pytest

from tests.support.doc_examples import Example, examples_of, run
from tests.support.installation import Installation, free_port
from tests.support.journey import connected_number
from tests.support.program import running
from tests.support.wait import wait_for

SECTION = "Five minutes with the sandbox"
HOOK = "serve_forever"
"""What the block of terminal 1 has and no other."""


class Terminals:
    """The blocks of the section, with this gateway's ports, and the variables that terminal 3 has set."""

    def __init__(self, gateway: Installation, folder: Path) -> None:
        self.gateway = gateway
        self.folder = folder
        self.hook_port = free_port()
        self._set = ""

    def _own(self, example: Example) -> str:
        code = example.code.replace(":3000", f":{self.gateway.port}")
        code = code.replace(":8443", f":{self.gateway.sandbox_port}")
        code = re.sub(r"\b4000\b", str(self.hook_port), code)
        return code.replace("data/sandbox/secrets/api-key", str(self.gateway.data_dir / "secrets/api-key"))

    def receiver(self, example: Example) -> list[str]:
        """The command of terminal 1."""
        return ["bash", "-c", f"exec {self._own(example)}"]

    async def type(self, example: Example) -> list[str]:
        """Run a block in terminal 3; return the JSON documents it printed, a line each."""
        code = self._own(example)
        out = await run(self._set + code, "sh", self.folder, dict(os.environ))
        self._set += "".join(f"{line}\n" for line in code.splitlines() if re.match(r"[A-Z]+=[^$]|KEY=", line))
        # curl ends no line.
        return [part for part in re.sub(r"\}\s*\{\"", '}\n{"', out).splitlines() if part]


def blocks() -> list[Example]:
    return [example for example in examples_of("../README.md", "sh") if example.section == SECTION]


@pytest.mark.timeout(120)
async def test_the_five_minutes_of_the_readme_go_as_it_says(gateway: Installation, tmp_path: Path) -> None:
    hook, start_gateway, start, scan, send, say = blocks()
    assert HOOK in hook.code
    # This one runs already, by the same command.
    assert start_gateway.code == "OUTBOUND_ALLOW_CIDRS=127.0.0.0/8 scripts/run --sandbox\n"
    terminals = Terminals(gateway, tmp_path)

    async with running(terminals.receiver(hook), tmp_path, os.environ) as receiver:

        async def listens() -> bool:
            try:
                async with gateway.http.get(f"http://127.0.0.1:{terminals.hook_port}/"):
                    return True
            except OSError:
                return False

        await wait_for(listens, seconds=10, every=0.05)
        (started,) = map(json.loads, await terminals.type(start))
        assert (started["success"], started["status"]) == (True, "qr")
        assert started["webhook"]["secret"] is None
        phone, status = map(json.loads, await terminals.type(scan))
        assert phone["number"] == "+5511990000001"
        assert status["tenantId"] == "demo"
        assert await connected_number(gateway, "demo") == "+5511990000001"
        sent, read = map(json.loads, await terminals.type(send))
        assert (sent["success"], sent["status"]) == (True, "sent")
        assert [message["text"] for message in read["messages"]] == ["Olá! Your order has shipped."]
        await terminals.type(say)
        await receiver.says('"message":"Great, thank you!"')
        await receiver.says('"status":"delivered"')

    events = [line.split(" ", 1) for line in receiver.said.splitlines() if line.startswith("sha256=")]
    assert {json.loads(body)["event"] for _, body in events} >= {"session.status", "message", "message.status"}
    for signature, body in events:
        digest = hmac.new(b"a-secret-of-your-own", body.encode(), hashlib.sha256).hexdigest()
        assert signature == f"sha256={digest}"
