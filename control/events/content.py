"""What a message says, in the words customers read.

A text is in `message`; so is what stands under a picture, a video or a file. Everything else a kind has to tell is
in one object named after it: `media`, `location`, `poll`, …
"""

from __future__ import annotations

from typing import Any

from control.events.shape import shown
from control.rpc.contract_gen import (
    IncomingAudio,
    IncomingContacts,
    IncomingDocument,
    IncomingGif,
    IncomingImage,
    IncomingLocation,
    IncomingOther,
    IncomingSticker,
    IncomingText,
    IncomingVideo,
    IncomingVideoNote,
    IncomingVoice,
    MessageEditedEvent,
    MessageEvent,
)

Content = MessageEvent | MessageEditedEvent
CAPTIONED = IncomingImage | IncomingVideo | IncomingGif | IncomingDocument
PLAIN_MEDIA = IncomingVideoNote | IncomingAudio | IncomingVoice | IncomingSticker


def content_described(event: Content, media_url: str) -> dict[str, Any]:
    """Return `type`, `message` and the object of the kind. media_url: what the id of a media is put behind."""
    content = event.content
    kind = content.type
    match content:
        case IncomingText():
            preview = {} if content.preview is None else {"preview": shown(content.preview)}
            return {"type": kind, "message": content.text, **preview}
        case IncomingImage() | IncomingVideo() | IncomingGif() | IncomingDocument():
            return {"type": kind, "message": content.caption, "media": _media(content, media_url)}
        case IncomingVideoNote() | IncomingAudio() | IncomingVoice() | IncomingSticker():
            return {"type": kind, "message": None, "media": _media(content, media_url)}
        case IncomingLocation():
            live = {} if content.live is None else {"live": content.live}
            return {"type": kind, "message": None, "location": {**shown(content.place), **live}}
        case IncomingContacts():
            return {"type": kind, "message": None, "contacts": shown(content)["contacts"]}
        case IncomingOther():
            return {"type": kind, "whatsappType": content.whatsapp_type}
        case _:
            said = shown(content)
            del said["type"]
            return {"type": kind, "message": said.pop("message", said.pop("caption", None)), _camel(kind): said}


def _media(content: CAPTIONED | PLAIN_MEDIA, media_url: str) -> dict[str, Any]:
    return {**shown(content.media), "url": media_url + content.media.media_id}


def _camel(kind: str) -> str:
    first, *others = kind.split("_")
    return first + "".join(word.capitalize() for word in others)
