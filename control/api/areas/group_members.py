"""Addresses of a group's members and invitations."""

from __future__ import annotations

from typing import Final

from control.api import groups
from control.api.group_shapes import (
    GroupPreviewOut,
    InviteOut,
    JoinDecisionIn,
    JoinedGroupOut,
    JoinGroupIn,
    JoinRequestsOut,
    ParticipantResultsOut,
    ParticipantsIn,
)
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.auth.scopes import Scope

_GROUPS: Final = "/api/v1/groups/{tenantId}"
_GROUP: Final = f"{_GROUPS}/{{groupId}}"

ROUTES: Final = (
    Route(
        "POST",
        f"{_GROUPS}/join",
        groups.join,
        scope=Scope.GROUPS_WRITE,
        seconds=35,
        operation=Operation(
            "joinGroup",
            Tag.GROUPS,
            "Join a group",
            description="By an invitation: its code, or the whole link.",
            body=JoinGroupIn,
            answers={200: JoinedGroupOut},
            calls=("group.join",),
        ),
    ),
    Route(
        "GET",
        f"{_GROUPS}/invites/{{code}}",
        groups.invite_info,
        scope=Scope.GROUPS_READ,
        seconds=35,
        operation=Operation(
            "getGroupByInvite",
            Tag.GROUPS,
            "Look at the group behind an invitation",
            description="Without joining it.",
            answers={200: GroupPreviewOut},
            calls=("group.inviteInfo",),
        ),
    ),
    Route(
        "POST",
        f"{_GROUP}/participants",
        groups.participants,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
        operation=Operation(
            "updateParticipants",
            Tag.GROUPS,
            "Add, remove, promote or demote members",
            description="`results` says what became of each who was named.",
            body=ParticipantsIn,
            answers={200: ParticipantResultsOut},
            calls=("group.updateParticipants",),
        ),
    ),
    Route(
        "GET",
        f"{_GROUP}/invite",
        groups.invite,
        scope=Scope.GROUPS_READ,
        seconds=35,
        operation=Operation(
            "getInvite",
            Tag.GROUPS,
            "Get a group's invitation",
            description="The link by which people come in.",
            answers={200: InviteOut},
            calls=("group.invite",),
        ),
    ),
    Route(
        "POST",
        f"{_GROUP}/invite",
        groups.revoke_invite,
        scope=Scope.GROUPS_WRITE,
        seconds=35,
        operation=Operation(
            "revokeInvite",
            Tag.GROUPS,
            "Replace a group's invitation",
            description="The link there was leads nowhere from now on; the answer has the new one.",
            answers={200: InviteOut},
            calls=("group.revokeInvite",),
        ),
    ),
    Route(
        "GET",
        f"{_GROUP}/join-requests",
        groups.join_requests,
        scope=Scope.GROUPS_READ,
        seconds=35,
        operation=Operation(
            "listJoinRequests",
            Tag.GROUPS,
            "List who wants to join",
            description="Oldest first.",
            answers={200: JoinRequestsOut},
            calls=("group.joinRequests",),
        ),
    ),
    Route(
        "POST",
        f"{_GROUP}/join-requests",
        groups.decide,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
        operation=Operation(
            "decideJoinRequests",
            Tag.GROUPS,
            "Let people in or turn them down",
            description="`results` says what became of each who was named.",
            body=JoinDecisionIn,
            answers={200: ParticipantResultsOut},
            calls=("group.decideJoinRequests",),
        ),
    ),
)
