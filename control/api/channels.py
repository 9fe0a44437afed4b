"""Channels over HTTP: make, list, find, follow, read. A post is a message sent to the channel's id."""

from __future__ import annotations

import re

from aiohttp import web

from control.api import query
from control.api.addresses import channel_in
from control.api.answers import json_answer
from control.api.body import checked, read_object, wrong_field
from control.api.channel_shapes import (
    ChannelCreateIn,
    ChannelFollowOut,
    ChannelOut,
    ChannelsOut,
    ChannelSummaryOut,
    PostsOut,
)
from control.api.context import DIRECTORY
from control.api.schemas import checked_tenant_id
from control.rpc.contract_gen import (
    ChannelCreateParams,
    ChannelGetParams,
    ChannelMessagesParams,
    ChannelParams,
    TenantParams,
)

POSTS_MAX = 100

_CODE = re.compile(r"[A-Za-z0-9_-]{8,128}", re.ASCII)
_SERVER_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/channels/{tenantId}: make a channel."""
    tenant_id = _tenant(request)
    body = checked(ChannelCreateIn, await read_object(request))
    params = ChannelCreateParams(tenant_id=tenant_id, name=body.name, description=body.description)
    return json_answer(ChannelOut.of(await request.app[DIRECTORY].channel_create(params)))


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/channels/{tenantId}: the channels the number follows or owns."""
    answer = await request.app[DIRECTORY].channel_list(TenantParams(tenant_id=_tenant(request)))
    return json_answer(ChannelsOut(channels=[ChannelSummaryOut.of(channel) for channel in answer.channels]))


async def get(request: web.Request) -> web.Response:
    """GET …/{channelId}: a channel."""
    params = ChannelGetParams(tenant_id=_tenant(request), channel_id=channel_in(request))
    return json_answer(ChannelOut.of(await request.app[DIRECTORY].channel_get(params)))


async def by_invite(request: web.Request) -> web.Response:
    """GET …/invites/{code}: the channel behind a link, by the code at the link's end."""
    code = request.match_info["code"]
    if not _CODE.fullmatch(code):
        raise wrong_field("code", "is no code of a channel's link")
    params = ChannelGetParams(tenant_id=_tenant(request), invite_code=code)
    return json_answer(ChannelOut.of(await request.app[DIRECTORY].channel_get(params)))


async def follow(request: web.Request) -> web.Response:
    """POST …/{channelId}/follow."""
    await request.app[DIRECTORY].channel_follow(_channel(request))
    return json_answer(ChannelFollowOut(following=True))


async def unfollow(request: web.Request) -> web.Response:
    """DELETE …/{channelId}/follow."""
    await request.app[DIRECTORY].channel_unfollow(_channel(request))
    return json_answer(ChannelFollowOut(following=False))


async def messages(request: web.Request) -> web.Response:
    """GET …/{channelId}/messages?before=&limit=: posts, newest first."""
    query.known_only(request, "before", "limit")
    before = request.query.get("before") or None
    if before is not None and not _SERVER_ID.fullmatch(before):
        raise wrong_field("before", "is no serverId of a post")
    channel = _channel(request)
    limit = query.limit(request, most=POSTS_MAX)
    params = ChannelMessagesParams(
        tenant_id=channel.tenant_id, channel_id=channel.channel_id, limit=limit, before=before
    )
    return json_answer(PostsOut.of(await request.app[DIRECTORY].channel_messages(params)))


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])


def _channel(request: web.Request) -> ChannelParams:
    return ChannelParams(tenant_id=_tenant(request), channel_id=channel_in(request))
