"""Each kind of message as callers write it, and what the bridge is told."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from control.rpc.contract_gen import MessageSendParams
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge, outgoing

SEND = "/api/v1/messages/acme/send"
TO = "+5511999999999"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bia\r\nEND:VCARD\r\n"
PLACE = {"latitude": -23.5, "longitude": -46}

KINDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"message": " Olá\n👋 "}, {"type": "text", "text": " Olá\n👋 "}),
    (
        {
            "type": "text",
            "message": "https://a.example",
            "preview": {"url": "https://a.example", "title": "A", "description": "b", "thumbnail": "/9j/"},
        },
        {
            "type": "text",
            "text": "https://a.example",
            "preview": {"url": "https://a.example", "title": "A", "description": "b", "thumbnail": "/9j/"},
        },
    ),
    (
        {"type": "location", **PLACE, "name": "Sé", "address": "Praça da Sé"},
        {"type": "location", "place": {**PLACE, "name": "Sé", "address": "Praça da Sé"}},
    ),
    (
        {"type": "contact", "contact": {"displayName": "Bia", "vcard": CARD}},
        {"type": "contacts", "displayName": "Bia", "contacts": [{"displayName": "Bia", "vcard": CARD}]},
    ),
    (
        {"type": "contacts", "contacts": [{"displayName": "Bia", "vcard": CARD}] * 2},
        {"type": "contacts", "displayName": "2 contacts", "contacts": [{"displayName": "Bia", "vcard": CARD}] * 2},
    ),
    (
        {"type": "poll", "question": "When?", "options": ["Mon", "Tue"]},
        {"type": "poll", "question": "When?", "options": ["Mon", "Tue"], "selectableCount": 1},
    ),
    (
        {"type": "poll", "question": "When?", "options": ["Mon", "Tue"], "multipleChoice": True},
        {"type": "poll", "question": "When?", "options": ["Mon", "Tue"], "selectableCount": 0},
    ),
    (
        {"type": "poll", "question": "When?", "options": ["a", "b", "c"], "selectableCount": 2},
        {"type": "poll", "question": "When?", "options": ["a", "b", "c"], "selectableCount": 2},
    ),
    (
        {
            "type": "event",
            "name": "Party",
            "startsAt": "2027-01-01T00:00:00-03:00",
            "endsAt": 1_798_786_800_000,
            "description": "Bring a cake",
            "location": {**PLACE, "name": "Home"},
            "extraGuestsAllowed": True,
        },
        {
            "type": "event",
            "name": "Party",
            "startsAtMs": 1_798_772_400_000,
            "endsAtMs": 1_798_786_800_000,
            "description": "Bring a cake",
            "place": {**PLACE, "name": "Home"},
            "extraGuestsAllowed": True,
        },
    ),
    (
        {"type": "reaction", "messageId": "3EB0AA", "emoji": "👍🏽"},
        {"type": "reaction", "messageId": "3EB0AA", "emoji": "👍🏽"},
    ),
    (
        {"type": "reaction", "messageId": "3EB0AA", "emoji": ""},
        {"type": "reaction", "messageId": "3EB0AA", "emoji": ""},
    ),
    (
        {"type": "edit", "messageId": "3EB0AA", "message": "better"},
        {"type": "edit", "messageId": "3EB0AA", "text": "better"},
    ),
    ({"type": "delete", "messageId": "3EB0AA"}, {"type": "delete", "messageId": "3EB0AA"}),
    ({"type": "forward", "messageId": "3EB0AA"}, {"type": "forward", "messageId": "3EB0AA"}),
    (
        {"type": "forward", "messageId": "3EB0AA", "fromChat": "+5511999999998"},
        {"type": "forward", "messageId": "3EB0AA", "chatId": "5511999999998@s.whatsapp.net"},
    ),
]


@pytest.mark.parametrize(("body", "content"), KINDS, ids=lambda value: value.get("type", "text"))
async def test_a_kind_reaches_the_bridge_as_the_contract_has_it(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any], content: dict[str, Any]
) -> None:
    bridge.scripts["message.send"] = outgoing

    answer = await gateway.post(SEND, json={"to": TO, **body})

    assert (answer.status, answer.json["type"]) == (200, content["type"])
    (params,) = bridge.called("message.send")
    assert params["content"] == content
    MessageSendParams.model_validate(params)


async def test_a_contact_by_name_and_numbers_becomes_a_card(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.scripts["message.send"] = outgoing
    contact = {"name": "Ana; Lima", "phones": ["+55 11 99999-0001", "5511999990002"], "organization": "A, B"}

    await gateway.post(
        SEND, json={"to": TO, "type": "contact", "contacts": [{**contact, "email": "ana@a.example"}]}
    )

    (params,) = bridge.called("message.send")
    assert params["content"]["contacts"] == [
        {
            "displayName": "Ana; Lima",
            "vcard": "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Ana\\; Lima;;;\r\nFN:Ana\\; Lima\r\nORG:A\\, B\r\n"
            "TEL;type=CELL;type=VOICE;waid=5511999990001:+5511999990001\r\n"
            "TEL;type=CELL;type=VOICE;waid=5511999990002:+5511999990002\r\n"
            "EMAIL;type=INTERNET:ana@a.example\r\nEND:VCARD\r\n",
        }
    ]


async def test_a_story_goes_to_status_with_its_audience_and_style(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["message.send"] = outgoing
    audience = ["+55 11 99999-0001", "123456789012345@LID"]

    answer = await gateway.post(
        SEND,
        json={"to": "status", "message": "Open!", "backgroundColor": "#1F7AEC", "font": 2, "audience": audience},
    )

    assert (answer.status, answer.json["to"]) == (200, "status@broadcast")
    (params,) = bridge.called("message.send")
    assert params["content"]["style"] == {"backgroundColor": "#1F7AEC", "font": 2}
    assert params["audience"] == ["+5511999990001", "123456789012345@lid"]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "location", "latitude": 91, "longitude": 0}, "latitude", "must be at most 90"),
    ({"type": "location", "latitude": "1", "longitude": 0}, "latitude", "must be a number"),
    ({"type": "location", "longitude": 0}, "latitude", "is required"),
    ({"type": "location", **PLACE, "message": "x"}, "message", "is not a known field"),
    ({"type": "contact"}, "contacts", "is required: a list of cards, or contact with one"),
    ({"type": "contacts", "contacts": []}, "contacts", "needs at least 1"),
    (
        {"type": "contact", "contact": {"name": "Ana"}},
        "contact",
        "needs name and phones, or displayName and vcard",
    ),
    (
        {"type": "contact", "contact": {"name": "Ana", "phones": ["12"]}},
        "contact.phones.0",
        "is no phone number with its country code or WhatsApp id. It does not begin with a known country code",
    ),
    (
        {"type": "contact", "contact": {"displayName": "A", "vcard": "x"}},
        "contact",
        "has a vcard that does not begin with BEGIN:VCARD",
    ),
    ({"type": "poll", "question": "?", "options": ["a"]}, "options", "needs at least 2"),
    ({"type": "poll", "question": "?", "options": ["a", "a"]}, "options", "has the same answer twice"),
    ({"type": "poll", "question": "?", "options": ["a", " "]}, "options.1", "must not be empty"),
    (
        {"type": "poll", "question": "?", "options": ["a", "b"], "selectableCount": 3},
        "selectableCount",
        "is larger than the number of options",
    ),
    ({"type": "poll", "question": "x" * 256, "options": ["a", "b"]}, "question", "has more than 255 characters"),
    (
        {"type": "event", "name": "x", "startsAt": "2027-01-01T00:00:00"},
        "startsAt",
        "needs an offset: end it with Z or one such as -03:00",
    ),
    (
        {"type": "event", "name": "x", "startsAt": 1_798_772_400},
        "startsAt",
        "is unix time in milliseconds, not seconds",
    ),
    (
        {"type": "event", "name": "x", "startsAt": 1_798_772_400_000, "endsAt": 1_798_772_400_000},
        "endsAt",
        "is not after startsAt",
    ),
    (
        {"type": "reaction", "messageId": "3EB0", "emoji": "like"},
        "emoji",
        "must be one emoji, or empty to take the reaction back",
    ),
    ({"type": "reaction", "messageId": "3 EB0", "emoji": "x"}, "messageId", "is no message id"),
    ({"type": "edit", "messageId": "3EB0", "message": " "}, "message", "must not be empty"),
    (
        {"type": "delete", "messageId": "3EB0", "replyTo": "3EB1"},
        "replyTo",
        "is not possible with the type delete",
    ),
    (
        {"type": "reaction", "messageId": "a", "emoji": "", "mentions": "all"},
        "mentions",
        "is not possible with the type reaction",
    ),
    ({"type": "text", "message": "x", "font": 11}, "font", "must be at most 10"),
    ({"type": "text", "message": "x", "font": 1}, "font", "is for stories only, which go to status"),
    ({"to": "status", "message": "x"}, "audience", "is required: who sees the story"),
    ({"type": "location", **PLACE, "mentions": "all"}, "mentions", "is not possible with the type location"),
    (
        {"type": "text", "message": "x", "backgroundColor": "red"},
        "backgroundColor",
        "must be a colour such as #1F7AEC",
    ),
    ({"type": "text", "message": "x", "mediaUrl": "https://a.example"}, "mediaUrl", "is not a known field"),
    (
        {"type": "text", "message": "x", "audience": ["+5511999990001"]},
        "audience",
        "is for stories only, which go to status",
    ),
]


@pytest.mark.parametrize(
    ("body", "field", "sentence"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_a_wrong_field_is_named_with_a_sentence(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any], field: str, sentence: str
) -> None:
    answer = await gateway.post(SEND, json={"to": TO, **body})

    assert answer.problem() == (400, "invalid_request")
    assert {"field": field, "message": sentence} in answer.json["errors"]
    assert not bridge.called("message.send")


async def test_an_unknown_type_is_answered_with_the_known_ones(gateway: Gateway) -> None:
    answer = await gateway.post(SEND, json={"to": TO, "type": "telepathy", "thought": "x"})

    assert answer.problem() == (422, "unsupported_message_type")
    for kind in ("text", "image", "video_note", "voice", "contacts", "poll", "event", "forward", "ptt", "ptv"):
        assert kind in answer.json["detail"]


async def test_a_text_in_json_s_longest_way_of_writing_it_is_taken(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["message.send"] = outgoing
    body = b'{"to":"+5511999999999","message":"' + b"\\ud83d\\ude00" * 65_536 + b'"}'

    answer = await gateway.post(SEND, data=body, headers={"Content-Type": "application/json"})

    assert answer.status == 200
    assert bridge.called("message.send")[0]["content"]["text"] == "😀" * 65_536


LARGEST: list[dict[str, Any]] = [
    {
        "message": "😀" * 65_536,
        "preview": {
            "url": "u" * 2_048,
            "title": "é" * 1_024,
            "description": "世" * 4_096,
            "thumbnail": "A" * 24_000,
        },
        "replyTo": "x" * 128,
        "mentions": [f"+55119{at:08}" for at in range(1_024)],
    },
    {"to": "status", "message": "x", "audience": [f"+55119{at:08}" for at in range(1_024)], "font": 10},
    {"type": "location", "latitude": -90, "longitude": 180.0, "name": "é" * 1_024, "address": "世" * 4_096},
    {
        "type": "contacts",
        "contacts": [
            {
                "name": ";" * 512,
                "phones": ["+5511999990001"] * 20,
                "organization": "👋" * 512,
                "email": "," * 254,
            }
        ]
        * 25,
    },
    {"type": "contact", "contact": {"displayName": "é" * 512, "vcard": "BEGIN:VCARD".ljust(16_384, "x")}},
    {"type": "poll", "question": "世" * 255, "options": [f"{at}".ljust(100, "é") for at in range(12)]},
    {
        "type": "event",
        "name": "é" * 1_024,
        "startsAt": "1970-01-01T00:00:00Z",
        "endsAt": "9999-12-31T23:59:59Z",
        "description": "世" * 8_192,
    },
    {"type": "reaction", "messageId": "x" * 128, "emoji": "👩🏽" * 32},
    {"type": "edit", "messageId": "a", "message": "é" * 65_536},
]


@pytest.mark.parametrize("body", LARGEST, ids=lambda body: body.get("type", "text"))
async def test_the_largest_of_each_kind_fits_the_contract(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any]
) -> None:
    bridge.scripts["message.send"] = outgoing
    data = io.BytesIO(orjson.dumps({"to": TO, **body}))

    answer = await gateway.post(SEND, data=data, headers={"Content-Type": "application/json"})

    assert answer.status == 200, answer.body[:500]
    MessageSendParams.model_validate(bridge.called("message.send")[0])
