"""docs/migration.md, followed by the owner of a small Baileys service: the link moves without a scan."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.doc_examples import Example, examples_of, run
from tests.support.installation import ROOT, Installation
from tests.support.journey import CONTACT, SECRET, connected_number
from tests.support.program import running
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

TENANT = "their-shop"
NUMBER = "+5511966660000"


async def home_made(folder: Path, gateway: Installation, sandbox: Sandbox) -> None:
    """Let a service of its own link a number and end; its folder stays."""
    script = f'source "{ROOT}/scripts/environment"; use_node; exec node "$@"'
    ca_file = gateway.data_dir / "sandbox" / "ca.pem"
    program = ROOT / "tests/support/home_made.mjs"
    command = ["bash", "-c", script, "bash", str(program), str(folder), str(gateway.sandbox_port), str(ca_file)]
    async with running(command, folder.parent, {**os.environ, "NODE_EXTRA_CA_CERTS": str(ca_file)}) as service:
        await service.says('"qr"')
        await sandbox.scan_qr(json.loads(service.said.splitlines()[0])["qr"], NUMBER)
        await service.says('"number"')
        await service.ends()
    assert (folder / "creds.json").is_file()


class Reader:
    """The shell examples of the page, with this gateway's address and folder."""

    def __init__(self, gateway: Installation, folder: Path, customer: CustomerApp) -> None:
        self.gateway = gateway
        self._own = {
            "http://127.0.0.1:3000": gateway.url,
            "data/secrets/api-key": str(gateway.data_dir / "secrets/api-key"),
            "scripts/import": str(ROOT / "scripts/import"),
            "/srv/old-bot/auth_info_baileys": str(folder),
            "https://app.example.com": customer.url,
            "the-secret-it-has-now": SECRET,
        }
        self._set = ""

    async def type(self, example: Example) -> str:
        code = example.code
        for theirs, own in self._own.items():
            code = code.replace(theirs, own)
        if re.match(r"[A-Z]+=", code):
            self._set = code
        return await run(f"{self._set}\n{code}", "sh", self.gateway.data_dir, self.gateway.environment)


@pytest.mark.timeout(150)
async def test_a_link_of_a_service_of_one_s_own_is_taken_over(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp, tmp_path: Path
) -> None:
    folder = tmp_path / "auth_info_baileys"
    await home_made(folder, gateway, sandbox)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    variables, take_over, name_webhook = examples_of("migration.md", "sh")
    reader = Reader(gateway, folder, customer)

    await reader.type(variables)
    said = await reader.type(take_over)
    assert f"Tenant {TENANT} has the pairing of {NUMBER}." in said
    assert await connected_number(gateway, TENANT) == NUMBER
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    await reader.type(name_webhook)
    body = {"to": CONTACT, "message": "Same number, new service"}
    status, sent = await gateway.call("POST", f"/api/v1/messages/{TENANT}/send", body)
    assert (status, sent["status"]) == (200, "sent")
    assert [message["text"] for message in await sandbox.messages(CONTACT, wait_ms=10_000)] == [body["message"]]
    await sandbox.say(CONTACT, NUMBER, "Still you")

    def has_come() -> bool:
        return any("Still you" in each.body.decode() for each in customer.received)

    await wait_for(has_come, seconds=20, what=gateway.describe)
    assert {each.path for each in customer.received} == {"/api/whatsapp"}
