"""What scripts/prove-containers asks of gateways in containers, over HTTP. Python's standard library only.

prove_containers.py serves|tls|main-job|connected --api URL --key KEY
prove_containers.py demo|order --shop URL
"""

from __future__ import annotations

import argparse
import html
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

TENANT = "proof"
CONTACT = "+5511987654321"
SECONDS = 60.0


class Api:
    """A gateway's API."""

    def __init__(self, address: str, key: str) -> None:
        """address: without a path. key: of the operator."""
        self._address = address
        self._key = key
        # Without a name of its own the TLS front signs its certificate itself.
        self._tls = ssl._create_unverified_context() if address.startswith("https:") else None  # noqa: S323

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return status and JSON body of an answer."""
        request = urllib.request.Request(  # noqa: S310
            self._address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key or self._key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=40, context=self._tls) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def text(self, path: str) -> str:
        """Return what anybody gets at an address."""
        with urllib.request.urlopen(self._address + path, timeout=40, context=self._tls) as answer:  # noqa: S310
            return str(answer.read().decode())


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Ask again and again until it is so; ends the program when it does not get so."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise SystemExit(f"After {SECONDS:.0f} seconds still not so: {what}")


def demand(true: bool, what: str) -> None:
    """End the program with a sentence when something is not so."""
    if not true:
        raise SystemExit(what)


def serves(api: Api) -> None:
    """Health is public, everything else wants the key."""
    wait_for(lambda: api.call("GET", "/health/ready")[0] == 200, "ready")
    demand(api.call("GET", "/api/v1/sessions")[0] == 200, "The key is not taken.")
    demand(api.call("GET", "/api/v1/sessions", key="x" * 32)[0] == 401, "A wrong key is taken.")
    demand(api.call("GET", "/openapi.json")[0] == 200, "The OpenAPI document is missing.")
    for page in ("/dashboard", "/docs"):
        demand("<html" in api.text(page), f"{page} is no page.")


def is_connected(api: Api) -> bool:
    """Whether the tenant is linked and online."""
    return bool(api.call("GET", f"/api/v1/sessions/{TENANT}/status")[1].get("connected"))


def main_job(api: Api) -> None:
    """Link, send, receive."""
    status, session = api.call("POST", f"/api/v1/sessions/{TENANT}/start", {})
    demand(status == 200 and session["qrCode"].startswith("data:image/png;base64,"), f"No QR code: {session}")
    demand(api.call("POST", f"/api/v1/sandbox/{TENANT}/scan", {})[0] == 200, "The mock phone cannot scan.")
    wait_for(lambda: is_connected(api), "connected")
    message = {"to": CONTACT, "message": "From a container", "type": "text"}
    status, sent = api.call("POST", f"/api/v1/messages/{TENANT}/send", message)
    demand(status == 200 and sent["status"] == "sent", f"Not sent: {sent}")
    api.call("POST", f"/api/v1/sandbox/{TENANT}/say", {"from": CONTACT, "text": "Into a container"})

    def arrived() -> bool:
        events = api.call("GET", f"/api/v1/events/{TENANT}?limit=100")[1]["events"]
        delivered = any(
            event["event"] == "message.status" and event["data"].get("messageId") == sent["messageId"]
            for event in events
        )
        return delivered and any(event["data"].get("message") == "Into a container" for event in events)

    wait_for(arrived, "the message was delivered, and the contact's came in")


def demo(shop: str) -> None:
    """Press the buttons of the demo app's page, as a person would."""

    def page() -> str:
        with urllib.request.urlopen(f"{shop}/", timeout=40) as answer:  # noqa: S310
            return str(answer.read().decode())

    def press(path: str, **fields: str) -> None:
        body = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(f"{shop}{path}", data=body, timeout=40):  # noqa: S310
            pass

    wait_for(lambda: 'src="data:image/png;base64,' in page(), "the demo app shows a QR code")
    press("/scan")
    wait_for(lambda: "/say" in page(), "the demo app's session is connected")
    press("/say", text="What do you have?")
    wait_for(lambda: "Welcome!" in page(), "the shop answered with its menu")
    press("/say", text="1")
    wait_for(lambda: "it is on its way" in page(), "the shop took the order")


def order(shop: str) -> None:
    """Order something else, with a session that is connected already, as soon as it is again."""

    def taken() -> bool:
        body = urllib.parse.urlencode({"text": "2"}).encode()
        with urllib.request.urlopen(f"{shop}/say", data=body, timeout=40):  # noqa: S310
            time.sleep(2)
        with urllib.request.urlopen(f"{shop}/", timeout=40) as answer:  # noqa: S310
            return "Pão de queijo for" in html.unescape(answer.read().decode())

    wait_for(taken, "the shop took another order")


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["serves", "tls", "main-job", "connected", "demo", "order"])
    parser.add_argument("--api", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--shop", default="")
    given = parser.parse_args()
    api = Api(given.api, given.key)
    if given.what in ("serves", "tls"):
        serves(api)
    elif given.what == "main-job":
        main_job(api)
    elif given.what == "connected":
        wait_for(lambda: is_connected(api), "connected again")
    elif given.what == "order":
        order(given.shop)
    else:
        demo(given.shop)


if __name__ == "__main__":
    main()
