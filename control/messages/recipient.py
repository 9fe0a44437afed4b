"""Whom a message goes to: a phone number as people write it, or a WhatsApp id."""

from __future__ import annotations

import re

import phonenumbers

from control.errors import GatewayError

MAX_LENGTH = 128

_WHATSAPP_ID = re.compile(
    r"[0-9]{5,20}@s\.whatsapp\.net|[0-9]{5,20}@lid|[0-9]{5,20}(?:-[0-9]{5,20})?@g\.us", re.ASCII
)
# Without this the library would read letters as the keys of a telephone.
_PHONE = re.compile(r"\+?[0-9 ().\-\u00a0\u2010-\u2015/]+", re.ASCII)

# The library reads its tables from disk when a country is first met, which would hold up the event loop.
phonenumbers.PhoneMetadata.load_all()


def normalise_recipient(given: str) -> str:
    """Return E.164 (`+5511999999999`) or the WhatsApp id in lower case; raises `invalid_recipient`.

    A number needs its country code; the plus sign, or 00 in its place, may be missing. Only its length and country
    code are checked: whether WhatsApp knows it is for WhatsApp to say, and numbering plans change.
    """
    text = given.strip()
    if not text or len(text) > MAX_LENGTH:
        raise _refused("It is empty or too long.")
    if "@" in text:
        address = text.lower()
        if not _WHATSAPP_ID.fullmatch(address):
            raise _refused("WhatsApp ids end in @s.whatsapp.net, @lid or @g.us.")
        return address
    try:
        return normalise_phone(text)
    except NotAPhoneNumber as wrong:
        raise _refused(str(wrong)) from None


class NotAPhoneNumber(ValueError):
    """Its text is a sentence that says why."""


def normalise_phone(given: str) -> str:
    """Return E.164; raises NotAPhoneNumber. See normalise_recipient for what is checked."""
    text = given.strip()
    if not _PHONE.fullmatch(text):
        raise NotAPhoneNumber("It has characters that no phone number has.")
    digits = re.sub(r"[^0-9]", "", text)
    if not text.startswith("+") and digits.startswith("00"):
        digits = digits[2:]
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber("It does not begin with a known country code.") from None
    if not phonenumbers.is_possible_number(number):
        raise NotAPhoneNumber("It has too few or too many digits for its country.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _refused(why: str) -> GatewayError:
    return GatewayError(
        "invalid_recipient",
        f"The recipient is neither a phone number with its country code, such as +5511999999999, "
        f"nor a WhatsApp id. {why}",
    )
