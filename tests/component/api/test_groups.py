"""Groups over HTTP, to a scripted bridge over a real socket."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from tests.component.api.directory_answers import GROUP_ID, MARIA, group
from tests.support.gateway import Gateway
from tests.support.media_files import opened, picture
from tests.support.scripted_bridge import Fault, ScriptedBridge

GROUPS = "/api/v1/groups/acme"
ONE = f"{GROUPS}/{GROUP_ID}"
CODE = "AbCdEfGhIjKlMnOpQrStUv"


async def test_a_group_is_made_and_each_who_was_named_is_told_apart(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    results = [
        {"participant": "+5511987654321", "jid": "5511987654321@s.whatsapp.net", "done": True},
        {"participant": "1@lid", "done": False, "whatsappError": 403},
    ]
    results[1]["participant"] = "12345@lid"
    bridge.answers("group.create", {"group": group(), "results": results})

    body = {"subject": "Friday", "participants": ["+55 11 98765-4321", "12345@LID"]}
    answer = await gateway.post(GROUPS, json=body)

    assert answer.status == 200
    assert bridge.called("group.create") == [
        {"tenantId": "acme", "subject": "Friday", "participants": ["+5511987654321", "12345@lid"]}
    ]
    assert (answer.json["success"], answer.json["groupId"]) == (True, GROUP_ID)
    assert answer.json["createdAt"] == "2026-11-23T12:00:18.000Z"
    assert answer.json["participants"] == [MARIA]
    assert [(one["done"], one["error"], one["whatsappError"]) for one in answer.json["results"]] == [
        (True, None, None),
        (False, "invitation_needed", 403),
    ]


async def test_groups_are_listed_a_page_at_a_time(gateway: Gateway, bridge: ScriptedBridge) -> None:
    page = {"groups": [group(participants=[])], "hasMore": True, "fetchedAtMs": 1_795_435_218_000}
    bridge.answers("group.list", page)

    answer = await gateway.get(f"{GROUPS}?refresh=true&limit=1&after=120363000000000000@g.us")

    assert bridge.called("group.list") == [
        {"tenantId": "acme", "refresh": True, "after": "120363000000000000@g.us", "limit": 1}
    ]
    assert (answer.json["next"], answer.json["fetchedAt"]) == (GROUP_ID, "2026-11-23T12:00:18.000Z")
    assert "participants" not in answer.json["groups"][0]
    for wrong in ("refresh=perhaps", "limit=0", "limit=201", "after=nonsense!", "unknown=1"):
        assert (await gateway.get(f"{GROUPS}?{wrong}")).problem() == (400, "invalid_request")


@pytest.mark.parametrize("after", ["0", "@", "no-group", "12345@s.whatsapp.net"])
async def test_a_page_after_what_is_no_group_is_refused(
    gateway: Gateway, bridge: ScriptedBridge, after: str
) -> None:
    answer = await gateway.get(f"{GROUPS}?after={after}")

    assert answer.problem() == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == "after"
    assert bridge.called("group.list") == []


@pytest.mark.parametrize("written", [GROUP_ID, GROUP_ID.replace("@", "%40"), GROUP_ID.split("@")[0]])
async def test_a_group_may_be_written_in_any_way(gateway: Gateway, bridge: ScriptedBridge, written: str) -> None:
    bridge.answers("group.get", group(description="Why", disappearingSeconds=86_400))

    answer = await gateway.request("GET", URL(f"/api/v1/groups/acme/{written}", encoded=True))

    assert bridge.called("group.get") == [{"tenantId": "acme", "groupId": GROUP_ID}]
    assert (answer.json["description"], answer.json["disappearingSeconds"]) == ("Why", 86_400)
    assert (answer.json["onlyAdminsEdit"], answer.json["memberAddMode"]) == (True, "all")


async def test_only_what_is_given_is_changed(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("group.update", group())

    answer = await gateway.request("PATCH", ONE, json={"description": "", "onlyAdminsSend": True})

    assert answer.status == 200
    wanted = {"tenantId": "acme", "groupId": GROUP_ID, "description": "", "onlyAdminsSend": True}
    assert bridge.called("group.update") == [wanted]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"subject": " "},
        {"subject": "x" * 101},
        {"onlyAdminsSend": "yes"},
        {"memberAddMode": "nobody"},
        {"disappearingSeconds": 5},
        {"colour": "red"},
    ],
)
async def test_changes_that_make_no_sense_are_refused(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any]
) -> None:
    answer = await gateway.request("PATCH", ONE, json=body)

    assert answer.problem() == (400, "invalid_request")
    assert not bridge.called("group.update")


async def test_people_come_and_go_with_a_result_for_each(gateway: Gateway, bridge: ScriptedBridge) -> None:
    codes = [403, 404, 408, 409, 419, 500]
    named = [f"+1415555010{index}" for index in range(len(codes))]
    results = [
        {"participant": number, "done": False, "whatsappError": code}
        for number, code in zip(named, codes, strict=True)
    ]
    bridge.answers("group.updateParticipants", {"results": results})

    answer = await gateway.post(f"{ONE}/participants", json={"action": "add", "participants": named})

    assert [one["error"] for one in answer.json["results"]] == [
        "invitation_needed",
        "not_found",
        "left_recently",
        "already_in_group",
        "group_full",
        "refused",
    ]
    assert bridge.called("group.updateParticipants")[0]["action"] == "add"
    wrong = await gateway.post(f"{ONE}/participants", json={"action": "kick", "participants": named})
    assert wrong.problem() == (400, "invalid_request")


async def test_invitations_are_shown_renewed_looked_at_and_taken(gateway: Gateway, bridge: ScriptedBridge) -> None:
    invite = {"code": CODE, "url": f"https://chat.whatsapp.com/{CODE}"}
    bridge.answers("group.invite", invite)
    bridge.answers("group.revokeInvite", invite)
    bridge.answers("group.inviteInfo", group(participants=[]))
    bridge.answers("group.join", {"groupId": GROUP_ID, "pending": True})

    assert (await gateway.get(f"{ONE}/invite")).json == {"success": True, **invite}
    assert (await gateway.post(f"{ONE}/invite")).json == {"success": True, **invite}
    assert (await gateway.get(f"{GROUPS}/invites/{CODE}")).json["subject"] == "Friday"
    for given in (CODE, f"https://chat.whatsapp.com/{CODE}", f"chat.whatsapp.com/invite/{CODE}?mode=ems"):
        joined = await gateway.post(f"{GROUPS}/join", json={"code": given})
        assert joined.json == {"success": True, "groupId": GROUP_ID, "pending": True}

    assert {params["code"] for params in bridge.called("group.join")} == {CODE}
    assert len(bridge.called("group.revokeInvite")) == 1
    for wrong in ("short", "https://example.com/AbCdEfGhIjKlMnOp", "a b c d e f g h"):
        assert (await gateway.post(f"{GROUPS}/join", json={"code": wrong})).problem() == (400, "invalid_request")


async def test_join_requests_are_shown_and_decided(gateway: Gateway, bridge: ScriptedBridge) -> None:
    asking = {"id": "12345@lid", "phoneNumber": "+14155550100", "requestedAtMs": 1_795_435_218_000}
    bridge.answers("group.joinRequests", {"requests": [asking]})
    result = {"participant": "+14155550100", "done": True}
    bridge.answers("group.decideJoinRequests", {"results": [result]})

    waiting = await gateway.get(f"{ONE}/join-requests")
    decided = await gateway.post(
        f"{ONE}/join-requests", json={"decision": "approve", "participants": ["+1 415 555 0100"]}
    )

    assert waiting.json["requests"] == [
        {"id": "12345@lid", "phoneNumber": "+14155550100", "requestedAt": "2026-11-23T12:00:18.000Z"}
    ]
    assert decided.json["results"][0]["done"] is True
    wanted = {"groupId": GROUP_ID, "decision": "approve", "participants": ["+14155550100"]}
    assert bridge.called("group.decideJoinRequests") == [{"tenantId": "acme", **wanted}]


async def test_a_group_is_left(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("group.leave", {})

    answer = await gateway.request("DELETE", ONE)

    assert (answer.status, answer.json) == (200, {"success": True})
    assert bridge.called("group.leave") == [{"tenantId": "acme", "groupId": GROUP_ID}]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("group_not_found", 404),
        ("not_group_admin", 403),
        ("session_not_connected", 409),
        ("session_not_found", 404),
        ("whatsapp_timeout", 504),
        ("whatsapp_refused", 502),
    ],
)
async def test_what_whatsapp_says_no_to_keeps_its_code(
    gateway: Gateway, bridge: ScriptedBridge, name: str, status: int
) -> None:
    bridge.answers("group.get", Fault(name, whatsappError=403))

    answer = await gateway.get(ONE)

    assert answer.problem() == (status, name)
    assert answer.json["whatsappError"] == 403


async def test_what_is_no_group_is_refused(gateway: Gateway, bridge: ScriptedBridge) -> None:
    for written in ("friday", "5511987654321@s.whatsapp.net", "1@g.us"):
        assert (await gateway.get(f"{GROUPS}/{written}")).problem() == (400, "invalid_request")
    assert not bridge.called("group.get")


@pytest.mark.parametrize("way", ["base64", "multipart"])
async def test_a_group_gets_a_square_picture_and_the_file_is_gone_then(
    gateway: Gateway, bridge: ScriptedBridge, socket_dir: Path, way: str
) -> None:
    seen: list[bytes] = []

    def take(params: dict[str, Any]) -> dict[str, Any]:
        seen.append((socket_dir / "spool" / params["file"]["name"]).read_bytes())
        return {}

    bridge.scripts["group.setPicture"] = take
    data = picture("PNG", size=(800, 700))
    if way == "base64":
        answer = await gateway.request(
            "PUT", f"{ONE}/picture", json={"mediaBase64": base64.b64encode(data).decode()}
        )
    else:
        form = aiohttp.FormData()
        form.add_field("file", data, filename="../../logo.png", content_type="image/png")
        answer = await gateway.request("PUT", f"{ONE}/picture", data=form)

    assert (answer.status, answer.json) == (200, {"success": True})
    assert opened(seen[0]).size == (640, 640)
    (params,) = bridge.called("group.setPicture")
    assert params["groupId"] == GROUP_ID
    assert params["file"]["mimeType"] == "image/jpeg"
    assert list((socket_dir / "spool").iterdir()) == []


async def test_a_picture_that_is_refused_leaves_no_file(
    gateway: Gateway, bridge: ScriptedBridge, socket_dir: Path
) -> None:
    bridge.answers("group.setPicture", Fault("not_group_admin"))
    good = base64.b64encode(picture("PNG")).decode()

    refused = await gateway.request("PUT", f"{ONE}/picture", json={"mediaBase64": good})
    internal = await gateway.request("PUT", f"{ONE}/picture", json={"mediaUrl": "http://169.254.169.254/x.png"})
    nothing = await gateway.request("PUT", f"{ONE}/picture", json={})
    both = await gateway.request(
        "PUT", f"{ONE}/picture", json={"mediaBase64": good, "mediaUrl": "https://x.example"}
    )

    assert refused.problem() == (403, "not_group_admin")
    assert internal.problem() == (422, "media_url_refused")
    assert nothing.problem() == both.problem() == (400, "invalid_request")
    assert list((socket_dir / "spool").iterdir()) == []


async def test_a_group_loses_its_picture(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("group.setPicture", {})

    answer = await gateway.request("DELETE", f"{ONE}/picture")

    assert answer.status == 200
    assert bridge.called("group.setPicture") == [{"tenantId": "acme", "groupId": GROUP_ID}]
