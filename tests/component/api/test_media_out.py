"""The files of received messages over HTTP: fetched by the bridge, served from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms

MEDIA_ID = "med_0123456789ABCDEF0123"
ADDRESS = f"/api/v1/media/acme/{MEDIA_ID}"
CONTENT = bytes(range(256)) * 400


def media_file(name: str = "0123456789abcdef0123", **changes: Any) -> dict[str, Any]:
    return {
        "mediaId": MEDIA_ID,
        "fileName": name,
        "mimeType": "image/jpeg",
        "sizeBytes": len(CONTENT),
        "sha256": "0" * 64,
        "keptUntilMs": now_ms() + 1000,
        **changes,
    }


@pytest.fixture
def stored(socket_dir: Path) -> Path:
    folder = socket_dir / "media"
    folder.mkdir(exist_ok=True)
    path = folder / "0123456789abcdef0123"
    path.write_bytes(CONTENT)
    return path


async def test_a_file_is_served_as_an_attachment_of_the_type_its_bytes_say(
    gateway: Gateway, bridge: ScriptedBridge, stored: Path
) -> None:
    bridge.answers("media.fetch", media_file(originalName='a"b\r\n/../ção.jpg'))

    answer = await gateway.get(ADDRESS)

    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"a_b___.._c_o.jpg\"; filename*=UTF-8''a_b___.._%C3%A7%C3%A3o.jpg"
    ).replace("c_o", "__o")
    assert bridge.called("media.fetch") == [{"tenantId": "acme", "mediaId": MEDIA_ID}]


async def test_a_part_of_a_file_can_be_asked_for(gateway: Gateway, bridge: ScriptedBridge, stored: Path) -> None:
    bridge.answers("media.fetch", media_file())

    part = await gateway.get(ADDRESS, headers={"Range": "bytes=10-19"})
    beyond = await gateway.get(ADDRESS, headers={"Range": f"bytes={len(CONTENT)}-"})

    assert (part.status, part.body) == (206, CONTENT[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(CONTENT)}"
    assert beyond.status == 416


def put_link(path: Path, to: Path) -> None:
    to.write_text("secret")
    path.unlink()
    path.symlink_to(to)


async def test_a_file_that_was_cleared_away_or_is_a_link_is_asked_for_again_and_never_followed(
    gateway: Gateway, bridge: ScriptedBridge, stored: Path, tmp_path: Path
) -> None:
    put_link(stored, tmp_path / "secret")
    bridge.answers("media.fetch", media_file())

    answer = await gateway.get(ADDRESS)

    assert answer.problem() == (502, "media_unavailable")
    assert len(bridge.called("media.fetch")) == 2
    assert b"secret" not in answer.body


@pytest.mark.parametrize(
    ("fault", "status"),
    [("media_not_found", 404), ("media_expired", 410), ("media_over_limit", 413), ("session_not_connected", 409)],
)
async def test_what_cannot_be_had_says_why(
    gateway: Gateway, bridge: ScriptedBridge, fault: str, status: int
) -> None:
    bridge.answers("media.fetch", Fault(fault))

    assert (await gateway.get(ADDRESS)).problem() == (status, fault)


@pytest.mark.parametrize("media_id", ["..", "med_short", "%2e%2e%2fsecrets%2fapi-key", "med_0123456789ABCDEF%00"])
async def test_an_id_that_is_none_never_reaches_the_bridge(
    gateway: Gateway, bridge: ScriptedBridge, media_id: str
) -> None:
    answer = await gateway.get(f"/api/v1/media/acme/{media_id}")

    assert answer.status == 404
    assert not bridge.called("media.fetch")


async def test_settings_are_shown_and_changed(gateway: Gateway, bridge: ScriptedBridge) -> None:
    settings = {
        "media": "on_demand",
        "rejectCalls": False,
        "followPresence": False,
        "groupEvents": True,
        "statusMessages": False,
        "channelMessages": False,
    }
    full = {**settings, "automaticMaxBytes": 5, "rejectCallsMessage": "Write, please."}
    bridge.answers("session.getSettings", full)
    bridge.answers("session.setSettings", {**full, "media": "automatic"})
    address = "/api/v1/sessions/acme/settings"

    shown = await gateway.get(address)
    changed = await gateway.request("PATCH", address, json={"media": "automatic"})
    wrong = await gateway.request("PATCH", address, json={"media": "sometimes"})
    nothing = await gateway.request("PATCH", address, json={})

    assert shown.json == {"success": True, **full}
    assert changed.json["media"] == "automatic"
    assert bridge.called("session.setSettings") == [{"tenantId": "acme", "media": "automatic"}]
    assert wrong.problem() == nothing.problem() == (400, "invalid_request")


async def test_a_message_is_shown_in_whatsapp_s_own_words(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("message.raw", {"messageId": "3EB0AA", "message": {"conversation": "olá"}})

    answer = await gateway.get("/api/v1/messages/acme/3EB0AA/raw")

    assert answer.json == {"success": True, "messageId": "3EB0AA", "message": {"conversation": "olá"}}


async def test_presence_of_a_chat_is_followed(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("chat.followPresence", {})

    answer = await gateway.post("/api/v1/chats/acme/follow-presence", json={"to": "+55 11 99999-0000"})

    assert answer.status == 200
    assert bridge.called("chat.followPresence") == [{"tenantId": "acme", "chatId": "+5511999990000"}]
