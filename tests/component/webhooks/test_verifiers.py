"""What is sent, checked by the libraries customers use: standardwebhooks and svix, in Python and in JavaScript."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import orjson
import pytest
import standardwebhooks
import svix.webhooks

from control.webhooks.signing import generate_secret
from tests.component.webhooks.gateway import SECRET, Gateway, running
from tests.support.customer_app import CustomerApp, Received
from tests.support.wait import wait_for

ROOT = Path(__file__).resolve().parents[3]
NODE = shutil.which("node")
MODULES = Path(os.environ.get("VERIFIERS_FROM", ROOT / "package.json"))
HOLDS = "holds"


@pytest.fixture
async def received(gateway: Gateway, app: CustomerApp) -> tuple[list[Received], str, str]:
    """Twenty requests made while a secret is being replaced; the old one and the new one."""
    stored, _ = await gateway.endpoints.add("t1", secret=SECRET, url=f"{app.url}/app")
    _, new = await gateway.endpoints.rotate("t1", stored.id, 86_400)
    for n in range(20):
        gateway.bridge.say("t1", f'Olá 👋 {n} \u2028 "quoted" \\ {"x" * n}')
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 20)
    return app.received, SECRET, new


async def test_the_python_libraries_accept_every_request_by_either_secret_and_by_no_other(
    received: tuple[list[Received], str, str],
) -> None:
    requests, old, new = received
    for got in requests:
        headers = {name.lower(): value for name, value in got.headers.items()}
        for secret in (old, new):
            assert standardwebhooks.Webhook(secret).verify(got.body, headers)["id"] == got.headers["webhook-id"]
            svix.webhooks.Webhook(secret).verify(got.body, headers)
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(generate_secret()).verify(got.body, headers)
        with pytest.raises(svix.webhooks.WebhookVerificationError):
            svix.webhooks.Webhook(old).verify(got.body + b" ", headers)


@pytest.mark.skipif(
    NODE is None or not (MODULES.parent / "node_modules" / "svix").is_dir(),
    reason="the verifiers for JavaScript are not installed: npm ci",
)
async def test_the_javascript_libraries_accept_every_request_by_either_secret_and_by_no_other(
    received: tuple[list[Received], str, str],
) -> None:
    requests, old, new = received
    assert await checked_in_javascript(requests, old) == [HOLDS] * 40
    assert await checked_in_javascript(requests, new) == [HOLDS] * 40
    assert HOLDS not in await checked_in_javascript(requests, generate_secret())


async def checked_in_javascript(requests: list[Received], secret: str) -> list[str]:
    assert NODE is not None
    said = [{"body": r.body.decode(), "headers": {k.lower(): v for k, v in r.headers.items()}} for r in requests]
    process = await asyncio.create_subprocess_exec(
        *(NODE, str(Path(__file__).with_name("verify.cjs")), str(MODULES)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(20):
        output, _ = await process.communicate(orjson.dumps({"secret": secret, "requests": said}))
    assert process.returncode == 0
    return output.decode().splitlines()
