"""A small shop that answers its customers on WhatsApp: what an application does with the gateway, in one file.

It starts its tenant's session and names its webhook, checks the signature of each event, answers messages with an
Idempotency-Key so that a repeated event is answered once, and shows its chats at http://localhost:4000. In the
sandbox its page has a phone that scans the QR code and a customer who writes. Python's standard library only.

Settings: GATEWAY (address), API_KEY or API_KEY_FILE, OWN_ADDRESS (where the gateway reaches this), TENANT, PORT.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import os
import secrets
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

GATEWAY = os.environ.get("GATEWAY", "http://127.0.0.1:3000")
OWN_ADDRESS = os.environ.get("OWN_ADDRESS", "http://127.0.0.1:4000")
TENANT = os.environ.get("TENANT", "demo-shop")
PORT = int(os.environ.get("PORT", "4000"))

WEBHOOK_SECRET = secrets.token_urlsafe(32)
"""New at each start; the gateway is told it together with the address."""

MENU = {"1": ("Coffee", "R$ 8"), "2": ("Pão de queijo", "R$ 5"), "3": ("Cake", "R$ 12")}
MAX_EVENT_BYTES = 1_000_000
MAX_CHATS = 100
MAX_LINES = 50

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Demo shop</title>
<style>
  body { font: 16px system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  li { white-space: pre-line }
</style>
<h1>Demo shop</h1>
$content
"""
SCAN = """<img src="{image}" alt="QR code" width="260">
<form method="post" action="/scan"><button>Let the mock phone scan it</button></form>"""
SAY = """<form method="post" action="/say">
  <input name="text" value="Hello!" aria-label="Message" required maxlength="500">
  <button>Let a customer write this</button>
</form>"""

chats: OrderedDict[str, deque[tuple[str, str]]] = OrderedDict()
"""By chat, what was said: (who, text). A real shop has a database here."""
shown: deque[str] = deque(maxlen=500)
"""The events that are in chats."""
lock = threading.Lock()


def api(method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
    """Call the gateway; an error answer is returned too, with its `code`. Raises OSError when it is away."""
    request = urllib.request.Request(  # noqa: S310
        GATEWAY + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {api_key()}", "Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))


def api_key() -> str:
    """The key from API_KEY, or from the file the gateway made."""
    return os.environ.get("API_KEY") or Path(os.environ["API_KEY_FILE"]).read_text(encoding="utf-8").strip()


def start_session() -> None:
    """Start the tenant's session, with this app as its webhook; tries until the gateway does it."""
    webhook = {"url": f"{OWN_ADDRESS}/webhook", "secret": WEBHOOK_SECRET, "events": ["message"]}
    while True:
        try:
            answer = api("POST", f"/api/v1/sessions/{TENANT}/start", {"webhook": webhook})
        except OSError as error:
            answer = {"detail": str(error)}
        if answer.get("success"):
            say(f"The session is {answer['status']}.")
            return
        say(f"Not started yet: {answer.get('detail')}")
        time.sleep(2)


def is_authentic(body: bytes, signature: str) -> bool:
    """Whether the gateway signed this body."""
    wanted = "sha256=" + hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))


def reply_to(text: str) -> str:
    """What the shop says to a customer's message."""
    choice = MENU.get(text.strip())
    if choice is not None:
        return f"{choice[0]} for {choice[1]}: it is on its way. Obrigado!"
    lines = [f"{number}. {name}, {price}" for number, (name, price) in MENU.items()]
    return "\n".join(["Welcome! Answer with a number:", *lines])


def on_message(event: dict[str, Any]) -> None:
    """Answer a message of a customer. Raises OSError when the gateway is away; the event then comes again."""
    data = event["data"]
    if data["fromMe"] or data["isGroup"] or data["type"] != "text" or not data["from"]:
        return
    reply = reply_to(data["message"])
    # The event's id: should the event come twice, the answer still goes out once.
    answer = api(
        "POST",
        f"/api/v1/messages/{TENANT}/send",
        {"to": data["from"], "message": reply, "type": "text"},
        **{"Idempotency-Key": event["id"]},
    )
    if not answer.get("success") and answer.get("retryable"):
        raise OSError(answer["code"])
    remember(data["from"], event["id"], ("customer", data["message"]), ("shop", reply))


def remember(chat: str, event_id: str, *lines: tuple[str, str]) -> None:
    """Keep the newest of what was said."""
    with lock:
        # An event may come twice; a customer who says the same twice has another event.
        if event_id in shown:
            return
        shown.append(event_id)
        said = chats.setdefault(chat, deque(maxlen=MAX_LINES))
        said.extend(lines)
        chats.move_to_end(chat)
        while len(chats) > MAX_CHATS:
            chats.popitem(last=False)


def page() -> str:
    """The page of the shop: whatever people wrote is escaped."""
    try:
        session = api("GET", f"/api/v1/sessions/{TENANT}/status")
    except OSError as error:
        session = {"message": f"The gateway does not answer: {error}"}
    parts = [f"<p>WhatsApp: {html.escape(str(session.get('message') or session.get('detail')))}</p>"]
    if session.get("qrCode"):
        parts.append(SCAN.format(image=html.escape(session["qrCode"])))
    if session.get("connected"):
        parts.append(SAY)
    with lock:
        for chat, said in reversed(chats.items()):
            lines = "".join(f"<li><b>{who}:</b> {html.escape(text)}</li>" for who, text in said)
            parts.append(f"<h2>{html.escape(chat)}</h2><ul>{lines}</ul>")
    return PAGE.replace("$content", "\n".join(parts))


class Shop(BaseHTTPRequestHandler):
    """GET / is the page, POST /webhook takes events, POST /scan and /say play people in the sandbox."""

    timeout = 10
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Show the page."""
        if self.path != "/":
            self.answer(404, "There is nothing here.")
            return
        self.answer(200, page(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take an event, or a button of the page."""
        length = int(self.headers.get("Content-Length") or -1)
        if not 0 <= length <= MAX_EVENT_BYTES:
            self.close_connection = True
            self.answer(413, "Too large.")
            return
        body = self.rfile.read(length)
        if self.path == "/webhook":
            self.take_event(body)
        elif self.path in ("/scan", "/say") and self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
            self.press(self.path, body)
        else:
            self.answer(404, "There is nothing here.")

    def take_event(self, body: bytes) -> None:
        """Answer 2xx only when the event was dealt with; for everything else the gateway sends it again."""
        if not is_authentic(body, self.headers.get("X-Webhook-Signature", "")):
            self.answer(401, "The signature is wrong.")
            return
        event = json.loads(body)
        try:
            if event["event"] == "message":
                on_message(event)
        except OSError as error:
            self.answer(503, str(error))
            return
        self.answer(200, "ok")

    def press(self, path: str, body: bytes) -> None:
        """Let the sandbox's phone scan, or its customer write."""
        given = urllib.parse.parse_qs(body.decode("utf-8", "replace"))
        if path == "/scan":
            api("POST", f"/api/v1/sandbox/{TENANT}/scan", {})
        else:
            text = given.get("text", ["Hello!"])[0][:500]
            api("POST", f"/api/v1/sandbox/{TENANT}/say", {"from": "+5511987654321", "text": text})
        time.sleep(1)
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        """Send an answer."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Log no request: what is in them is people's."""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve for ever."""
    threading.Thread(target=start_session, daemon=True).start()
    say(f"The shop listens on port {PORT}.")
    ThreadingHTTPServer(("", PORT), Shop).serve_forever()


if __name__ == "__main__":
    main()
