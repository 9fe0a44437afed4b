from __future__ import annotations

import pytest

from control.errors import GatewayError
from control.messages.recipient import normalise_recipient
from control.rpc.contract_gen import MessageSendParams, OutgoingText


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("+5511999999999", "+5511999999999"),
        ("+55 (11) 99999-9999", "+5511999999999"),
        (" +55 11 99999.9999 ", "+5511999999999"),
        ("+55\u00a011\u201199999\u20139999", "+5511999999999"),
        ("5511999999999", "+5511999999999"),
        ("005511999999999", "+5511999999999"),
        ("+551188887777", "+551188887777"),
        ("+15550001111", "+15550001111"),
        ("447700900123", "+447700900123"),
        ("5511999999999@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("5511999999999@S.WhatsApp.Net", "5511999999999@s.whatsapp.net"),
        ("123456789012345@lid", "123456789012345@lid"),
        ("120363000000000000@g.us", "120363000000000000@g.us"),
        ("5511999999999-1600000000@g.us", "5511999999999-1600000000@g.us"),
        ("120363000000000000@newsletter", "120363000000000000@newsletter"),
        ("status", "status@broadcast"),
        ("Status@Broadcast", "status@broadcast"),
    ],
)
def test_a_recipient_is_normalised_to_what_the_contract_takes(given: str, wanted: str) -> None:
    assert normalise_recipient(given) == wanted
    MessageSendParams(tenant_id="t", to=wanted, content=OutgoingText(type="text", text="x"), wait_ms=0)


@pytest.mark.parametrize(
    "given",
    [
        *("", " ", "+", "12", "+12", "hello", "+1800FLOWERS", "+55119999999999999", "+999123456789", "0119999999"),
        *("+5511999999999;ext=5", "5511999999999@evil.com", "other@broadcast", "@g.us", "x@s.whatsapp.net"),
        *("5511999999999:12@s.whatsapp.net", "1@lid", "+55 11 9999\n99999", "+٥٥١١٩٩٩٩٩٩٩٩٩", "1" * 200),
        *("++5511999999999", "55+11999999999", "5511999999999@s.whatsapp.net\n"[:-1] + "x"),
    ],
)
def test_what_is_no_recipient_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(GatewayError) as refused:
        normalise_recipient(given)

    assert refused.value.code == "invalid_recipient"
    assert "+5511999999999" in refused.value.detail
