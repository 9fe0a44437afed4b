"""number.*, contact.*, group.*, channel.*, label.*: whom one can write to."""

from __future__ import annotations

from control.rpc import contract_gen as contract
from control.rpc.calls import Calls


class DirectoryCalls(Calls):
    """The methods of number.*, contact.*, group.*, channel.* and label.*."""

    async def number_check(self, params: contract.NumberCheckParams) -> contract.NumberCheckResult:
        """Which numbers are on WhatsApp, and under which address.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`.
        """
        return await self._patient("number.check", params, contract.NumberCheckResult)

    async def contact_get(self, params: contract.ContactParams) -> contract.Contact:
        """What WhatsApp shows of a person.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `recipient_not_on_whatsapp`.
        """
        return await self._patient("contact.get", params, contract.Contact)

    async def contact_block(self, params: contract.ContactParams) -> contract.Done:
        """Blocks a person.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `recipient_not_on_whatsapp`.
        """
        return await self._patient("contact.block", params, contract.Done)

    async def contact_unblock(self, params: contract.ContactParams) -> contract.Done:
        """Unblocks a person.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `recipient_not_on_whatsapp`.
        """
        return await self._patient("contact.unblock", params, contract.Done)

    async def contact_blocked(self, params: contract.TenantParams) -> contract.BlockedResult:
        """Who is blocked.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`.
        """
        return await self._patient("contact.blocked", params, contract.BlockedResult)

    async def group_create(self, params: contract.GroupCreateParams) -> contract.GroupCreateResult:
        """Makes a group.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `recipient_not_on_whatsapp`.
        """
        return await self._patient("group.create", params, contract.GroupCreateResult)

    async def group_list(self, params: contract.GroupListParams) -> contract.GroupListResult:
        """The groups the number is in, from memory when they were asked for lately.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`.
        """
        return await self._patient("group.list", params, contract.GroupListResult)

    async def group_get(self, params: contract.GroupParams) -> contract.Group:
        """A group with its participants.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.get", params, contract.Group)

    async def group_update(self, params: contract.GroupUpdateParams) -> contract.Group:
        """Changes what is given of a group.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.update", params, contract.Group)

    async def group_set_picture(self, params: contract.GroupPictureParams) -> contract.Done:
        """Sets the picture of a group; without a file it is taken away.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`, `media_missing`.
        """
        return await self._patient("group.setPicture", params, contract.Done)

    async def group_update_participants(
        self, params: contract.GroupParticipantsParams
    ) -> contract.ParticipantsResult:
        """Adds, removes, promotes or demotes people.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.updateParticipants", params, contract.ParticipantsResult)

    async def group_invite(self, params: contract.GroupParams) -> contract.GroupInvite:
        """The invitation of a group.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.invite", params, contract.GroupInvite)

    async def group_revoke_invite(self, params: contract.GroupParams) -> contract.GroupInvite:
        """Makes the invitation worthless and gives a new one.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.revokeInvite", params, contract.GroupInvite)

    async def group_invite_info(self, params: contract.InviteParams) -> contract.Group:
        """What group an invitation leads to.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `invite_invalid`.
        """
        return await self._patient("group.inviteInfo", params, contract.Group)

    async def group_join(self, params: contract.InviteParams) -> contract.GroupJoinResult:
        """Joins a group by invitation.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `invite_invalid`.
        """
        return await self._patient("group.join", params, contract.GroupJoinResult)

    async def group_leave(self, params: contract.GroupParams) -> contract.Done:
        """Leaves a group.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`.
        """
        return await self._patient("group.leave", params, contract.Done)

    async def group_join_requests(self, params: contract.GroupParams) -> contract.JoinRequestsResult:
        """Who wants to join a group.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.joinRequests", params, contract.JoinRequestsResult)

    async def group_decide_join_requests(self, params: contract.GroupDecideParams) -> contract.ParticipantsResult:
        """Lets people in or refuses them.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `group_not_found`, `not_group_admin`.
        """
        return await self._patient("group.decideJoinRequests", params, contract.ParticipantsResult)

    async def channel_create(self, params: contract.ChannelCreateParams) -> contract.Channel:
        """Makes a channel.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`.
        """
        return await self._patient("channel.create", params, contract.Channel)

    async def channel_list(self, params: contract.TenantParams) -> contract.ChannelListResult:
        """The channels the number follows or owns.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`.
        """
        return await self._patient("channel.list", params, contract.ChannelListResult)

    async def channel_get(self, params: contract.ChannelGetParams) -> contract.Channel:
        """A channel, by its id or by the code of its link.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `channel_not_found`.
        """
        return await self._patient("channel.get", params, contract.Channel)

    async def channel_follow(self, params: contract.ChannelParams) -> contract.Done:
        """Follows a channel.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `channel_not_found`.
        """
        return await self._patient("channel.follow", params, contract.Done)

    async def channel_unfollow(self, params: contract.ChannelParams) -> contract.Done:
        """Follows a channel no longer.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `channel_not_found`.
        """
        return await self._patient("channel.unfollow", params, contract.Done)

    async def channel_messages(self, params: contract.ChannelMessagesParams) -> contract.ChannelMessagesResult:
        """The latest posts of a channel.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `channel_not_found`.
        """
        return await self._patient("channel.messages", params, contract.ChannelMessagesResult)

    async def label_list(self, params: contract.TenantParams) -> contract.LabelListResult:
        """The labels of a WhatsApp Business account, as far as its phone has told.

        Raises `session_not_found`.
        """
        return await self._answer("label.list", params, contract.LabelListResult)

    async def label_save(self, params: contract.LabelSaveParams) -> contract.Label:
        """Makes a label or changes one.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `label_not_found`.
        """
        return await self._patient("label.save", params, contract.Label)

    async def label_delete(self, params: contract.LabelParams) -> contract.Done:
        """Deletes a label.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `label_not_found`.
        """
        return await self._patient("label.delete", params, contract.Done)

    async def label_assign(self, params: contract.LabelAssignParams) -> contract.Done:
        """Puts a label on a chat or a message, or takes it off.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `label_not_found`.
        """
        return await self._patient("label.assign", params, contract.Done)
