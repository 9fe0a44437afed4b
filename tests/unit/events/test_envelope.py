from __future__ import annotations

from typing import Any

import orjson
import pytest

from control.events.envelope import envelope, lane
from control.events.shape import UnknownEvent, iso
from control.rpc.contract_gen import Event

BASE_URL = "https://gateway.example.com"
CHAT = "5511999990000@s.whatsapp.net"


def event(data: dict[str, Any]) -> Event:
    return Event.model_validate(
        {
            "position": 7,
            "eventId": "evt_01J0000000000000000000000A",
            "tenantId": "tenant-1",
            "sessionId": "tenant-1_1795435200000",
            "sequence": 3,
            "occurredAtMs": 1_795_435_218_005,
            "data": data,
        }
    )


def data_of(data: dict[str, Any]) -> dict[str, Any]:
    parsed: dict[str, Any] = orjson.loads(envelope(event(data), BASE_URL))["data"]
    return parsed


MESSAGE: dict[str, Any] = {
    "type": "message",
    "messageId": "3EB0AA",
    "chatId": CHAT,
    "chatType": "person",
    "isGroup": False,
    "fromMe": False,
    "sender": {"phoneNumber": "+5511999990000", "name": "Ana"},
    "sentAtMs": 1_795_435_217_000,
    "content": {"type": "text", "text": "Olá 👋"},
}


def test_an_envelope_holds_the_users_shape_and_standard_webhooks_fields() -> None:
    assert orjson.loads(envelope(event(MESSAGE), BASE_URL)) == {
        "event": "message",
        "tenantId": "tenant-1",
        "data": {
            "messageId": "3EB0AA",
            "chatId": CHAT,
            "from": "+5511999990000",
            "fromLid": None,
            "name": "Ana",
            "isGroup": False,
            "fromMe": False,
            "chatType": "person",
            "type": "text",
            "message": "Olá 👋",
            "timestamp": "2026-11-23T12:00:17.000Z",
        },
        "id": "evt_01J0000000000000000000000A",
        "type": "message",
        "timestamp": "2026-11-23T12:00:18.005Z",
        "sessionId": "tenant-1_1795435200000",
        "sequence": 3,
    }


def test_a_sender_known_by_lid_only_has_no_number() -> None:
    shown = data_of({**MESSAGE, "sender": {"lid": "123456789@lid"}})
    assert (shown["from"], shown["fromLid"], shown["name"]) == (None, "123456789@lid", None)


def test_content_of_another_kind_says_which() -> None:
    shown = data_of({**MESSAGE, "content": {"type": "other", "whatsappType": "imageMessage"}})
    assert (shown["type"], shown["whatsappType"]) == ("other", "imageMessage")
    assert "message" not in shown


def test_a_message_status_names_the_recipient_and_why_it_failed() -> None:
    status = {"type": "message.status", "messageId": "3EB0AA", "to": CHAT, "chatId": CHAT, "status": "delivered"}
    assert data_of(status) == {
        "messageId": "3EB0AA",
        "chatId": CHAT,
        "to": "+5511999990000",
        "status": "delivered",
    }
    failure = {"code": "restricted", "whatsappError": 463}
    failed = data_of({**status, "to": "11111@g.us", "status": "failed", "failure": failure})
    assert (failed["to"], failed["failure"], failed["errorCode"]) == ("11111@g.us", failure, 463)
    by = {"recipient": "77@lid", "status": "read", "atMs": 1_795_435_217_000}
    read = data_of({**status, "recipient": by, "batchId": "bat_01J0000000000000000000000A"})
    assert read["recipient"] == {
        "recipient": "77@lid",
        "phoneNumber": None,
        "status": "read",
        "at": "2026-11-23T12:00:17.000Z",
    }
    assert read["batchId"] == "bat_01J0000000000000000000000A"


