"""Whom a message goes to: a phone number as people write it, or a WhatsApp id."""

from __future__ import annotations

import re

import phonenumbers

from control.errors import GatewayError

MAX_LENGTH = 128

STATUS = "status@broadcast"
"""The number's own story, as WhatsApp calls it; callers may write `status`."""

_PERSON_ID = re.compile(r"[0-9]{5,20}@s\.whatsapp\.net|[0-9]{5,20}@lid", re.ASCII)
_CHAT_ID = re.compile(r"[0-9]{5,20}(?:-[0-9]{5,20})?@g\.us|[0-9]{5,24}@newsletter", re.ASCII)
# Without this the library would read letters as the keys of a telephone.
_PHONE = re.compile(r"\+?[0-9 ().\-\u00a0\u2010-\u2015/]+", re.ASCII)

# The library reads its tables from disk when a country is first met, which would hold up the event loop.
phonenumbers.PhoneMetadata.load_all()


class NotARecipient(ValueError):
    """Its text is a sentence that says why."""


class NotAPhoneNumber(NotARecipient):
    """Its text is a sentence that says why."""


def normalise_recipient(given: str) -> str:
    """Return E.164 (`+5511999999999`) or the WhatsApp id in lower case; raises `invalid_recipient`.

    A number needs its country code; the plus sign, or 00 in its place, may be missing. Only its length and country
    code are checked: whether WhatsApp knows it is for WhatsApp to say, and numbering plans change.
    """
    try:
        return normalise_chat(given)
    except NotARecipient as wrong:
        raise GatewayError(
            "invalid_recipient",
            "The recipient is neither a phone number with its country code, such as +5511999999999, "
            f"nor a WhatsApp id. {wrong}",
        ) from None


def normalise_chat(given: str) -> str:
    """Return a recipient of any kind; raises NotARecipient."""
    text = _trimmed(given)
    if text.lower() in ("status", STATUS):
        return STATUS
    if "@" in text and _CHAT_ID.fullmatch(text.lower()):
        return text.lower()
    if "@" in text and not _PERSON_ID.fullmatch(text.lower()):
        raise NotARecipient(
            "WhatsApp ids are digits followed by @s.whatsapp.net, @lid, @g.us or @newsletter; the number's own "
            "story is status."
        )
    return normalise_person(text)


def normalise_person(given: str) -> str:
    """Return a person's number as E.164, or their WhatsApp id in lower case; raises NotARecipient."""
    text = _trimmed(given)
    if "@" not in text:
        return normalise_phone(text)
    if not _PERSON_ID.fullmatch(text.lower()):
        raise NotARecipient("A person's WhatsApp id ends in @s.whatsapp.net or @lid.")
    return text.lower()


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


def _trimmed(given: str) -> str:
    text = given.strip()
    if not text or len(text) > MAX_LENGTH:
        raise NotARecipient("It is empty or too long.")
    return text
