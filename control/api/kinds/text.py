"""A text."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StrictInt, StrictStr

from control.api.fields import NOT_BLANK, Text
from control.api.kinds.kind import Kind
from control.api.shape import In
from control.messages.recipient import STATUS
from control.rpc.contract_gen import LinkPreview, OutgoingText, TextStyle


def _base64(given: str) -> str:
    bare = given.partition(",")[2] if given.startswith("data:") else given
    if not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", bare, re.ASCII) or len(bare) > 24_000:
        raise ValueError("must be a JPEG of at most 18 kB as base64")
    return bare


def _colour(given: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", given, re.ASCII):
        raise ValueError("must be a colour such as #1F7AEC")
    return given


class PreviewIn(In):
    """What to show for a link. Nothing is ever fetched for it."""

    url: Annotated[StrictStr, Field(max_length=2048), NOT_BLANK]
    title: Annotated[StrictStr, Field(max_length=1024), NOT_BLANK]
    description: Annotated[StrictStr, Field(max_length=4096)] | None = None
    thumbnail: Annotated[StrictStr, AfterValidator(_base64)] | None = None


class TextIn(Kind):
    """{"type":"text","message":…}. backgroundColor and font: in the number's story only."""

    message: Text
    preview: PreviewIn | None = None
    background_color: Annotated[StrictStr, AfterValidator(_colour)] | None = None
    font: Annotated[StrictInt, Field(ge=0, le=10)] | None = None

    def texts(self) -> dict[str, str]:
        """Return the text."""
        return {"message": self.message}

    def fillable(self) -> list[str]:
        """Return the text and what stands in the preview."""
        preview = self.preview
        shown = [preview.url, preview.title, preview.description or ""] if preview is not None else []
        return [self.message, *shown]

    def wrong_in(self, chat: str) -> list[dict[str, str]]:
        """Return the style outside of stories."""
        if chat == STATUS:
            return []
        given = {"backgroundColor": self.background_color, "font": self.font}
        return [
            {"field": field, "message": "is for stories only, which go to status"}
            for field, value in given.items()
            if value is not None
        ]

    def content(self) -> OutgoingText:
        """Return the text with what is shown beside it."""
        preview = self.preview
        styled = self.background_color is not None or self.font is not None
        return OutgoingText(
            type="text",
            text=self.message,
            preview=LinkPreview(
                url=preview.url,
                title=preview.title,
                description=preview.description,
                thumbnail=preview.thumbnail,
            )
            if preview is not None
            else None,
            style=TextStyle(background_color=self.background_color, font=self.font) if styled else None,
        )
