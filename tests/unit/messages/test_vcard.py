from __future__ import annotations

import pytest

from control.messages.vcard import MAX_LINE_BYTES, vcard


def unfolded(card: str) -> list[str]:
    assert card.endswith("\r\n")
    assert "\n" not in card.replace("\r\n", "")
    return card.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_card_has_the_number_whatsapp_opens_a_chat_with() -> None:
    assert unfolded(vcard("Ana", ["+5511999990001"])) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;Ana;;;",
        "FN:Ana",
        "TEL;type=CELL;type=VOICE;waid=5511999990001:+5511999990001",
        "END:VCARD",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Lima, Ana; Dra.", "Lima\\, Ana\\; Dra."),
        ("a\\b", "a\\\\b"),
        ("two\r\nlines\rand\nmore", "two\\nlines\\nand\\nmore"),
        ("x\nEND:VCARD\nTEL:+1", "x\\nEND:VCARD\\nTEL:+1"),
        ("be\x00ll\x7f\x1b", "bell"),
        (" João 👩🏽‍🚀 ", "João 👩🏽‍🚀"),
    ],
)
def test_a_name_can_begin_no_line_and_no_field(name: str, written: str) -> None:
    lines = unfolded(vcard(name, ["+5511999990001"], organization=name, email=name))

    assert f"FN:{written}" in lines
    assert f"N:;{written};;;" in lines
    assert f"ORG:{written}" in lines
    assert f"EMAIL;type=INTERNET:{written}" in lines
    assert len(lines) == 8


@pytest.mark.parametrize("letter", ["x", "é", "世", "👋"])
@pytest.mark.parametrize("length", [60, 72, 73, 74, 75, 300, 512])
def test_long_lines_are_folded_between_characters(letter: str, length: int) -> None:
    card = vcard(letter * length, ["+5511999990001"])

    for line in card.encode().split(b"\r\n"):
        assert len(line) <= MAX_LINE_BYTES
        line.decode()
    assert f"FN:{letter * length}" in unfolded(card)
