"""What requests and answers about groups look like."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from control.api.addresses import invite_code
from control.api.fields import NOT_BLANK, Person
from control.api.shape import In, Out, iso, iso_or_none
from control.rpc.contract_gen import (
    Group,
    GroupCreateResult,
    GroupInvite,
    GroupJoinResult,
    GroupListResult,
    GroupParticipant,
    JoinRequest,
    ParticipantResult,
)

MAX_PARTICIPANTS = 256
DISAPPEARING_SECONDS: Final = (0, 86_400, 604_800, 7_776_000)

_Subject = Annotated[StrictStr, Field(max_length=100), NOT_BLANK]
_People = Annotated[list[Person], Field(min_length=1, max_length=MAX_PARTICIPANTS)]

_WHY: Final = {
    403: ("invitation_needed", "Their settings do not let you add them. Send them the group's invitation."),
    404: ("not_found", "This person is not on WhatsApp, or not there for this."),
    408: ("left_recently", "They left the group a short while ago. Send them the group's invitation."),
    409: ("already_in_group", "They are in the group already."),
    419: ("group_full", "The group has as many people as it may have."),
}
_OTHERWISE: Final = ("refused", "WhatsApp refused this for this person.")


class GroupCreateIn(In):
    """Body of POST /api/v1/groups/{tenantId}."""

    subject: _Subject
    participants: _People


class GroupUpdateIn(In):
    """Body of PATCH: what is given is changed. description: empty takes it away. disappearing_seconds: 0 never."""

    subject: _Subject | None = None
    description: Annotated[StrictStr, Field(max_length=2048)] | None = None
    only_admins_send: StrictBool | None = None
    only_admins_edit: StrictBool | None = None
    member_add_mode: Literal["admins", "all"] | None = None
    join_approval: StrictBool | None = None
    disappearing_seconds: StrictInt | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(value is None for _, value in self):
            raise ValueError("subject or another field that is to be changed is required")
        if self.disappearing_seconds is not None and self.disappearing_seconds not in DISAPPEARING_SECONDS:
            raise ValueError(f"disappearingSeconds must be one of {', '.join(map(str, DISAPPEARING_SECONDS))}")
        return self


class ParticipantsIn(In):
    """Body of POST …/participants."""

    action: Literal["add", "remove", "promote", "demote"]
    participants: _People


class JoinDecisionIn(In):
    """Body of POST …/join-requests."""

    decision: Literal["approve", "reject"]
    participants: _People


class JoinGroupIn(In):
    """Body of POST …/join: the code of an invitation, or its link."""

    code: Annotated[StrictStr, Field(min_length=1, max_length=256), AfterValidator(invite_code)]


class GroupPictureIn(In):
    """Body of PUT …/picture without a file in it: where the picture is."""

    media_url: Annotated[StrictStr, Field(min_length=1, max_length=2048)] | None = Field(
        None, description="Where the picture is fetched from, over https."
    )
    media_base64: StrictStr | None = Field(
        None, description="The picture itself, as base64 or a `data:` URL. It is in the spool when this is filled."
    )


class ParticipantOut(Out):
    """Somebody in a group. id: how the group knows them."""

    id: str
    phone_number: str | None
    lid: str | None
    role: str

    @classmethod
    def of(cls, participant: GroupParticipant) -> ParticipantOut:
        """Return the answer for a participant."""
        return cls(
            id=participant.id,
            phone_number=participant.phone_number,
            lid=participant.lid,
            role=participant.role.value,
        )


class GroupSummaryOut(Out):
    """A group in a list or a preview. disappearing_seconds: null when messages stay."""

    group_id: str
    subject: str
    description: str | None
    owner_id: str | None
    created_at: str | None
    size: int
    only_admins_send: bool
    only_admins_edit: bool
    member_add_mode: str
    join_approval: bool
    disappearing_seconds: int | None
    is_community: bool
    community_id: str | None

    @classmethod
    def of(cls, group: Group) -> Self:
        """Return the answer for a group."""
        return cls.model_validate(cls.fields_of(group))

    @classmethod
    def fields_of(cls, group: Group) -> dict[str, object]:
        """Return the values by the names of the fields."""
        return {
            "group_id": group.group_id,
            "subject": group.subject,
            "description": group.description,
            "owner_id": group.owner_id,
            "created_at": iso_or_none(group.created_at_ms),
            "size": group.size,
            "only_admins_send": group.only_admins_send,
            "only_admins_edit": group.only_admins_edit,
            "member_add_mode": group.member_add_mode.value,
            "join_approval": group.join_approval,
            "disappearing_seconds": group.disappearing_seconds,
            "is_community": bool(group.is_community),
            "community_id": group.community_id,
        }


class GroupPreviewOut(GroupSummaryOut):
    """The group behind an invitation."""

    success: Literal[True] = True


class GroupOut(GroupPreviewOut):
    """A group with who is in it."""

    participants: list[ParticipantOut]

    @classmethod
    def fields_of(cls, group: Group) -> dict[str, object]:
        """Return the values by the names of the fields."""
        return {**super().fields_of(group), "participants": [ParticipantOut.of(one) for one in group.participants]}


class GroupPageOut(Out):
    """Groups in the order of their ids. next: give it as `after`; null on the last page."""

    success: Literal[True] = True
    groups: list[GroupSummaryOut]
    next: str | None
    fetched_at: str

    @classmethod
    def of(cls, page: GroupListResult) -> GroupPageOut:
        """Return the answer for a page."""
        return cls(
            groups=[GroupSummaryOut.of(group) for group in page.groups],
            next=page.groups[-1].group_id if page.has_more and page.groups else None,
            fetched_at=iso(page.fetched_at_ms),
        )


class ParticipantResultOut(Out):
    """What became of one who was named. error: a code to decide by; message: for people."""

    participant: str
    jid: str | None
    done: bool
    error: str | None
    message: str | None
    whatsapp_error: int | None

    @classmethod
    def of(cls, result: ParticipantResult) -> ParticipantResultOut:
        """Return the answer for one participant."""
        error, message = (None, None) if result.done else _WHY.get(result.whatsapp_error or 0, _OTHERWISE)
        return cls(
            participant=result.participant,
            jid=result.jid,
            done=result.done,
            error=error,
            message=message,
            whatsapp_error=result.whatsapp_error,
        )


class ParticipantResultsOut(Out):
    """What became of each who was named."""

    success: Literal[True] = True
    results: list[ParticipantResultOut]

    @classmethod
    def of(cls, results: list[ParticipantResult]) -> ParticipantResultsOut:
        """Return the answer for several participants."""
        return cls(results=[ParticipantResultOut.of(one) for one in results])


class CreatedGroupOut(GroupOut):
    """A group that was made, and what became of each who was named."""

    results: list[ParticipantResultOut]

    @classmethod
    def made(cls, created: GroupCreateResult) -> CreatedGroupOut:
        """Return the answer for a new group."""
        results = [ParticipantResultOut.of(one) for one in created.results]
        return cls.model_validate({**cls.fields_of(created.group), "results": results})


class InviteOut(Out):
    """An invitation."""

    success: Literal[True] = True
    code: str
    url: str

    @classmethod
    def of(cls, invite: GroupInvite) -> InviteOut:
        """Return the answer for an invitation."""
        return cls(code=invite.code, url=invite.url)


class JoinedGroupOut(Out):
    """A group that was joined. pending: an admin has to agree first."""

    success: Literal[True] = True
    group_id: str | None
    pending: bool

    @classmethod
    def of(cls, joined: GroupJoinResult) -> JoinedGroupOut:
        """Return the answer for a group."""
        return cls(group_id=joined.group_id, pending=joined.pending)


class JoinRequestOut(Out):
    """Somebody who wants to join."""

    id: str
    phone_number: str | None
    requested_at: str | None

    @classmethod
    def of(cls, asking: JoinRequest) -> JoinRequestOut:
        """Return the answer for one who asks."""
        return cls(
            id=asking.id, phone_number=asking.phone_number, requested_at=iso_or_none(asking.requested_at_ms)
        )


class JoinRequestsOut(Out):
    """Who wants to join, oldest first."""

    success: Literal[True] = True
    requests: list[JoinRequestOut]
