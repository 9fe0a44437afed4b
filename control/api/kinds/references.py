"""What is said about a message that exists: a reaction, an edit, a deletion, a copy for somebody else."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, StrictStr

from control.api.fields import Chat, MessageRef, Text
from control.api.kinds.kind import Kind
from control.rpc.contract_gen import OutgoingDelete, OutgoingEdit, OutgoingForward, OutgoingReaction


def _emoji(given: str) -> str:
    if len(given) > 64 or any(character.isascii() and character.isalpha() for character in given):
        raise ValueError("must be one emoji, or empty to take the reaction back")
    return given.strip()


class ReactionIn(Kind):
    """{"type":"reaction","messageId","emoji"}; an empty emoji takes it back."""

    can_reply: ClassVar[bool] = False
    can_mention: ClassVar[bool] = False
    for_many: ClassVar[bool] = False

    message_id: MessageRef
    emoji: Annotated[StrictStr, AfterValidator(_emoji)]

    def content(self) -> OutgoingReaction:
        """Return the reaction."""
        return OutgoingReaction(type="reaction", message_id=self.message_id, emoji=self.emoji)


class EditIn(Kind):
    """{"type":"edit","messageId","message"}: another text, or another caption."""

    can_reply: ClassVar[bool] = False
    for_many: ClassVar[bool] = False

    message_id: MessageRef
    message: Text

    def texts(self) -> dict[str, str]:
        """Return the text."""
        return {"message": self.message}

    def content(self) -> OutgoingEdit:
        """Return the edit."""
        return OutgoingEdit(type="edit", message_id=self.message_id, text=self.message)


class DeleteIn(Kind):
    """{"type":"delete","messageId"}: for everyone."""

    can_reply: ClassVar[bool] = False
    can_mention: ClassVar[bool] = False
    for_many: ClassVar[bool] = False

    message_id: MessageRef

    def content(self) -> OutgoingDelete:
        """Return the deletion."""
        return OutgoingDelete(type="delete", message_id=self.message_id)


class ForwardIn(Kind):
    """{"type":"forward","messageId","fromChat"}. fromChat: the chat the message is in; helps to find it."""

    can_reply: ClassVar[bool] = False
    can_mention: ClassVar[bool] = False

    message_id: MessageRef
    from_chat: Chat | None = None

    def content(self) -> OutgoingForward:
        """Return what is forwarded."""
        chat = self.from_chat
        if chat is not None and chat.startswith("+"):
            chat = f"{chat[1:]}@s.whatsapp.net"
        return OutgoingForward(type="forward", message_id=self.message_id, chat_id=chat)
