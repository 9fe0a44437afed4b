"""Addresses of groups. Those of members and invitations are in group_members.py."""

from __future__ import annotations

from typing import Final

from control.api import groups
from control.api.group_shapes import (
    CreatedGroupOut,
    GroupCreateIn,
    GroupOut,
    GroupPageOut,
    GroupPictureIn,
    GroupUpdateIn,
)
from control.api.operation import FLAG, Body, Operation, Parameter, Tag, after, limit
from control.api.route import SEND_SECONDS, Route
from control.api.shape import DoneOut
from control.auth.scopes import Scope

_GROUPS: Final = "/api/v1/groups/{tenantId}"
_GROUP: Final = f"{_GROUPS}/{{groupId}}"

ROUTES: Final = (
    Route(
        "GET",
        _GROUPS,
        groups.page,
        scope=Scope.GROUPS_READ,
        seconds=55,
        operation=Operation(
            "listGroups",
            Tag.GROUPS,
            "List groups",
            description="The groups the number is in, in the order of their ids. `fetchedAt`: how old that is.",
            parameters=(
                Parameter("refresh", "Ask WhatsApp now, in place of what was told a while ago.", FLAG),
                after(
                    "The `next` of the page before.",
                    {"type": "string", "pattern": r"^[0-9]{5,20}(-[0-9]{5,20})?(@g\.us)?$"},
                ),
                limit(most=groups.PAGE_MAX),
            ),
            answers={200: GroupPageOut},
            calls=("group.list",),
        ),
    ),
    Route(
        "POST",
        _GROUPS,
        groups.create,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
        operation=Operation(
            "createGroup",
            Tag.GROUPS,
            "Make a group",
            description="`results` says what became of each who was named: some can only be invited.",
            body=GroupCreateIn,
            answers={200: CreatedGroupOut},
            calls=("group.create",),
        ),
    ),
    Route(
        "GET",
        _GROUP,
        groups.get,
        scope=Scope.GROUPS_READ,
        seconds=35,
        operation=Operation(
            "getGroup",
            Tag.GROUPS,
            "Look at a group",
            description="With everybody who is in it.",
            answers={200: GroupOut},
            calls=("group.get",),
        ),
    ),
    Route(
        "PATCH",
        _GROUP,
        groups.update,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
        operation=Operation(
            "updateGroup",
            Tag.GROUPS,
            "Change a group",
            description="What is left out stays as it is.",
            body=GroupUpdateIn,
            answers={200: GroupOut},
            calls=("group.update",),
        ),
    ),
    Route(
        "DELETE",
        _GROUP,
        groups.leave,
        scope=Scope.GROUPS_WRITE,
        seconds=35,
        operation=Operation(
            "leaveGroup",
            Tag.GROUPS,
            "Leave a group",
            description="The group goes on without the number.",
            answers={200: DoneOut},
            calls=("group.leave",),
        ),
    ),
    Route(
        "PUT",
        f"{_GROUP}/picture",
        groups.set_picture,
        scope=Scope.GROUPS_WRITE,
        seconds=SEND_SECONDS,
        operation=Operation(
            "setGroupPicture",
            Tag.GROUPS,
            "Set a group's picture",
            description="By `mediaUrl`, `mediaBase64` or as the part `file` of a multipart request.",
            body=Body(GroupPictureIn, multipart=True),
            answers={200: DoneOut},
            calls=("group.setPicture",),
        ),
    ),
    Route(
        "DELETE",
        f"{_GROUP}/picture",
        groups.delete_picture,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
        operation=Operation(
            "deleteGroupPicture",
            Tag.GROUPS,
            "Take a group's picture away",
            description="The group has none then.",
            answers={200: DoneOut},
            calls=("group.setPicture",),
        ),
    ),
)
