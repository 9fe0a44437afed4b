"""The clients' own pages, followed by a reader: installed as they say, every example run on a whole gateway."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp
import pytest

from tests.support.doc_examples import Example, examples_of
from tests.support.installation import ROOT, Installation, free_port
from tests.support.journey import CONTACT, SECRET
from tests.support.program import Program, running
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

TENANT = "my-shop"
PAGES = {"typescript": "../clients/typescript/README.md", "python": "../clients/python/README.md"}
BUILT = shutil.ignore_patterns("dist", "build", "*.egg-info", "__pycache__")
LANGUAGE = {"typescript": "ts", "python": "python"}

DOES = {
    "Link a number and send": ["links and sends"],
    "Other messages": ["sends many kinds"],
    "Once and only once": ["sends once"],
    "Errors": ["tells errors"],
    "Webhooks in Next.js": ["takes webhooks", "takes webhooks"],
    "Webhooks": ["takes webhooks"],
    "Send from a route of Next.js": ["sends from a route"],
    "Events without a webhook": ["pulls events"],
    "Everything else": ["calls the rest"],
}
"""What each section's examples do, in their order: the names of the checks below."""


def node(*arguments: str | Path) -> list[str]:
    script = f'source "{ROOT}/scripts/environment"; use_node; exec "$@"'
    return ["bash", "-c", script, "bash", *map(str, arguments)]


class Reader:
    """Somebody with a checkout of the gateway, an app in a folder beside it, and the page of a client."""

    def __init__(self, client: str, gateway: Installation, sandbox: Sandbox, folder: Path) -> None:
        self.client = client
        self.gateway = gateway
        self.sandbox = sandbox
        self.checkout = folder / "whatsapp-gateway"
        self.app = folder / "my-app"
        self.app.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        path = {"PYTHONPATH": str(self.checkout / "clients/python")} if self.client == "python" else {}
        return {
            **os.environ,
            **path,
            "WHATSAPP_URL": self.gateway.url,
            "WHATSAPP_API_KEY": self.gateway.api_key,
            "LOCAI_WEBHOOK_SECRET": SECRET,
            "PORT": str(free_port()),
            # What is packed here needs nothing of others.
            "npm_config_offline": "true",
        }

    async def install(self) -> None:
        """Put the client into the app: by the page's own commands, where they need no registry."""
        source = self.checkout / "clients" / self.client
        await asyncio.to_thread(shutil.copytree, ROOT / "clients" / self.client, source, ignore=BUILT)
        if self.client == "python":
            return
        for name in ("node_modules", "tsconfig.json"):
            (self.checkout / name).symlink_to(ROOT / name)
        (self.app / "package.json").write_text('{"name":"my-app","private":true,"type":"module"}')
        (commands,) = examples_of(PAGES["typescript"], "sh")
        async with running(
            node("bash", "-euo", "pipefail", "-c", commands.code), self.checkout, self.environment
        ) as installing:
            await installing.ends()
        installed = self.app / "node_modules" / "whatsapp-gateway-client"
        assert (installed / "dist/index.d.ts").is_file()
        # Node takes types off sources of an app, not of packages: what is installed has to be JavaScript.
        assert not list(installed.glob("src/*"))

    def start(self, example: Example) -> AbstractAsyncContextManager[Program]:
        """Run an example as a program of the app."""
        if self.client == "python":
            file = self.app / "example.py"
            command = [sys.executable, str(file)]
        else:
            file = self.app / "example.mts"
            served = "export " in example.code
            receiver = [ROOT / "tests/support/receivers/route.mts"] if served else []
            command = node("node", *receiver, file)
        file.write_text(example.code, encoding="utf-8")
        return running(command, self.app, self.environment)

    async def answer(self, path: str, body: object = None) -> dict[str, object]:
        status, answer = await self.gateway.call("GET" if body is None else "POST", path, body)
        assert status < 300, answer
        return dict(answer)

    async def inbox(self) -> list[dict[str, object]]:
        return [message["content"] for message in await self.sandbox.messages(CONTACT)]

    async def texts(self) -> list[object]:
        return [content.get("text") for content in await self.inbox()]


