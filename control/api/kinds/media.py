"""Messages with a file: from a URL, as base64 or uploaded.

What came as base64 or as an upload is in the spool by the time these models are filled, and stands in `file`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, InstanceOf, StrictBool, StrictStr, model_validator

from control.api.kinds.kind import Kind
from control.media.kinds import MediaKind, Upload
from control.messages.draft import MediaDraft


def _silent(given: str) -> str:
    if given.strip():
        raise ValueError("is not possible here, WhatsApp shows no text with it; send it as a message of its own")
    return given


Silent = Annotated[StrictStr, AfterValidator(_silent)]


class MediaIn(Kind):
    """Exactly one of mediaUrl, mediaBase64 and an uploaded file. fileName: shown with documents only."""

    kind: ClassVar[MediaKind]

    media_url: Annotated[StrictStr, Field(min_length=1, max_length=4096)] | None = None
    file: InstanceOf[Upload] | None = Field(None, exclude=True)
    file_name: Annotated[StrictStr, Field(max_length=1024)] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.media_url is None and self.file is None:
            raise ValueError("mediaUrl is required, or mediaBase64, or a file in a multipart request")
        if self.media_url is not None and self.file is not None:
            raise ValueError("mediaUrl is one way to give a file; give one only")
        return self

    def shown(self) -> str | None:
        """Return the text under it."""
        return None

    def once(self) -> bool | None:
        """Return whether it can be looked at once only."""
        return None

    def content(self) -> MediaDraft:
        """Return what has to be made ready first."""
        return MediaDraft(
            kind=self.kind,
            url=self.media_url,
            upload=self.file,
            file_name=self.file_name or None,
            caption=self.shown() or None,
            view_once=self.once(),
        )


class CaptionedIn(MediaIn):
    """With a text under it: `caption`, or `message` where there is no caption."""

    caption: StrictStr | None = None
    message: StrictStr | None = None

    def shown(self) -> str | None:
        """Return the caption; `message` stands in for one that is missing or empty."""
        return next((text for text in (self.caption, self.message) if text and text.strip()), None)

    def fillable(self) -> list[str]:
        """Return the one that is shown."""
        return [self.shown() or ""]

    def texts(self) -> dict[str, str]:
        """Return both texts."""
        return {"caption": self.caption or "", "message": self.message or ""}


class SilentIn(MediaIn):
    """WhatsApp shows no text with it. Empty ones are nothing, which spares callers a special case."""

    can_mention: ClassVar[bool] = False

    caption: Silent | None = None
    message: Silent | None = None


class ImageIn(CaptionedIn):
    """{"type":"image",…}."""

    kind: ClassVar[MediaKind] = MediaKind.image

    view_once: StrictBool | None = None

    def once(self) -> bool | None:
        """Return what the caller said."""
        return self.view_once


class VideoIn(ImageIn):
    """{"type":"video",…}."""

    kind: ClassVar[MediaKind] = MediaKind.video


class GifIn(CaptionedIn):
    """{"type":"gif",…}: repeats without sound."""

    kind: ClassVar[MediaKind] = MediaKind.gif


class DocumentIn(CaptionedIn):
    """{"type":"document",…}."""

    kind: ClassVar[MediaKind] = MediaKind.document


class VideoNoteIn(SilentIn):
    """{"type":"video_note",…}: a round video."""

    kind: ClassVar[MediaKind] = MediaKind.video_note


class AudioIn(SilentIn):
    """{"type":"audio",…}: a sound file."""

    kind: ClassVar[MediaKind] = MediaKind.audio


class VoiceIn(SilentIn):
    """{"type":"voice",…}: a voice message."""

    kind: ClassVar[MediaKind] = MediaKind.voice

    view_once: StrictBool | None = None

    def once(self) -> bool | None:
        """Return what the caller said."""
        return self.view_once


class StickerIn(SilentIn):
    """{"type":"sticker",…}."""

    kind: ClassVar[MediaKind] = MediaKind.sticker
