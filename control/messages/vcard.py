"""Contact cards as WhatsApp shows them: vCard 3.0 (RFC 2426)."""

from __future__ import annotations

MAX_LINE_BYTES = 75
"""RFC 2426 §2.6 folds what is longer."""


def vcard(name: str, phones: list[str], *, organization: str | None = None, email: str | None = None) -> str:
    """Return a card. phones: E.164.

    `waid` is WhatsApp's own parameter: the number it opens a chat with. Without it the card shows no such button.
    """
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{_escaped(name)};;;", f"FN:{_escaped(name)}"]
    if organization:
        lines.append(f"ORG:{_escaped(organization)}")
    lines += [f"TEL;type=CELL;type=VOICE;waid={phone.removeprefix('+')}:{phone}" for phone in phones]
    if email:
        lines.append(f"EMAIL;type=INTERNET:{_escaped(email)}")
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(value: str) -> str:
    """A value that can begin no line and no field of its own (RFC 2426 §4)."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        text = text.replace(plain, written)
    return "".join(character for character in text if character >= " " and character != "\x7f")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, no character cut in two."""
    pieces: list[str] = []
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > MAX_LINE_BYTES:
            pieces.append(piece)
            # The space that begins a piece counts too.
            piece, size = "", 1
        piece += character
        size += width
    return "\r\n ".join([*pieces, piece])