MEDIA = {"mediaId": "med_0123456789ABCDEF", "mimeType": "image/jpeg", "sizeBytes": 5, "width": 2}
SHOWN_MEDIA = {**MEDIA, "url": "https://gateway.example.com/api/v1/media/tenant-1/med_0123456789ABCDEF"}

CONTENTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "text", "text": "see", "preview": {"url": "https://e.example", "title": "E"}},
        {"type": "text", "message": "see", "preview": {"url": "https://e.example", "title": "E"}},
    ),
    (
        {"type": "image", "media": MEDIA, "caption": "look"},
        {"type": "image", "message": "look", "media": SHOWN_MEDIA},
    ),
    ({"type": "voice", "media": MEDIA}, {"type": "voice", "message": None, "media": SHOWN_MEDIA}),
    (
        {"type": "location", "place": {"latitude": -23.5, "longitude": -46.6, "name": "Sé"}, "live": True},
        {
            "type": "location",
            "message": None,
            "location": {"latitude": -23.5, "longitude": -46.6, "name": "Sé", "live": True},
        },
    ),
    (
        {"type": "contacts", "contacts": [{"displayName": "Ana", "vcard": "BEGIN:VCARD"}]},
        {"type": "contacts", "message": None, "contacts": [{"displayName": "Ana", "vcard": "BEGIN:VCARD"}]},
    ),
    (
        {"type": "poll_vote", "pollMessageId": "3EB0BB", "options": ["yes"], "known": True},
        {
            "type": "poll_vote",
            "message": None,
            "pollVote": {"pollMessageId": "3EB0BB", "options": ["yes"], "known": True},
        },
    ),
    (
        {"type": "event", "name": "Party", "startsAtMs": 0},
        {"type": "event", "message": None, "event": {"name": "Party", "startsAt": "1970-01-01T00:00:00.000Z"}},
    ),
    (
        {"type": "order", "orderId": "1", "message": "two please"},
        {"type": "order", "message": "two please", "order": {"orderId": "1"}},
    ),
]


@pytest.mark.parametrize(("content", "expected"), CONTENTS, ids=lambda value: value.get("type", ""))
def test_each_kind_of_content_has_its_text_and_its_own_object(
    content: dict[str, Any], expected: dict[str, Any]
) -> None:
    shown = data_of({**MESSAGE, "content": content})

    assert {name: shown[name] for name in expected} == expected
    always = {"messageId", "chatId", "chatType", "from", "fromLid", "name", "isGroup", "fromMe", "timestamp"}
    assert set(shown) == always | set(expected)


def test_what_a_message_refers_to_is_told_where_there_is_something_to_tell() -> None:
    quoted = {"messageId": "3EB0CC", "sender": {"phoneNumber": "+5511999990000"}, "text": "before"}
    told = data_of(
        {
            **MESSAGE,
            "quoted": quoted,
            "mentions": [{"lid": "77@lid"}],
            "forwarded": True,
            "viewOnce": False,
            "ephemeralSeconds": 86_400,
            "ad": {"sourceId": "12"},
        }
    )

    assert told["quoted"] == quoted
    assert told["mentions"] == [{"lid": "77@lid"}]
    assert (told["forwarded"], told["ephemeralSeconds"], told["ad"]) == (True, 86_400, {"sourceId": "12"})
    assert "viewOnce" not in told


WHO = {name: MESSAGE[name] for name in ("messageId", "chatId", "chatType", "isGroup", "fromMe", "sender")}
TOLD = {
    "messageId": "3EB0AA",
    "chatId": CHAT,
    "chatType": "person",
    "from": "+5511999990000",
    "fromLid": None,
    "name": "Ana",
    "isGroup": False,
    "fromMe": False,
    "timestamp": "1970-01-01T00:00:00.000Z",
}
ANA = {"phoneNumber": "+5511999990000"}

OTHERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "message.edited", **WHO, "editedAtMs": 0, "content": {"type": "text", "text": "b"}},
        {**TOLD, "type": "text", "message": "b"},
    ),
    ({"type": "message.deleted", **WHO, "deletedAtMs": 0}, TOLD),
    ({"type": "message.reaction", **WHO, "emoji": "👍", "reactedAtMs": 0}, {**TOLD, "emoji": "👍"}),
    (
        {"type": "message.unreadable", **WHO, "sentAtMs": 0, "reason": "no_session"},
        {**TOLD, "reason": "no_session"},
    ),
    (
        {"type": "group.update", "groupId": "1@g.us", "action": "subject", "subject": "x", "occurredAtMs": 0},
        {"groupId": "1@g.us", "action": "subject", "subject": "x", "timestamp": "1970-01-01T00:00:00.000Z"},
    ),
    ({"type": "contact.update", "contact": ANA, "about": "hi"}, {"contact": ANA, "about": "hi"}),
    (
        {"type": "presence", "chatId": CHAT, "person": ANA, "presence": "composing"},
        {"chatId": CHAT, "person": ANA, "presence": "composing"},
    ),
    (
        {
            "type": "call",
            "callId": "c",
            "caller": ANA,
            "status": "ringing",
            "isVideo": False,
            "isGroup": False,
            "occurredAtMs": 0,
        },
        {
            "callId": "c",
            "caller": ANA,
            "status": "ringing",
            "isVideo": False,
            "isGroup": False,
            "timestamp": "1970-01-01T00:00:00.000Z",
        },
    ),
]


@pytest.mark.parametrize(("data", "expected"), OTHERS, ids=lambda value: value.get("type", ""))
def test_each_other_kind_of_event_is_told(data: dict[str, Any], expected: dict[str, Any]) -> None:
    assert data_of(data) == expected


def test_a_session_status_says_whether_it_is_connected() -> None:
    since = 1_795_435_200_000
    assert data_of(
        {"type": "session.status", "state": "connected", "sinceMs": since, "phoneNumber": "+5511999"}
    ) == {
        "status": "connected",
        "connected": True,
        "since": "2026-11-23T12:00:00.000Z",
        "reason": None,
        "message": "Connected. Messages can be sent and received.",
        "whatsappCode": None,
        "restrictedUntil": None,
        "retryAt": None,
        "attempt": None,
        "phoneNumber": "+5511999",
    }
    lost = data_of(
        {"type": "session.status", "state": "reconnecting", "sinceMs": since, "reason": "connection_lost"}
    )
    assert (lost["connected"], lost["reason"], lost["phoneNumber"]) == (False, "connection_lost", None)
    restricted = {"state": "restricted", "reason": "restricted_by_whatsapp", "whatsappCode": 463}
    held = data_of({"type": "session.status", "sinceMs": since, "restrictedUntilMs": since, **restricted})
    assert (held["connected"], held["whatsappCode"]) == (True, 463)
    assert held["restrictedUntil"] == "2026-11-23T12:00:00.000Z"
    assert "until 2026-11-23 12:00 UTC" in held["message"]


def test_a_qr_code_that_was_erased_is_null() -> None:
    assert data_of({"type": "session.qr", "qr": {"text": "2@abc", "expiresAtMs": 1_795_435_220_000}}) == {
        "qr": "2@abc",
        "expiresAt": "2026-11-23T12:00:20.000Z",
    }
    assert data_of({"type": "session.qr"}) == {"qr": None, "expiresAt": None}


def test_events_of_a_chat_share_a_lane_and_those_of_the_session_another() -> None:
    status = {"type": "message.status", "messageId": "3EB0AA", "to": CHAT, "chatId": CHAT, "status": "read"}
    assert lane(event(MESSAGE)) == lane(event(status)) == CHAT
    assert lane(event({"type": "session.qr"})) == "session"


@pytest.mark.parametrize(("ms", "text"), [(0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z")])
def test_times_are_iso_with_milliseconds(ms: int, text: str) -> None:
    assert iso(ms) == text


def test_a_time_nobody_can_write_is_an_unknown_event() -> None:
    with pytest.raises(UnknownEvent):
        iso(9_007_199_254_740_991)
