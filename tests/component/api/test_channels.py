"""Channels over HTTP, to a scripted bridge over a real socket."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge

CHANNELS = "/api/v1/channels/acme"
CHANNEL_ID = "120363043968066561@newsletter"
CODE = "0029VaAbCdEfGhIjKl"


def channel(**changes: Any) -> dict[str, Any]:
    """A contract Channel."""
    return {"channelId": CHANNEL_ID, "name": "News", "inviteCode": CODE, "followers": 3, **changes}


async def test_a_channel_is_made(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("channel.create", channel(role="owner", createdAtMs=1_795_435_218_000, verified=False))

    answer = await gateway.post(CHANNELS, json={"name": "News", "description": "What is new"})

    assert bridge.called("channel.create") == [{"tenantId": "acme", "name": "News", "description": "What is new"}]
    assert answer.json == {
        "success": True,
        "channelId": CHANNEL_ID,
        "name": "News",
        "description": None,
        "inviteCode": CODE,
        "url": f"https://whatsapp.com/channel/{CODE}",
        "followers": 3,
        "verified": False,
        "role": "owner",
        "createdAt": "2026-11-23T12:00:18.000Z",
    }
    assert (await gateway.post(CHANNELS, json={"name": " "})).problem() == (400, "invalid_request")


async def test_channels_are_listed_and_found_by_id_and_link(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("channel.list", {"channels": [channel(), channel(name="Cakes")]})
    bridge.answers("channel.get", channel())

    listed = await gateway.get(CHANNELS)
    by_id = await gateway.get(f"{CHANNELS}/{CHANNEL_ID.split('@')[0]}")
    by_link = await gateway.get(f"{CHANNELS}/invites/{CODE}")

    assert [one["name"] for one in listed.json["channels"]] == ["News", "Cakes"]
    assert by_id.json["name"] == by_link.json["name"] == "News"
    assert bridge.called("channel.get") == [
        {"tenantId": "acme", "channelId": CHANNEL_ID},
        {"tenantId": "acme", "inviteCode": CODE},
    ]
    assert (await gateway.get(f"{CHANNELS}/news")).problem() == (400, "invalid_request")
    assert (await gateway.get(f"{CHANNELS}/invites/x")).problem() == (400, "invalid_request")


async def test_a_channel_is_followed_and_no_longer(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("channel.follow", {})
    bridge.answers("channel.unfollow", Fault("channel_not_found"))

    followed = await gateway.post(f"{CHANNELS}/{CHANNEL_ID}/follow")
    refused = await gateway.request("DELETE", f"{CHANNELS}/{CHANNEL_ID}/follow")

    assert followed.json == {"success": True, "following": True}
    assert refused.problem() == (404, "channel_not_found")


async def test_posts_come_newest_first_with_the_place_to_go_on(gateway: Gateway, bridge: ScriptedBridge) -> None:
    post = {"serverId": "102", "messageId": "3EB0", "text": "Hello", "type": "conversation", "views": 7}
    bridge.answers("channel.messages", {"messages": [{**post, "reactions": {"👍": 2}}, {"serverId": "101"}]})

    answer = await gateway.get(f"{CHANNELS}/{CHANNEL_ID}/messages?limit=2&before=103")

    assert bridge.called("channel.messages") == [
        {"tenantId": "acme", "channelId": CHANNEL_ID, "limit": 2, "before": "103"}
    ]
    assert answer.json["next"] == "101"
    assert answer.json["messages"][0] == {**post, "timestamp": None, "reactions": {"👍": 2}}
    for wrong in ("before=x", "limit=101", "after=1"):
        refused = await gateway.get(f"{CHANNELS}/{CHANNEL_ID}/messages?{wrong}")
        assert refused.problem() == (400, "invalid_request")
