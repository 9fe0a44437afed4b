from __future__ import annotations

from typing import Any

import orjson
import pytest

from control.events.envelope import UnknownEvent, envelope, iso, lane
from control.rpc.contract_gen import Event

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
    parsed: dict[str, Any] = orjson.loads(envelope(event(data)))["data"]
    return parsed


MESSAGE: dict[str, Any] = {
    "type": "message",
    "messageId": "3EB0AA",
    "chatId": CHAT,
    "isGroup": False,
    "fromMe": False,
    "sender": {"phoneNumber": "+5511999990000", "name": "Ana"},
    "sentAtMs": 1_795_435_217_000,
    "content": {"type": "text", "text": "Olá 👋"},
}


def test_an_envelope_holds_the_users_shape_and_standard_webhooks_fields() -> None:
    assert orjson.loads(envelope(event(MESSAGE))) == {
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


def test_a_message_status_names_the_recipient_where_the_chat_is_a_number() -> None:
    to = "+5511999990000"
    status = {"type": "message.status", "messageId": "3EB0AA", "to": to, "chatId": CHAT, "status": "delivered"}
    assert data_of(status) == {"messageId": "3EB0AA", "chatId": CHAT, "to": to, "status": "delivered"}
    assert data_of({**status, "to": CHAT})["to"] == to
    assert data_of({**status, "to": "12345@lid"})["to"] == "12345@lid"


def test_a_message_status_before_its_chat_is_known_has_none() -> None:
    status = {"type": "message.status", "messageId": "3EB0AA", "to": "+5511999990000", "status": "accepted"}

    assert data_of(status)["chatId"] is None


def test_a_message_that_failed_says_why() -> None:
    group = "120363040000000001@g.us"
    status = {"type": "message.status", "messageId": "3EB0AA", "to": group, "chatId": group, "status": "failed"}

    assert data_of({**status, "failure": {"code": "rejected", "whatsappError": 463}}) == {
        "messageId": "3EB0AA",
        "chatId": group,
        "to": group,
        "status": "failed",
        "failure": {"code": "rejected", "whatsappError": 463},
        "errorCode": 463,
    }
    expired = data_of({**status, "failure": {"code": "expired"}, "batchId": "bat_0123456789abcdef"})
    assert expired["failure"] == {"code": "expired", "whatsappError": None}
    assert expired["batchId"] == "bat_0123456789abcdef"
    assert "errorCode" not in expired


def test_a_message_status_of_a_group_names_who_read_it() -> None:
    group = "120363040000000001@g.us"
    said = {"recipient": "12345@lid", "phoneNumber": "+5511999990000", "status": "read", "atMs": 1_795_435_217_000}
    status = {"type": "message.status", "messageId": "3EB0AA", "to": group, "chatId": group, "status": "delivered"}

    assert data_of({**status, "recipient": said})["recipient"] == {
        "recipient": "12345@lid",
        "phoneNumber": "+5511999990000",
        "status": "read",
        "at": "2026-11-23T12:00:17.000Z",
    }


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
