"""GET …/qr in all its forms."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, session

QR = "/api/v1/sessions/acme/qr"
TEXT = "https://wa.me/settings/linked_devices#2@abc"
BROWSER_IMAGE = "image/avif,image/webp,image/apng,image/*;q=0.8,*/*;q=0.5"


@pytest.fixture(autouse=True)
def _a_code(bridge: ScriptedBridge) -> None:
    code = {"text": TEXT, "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.get", session("acme", "qr", qr=code))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/json", "application/json"),
        ("application/*;q=0.3", "application/json"),
        ("image/png", "image/png"),
        ("image/svg+xml", "image/svg+xml"),
        ("text/plain", "text/plain"),
        ("text/*", "text/plain"),
        ("text/html, text/plain;q=0.5", "text/plain"),
        ("image/png;q=0.5, image/svg+xml", "image/svg+xml"),
        ("*/*, image/png;q=0", "application/json"),
        ("application/json;q=0, image/*", "image/png"),
        ("IMAGE/PNG", "image/png"),
        (BROWSER_IMAGE, "image/png"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
    ],
)
async def test_the_form_is_the_one_that_is_wanted_most(gateway: Gateway, accept: str, kind: str) -> None:
    answer = await gateway.get(QR, headers={"Accept": accept})

    assert (answer.status, answer.content_type) == (200, kind)
    assert answer.headers["cache-control"] == "no-store"
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("accept", ["text/html", "image/gif", "rubbish", "image/png;q=0", "image/png;q=x", ";;,,"])
async def test_a_form_there_is_not_is_not_acceptable(gateway: Gateway, accept: str) -> None:
    assert (await gateway.get(QR, headers={"Accept": accept})).problem() == (406, "not_acceptable")


@pytest.mark.parametrize("form", ["json", "png", "svg", "text"])
async def test_the_address_can_say_the_form_and_wins(gateway: Gateway, form: str) -> None:
    answer = await gateway.get(f"{QR}?format={form}", headers={"Accept": "application/xml"})

    assert answer.status == 200
    assert form in answer.content_type.replace("plain", "text")


@pytest.mark.parametrize("form", ["gif", "", "PNG", "%00"])
async def test_an_unknown_form_is_refused(gateway: Gateway, form: str) -> None:
    assert (await gateway.get(f"{QR}?format={form}")).problem() == (400, "invalid_request")


async def test_all_forms_show_the_same_code(gateway: Gateway) -> None:
    json = (await gateway.get(QR)).json
    png = (await gateway.get(QR, headers={"Accept": "image/png"})).body
    text = (await gateway.get(f"{QR}?format=text")).body.decode()

    assert json["qr"] == TEXT
    assert json["qrCode"].startswith("data:image/png;base64,")
    assert json["expiresAt"].endswith("Z")
    side = Image.open(io.BytesIO(png)).size[0] // 6
    assert {len(line) for line in text.splitlines()} == {side}


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("connected", {}, "Connected."),
        ("disconnected", {"reason": "qr_attempts_exhausted"}, "Start again to get a new one."),
        ("logged_out", {"reason": "logged_out_by_phone"}, "scan a new QR code"),
        ("failed", {"reason": "passkey_required"}, "passkey"),
    ],
)
@pytest.mark.parametrize("form", ["json", "png"])
async def test_where_there_is_no_code_the_state_is_told_in_words(
    gateway: Gateway, bridge: ScriptedBridge, state: str, fields: dict[str, str], words: str, form: str
) -> None:
    bridge.answers("session.get", session("acme", state, **fields))

    answer = await gateway.get(f"{QR}?format={form}")

    assert answer.problem() == (404, "no_qr_code")
    assert words in answer.json["detail"]
    assert answer.json["state"] == state


async def test_a_code_that_comes_in_a_moment_is_waited_for(gateway: Gateway, bridge: ScriptedBridge) -> None:
    first = session("acme", "connecting")

    def then(params: object) -> object:
        if len(bridge.called("session.get")) == 1:
            return first
        return session("acme", "qr", qr={"text": "2@next", "expiresAtMs": now_ms() + 60_000})

    bridge.scripts["session.get"] = then

    assert (await gateway.get(QR)).json["qr"] == "2@next"


async def test_a_tenant_without_a_session_is_not_found(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", Fault("session_not_found"))

    assert (await gateway.get(QR)).problem() == (404, "session_not_found")
