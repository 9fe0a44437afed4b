"""WhatsApp's people and groups in the path of a request, as people write them.

The `@` and the `+` may be percent-encoded or not; a blank in a number's beginning is a `+` that was not.
"""

from __future__ import annotations

import re

from aiohttp import web

from control.api.body import wrong_field
from control.messages.recipient import NotARecipient, normalise_person

_GROUP_ID = re.compile(r"[0-9]{5,20}(?:-[0-9]{5,20})?@g\.us", re.ASCII)
_CHANNEL_ID = re.compile(r"[0-9]{5,24}@newsletter", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_INVITE_LINK = re.compile(r"(?:https?://)?chat\.whatsapp\.com/(?:invite/)?([^/?#]+)(?:[?#].*)?", re.ASCII)


def person_in(request: web.Request) -> str:
    """Return {contact} as E.164 or WhatsApp id; raises `invalid_request`."""
    try:
        return normalise_person(request.match_info["contact"])
    except NotARecipient as wrong:
        raise wrong_field("contact", f"is no phone number with its country code or WhatsApp id. {wrong}") from None


def group_in(request: web.Request) -> str:
    """Return {groupId} with its `@g.us`, which may be left out; raises `invalid_request`."""
    return group_named(request.match_info["groupId"], "groupId")


def group_named(given: str, field: str) -> str:
    """Return a group's id with its `@g.us`, which may be left out; raises `invalid_request` for the field."""
    return _with_server(given, "g.us", _GROUP_ID, field, "is no id of a group")


def channel_in(request: web.Request) -> str:
    """Return {channelId} with its `@newsletter`, which may be left out; raises `invalid_request`."""
    given = request.match_info["channelId"]
    return _with_server(given, "newsletter", _CHANNEL_ID, "channelId", "is no id of a channel")


def invite_code(given: str) -> str:
    """Return the code of an invitation, given as such or as a link; raises ValueError."""
    text = given.strip()
    link = _INVITE_LINK.fullmatch(text)
    code = link[1] if link is not None else text
    if not _CODE.fullmatch(code):
        raise ValueError("is no invitation: a code, or a link to chat.whatsapp.com")
    return code


def _with_server(given: str, server: str, shape: re.Pattern[str], field: str, problem: str) -> str:
    text = given.strip().lower()
    address = text if "@" in text else f"{text}@{server}"
    if not shape.fullmatch(address):
        raise wrong_field(field, problem)
    return address
