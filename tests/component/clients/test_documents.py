"""The Python examples of the clients' pages: mypy takes them all, and those of docs/clients.md are run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from control.webhooks.signing import signature_headers
from tests.support.doc_examples import examples_of

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("clients.md", "../clients/python/README.md")
SECRET = "a-secret-of-the-documents"
BODY = (
    b'{"event":"message","tenantId":"my-shop","id":"evt_1",'
    b'"data":{"from":"+5511987654321","message":"Obrigada!","fromMe":false}}'
)


def code_of(document: str) -> list[str]:
    return [example.code for example in examples_of(document, "python")]


@pytest.mark.timeout(120)
def test_every_example_is_right_in_types(tmp_path: Path) -> None:
    examples = [code for page in PAGES for code in code_of(page)]
    assert len(examples) >= 9
    files = []
    for number, code in enumerate(examples):
        files.append(tmp_path / f"example_{number}.py")
        files[-1].write_text(code, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}", *files],
        env={**os.environ, "MYPYPATH": str(ROOT / "clients" / "python")},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[str, list[tuple[str, Any]]]]:
    """A server that takes messages; its address and what it took, each with its key."""
    taken: list[tuple[str, Any]] = []

    async def send(request: web.Request) -> web.Response:
        taken.append((request.headers["Idempotency-Key"], await request.json()))
        return web.json_response({"success": True, "messageId": "3EB0", "status": "sent"})

    app = web.Application()
    app.add_routes([web.post("/api/v1/messages/my-shop/send", send)])
    async for url in served(app):
        yield url, taken


async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_the_shortest_app_sends_and_hears(
    gateway: tuple[str, list[tuple[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, taken = gateway
    monkeypatch.setenv("WHATSAPP_URL", url)
    monkeypatch.setenv("WHATSAPP_API_KEY", "wk_live_of_a_test")
    monkeypatch.setenv("LOCAI_WEBHOOK_SECRET", SECRET)
    (code,) = code_of("clients.md")
    names: dict[str, Any] = {"__name__": "shortest_app"}
    exec(compile(code, "docs/clients.md", "exec"), names)

    async for address in served(names["app"]):
        async with ClientSession() as http:
            order = {"order": "7", "phone": "+5511987654321"}
            async with http.post(f"{address}/api/orders/shipped", json=order) as answer:
                assert (await answer.json())["messageId"] == "3EB0"
            headers = signature_headers(SECRET, "evt_1", int(time.time()), BODY)
            async with http.post(f"{address}/api/whatsapp", data=BODY, headers=headers) as answer:
                assert answer.status == 200
            async with http.post(f"{address}/api/whatsapp", data=BODY) as answer:
                assert answer.status == 401
    await names["client"].aclose()

    message = {"to": "+5511987654321", "message": "Olá! Order 7 has shipped.", "type": "text"}
    assert taken == [("shipped-7", message)]
    assert capsys.readouterr().out == "+5511987654321 Obrigada!\n"


def test_the_package_has_what_it_says() -> None:
    folder = ROOT / "clients" / "python"
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))

    assert (folder / project["project"]["readme"]).is_file()
    packages = {str(path.parent.relative_to(folder)) for path in folder.glob("whatsapp_gateway/**/*.py")}
    assert packages == set(project["tool"]["setuptools"]["packages"])
    assert (folder / "whatsapp_gateway" / "py.typed").is_file()
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert f"whatsapp_gateway_client-{project['project']['version']}-py3-none-any.whl" in page
