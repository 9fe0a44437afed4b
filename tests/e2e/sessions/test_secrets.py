"""After a real run, what was secret is nowhere it must not be: not in logs, not in Redis' files, not on the disk.

Every canary is looked for in every file of DATA_DIR, and in the answers of a debug log. Where the documentation
(docs/security.md) says that something lies in the clear, it has to be found there: else the search proves nothing.
Proxies' passwords are looked for in test_deleting.py, the store's own rows in tests/bridge/store/at-rest.test.ts.
"""

from __future__ import annotations

import asyncio
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.sessions.conftest import JWT_SECRET
from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import CONTACT, link, send, session
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

TENANT = "canary"
WEBHOOK_SECRET = "wh00k-Canary-Zq81vWm3nB"
OUT, IN = "canary text that leaves 31415", "canary text that arrives 92653"
NUMBER = "+5511955550456"
CODE_NUMBER = "+5511955550789"


@dataclass(frozen=True, slots=True)
class Canary:
    """Something to look for. clear: the only folders and files where it may lie in the clear."""

    what: str
    text: str
    clear: tuple[str, ...] = ()


async def test_nothing_secret_is_left_in_the_clear_but_where_the_documentation_says(
    gateway: Installation, sandbox: Sandbox
) -> None:
    async with CustomerApp() as customer:
        canaries = await live(gateway, sandbox, customer)
        await wait_for(lambda: received(customer, IN), seconds=30, every=0.1, what=gateway.describe)
    # Redis writes once a second, and a log line of control waits a moment.
    shown = next(canary for canary in canaries if canary.what == "a text that arrived")
    await wait_for(lambda: found(gateway.data_dir, shown), seconds=10, every=0.2)

    for canary in canaries:
        places = await asyncio.to_thread(found, gateway.data_dir, canary)
        assert len(canary.text) >= 8, canary.what
        astray = [place for place in places if not place.startswith(canary.clear)]
        assert not astray, f"{canary.what} is in {astray}"
        assert bool(places) == bool(canary.clear), f"{canary.what} is not where it should be: {places}"
    assert "connection" in gateway.logs()


async def live(gateway: Installation, sandbox: Sandbox, customer: CustomerApp) -> list[Canary]:
    """Do everything that has a secret in it; return the secrets."""
    webhook = {"webhook": {"url": f"{customer.url}/hook", "secret": WEBHOOK_SECRET}}
    status, started = await session(gateway, "POST", f"{TENANT}/start", webhook)
    assert status == 200, started
    await sandbox.scan_qr(started["qr"], NUMBER)
    await wait_for(lambda: connected(gateway), seconds=30, every=0.1, what=gateway.describe)
    await send(gateway, TENANT, OUT)
    await sandbox.say(CONTACT, NUMBER, IN)

    status, code = await session(gateway, "POST", f"{TENANT}-code/pairing-code", {"phoneNumber": CODE_NUMBER})
    assert status == 200, code
    status, made = await gateway.call(
        "POST", "/api/v1/keys", {"name": "canary", "tenants": [TENANT], "scopes": ["sessions:read"]}
    )
    assert status == 201, made
    # Good and wrong credentials, in all their places.
    for key in (made["key"], "wr0ng-canary-credential-27182"):
        await gateway.call("GET", f"/api/v1/sessions/{TENANT}/status", key=key)
    await gateway.call("GET", f"/api/v1/sessions/{TENANT}/status?api_key={made['key']}")
    status, token = await gateway.call("POST", "/api/v1/tokens")
    assert status in (200, 201), token
    await gateway.call("GET", f"/api/v1/sessions/{TENANT}/status", key=token["token"])
    status, linked = await session(gateway, "POST", f"{TENANT}/connect-link")
    assert status in (200, 201), linked

    return [
        Canary("the operator's key", gateway.api_key, ("secrets/api-key",)),
        Canary("a key made by API", made["key"].removeprefix(made["begins"])),
        Canary("a wrong credential", "wr0ng-canary-credential-27182"),
        Canary("JWT_SECRET", JWT_SECRET),
        Canary("a token", token["token"].rpartition(".")[2]),
        Canary("a connect link", linked["url"].rpartition("/")[2].rpartition("#")[2]),
        Canary("a webhook's secret", WEBHOOK_SECRET),
        Canary("a text that was sent", OUT),
        Canary("a text that arrived", IN, ("redis/",)),
        Canary("the tenant's number", NUMBER[1:], ("redis/", "bridge/")),
        Canary("the number of a pairing code", CODE_NUMBER[1:]),
        Canary("a QR code", started["qr"].split(",")[3], ("redis/",)),
        Canary("a pairing code", code["code"]),
        Canary("a pairing code without its dash", code["code"].replace("-", "")),
    ]


async def connected(gateway: Installation) -> bool:
    _, answer = await session(gateway, "GET", f"{TENANT}/status")
    return answer["connected"] is True


def received(customer: CustomerApp, text: str) -> bool:
    return any(text.encode() in delivery.body for delivery in customer.received)


def found(data_dir: Path, canary: Canary) -> list[str]:
    """The gateway's files with the canary in them. The sandbox is WhatsApp's side and remembers what it wants."""
    return [
        str(path.relative_to(data_dir)) for path in files(data_dir) if canary.text.encode() in path.read_bytes()
    ]


def files(data_dir: Path) -> list[Path]:
    return [path for path in everything(data_dir) if path.is_file()]


def everything(data_dir: Path) -> list[Path]:
    """All there is of the gateway's. run.out is the test's own."""
    return [
        path
        for path in sorted(data_dir.rglob("*"))
        if "sandbox" not in str(path.relative_to(data_dir)) and path.name != "run.out"
    ]


async def test_files_are_their_owner_s_alone(gateway: Installation, sandbox: Sandbox) -> None:
    await link(gateway, sandbox, "modes")
    paths = await asyncio.to_thread(everything, gateway.data_dir)
    open_to_others = [
        f"{path.relative_to(gateway.data_dir)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in paths
        if not path.is_symlink() and stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]
    assert open_to_others == []
    kinds = {path.relative_to(gateway.data_dir).parts[0] for path in paths}
    assert {"bridge", "control", "logs", "redis", "run", "secrets"} <= kinds
    assert [path for path in paths if path.is_socket()]
