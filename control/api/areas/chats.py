"""Addresses of chats."""

from __future__ import annotations

from typing import Final

from control.api import chats
from control.api.chats import ChatIn, MarkReadIn, PresenceIn
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.api.shape import DoneOut
from control.auth.scopes import Scope

_CHATS: Final = "/api/v1/chats/{tenantId}"

ROUTES: Final = (
    Route(
        "POST",
        f"{_CHATS}/read",
        chats.read,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        audited_each=False,
        operation=Operation(
            "markRead",
            Tag.CHATS,
            "Mark messages as read",
            description="The sender sees the blue ticks, if both sides have them switched on.",
            body=MarkReadIn,
            answers={200: DoneOut},
            calls=("chat.read",),
            errors=("invalid_recipient",),
        ),
    ),
    Route(
        "POST",
        f"{_CHATS}/presence",
        chats.presence,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        audited_each=False,
        operation=Operation(
            "showPresence",
            Tag.CHATS,
            "Show typing or recording",
            description="Ends by itself after `seconds`, or when a message is sent.",
            body=PresenceIn,
            answers={200: DoneOut},
            calls=("chat.presence",),
            errors=("invalid_recipient",),
        ),
    ),
    Route(
        "POST",
        f"{_CHATS}/follow-presence",
        chats.follow_presence,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        audited_each=False,
        operation=Operation(
            "followPresence",
            Tag.CHATS,
            "Follow somebody's presence",
            description="For 24 hours `presence` events tell when they are online, type or record.",
            body=ChatIn,
            answers={200: DoneOut},
            calls=("chat.followPresence",),
            errors=("invalid_recipient",),
        ),
    ),
)
