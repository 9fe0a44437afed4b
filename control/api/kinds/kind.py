"""What all kinds of messages are made of."""

from __future__ import annotations

from typing import ClassVar

from control.api.shape import In
from control.messages.draft import Content, MediaDraft


class Kind(In):
    """The fields of one kind. Those about where and when a message goes are in control/api/delivery.py.

    can_reply, can_mention: whether it can refer to a message or to people. for_many: whether it can go to the
    recipients of a batch.
    """

    can_reply: ClassVar[bool] = True
    can_mention: ClassVar[bool] = True
    for_many: ClassVar[bool] = True

    def content(self) -> Content | MediaDraft:
        """Return what the bridge is told, or the file it is made of first."""
        raise NotImplementedError

    def fillable(self) -> list[str]:
        """Return the texts in which {{name}} stands for a variable of a batch."""
        return list(self.texts().values())

    def wrong_in(self, chat: str) -> list[dict[str, str]]:
        """Return the fields that are not possible in this chat."""
        return []

    def texts(self) -> dict[str, str]:
        """Return the fields that hold long texts, which may have 65,536 characters."""
        return {}
