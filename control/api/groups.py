"""Groups over HTTP: make, list, look, change, members, invitations, join and leave."""

from __future__ import annotations

from aiohttp import web

from control.api import query
from control.api.addresses import group_in, group_named, invite_code
from control.api.answers import json_answer
from control.api.body import checked, read_object, wrong_field
from control.api.context import DIRECTORY, MEDIA
from control.api.group_shapes import (
    CreatedGroupOut,
    GroupCreateIn,
    GroupOut,
    GroupPageOut,
    GroupPictureIn,
    GroupPreviewOut,
    GroupUpdateIn,
    InviteOut,
    JoinDecisionIn,
    JoinedGroupOut,
    JoinGroupIn,
    JoinRequestOut,
    JoinRequestsOut,
    ParticipantResultsOut,
    ParticipantsIn,
)
from control.api.schemas import checked_tenant_id
from control.api.send_body import send_body
from control.api.shape import DoneOut
from control.errors import GatewayError
from control.media.kinds import MediaKind, PreparedMedia
from control.rpc.contract_gen import (
    GroupCreateParams,
    GroupDecideParams,
    GroupListParams,
    GroupParams,
    GroupParticipantsParams,
    GroupPictureParams,
    GroupUpdateParams,
    InviteParams,
    SpoolFile,
)

PAGE_MAX = 200


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/groups/{tenantId}?refresh=&after=&limit=: the groups the number is in."""
    query.known_only(request, "refresh", "after", "limit")
    after = query.cursor(request, "after")
    wanted = {
        "tenantId": _tenant(request),
        "refresh": query.truth(request, "refresh"),
        "after": group_named(after, "after") if after is not None else None,
        "limit": query.limit(request, most=PAGE_MAX),
    }
    answer = await request.app[DIRECTORY].group_list(GroupListParams.model_validate(wanted))
    return json_answer(GroupPageOut.of(answer))


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/groups/{tenantId}: make a group."""
    tenant_id = _tenant(request)
    body = checked(GroupCreateIn, await read_object(request))
    params = GroupCreateParams.model_validate({"tenantId": tenant_id, **body.model_dump(by_alias=True)})
    return json_answer(CreatedGroupOut.made(await request.app[DIRECTORY].group_create(params)))


async def get(request: web.Request) -> web.Response:
    """GET …/{groupId}: a group with its participants."""
    return json_answer(GroupOut.of(await request.app[DIRECTORY].group_get(_group(request))))


async def update(request: web.Request) -> web.Response:
    """PATCH …/{groupId}: change what is given."""
    group = _group(request)
    body = checked(GroupUpdateIn, await read_object(request))
    wanted = {**group.model_dump(by_alias=True), **body.model_dump(by_alias=True, exclude_none=True)}
    answer = await request.app[DIRECTORY].group_update(GroupUpdateParams.model_validate(wanted))
    return json_answer(GroupOut.of(answer))


async def leave(request: web.Request) -> web.Response:
    """DELETE …/{groupId}: leave the group."""
    await request.app[DIRECTORY].group_leave(_group(request))
    return json_answer(DoneOut())


async def set_picture(request: web.Request) -> web.Response:
    """PUT …/picture: a picture by mediaUrl, mediaBase64 or as the file of a multipart request."""
    group = _group(request)
    media = await _picture(request, group.tenant_id)
    file = SpoolFile(name=media.name, mime_type=media.mime_type, size_bytes=media.size_bytes, sha256=media.sha256)
    params = GroupPictureParams(tenant_id=group.tenant_id, group_id=group.group_id, file=file)
    try:
        await request.app[DIRECTORY].group_set_picture(params)
    finally:
        # The bridge removes what it used; whatever else became of it, nobody needs it any more.
        await request.app[MEDIA].discard(media)
    return json_answer(DoneOut())


async def delete_picture(request: web.Request) -> web.Response:
    """DELETE …/picture."""
    group = _group(request)
    params = GroupPictureParams(tenant_id=group.tenant_id, group_id=group.group_id)
    await request.app[DIRECTORY].group_set_picture(params)
    return json_answer(DoneOut())


async def participants(request: web.Request) -> web.Response:
    """POST …/participants: add, remove, promote or demote people."""
    group = _group(request)
    body = checked(ParticipantsIn, await read_object(request))
    wanted = {**group.model_dump(by_alias=True), **body.model_dump(by_alias=True)}
    answer = await request.app[DIRECTORY].group_update_participants(GroupParticipantsParams.model_validate(wanted))
    return json_answer(ParticipantResultsOut.of(answer.results))


async def invite(request: web.Request) -> web.Response:
    """GET …/invite: the group's invitation."""
    return json_answer(InviteOut.of(await request.app[DIRECTORY].group_invite(_group(request))))


async def revoke_invite(request: web.Request) -> web.Response:
    """POST …/invite: make the invitation worthless and give a new one."""
    return json_answer(InviteOut.of(await request.app[DIRECTORY].group_revoke_invite(_group(request))))


async def invite_info(request: web.Request) -> web.Response:
    """GET …/invites/{code}: the group an invitation leads to."""
    try:
        code = invite_code(request.match_info["code"])
    except ValueError as wrong:
        raise wrong_field("code", str(wrong)) from None
    params = InviteParams(tenant_id=_tenant(request), code=code)
    return json_answer(GroupPreviewOut.of(await request.app[DIRECTORY].group_invite_info(params)))


async def join(request: web.Request) -> web.Response:
    """POST …/join: come into a group by invitation."""
    tenant_id = _tenant(request)
    body = checked(JoinGroupIn, await read_object(request))
    params = InviteParams(tenant_id=tenant_id, code=body.code)
    return json_answer(JoinedGroupOut.of(await request.app[DIRECTORY].group_join(params)))


async def join_requests(request: web.Request) -> web.Response:
    """GET …/join-requests: who wants to come in."""
    answer = await request.app[DIRECTORY].group_join_requests(_group(request))
    return json_answer(JoinRequestsOut(requests=[JoinRequestOut.of(one) for one in answer.requests]))


async def decide(request: web.Request) -> web.Response:
    """POST …/join-requests: let people in or turn them down."""
    group = _group(request)
    body = checked(JoinDecisionIn, await read_object(request))
    wanted = {**group.model_dump(by_alias=True), **body.model_dump(by_alias=True)}
    answer = await request.app[DIRECTORY].group_decide_join_requests(GroupDecideParams.model_validate(wanted))
    return json_answer(ParticipantResultsOut.of(answer.results))


async def _picture(request: web.Request, tenant_id: str) -> PreparedMedia:
    """Return the picture as WhatsApp has them for groups; what calls this owes it a discard()."""
    intake = request.app[MEDIA]
    async with send_body(request, tenant_id) as (fields, upload):
        url = checked(GroupPictureIn, fields).media_url
        if url is not None and upload is None:
            return await intake.from_url(tenant_id, url, MediaKind.square)
        if upload is not None and url is None:
            return await intake.from_upload(tenant_id, upload, MediaKind.square)
        raise GatewayError("invalid_request", "Give the picture once: as mediaUrl, mediaBase64 or file.")


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])


def _group(request: web.Request) -> GroupParams:
    return GroupParams(tenant_id=_tenant(request), group_id=group_in(request))
