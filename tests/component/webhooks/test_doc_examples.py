"""The examples of docs/webhooks.md, run as their readers run them, behind real HTTP and fed by real deliveries."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import orjson
import pytest

from control.egress.addresses import AddressPolicy
from control.egress.client import Answer, Egress
from control.webhooks.delivery import Delivery, Outcome, Parcel
from control.webhooks.endpoint import Endpoint
from control.webhooks.signing import generate_secret

ROOT = Path(__file__).resolve().parents[3]
RECEIVERS = ROOT / "tests" / "support" / "receivers"
START_SECONDS = 20
PHP = shutil.which("php")
MODULES = Path(os.environ.get("VERIFIERS_FROM", ROOT / "package.json")).parent / "node_modules"

SECRET = generate_secret()
BODY = orjson.dumps(
    {"event": "message", "tenantId": "t1", "data": {"messageId": "3EB0", "message": 'Olá 👋 \u2028 "quoted" \\'}}
)
PARCEL = Parcel("evt_0000000000000001", "message", BODY)

_BLOCK = re.compile(r"^```(ts|python|php)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def example(language: str, holding: str) -> str:
    """Return the one block of the page in a language that has a text in it."""
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (found,) = [code for name, code in _BLOCK.findall(page) if name == language and holding in code]
    return str(found)


@dataclass(frozen=True)
class Kind:
    """How an example is run. checks_time: it refuses what was recorded and is sent again later."""

    file: str
    language: str
    holding: str
    command: Callable[[Path], list[str]]
    checks_time: bool = False

    def write(self, folder: Path) -> Path:
        """Write the example to a file of its own, as the page has it."""
        path = folder / self.file
        path.write_text(example(self.language, self.holding), encoding="utf-8")
        return path


def node(receiver: str, path: Path) -> list[str]:
    script = f'source "{ROOT}/scripts/environment"; use_node; exec node "$@"'
    return ["bash", "-c", script, "bash", str(RECEIVERS / receiver), str(path)]


KINDS = {
    "next_js": Kind("route.mts", "ts", "function POST", lambda path: node("route.mts", path)),
    "python": Kind(
        "signature.py",
        "python",
        "def is_authentic",
        lambda path: [sys.executable, str(RECEIVERS / "checker.py"), str(path)],
    ),
    "php": Kind(
        "webhook.php",
        "php",
        "function is_authentic",
        # Its own server takes any free port and says which.
        lambda path: [PHP or "php", "-S", "127.0.0.1:0", str(path)],
    ),
    "library": Kind("library.mts", "ts", "standardwebhooks", lambda path: node("verifier.mts", path), True),
}


@contextlib.asynccontextmanager
async def serving(kind: Kind, folder: Path, secret: str) -> AsyncIterator[str]:
    """Run an example that knows a secret and yield its URL."""
    path = kind.write(folder)
    if kind.holding == "standardwebhooks":
        (folder / "node_modules").symlink_to(MODULES)
    process = await asyncio.create_subprocess_exec(
        *kind.command(path),
        cwd=folder,
        env={**os.environ, "LOCAI_WEBHOOK_SECRET": secret},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = b""
    reading: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(START_SECONDS):
            while not (found := re.search(rb"http://127\.0\.0\.1:\d+", said)):
                line = await process.stdout.readline()
                assert line, said.decode()
                said += line
        # What it prints later must not fill the pipe.
        reading = asyncio.create_task(process.stdout.read())
        yield found[0].decode()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if reading is not None:
            await reading


class Post:
    """The way out of the gateway, on which somebody may change what is sent."""

    def __init__(self, egress: Egress, alter: Callable[[Mapping[str, str], bytes], tuple[dict[str, str], bytes]]):
        self._egress = egress
        self._alter = alter

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        altered, changed = self._alter(headers, body)
        return await self._egress.post(url, altered, changed)


async def deliver(
    url: str,
    *,
    secret: str = SECRET,
    previous: str | None = None,
    ago: float = 0.0,
    alter: Callable[[Mapping[str, str], bytes], tuple[dict[str, str], bytes]] = lambda h, b: (dict(h), b),
) -> Outcome:
    """Make one attempt as the worker does."""
    async with Egress(AddressPolicy((ip_network("127.0.0.0/8"),))) as egress:
        delivery = Delivery(Post(egress, alter), clock=lambda: time.time() - ago)
        return await delivery.attempt(Endpoint("whe_1", f"{url}/api/whatsapp", secret, previous), PARCEL)


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "php" and PHP is None:
        pytest.skip("php is not on the PATH")
    if request.param == "library" and not (MODULES / "standardwebhooks").is_dir():
        pytest.skip("standardwebhooks for JavaScript is not installed: npm ci")
    return KINDS[request.param]


async def test_an_example_takes_what_the_gateway_sends_and_nothing_else(kind: Kind, tmp_path: Path) -> None:
    async with serving(kind, tmp_path, SECRET) as url:
        assert (await deliver(url)).delivered
        assert (await deliver(url, secret=generate_secret())).status == 401
        assert (await deliver(url, alter=lambda h, b: (dict(h), b.replace(b"t1", b"t2")))).status == 401
        assert (await deliver(url, alter=lambda h, b: (dict(h), b + b" "))).status == 401
        unsigned = await deliver(url, alter=lambda h, b: ({k: v for k, v in h.items() if "ignature" not in k}, b))
        assert unsigned.status == 401
        empty = {"X-Webhook-Signature": "sha256=", "webhook-signature": "v1,"}
        assert (await deliver(url, alter=lambda h, b: ({**h, **empty}, b))).status == 401
        # And it still takes what is right.
        assert (await deliver(url)).delivered


async def test_what_was_recorded_and_is_sent_again_later_is_told_by_the_form_with_a_time_only(
    kind: Kind, tmp_path: Path
) -> None:
    async with serving(kind, tmp_path, SECRET) as url:
        assert (await deliver(url, ago=3600)).status == (401 if kind.checks_time else 200)


@pytest.mark.parametrize("app_has", ["the old secret", "the new secret"])
async def test_an_example_loses_nothing_while_its_secret_is_replaced(
    kind: Kind, tmp_path: Path, app_has: str
) -> None:
    old, new = generate_secret(), generate_secret()
    async with serving(kind, tmp_path, old if app_has == "the old secret" else new) as url:
        assert (await deliver(url, secret=new, previous=old)).delivered
        assert (await deliver(url, secret=generate_secret(), previous=generate_secret())).status == 401


def test_the_vector_of_the_page_is_what_the_gateway_signs() -> None:
    from control.webhooks.signing import signature_headers

    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    signed = signature_headers(secret, "evt_0000000000000001", 1_795_435_218, b'{"event":"message"}')
    assert secret in page
    assert f"X-Webhook-Signature: {signed['X-Webhook-Signature']}" in page
