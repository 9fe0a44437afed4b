"""A message as its caller wants it, checked, before anything was done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from control.media.kinds import MediaKind, Upload
from control.messages.schedule import Schedule
from control.rpc.contract_gen import (
    BatchRecipient,
    MessageContext,
    OutgoingAudio,
    OutgoingContacts,
    OutgoingDelete,
    OutgoingDocument,
    OutgoingEdit,
    OutgoingEvent,
    OutgoingForward,
    OutgoingGif,
    OutgoingImage,
    OutgoingLocation,
    OutgoingPoll,
    OutgoingReaction,
    OutgoingSticker,
    OutgoingText,
    OutgoingVideo,
    OutgoingVideoNote,
    OutgoingVoice,
    WhenUncertain,
)

Content = (
    OutgoingText
    | OutgoingImage
    | OutgoingVideo
    | OutgoingGif
    | OutgoingVideoNote
    | OutgoingAudio
    | OutgoingVoice
    | OutgoingDocument
    | OutgoingSticker
    | OutgoingLocation
    | OutgoingContacts
    | OutgoingPoll
    | OutgoingEvent
    | OutgoingReaction
    | OutgoingEdit
    | OutgoingDelete
    | OutgoingForward
)


@dataclass(frozen=True, slots=True)
class MediaDraft:
    """A file that has to be made ready before there is content: one that is fetched, or one in the spool.

    Exactly one of url and upload is there. caption: not empty.
    """

    kind: MediaKind
    url: str | None
    upload: Upload | None
    file_name: str | None
    caption: str | None
    view_once: bool | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to one recipient.

    to: E.164 or WhatsApp id. asked: the checked request as JSON values, which is what makes a repeated one
    recognisable.
    """

    to: str
    content: Content | MediaDraft
    asked: dict[str, Any]
    schedule: Schedule = field(default_factory=Schedule)
    context: MessageContext | None = None
    audience: tuple[str, ...] | None = None
    queue: bool | None = None
    when_uncertain: WhenUncertain | None = None


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """One message for many. asked: as in Draft."""

    recipients: tuple[BatchRecipient, ...]
    content: Content | MediaDraft
    asked: dict[str, Any]
    schedule: Schedule = field(default_factory=Schedule)
    context: MessageContext | None = None
