"""People, groups, channels and labels through the whole gateway: from the REST API to what stands at WhatsApp."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.journey import TENANT, start_and_scan
from tests.support.media_files import picture
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

MARIA = "+5511987654321"
JOAO = "+5511912345678"
SHY = "+14155550123"


@pytest.mark.timeout(180)
async def test_a_number_is_found_and_a_group_and_a_channel_are_lived_in(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    number = await start_and_scan(gateway, sandbox, customer)

    async def call(method: str, path: str, body: Any = None, expected: int = 200) -> dict[str, Any]:
        status, answer = await gateway.call(method, f"/api/v1/{path}", body)
        assert status == expected, f"{method} {path}: {status} {answer}"
        return dict(answer)

    # Numbers: Brazil's ninth digit, and one that is not there.
    await sandbox.call("POST", "/contacts", json={"number": "+551188887777", "name": "Old number"})
    await sandbox.call("POST", "/contacts", json={"number": "+14155550100", "exists": False})
    numbers = ["+55 11 98888-7777", "+14155550100"]
    found = (await call("POST", f"numbers/{TENANT}/check", {"numbers": numbers}))["numbers"]
    assert [(one["exists"], one["whatsappNumber"]) for one in found] == [(True, "+551188887777"), (False, None)]
    # The number's pace may hold a message back for longer than an answer waits by itself.
    send = f"messages/{TENANT}/send?wait=20"
    sent = await call("POST", send, {"to": numbers[0], "message": "found you"})
    assert sent["chatId"] == "551188887777@s.whatsapp.net"

    # Contacts: what they show, and blocking.
    about = {"number": MARIA, "about": "baking", "business": {"description": "Cakes"}, "name": "Maria"}
    await sandbox.call("POST", "/contacts", json=about)
    maria = await call("GET", f"contacts/{TENANT}/{quote(MARIA)}")
    assert (maria["about"], maria["business"]["description"], maria["isBlocked"]) == ("baking", "Cakes", False)
    await call("POST", f"contacts/{TENANT}/{quote(MARIA)}/block")
    assert (await call("GET", f"contacts/{TENANT}/blocked"))["contacts"] == [maria["lid"]]
    await call("DELETE", f"contacts/{TENANT}/{quote(MARIA)}/block")

    # A group's life.
    await sandbox.call("POST", "/contacts", json={"number": SHY, "groupAdd": "none"})
    made = await call("POST", f"groups/{TENANT}", {"subject": "Friday", "participants": [MARIA]})
    group, one = made["groupId"], f"groups/{TENANT}/{made['groupId']}"
    assert {each["phoneNumber"] for each in made["participants"]} == {number, MARIA}
    added = await call("POST", f"{one}/participants", {"action": "add", "participants": [JOAO, SHY]})
    assert [each["error"] for each in added["results"]] == [None, "invitation_needed"]
    changed = await call("PATCH", one, {"subject": "Saturday", "joinApproval": True, "onlyAdminsSend": True})
    assert (changed["subject"], changed["joinApproval"], changed["onlyAdminsSend"]) == ("Saturday", True, True)
    logo = base64.b64encode(picture("PNG", size=(900, 700))).decode()
    await call("PUT", f"{one}/picture", {"mediaBase64": logo})
    assert (await sandbox.call("GET", f"/groups/{group}"))["picture"]
    await call("DELETE", f"{one}/picture")
    invite = await call("GET", f"{one}/invite")
    await sandbox.call("POST", f"/contacts/{quote(SHY)}/join", json={"code": invite["code"]})
    (asking,) = (await call("GET", f"{one}/join-requests"))["requests"]
    assert asking["phoneNumber"] == SHY
    decided = await call("POST", f"{one}/join-requests", {"decision": "approve", "participants": [SHY]})
    assert decided["results"][0]["done"] is True
    assert (await call("GET", one))["size"] == 4
    await call("POST", send, {"to": group, "message": "who brings cake?"})
    assert "who brings cake?" in [message["text"] for message in await sandbox.messages(JOAO, wait_ms=10_000)]
    listed = (await call("GET", f"groups/{TENANT}"))["groups"]
    assert [(each["groupId"], each["size"]) for each in listed] == [(group, 4)]
    renewed = await call("POST", f"{one}/invite")
    await call("GET", f"groups/{TENANT}/invites/{invite['code']}", expected=422)
    assert (await call("GET", f"groups/{TENANT}/invites/{renewed['code']}"))["subject"] == "Saturday"
    await call("DELETE", one)
    assert (await call("GET", f"groups/{TENANT}"))["groups"] == []
    assert (await call("GET", one, expected=404))["code"] == "group_not_found"

    # Somebody else's group, by its link.
    foreign = await sandbox.call("POST", "/groups", json={"by": MARIA, "subject": "Bakers", "members": []})
    link = f"https://chat.whatsapp.com/{foreign['inviteCode']}"
    assert (await call("POST", f"groups/{TENANT}/join", {"code": link}))["groupId"] == foreign["jid"]
    assert (await call("PATCH", f"groups/{TENANT}/{foreign['jid']}", {"joinApproval": True}, expected=403))[
        "code"
    ] == "not_group_admin"

    # A channel with a post.
    news = await call("POST", f"channels/{TENANT}", {"name": "News", "description": "Weekly"})
    posted = await call("POST", send, {"to": news["channelId"], "message": "first post"})
    posts = (await call("GET", f"channels/{TENANT}/{news['channelId']}/messages"))["messages"]
    assert [(post["messageId"], post["text"]) for post in posts] == [(posted["messageId"], "first post")]
    cakes = await sandbox.call("POST", "/channels", json={"by": MARIA, "name": "Cakes"})
    await call("POST", f"channels/{TENANT}/{cakes['jid']}/follow")
    followed = (await call("GET", f"channels/{TENANT}"))["channels"]
    assert {(each["name"], each["role"]) for each in followed} == {("News", "owner"), ("Cakes", "follower")}
    await call("DELETE", f"channels/{TENANT}/{cakes['jid']}/follow")

    # Labels, which are there again after everything was started anew.
    label = await call("POST", f"labels/{TENANT}", {"name": "Paid", "color": 3})
    assigned = await call("POST", f"labels/{TENANT}/{label['labelId']}/assign", {"chat": MARIA})
    assert assigned["chatId"] == maria["jid"]
    await gateway.kill("bridge")
    expected = [{"labelId": label["labelId"], "name": "Paid", "color": 3, "predefined": False}]
    await wait_for(lambda: has_labels(gateway, expected), seconds=30, every=0.2, what=gateway.describe)

    logs = gateway.logs()
    for private in ("found you", "who brings cake?", "first post", MARIA, JOAO, invite["code"], gateway.api_key):
        assert private not in logs


async def has_labels(gateway: Installation, expected: list[dict[str, Any]]) -> bool:
    """Whether the tenant has exactly these labels."""
    status, answer = await gateway.call("GET", f"/api/v1/labels/{TENANT}")
    return status == 200 and answer["labels"] == expected
