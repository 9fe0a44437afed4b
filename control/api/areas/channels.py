"""Addresses of channels."""

from __future__ import annotations

from typing import Final

from control.api import channels
from control.api.channel_shapes import ChannelCreateIn, ChannelFollowOut, ChannelOut, ChannelsOut, PostsOut
from control.api.operation import Operation, Tag, before, limit
from control.api.route import Route
from control.auth.scopes import Scope

_CHANNELS: Final = "/api/v1/channels/{tenantId}"
_CHANNEL: Final = f"{_CHANNELS}/{{channelId}}"

ROUTES: Final = (
    Route(
        "GET",
        _CHANNELS,
        channels.page,
        scope=Scope.CHANNELS_READ,
        seconds=45,
        operation=Operation(
            "listChannels",
            Tag.CHANNELS,
            "List channels",
            description="The channels the number follows or owns.",
            answers={200: ChannelsOut},
            calls=("channel.list",),
        ),
    ),
    Route(
        "POST",
        _CHANNELS,
        channels.create,
        scope=Scope.CHANNELS_WRITE,
        seconds=45,
        operation=Operation(
            "createChannel",
            Tag.CHANNELS,
            "Make a channel",
            description="A post is a message sent to the channel's id.",
            body=ChannelCreateIn,
            answers={200: ChannelOut},
            calls=("channel.create",),
        ),
    ),
    Route(
        "GET",
        f"{_CHANNELS}/invites/{{code}}",
        channels.by_invite,
        scope=Scope.CHANNELS_READ,
        seconds=35,
        operation=Operation(
            "getChannelByInvite",
            Tag.CHANNELS,
            "Find a channel by its link",
            description="`code` is the end of the channel's link.",
            answers={200: ChannelOut},
            calls=("channel.get",),
        ),
    ),
    Route(
        "GET",
        _CHANNEL,
        channels.get,
        scope=Scope.CHANNELS_READ,
        seconds=35,
        operation=Operation(
            "getChannel",
            Tag.CHANNELS,
            "Look at a channel",
            description="Its name, its link and how many follow it.",
            answers={200: ChannelOut},
            calls=("channel.get",),
        ),
    ),
    Route(
        "POST",
        f"{_CHANNEL}/follow",
        channels.follow,
        scope=Scope.CHANNELS_WRITE,
        seconds=35,
        operation=Operation(
            "followChannel",
            Tag.CHANNELS,
            "Follow a channel",
            description="Its posts come as `message` events, if the session's settings want them.",
            answers={200: ChannelFollowOut},
            calls=("channel.follow",),
        ),
    ),
    Route(
        "DELETE",
        f"{_CHANNEL}/follow",
        channels.unfollow,
        scope=Scope.CHANNELS_WRITE,
        seconds=35,
        operation=Operation(
            "unfollowChannel",
            Tag.CHANNELS,
            "Stop following a channel",
            description="No more of its posts come.",
            answers={200: ChannelFollowOut},
            calls=("channel.unfollow",),
        ),
    ),
    Route(
        "GET",
        f"{_CHANNEL}/messages",
        channels.messages,
        scope=Scope.CHANNELS_READ,
        seconds=45,
        operation=Operation(
            "listPosts",
            Tag.CHANNELS,
            "List the posts of a channel",
            description="Newest first, with views and reactions.",
            parameters=(
                before("The `next` of the page before.", {"type": "string", "pattern": "^[0-9]{1,18}$"}),
                limit(most=channels.POSTS_MAX),
            ),
            answers={200: PostsOut},
            calls=("channel.messages",),
        ),
    ),
)
