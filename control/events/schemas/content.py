"""What a message says: `type` tells which kind, the rest of the kind is in an object named after it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from control.events.schemas.shape import Person, Shape, Time


class Preview(Shape):
    """What the sender's app showed for a link."""

    url: str | None = None
    title: str | None = None
    description: str | None = None


class Media(Shape):
    """A file. All but `mediaId` and `url` is what the sender says. `url` needs the API key."""

    media_id: str
    url: str
    mime_type: str
    size_bytes: int | None = None
    sha256: str | None = None
    file_name: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    waveform: str | None = None
    animated: bool | None = None
    base64: str | None = None


class Location(Shape):
    """A place on earth."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    url: str | None = None
    live: bool | None = None


class ContactCard(Shape):
    """A contact as a vCard."""

    display_name: str
    vcard: str


class Poll(Shape):
    """A question with answers. selectableCount: 0 for any number."""

    question: str
    options: list[str]
    selectable_count: int


class PollVote(Shape):
    """Somebody's present choice; known: false when the poll is not known here, and options empty."""

    poll_message_id: str
    options: list[str]
    known: bool


class Gathering(Shape):
    """An event to be joined."""

    name: str
    description: str | None = None
    starts_at: Time | None = None
    ends_at: Time | None = None
    place: Location | None = None
    is_cancelled: bool | None = None


class GatheringResponse(Shape):
    """Somebody's answer to an event."""

    event_message_id: str
    response: Literal["going", "not_going", "maybe", "unknown"]
    known: bool


class ButtonReply(Shape):
    """A button or list row that was chosen."""

    button_id: str
    title: str | None = None
    message_id: str | None = None


class GroupInvite(Shape):
    """An invitation to a group."""

    group_id: str
    code: str
    subject: str | None = None
    expires_at: Time | None = None


class Order(Shape):
    """An order from the number's catalog."""

    order_id: str
    token: str | None = None
    item_count: int | None = None


class Product(Shape):
    """A product of a catalog."""

    product_id: str
    title: str | None = None
    business_owner: Person | None = None


class Content(Shape):
    """What a message says. `message` is its text, or the text under a picture or file."""

    type: Literal[
        "text",
        "image",
        "video",
        "gif",
        "video_note",
        "audio",
        "voice",
        "document",
        "sticker",
        "location",
        "contacts",
        "poll",
        "poll_vote",
        "event",
        "event_response",
        "button_reply",
        "group_invite",
        "order",
        "product",
        "other",
    ]
    message: str | None = None
    preview: Preview | None = None
    media: Media | None = None
    location: Location | None = None
    contacts: list[ContactCard] | None = None
    poll: Poll | None = None
    poll_vote: PollVote | None = None
    event: Gathering | None = None
    event_response: GatheringResponse | None = None
    button_reply: ButtonReply | None = None
    group_invite: GroupInvite | None = None
    order: Order | None = None
    product: Product | None = None
    whatsapp_type: str | None = Field(None, description="With type `other`: WhatsApp's own name of the kind.")