async def links_and_sends(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        await program.says("Show this image to the owner of the number: data:image/png;base64,")
        status = await reader.answer(f"/api/v1/sessions/{TENANT}/status")
        await reader.sandbox.scan_qr(str(status["qr"]))
        said = await program.ends()
    assert re.search(r"^\+55\d+ 3EB0[0-9A-F]+ sent$", said, re.MULTILINE), said
    assert "Olá! Your order has shipped." in await reader.texts()
    limits = await reader.gateway.call("PUT", f"/api/v1/sessions/{TENANT}/limits", {"profile": "unpaced"})
    assert limits[0] == 200


async def sends_many_kinds(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        await program.ends()

    async def have_come() -> bool:
        return {"location", "poll", "document"} <= {str(content["kind"]) for content in await reader.inbox()}

    await wait_for(have_come, seconds=20, every=0.1)
    if "sendAt" in example.code:
        waiting = await reader.answer(f"/api/v1/messages/{TENANT}?status=accepted")
        assert [one["heldBy"] for one in waiting["messages"]] == ["scheduled"]  # type: ignore[attr-defined]


async def sends_once(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        said = await program.ends()
    assert said.strip() == ("1" if reader.client == "python" else "true")
    assert (await reader.texts()).count("Order 1042 is confirmed.") == 1


async def tells_errors(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        said = await program.ends()
    assert re.match(r"invalid_recipient 422 \w+", said), said


async def takes_webhooks(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        await program.says("127.0.0.1")
        port = await listening_port(program)
        url = f"http://127.0.0.1:{port}/api/whatsapp"
        async with aiohttp.ClientSession() as stranger, stranger.post(url, json={"event": "message"}) as refused:
            assert refused.status == 401
        webhook = await reader.answer(f"/api/v1/webhooks/{TENANT}", {"url": url, "secret": SECRET})
        number = str((await reader.answer(f"/api/v1/sessions/{TENANT}/status"))["phoneNumber"])
        await reader.sandbox.say(CONTACT, number, f"Is it open? {port}")
        shows_text = "event.data.message" in example.code or 'event["data"]["message"]' in example.code
        await program.says(f"Is it open? {port}" if shows_text else f"message {TENANT}")
        assert "evt_" in program.said

        async def is_taken() -> bool:
            deliveries = await reader.answer(f"/api/v1/webhooks/{TENANT}/{webhook['id']}/deliveries")
            return any(one["delivered"] for one in deliveries["deliveries"])  # type: ignore[attr-defined]

        await wait_for(is_taken, seconds=20, every=0.1, what=lambda: program.said)
    await reader.gateway.call("DELETE", f"/api/v1/webhooks/{TENANT}/{webhook['id']}")


async def listening_port(program: Program) -> int:
    """Return the port a server says it listens on, by an address or by Node's description of one."""
    found: list[str] = []

    def has_said() -> bool:
        found[:] = re.findall(r"(?:127\.0\.0\.1:|port: )(\d+)", program.said)
        return bool(found)

    await wait_for(has_said, seconds=20, what=lambda: program.said)
    return int(found[0])


async def sends_from_a_route(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        await program.says("127.0.0.1")
        url = f"http://127.0.0.1:{await listening_port(program)}/"
        async with aiohttp.ClientSession() as shop:
            async with shop.post(url, json={"id": "7", "phone": CONTACT}) as answer:
                assert answer.status == 200, await answer.text()
                assert (await answer.json(content_type=None))["status"] in ("accepted", "sent")
            async with shop.post(url, json={"id": "8", "phone": "nobody"}) as answer:
                assert (answer.status, await answer.json(content_type=None)) == (
                    502,
                    {"error": "invalid_recipient"},
                )

    async def has_come() -> bool:
        return "Order 7 is on its way." in await reader.texts()

    await wait_for(has_come, seconds=20, every=0.1)


async def pulls_events(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        await program.says("session.status")
        await wait_for((reader.app / "cursor").exists, seconds=5)
    before = program.said
    # Begun again, it goes on where it was: nothing it has seen comes twice.
    async with reader.start(example) as program:
        number = str((await reader.answer(f"/api/v1/sessions/{TENANT}/status"))["phoneNumber"])
        await reader.sandbox.say(CONTACT, number, "And now?")
        await program.says(" message ")
        assert not set(program.said.splitlines()) & set(before.splitlines())


async def calls_the_rest(reader: Reader, example: Example) -> None:
    async with reader.start(example) as program:
        said = await program.ends()
    assert re.fullmatch(r"[Tt]rue \d+ http://\S+/connect#\S+\n", said), said


CHECKS: dict[str, Callable[[Reader, Example], Awaitable[None]]] = {
    check.__name__.replace("_", " "): check
    for check in (
        *(links_and_sends, sends_many_kinds, sends_once, tells_errors),
        *(takes_webhooks, sends_from_a_route, pulls_events, calls_the_rest),
    )
}


@pytest.fixture(params=list(PAGES))
async def reader(
    request: pytest.FixtureRequest, gateway: Installation, sandbox: Sandbox, tmp_path: Path
) -> Reader:
    reader = Reader(request.param, gateway, sandbox, tmp_path)
    await reader.install()
    return reader


@pytest.mark.timeout(240)
async def test_every_example_of_a_client_s_page_does_what_it_says(reader: Reader) -> None:
    seen: dict[str, int] = {}
    for example in examples_of(PAGES[reader.client], LANGUAGE[reader.client]):
        nth = seen.get(example.section, 0)
        seen[example.section] = nth + 1
        if reader.client == "python" and (example.section, nth) == ("Link a number and send", 1):
            async with reader.start(example) as program:
                assert "sent" in await program.ends()
            assert "Good morning!" in await reader.texts()
            continue
        await CHECKS[DOES[example.section][nth]](reader, example)
    assert len(seen) >= 6
