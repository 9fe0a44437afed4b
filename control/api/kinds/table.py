"""Which model a `type` stands for."""

from __future__ import annotations

from typing import Any, Final

from control.api.body import wrong_field
from control.api.kinds.contacts import ContactsIn
from control.api.kinds.event import EventIn
from control.api.kinds.kind import Kind
from control.api.kinds.location import LocationIn
from control.api.kinds.media import (
    AudioIn,
    DocumentIn,
    GifIn,
    ImageIn,
    StickerIn,
    VideoIn,
    VideoNoteIn,
    VoiceIn,
)
from control.api.kinds.poll import PollIn
from control.api.kinds.references import DeleteIn, EditIn, ForwardIn, ReactionIn
from control.api.kinds.text import TextIn
from control.errors import GatewayError

KINDS: Final[dict[str, type[Kind]]] = {
    "text": TextIn,
    "image": ImageIn,
    "video": VideoIn,
    "gif": GifIn,
    "video_note": VideoNoteIn,
    "audio": AudioIn,
    "voice": VoiceIn,
    "document": DocumentIn,
    "sticker": StickerIn,
    "location": LocationIn,
    "contacts": ContactsIn,
    "poll": PollIn,
    "event": EventIn,
    "reaction": ReactionIn,
    "edit": EditIn,
    "delete": DeleteIn,
    "forward": ForwardIn,
}

ALIASES: Final = {"contact": "contacts", "ptt": "voice", "ptv": "video_note"}
"""Other names of kinds: those other gateways use."""


def kind_named(given: Any) -> tuple[str, type[Kind]]:
    """Return the kind a request's `type` names, by its own name; a text when it names none.

    Raises `invalid_request` for what is no name, `unsupported_message_type` for one that is not known.
    """
    if not isinstance(given, str):
        raise wrong_field("type", "must be a string")
    name = ALIASES.get(given, given)
    if name not in KINDS:
        raise GatewayError(
            "unsupported_message_type",
            f"There are no messages of the type {given[:40]!r}. There are: {', '.join((*KINDS, *ALIASES))}.",
        )
    return name, KINDS[name]
