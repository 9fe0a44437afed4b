"""What requests and answers about channels look like."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictStr

from control.api.fields import NOT_BLANK
from control.api.shape import In, Out, iso_or_none
from control.rpc.contract_gen import Channel, ChannelMessage, ChannelMessagesResult

LINK = "https://whatsapp.com/channel/"


class ChannelCreateIn(In):
    """Body of POST /api/v1/channels/{tenantId}."""

    name: Annotated[StrictStr, Field(max_length=100), NOT_BLANK]
    description: Annotated[StrictStr, Field(max_length=2048)] | None = None


class ChannelSummaryOut(Out):
    """A channel; null for what WhatsApp does not say. role: what this number is in it."""

    channel_id: str
    name: str
    description: str | None
    invite_code: str | None
    url: str | None
    followers: int | None
    verified: bool | None
    role: str | None
    created_at: str | None

    @classmethod
    def of(cls, channel: Channel) -> Self:
        """Return the answer for a channel."""
        return cls(
            channel_id=channel.channel_id,
            name=channel.name,
            description=channel.description,
            invite_code=channel.invite_code,
            url=f"{LINK}{channel.invite_code}" if channel.invite_code else None,
            followers=channel.followers,
            verified=channel.verified,
            role=channel.role.value if channel.role is not None else None,
            created_at=iso_or_none(channel.created_at_ms),
        )


class ChannelOut(ChannelSummaryOut):
    """One channel."""

    success: Literal[True] = True


class ChannelsOut(Out):
    """The channels a number follows or owns."""

    success: Literal[True] = True
    channels: list[ChannelSummaryOut]


class ChannelFollowOut(Out):
    """Whether a channel is followed now."""

    success: Literal[True] = True
    following: bool


class PostOut(Out):
    """A post. reactions: how often each emoji."""

    server_id: str
    message_id: str | None
    type: str | None
    text: str | None
    timestamp: str | None
    views: int | None
    reactions: dict[str, int]

    @classmethod
    def of(cls, post: ChannelMessage) -> PostOut:
        """Return the answer for a post."""
        return cls(
            server_id=post.server_id,
            message_id=post.message_id,
            type=post.type,
            text=post.text,
            timestamp=iso_or_none(post.sent_at_ms),
            views=post.views,
            reactions=dict(post.reactions or {}),
        )


class PostsOut(Out):
    """Posts, newest first. next: give it as `before` for older ones; null when there were none."""

    success: Literal[True] = True
    messages: list[PostOut]
    next: str | None

    @classmethod
    def of(cls, page: ChannelMessagesResult) -> PostsOut:
        """Return the answer for a page of posts."""
        posts = [PostOut.of(post) for post in page.messages]
        return cls(messages=posts, next=posts[-1].server_id if posts else None)
