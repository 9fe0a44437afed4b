"""Every operation of the API, by its name there. Generated from docs/openapi.json by `npm run clients`. Do not edit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal, cast

from whatsapp_gateway.call import File, quoted
from whatsapp_gateway.types_gen import (
    AllUsage,
    AuditPage,
    BatchDetails,
    BatchPage,
    BatchRequest,
    BlockedContacts,
    Channel,
    ChannelCreateInput,
    ChannelFollow,
    Channels,
    ChatInput,
    CheckedNumbers,
    ConnectLink,
    ConnectLinkInput,
    ConnectLinkRevoked,
    ConnectLinks,
    ConnectState,
    ConnectVisit,
    Contact,
    ContactBlock,
    CreatedGroup,
    DeadLetterPage,
    DeliveryPage,
    Done,
    EventPage,
    Group,
    GroupCreateInput,
    GroupPage,
    GroupPictureInput,
    GroupPreview,
    GroupUpdateInput,
    Health,
    Invite,
    JoinDecisionInput,
    JoinGroupInput,
    JoinRequests,
    JoinedGroup,
    Key,
    KeyChangeInput,
    KeyInput,
    KeyPage,
    KeyRevoked,
    KeyRotateInput,
    KeyShown,
    LabelAssignInput,
    LabelAssignment,
    LabelDetails,
    LabelInput,
    Labels,
    Live,
    MarkReadInput,
    MessageDetails,
    MessagePage,
    NumberCheckInput,
    OneTenant,
    PairingCode,
    PairingCodeInput,
    ParticipantResults,
    ParticipantsInput,
    Posts,
    PresenceInput,
    ProxyInput,
    QrCode,
    RawMessage,
    Ready,
    Recovery,
    RecoveryInput,
    Retry,
    Said,
    SayInput,
    ScanInput,
    Scanned,
    SecretRotationInput,
    SendLimits,
    SendLimitsInput,
    SendRequest,
    SentMessage,
    Session,
    SessionDeleted,
    SessionPage,
    SessionSettings,
    SessionSettingsInput,
    SessionStatus,
    SignedOut,
    StartSessionInput,
    StartedSession,
    StreamTicket,
    SuspendInput,
    TenantDeleted,
    TenantInput,
    TenantNow,
    TenantPage,
    TenantPatchInput,
    TenantUsage,
    Token,
    TokenInput,
    Webhook,
    WebhookAddInput,
    WebhookChangeInput,
    WebhookPage,
    WebhookRemoved,
    WebhookTest,
    WebhookWithSecret,
)


class AsyncOperations(ABC):
    """What the API can do."""

    @abstractmethod
    async def _json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: object = None,
        file: File | None = None,
    ) -> dict[str, Any]:
        """Return the JSON of a success."""

    @abstractmethod
    async def _bytes(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> bytes:
        """Return the body of a success."""

    async def start_session(self, tenant_id: str, body: StartSessionInput | None = None) -> StartedSession:
        """Start a session.

        Makes the tenant's session run and waits for the first QR code, or for the connection where the
        number was linked before. Starting a session that runs changes nothing and returns what is.
        `webhook` registers where its events go; without a body they go to the installation's webhook.

        Needs the scope `sessions:write`.
        """
        return cast(
            "StartedSession", await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/start", body=body)
        )

    async def get_session_status(self, tenant_id: str) -> SessionStatus:
        """Look at a session.

        The session as it is now, with the QR code or pairing code it can be linked by.

        Needs the scope `sessions:read`.
        """
        return cast("SessionStatus", await self._json("GET", f"/api/v1/sessions/{quoted(tenant_id)}/status"))

    async def get_qr_code(self, tenant_id: str) -> QrCode:
        """Get the QR code.

        The code that can be scanned now, waiting a moment for the next one, in the form that `Accept` or
        `format` asks for. A code is good for seconds: ask again when `expiresAt` has passed.

        Needs the scope `sessions:read`.
        """
        return cast("QrCode", await self._json("GET", f"/api/v1/sessions/{quoted(tenant_id)}/qr"))

    async def get_pairing_code(self, tenant_id: str, body: PairingCodeInput) -> PairingCode:
        """Get a pairing code.

        A code to type on the phone in place of scanning: WhatsApp, Linked devices, Link a device, Link with
        phone number instead. Starts the session if it does not run.

        Needs the scope `sessions:write`.
        """
        return cast(
            "PairingCode",
            await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/pairing-code", body=body),
        )

    async def restart_session(self, tenant_id: str) -> Session:
        """Restart a session.

        Connects anew and keeps the link.

        Needs the scope `sessions:write`.
        """
        return cast("Session", await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/restart"))

    async def stop_session(self, tenant_id: str) -> Session:
        """Stop a session.

        Closes the connection and keeps the link; start it to go on.

        Needs the scope `sessions:write`.
        """
        return cast("Session", await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/stop"))

    async def logout_session(self, tenant_id: str) -> Session:
        """Log a session out.

        Unlinks the device from the phone; the next start needs a scan.

        Needs the scope `sessions:write`.
        """
        return cast("Session", await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/logout"))

    async def delete_session(self, tenant_id: str) -> SessionDeleted:
        """Delete a session.

        Unlinks the device and destroys everything that is stored of the tenant.

        Needs the scope `sessions:write`.
        """
        return cast("SessionDeleted", await self._json("DELETE", f"/api/v1/sessions/{quoted(tenant_id)}"))

    async def set_proxy(self, tenant_id: str, body: ProxyInput) -> Session:
        """Connect through a proxy.

        Tests the proxy, keeps its address encrypted and connects through it from now on.

        Needs the scope `sessions:write`.
        """
        return cast("Session", await self._json("PUT", f"/api/v1/sessions/{quoted(tenant_id)}/proxy", body=body))

    async def remove_proxy(self, tenant_id: str) -> Session:
        """Connect directly.

        Forgets the proxy.

        Needs the scope `sessions:write`.
        """
        return cast("Session", await self._json("DELETE", f"/api/v1/sessions/{quoted(tenant_id)}/proxy"))

    async def list_sessions(self, *, after: str | None = None, limit: int | None = None) -> SessionPage:
        """List sessions.

        Sessions with their states in the order of `tenantId`, without codes to scan.

        Needs the scope `sessions:read`.
        """
        return cast(
            "SessionPage", await self._json("GET", "/api/v1/sessions", query={"after": after, "limit": limit})
        )

    async def get_limits(self, tenant_id: str) -> SendLimits:
        """Look at a session's limits.

        How its messages are spaced, what is used of each limit, and what WhatsApp restricts.

        Needs the scope `sessions:read`.
        """
        return cast("SendLimits", await self._json("GET", f"/api/v1/sessions/{quoted(tenant_id)}/limits"))

    async def set_limits(self, tenant_id: str, body: SendLimitsInput) -> SendLimits:
        """Choose how messages are spaced.

        `paced` protects the number best; `null` takes what the installation's settings say.

        Needs the scope `sessions:write`.
        """
        return cast(
            "SendLimits", await self._json("PUT", f"/api/v1/sessions/{quoted(tenant_id)}/limits", body=body)
        )

    async def get_session_settings(self, tenant_id: str) -> SessionSettings:
        """Look at a session's settings.

        What happens with files and calls, and which events there are at all.

        Needs the scope `sessions:read`.
        """
        return cast("SessionSettings", await self._json("GET", f"/api/v1/sessions/{quoted(tenant_id)}/settings"))

    async def change_session_settings(self, tenant_id: str, body: SessionSettingsInput) -> SessionSettings:
        """Change a session's settings.

        What is left out stays as it is.

        Needs the scope `sessions:write`.
        """
        return cast(
            "SessionSettings",
            await self._json("PATCH", f"/api/v1/sessions/{quoted(tenant_id)}/settings", body=body),
        )

    async def create_batch(
        self, tenant_id: str, body: BatchRequest, *, idempotency_key: str | None = None, file: File | None = None
    ) -> BatchDetails:
        """Send one message to many.

        Records a message for up to 1,000 recipients and sends it within the number's limits. `{{name}}` in
        a text stands for a variable of the recipient.

        Needs the scope `messages:send`.
        """
        return cast(
            "BatchDetails",
            await self._json(
                "POST",
                f"/api/v1/messages/{quoted(tenant_id)}/batch",
                headers={"Idempotency-Key": idempotency_key},
                body=body,
                file=file,
            ),
        )

    async def list_batches(
        self, tenant_id: str, *, before: str | None = None, limit: int | None = None
    ) -> BatchPage:
        """List batches.

        Batches, newest first.

        Needs the scope `messages:read`.
        """
        return cast(
            "BatchPage",
            await self._json(
                "GET", f"/api/v1/messages/{quoted(tenant_id)}/batches", query={"before": before, "limit": limit}
            ),
        )

    async def get_batch(self, tenant_id: str, batch_id: str) -> BatchDetails:
        """Look at a batch.

        How far it is: its messages by their state, and when it will be through.

        Needs the scope `messages:read`.
        """
        return cast(
            "BatchDetails",
            await self._json("GET", f"/api/v1/messages/{quoted(tenant_id)}/batches/{quoted(batch_id)}"),
        )

    async def list_batch_messages(
        self, tenant_id: str, batch_id: str, *, after: str | None = None, limit: int | None = None
    ) -> MessagePage:
        """List the messages of a batch.

        In the order of their recipients.

        Needs the scope `messages:read`.
        """
        return cast(
            "MessagePage",
            await self._json(
                "GET",
                f"/api/v1/messages/{quoted(tenant_id)}/batches/{quoted(batch_id)}/messages",
                query={"after": after, "limit": limit},
            ),
        )

    async def pause_batch(self, tenant_id: str, batch_id: str) -> BatchDetails:
        """Pause a batch.

        No more of its messages leave until it is resumed.

        Needs the scope `messages:send`.
        """
        return cast(
            "BatchDetails",
            await self._json("POST", f"/api/v1/messages/{quoted(tenant_id)}/batches/{quoted(batch_id)}/pause"),
        )

    async def resume_batch(self, tenant_id: str, batch_id: str) -> BatchDetails:
        """Resume a batch.

        Its messages leave again.

        Needs the scope `messages:send`.
        """
        return cast(
            "BatchDetails",
            await self._json("POST", f"/api/v1/messages/{quoted(tenant_id)}/batches/{quoted(batch_id)}/resume"),
        )

    async def cancel_batch(self, tenant_id: str, batch_id: str) -> BatchDetails:
        """Cancel a batch.

        Those of its messages that have not left are not sent.

        Needs the scope `messages:send`.
        """
        return cast(
            "BatchDetails",
            await self._json("POST", f"/api/v1/messages/{quoted(tenant_id)}/batches/{quoted(batch_id)}/cancel"),
        )

    async def send_message(
        self,
        tenant_id: str,
        body: SendRequest,
        *,
        wait: int | None = None,
        idempotency_key: str | None = None,
        file: File | None = None,
    ) -> SentMessage:
        """Send a message.

        Sends a message of any kind; `type` says which, and a text is what it is without one. The answer
        waits up to `wait` seconds for WhatsApp's server to take it. With an `Idempotency-Key` the request
        can be repeated at any time and the message is sent once. A file comes by `mediaUrl`, as
        `mediaBase64`, or as the part `file` of a multipart request whose other parts are the fields.

        Needs the scope `messages:send`.
        """
        return cast(
            "SentMessage",
            await self._json(
                "POST",
                f"/api/v1/messages/{quoted(tenant_id)}/send",
                query={"wait": wait},
                headers={"Idempotency-Key": idempotency_key},
                body=body,
                file=file,
            ),
        )

    async def list_messages(
        self,
        tenant_id: str,
        *,
        status: Literal["accepted", "sent", "delivered", "read", "played", "failed", "unknown"] | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> MessagePage:
        """List messages.

        Messages that were sent through this API, newest first.

        Needs the scope `messages:read`.
        """
        return cast(
            "MessagePage",
            await self._json(
                "GET",
                f"/api/v1/messages/{quoted(tenant_id)}",
                query={"status": status, "before": before, "limit": limit},
            ),
        )

    async def get_message(self, tenant_id: str, message_id: str) -> MessageDetails:
        """Look at a message.

        A message and all that is known of it; in a group also who has it.

        Needs the scope `messages:read`.
        """
        return cast(
            "MessageDetails", await self._json("GET", f"/api/v1/messages/{quoted(tenant_id)}/{quoted(message_id)}")
        )

    async def cancel_message(self, tenant_id: str, message_id: str) -> MessageDetails:
        """Take a message back.

        Cancels a message that has not left. One that WhatsApp has is deleted for everyone by sending a
        message of type `delete`.

        Needs the scope `messages:send`.
        """
        return cast(
            "MessageDetails",
            await self._json("DELETE", f"/api/v1/messages/{quoted(tenant_id)}/{quoted(message_id)}"),
        )

    async def get_raw_message(self, tenant_id: str, message_id: str) -> RawMessage:
        """Look at a message in WhatsApp's own words.

        The message as WhatsApp's protocol has it, which WhatsApp changes without notice.

        Needs the scope `messages:read`.
        """
        return cast(
            "RawMessage", await self._json("GET", f"/api/v1/messages/{quoted(tenant_id)}/{quoted(message_id)}/raw")
        )

    async def mark_read(self, tenant_id: str, body: MarkReadInput) -> Done:
        """Mark messages as read.

        The sender sees the blue ticks, if both sides have them switched on.

        Needs the scope `messages:send`.
        """
        return cast("Done", await self._json("POST", f"/api/v1/chats/{quoted(tenant_id)}/read", body=body))

    async def show_presence(self, tenant_id: str, body: PresenceInput) -> Done:
        """Show typing or recording.

        Ends by itself after `seconds`, or when a message is sent.

        Needs the scope `messages:send`.
        """
        return cast("Done", await self._json("POST", f"/api/v1/chats/{quoted(tenant_id)}/presence", body=body))

    async def follow_presence(self, tenant_id: str, body: ChatInput) -> Done:
        """Follow somebody's presence.

        For 24 hours `presence` events tell when they are online, type or record.

        Needs the scope `messages:send`.
        """
        return cast(
            "Done", await self._json("POST", f"/api/v1/chats/{quoted(tenant_id)}/follow-presence", body=body)
        )

    async def check_numbers(self, tenant_id: str, body: NumberCheckInput) -> CheckedNumbers:
        """Check which numbers are on WhatsApp.

        Answers in the order of the question, with the form by which WhatsApp knows each number.

        Needs the scope `contacts:read`.
        """
        return cast(
            "CheckedNumbers", await self._json("POST", f"/api/v1/numbers/{quoted(tenant_id)}/check", body=body)
        )

    async def list_blocked_contacts(self, tenant_id: str) -> BlockedContacts:
        """List who is blocked.

        By WhatsApp id.

        Needs the scope `contacts:read`.
        """
        return cast("BlockedContacts", await self._json("GET", f"/api/v1/contacts/{quoted(tenant_id)}/blocked"))

    async def get_contact(self, tenant_id: str, contact: str) -> Contact:
        """Look at a contact.

        What WhatsApp shows of a person to this number; `null` for what is hidden.

        Needs the scope `contacts:read`.
        """
        return cast("Contact", await self._json("GET", f"/api/v1/contacts/{quoted(tenant_id)}/{quoted(contact)}"))

    async def block_contact(self, tenant_id: str, contact: str) -> ContactBlock:
        """Block a contact.

        They can neither write to the number nor call it.

        Needs the scope `contacts:write`.
        """
        return cast(
            "ContactBlock",
            await self._json("POST", f"/api/v1/contacts/{quoted(tenant_id)}/{quoted(contact)}/block"),
        )

    async def unblock_contact(self, tenant_id: str, contact: str) -> ContactBlock:
        """Unblock a contact.

        They can write and call again.

        Needs the scope `contacts:write`.
        """
        return cast(
            "ContactBlock",
            await self._json("DELETE", f"/api/v1/contacts/{quoted(tenant_id)}/{quoted(contact)}/block"),
        )

    async def join_group(self, tenant_id: str, body: JoinGroupInput) -> JoinedGroup:
        """Join a group.

        By an invitation: its code, or the whole link.

        Needs the scope `groups:write`.
        """
        return cast("JoinedGroup", await self._json("POST", f"/api/v1/groups/{quoted(tenant_id)}/join", body=body))

    async def get_group_by_invite(self, tenant_id: str, code: str) -> GroupPreview:
        """Look at the group behind an invitation.

        Without joining it.

        Needs the scope `groups:read`.
        """
        return cast(
            "GroupPreview", await self._json("GET", f"/api/v1/groups/{quoted(tenant_id)}/invites/{quoted(code)}")
        )

    async def update_participants(
        self, tenant_id: str, group_id: str, body: ParticipantsInput
    ) -> ParticipantResults:
        """Add, remove, promote or demote members.

        `results` says what became of each who was named.

        Needs the scope `groups:write`.
        """
        return cast(
            "ParticipantResults",
            await self._json(
                "POST", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/participants", body=body
            ),
        )

    async def get_invite(self, tenant_id: str, group_id: str) -> Invite:
        """Get a group's invitation.

        The link by which people come in.

        Needs the scope `groups:read`.
        """
        return cast(
            "Invite", await self._json("GET", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/invite")
        )

    async def revoke_invite(self, tenant_id: str, group_id: str) -> Invite:
        """Replace a group's invitation.

        The link there was leads nowhere from now on; the answer has the new one.

        Needs the scope `groups:write`.
        """
        return cast(
            "Invite", await self._json("POST", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/invite")
        )

    async def list_join_requests(self, tenant_id: str, group_id: str) -> JoinRequests:
        """List who wants to join.

        Oldest first.

        Needs the scope `groups:read`.
        """
        return cast(
            "JoinRequests",
            await self._json("GET", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/join-requests"),
        )

    async def decide_join_requests(
        self, tenant_id: str, group_id: str, body: JoinDecisionInput
    ) -> ParticipantResults:
        """Let people in or turn them down.

        `results` says what became of each who was named.

        Needs the scope `groups:write`.
        """
        return cast(
            "ParticipantResults",
            await self._json(
                "POST", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/join-requests", body=body
            ),
        )

    async def list_groups(
        self,
        tenant_id: str,
        *,
        refresh: Literal["true", "false", "1", "0"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> GroupPage:
        """List groups.

        The groups the number is in, in the order of their ids. `fetchedAt`: how old that is.

        Needs the scope `groups:read`.
        """
        return cast(
            "GroupPage",
            await self._json(
                "GET",
                f"/api/v1/groups/{quoted(tenant_id)}",
                query={"refresh": refresh, "after": after, "limit": limit},
            ),
        )

    async def create_group(self, tenant_id: str, body: GroupCreateInput) -> CreatedGroup:
        """Make a group.

        `results` says what became of each who was named: some can only be invited.

        Needs the scope `groups:write`.
        """
        return cast("CreatedGroup", await self._json("POST", f"/api/v1/groups/{quoted(tenant_id)}", body=body))

    async def get_group(self, tenant_id: str, group_id: str) -> Group:
        """Look at a group.

        With everybody who is in it.

        Needs the scope `groups:read`.
        """
        return cast("Group", await self._json("GET", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}"))

    async def update_group(self, tenant_id: str, group_id: str, body: GroupUpdateInput) -> Group:
        """Change a group.

        What is left out stays as it is.

        Needs the scope `groups:write`.
        """
        return cast(
            "Group", await self._json("PATCH", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}", body=body)
        )

    async def leave_group(self, tenant_id: str, group_id: str) -> Done:
        """Leave a group.

        The group goes on without the number.

        Needs the scope `groups:write`.
        """
        return cast("Done", await self._json("DELETE", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}"))

    async def set_group_picture(
        self, tenant_id: str, group_id: str, body: GroupPictureInput, *, file: File | None = None
    ) -> Done:
        """Set a group's picture.

        By `mediaUrl`, `mediaBase64` or as the part `file` of a multipart request.

        Needs the scope `groups:write`.
        """
        return cast(
            "Done",
            await self._json(
                "PUT", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/picture", body=body, file=file
            ),
        )

    async def delete_group_picture(self, tenant_id: str, group_id: str) -> Done:
        """Take a group's picture away.

        The group has none then.

        Needs the scope `groups:write`.
        """
        return cast(
            "Done", await self._json("DELETE", f"/api/v1/groups/{quoted(tenant_id)}/{quoted(group_id)}/picture")
        )

    async def get_media(self, tenant_id: str, media_id: str, *, range: str | None = None) -> bytes:
        """Get a received file.

        The file of a received message, whole or in ranges, downloaded from WhatsApp if it is not here yet.
        Where files are kept in a bucket the answer is a redirect to it.

        Needs the scope `events:read`.
        """
        return await self._bytes(
            "GET", f"/api/v1/media/{quoted(tenant_id)}/{quoted(media_id)}", headers={"Range": range}
        )

    async def list_events(
        self, tenant_id: str, *, after: str | None = None, limit: int | None = None, wait: int | None = None
    ) -> EventPage:
        """Fetch events.

        Events after a cursor, oldest first, with the very bodies of the webhooks. With `wait` an empty page
        waits for the next event. `gap` says that events between the cursor and this page are gone.

        Needs the scope `events:read`.
        """
        return cast(
            "EventPage",
            await self._json(
                "GET", f"/api/v1/events/{quoted(tenant_id)}", query={"after": after, "limit": limit, "wait": wait}
            ),
        )

    async def create_stream_ticket(self, tenant_id: str) -> StreamTicket:
        """Get a ticket for a stream.

        Browsers send no headers with a stream: the ticket opens one in the address, once.

        Needs the scope `events:read`.
        """
        return cast("StreamTicket", await self._json("POST", f"/api/v1/events/{quoted(tenant_id)}/tickets"))

    async def list_channels(self, tenant_id: str) -> Channels:
        """List channels.

        The channels the number follows or owns.

        Needs the scope `channels:read`.
        """
        return cast("Channels", await self._json("GET", f"/api/v1/channels/{quoted(tenant_id)}"))

    async def create_channel(self, tenant_id: str, body: ChannelCreateInput) -> Channel:
        """Make a channel.

        A post is a message sent to the channel's id.

        Needs the scope `channels:write`.
        """
        return cast("Channel", await self._json("POST", f"/api/v1/channels/{quoted(tenant_id)}", body=body))

    async def get_channel_by_invite(self, tenant_id: str, code: str) -> Channel:
        """Find a channel by its link.

        `code` is the end of the channel's link.

        Needs the scope `channels:read`.
        """
        return cast(
            "Channel", await self._json("GET", f"/api/v1/channels/{quoted(tenant_id)}/invites/{quoted(code)}")
        )

    async def get_channel(self, tenant_id: str, channel_id: str) -> Channel:
        """Look at a channel.

        Its name, its link and how many follow it.

        Needs the scope `channels:read`.
        """
        return cast(
            "Channel", await self._json("GET", f"/api/v1/channels/{quoted(tenant_id)}/{quoted(channel_id)}")
        )

    async def follow_channel(self, tenant_id: str, channel_id: str) -> ChannelFollow:
        """Follow a channel.

        Its posts come as `message` events, if the session's settings want them.

        Needs the scope `channels:write`.
        """
        return cast(
            "ChannelFollow",
            await self._json("POST", f"/api/v1/channels/{quoted(tenant_id)}/{quoted(channel_id)}/follow"),
        )

    async def unfollow_channel(self, tenant_id: str, channel_id: str) -> ChannelFollow:
        """Stop following a channel.

        No more of its posts come.

        Needs the scope `channels:write`.
        """
        return cast(
            "ChannelFollow",
            await self._json("DELETE", f"/api/v1/channels/{quoted(tenant_id)}/{quoted(channel_id)}/follow"),
        )

    async def list_posts(
        self, tenant_id: str, channel_id: str, *, before: str | None = None, limit: int | None = None
    ) -> Posts:
        """List the posts of a channel.

        Newest first, with views and reactions.

        Needs the scope `channels:read`.
        """
        return cast(
            "Posts",
            await self._json(
                "GET",
                f"/api/v1/channels/{quoted(tenant_id)}/{quoted(channel_id)}/messages",
                query={"before": before, "limit": limit},
            ),
        )

    async def list_labels(self, tenant_id: str) -> Labels:
        """List labels.

        Labels of WhatsApp Business, in the order of their ids.

        Needs the scope `labels:read`.
        """
        return cast("Labels", await self._json("GET", f"/api/v1/labels/{quoted(tenant_id)}"))

    async def create_label(self, tenant_id: str, body: LabelInput) -> LabelDetails:
        """Make a label.

        It appears in the WhatsApp Business app on the phone.

        Needs the scope `labels:write`.
        """
        return cast("LabelDetails", await self._json("POST", f"/api/v1/labels/{quoted(tenant_id)}", body=body))

    async def update_label(self, tenant_id: str, label_id: str, body: LabelInput) -> LabelDetails:
        """Change a label.

        Gives it another name and colour.

        Needs the scope `labels:write`.
        """
        return cast(
            "LabelDetails",
            await self._json("PUT", f"/api/v1/labels/{quoted(tenant_id)}/{quoted(label_id)}", body=body),
        )

    async def delete_label(self, tenant_id: str, label_id: str) -> Done:
        """Delete a label.

        It is taken off all chats and messages too.

        Needs the scope `labels:write`.
        """
        return cast("Done", await self._json("DELETE", f"/api/v1/labels/{quoted(tenant_id)}/{quoted(label_id)}"))

    async def assign_label(self, tenant_id: str, label_id: str, body: LabelAssignInput) -> LabelAssignment:
        """Label a chat or message.

        Puts the label on a chat, or on one message in it, or takes it off.

        Needs the scope `labels:write`.
        """
        return cast(
            "LabelAssignment",
            await self._json("POST", f"/api/v1/labels/{quoted(tenant_id)}/{quoted(label_id)}/assign", body=body),
        )

    async def list_webhooks(self, tenant_id: str) -> WebhookPage:
        """List webhooks.

        All of the tenant and how they stand, oldest first.

        Needs the scope `webhooks:read`.
        """
        return cast("WebhookPage", await self._json("GET", f"/api/v1/webhooks/{quoted(tenant_id)}"))

    async def add_webhook(self, tenant_id: str, body: WebhookAddInput) -> WebhookWithSecret:
        """Add a webhook.

        Its events begin now. Without a `secret` one is made, which is in this answer and in no other. How
        to check signatures: docs/webhooks.md.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "WebhookWithSecret", await self._json("POST", f"/api/v1/webhooks/{quoted(tenant_id)}", body=body)
        )

    async def get_webhook(self, tenant_id: str, webhook_id: str) -> Webhook:
        """Look at a webhook.

        Whether it is healthy, what waits for it and why it failed last.

        Needs the scope `webhooks:read`.
        """
        return cast(
            "Webhook", await self._json("GET", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}")
        )

    async def change_webhook(self, tenant_id: str, webhook_id: str, body: WebhookChangeInput) -> Webhook:
        """Change a webhook.

        What is left out stays as it is.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "Webhook",
            await self._json("PATCH", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}", body=body),
        )

    async def remove_webhook(self, tenant_id: str, webhook_id: str) -> WebhookRemoved:
        """Remove a webhook.

        With the events that wait for it.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "WebhookRemoved",
            await self._json("DELETE", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}"),
        )

    async def rotate_webhook_secret(
        self, tenant_id: str, webhook_id: str, body: SecretRotationInput | None = None
    ) -> WebhookWithSecret:
        """Give a webhook a new secret.

        The secret before signs too until the overlap ends, so that no event is refused.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "WebhookWithSecret",
            await self._json(
                "POST", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/rotate-secret", body=body
            ),
        )

    async def enable_webhook(self, tenant_id: str, webhook_id: str) -> Webhook:
        """Enable a webhook.

        One that was disabled, by hand or because it failed for long. What waits is sent.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "Webhook",
            await self._json("POST", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/enable"),
        )

    async def create_connect_link(self, tenant_id: str, body: ConnectLinkInput | None = None) -> ConnectLink:
        """Make a connect link.

        An address for your own customer: a page with the live QR code, or a pairing code for the number
        they type, in your name and colour, and nothing else. `url` is shown in this answer only. Nothing is
        started before the link is opened. It ends by its time, when it is revoked, ten minutes after the
        number was connected, and with its tenant.

        Needs the scope `sessions:write`.
        """
        return cast(
            "ConnectLink",
            await self._json("POST", f"/api/v1/sessions/{quoted(tenant_id)}/connect-link", body=body),
        )

    async def list_connect_links(self, tenant_id: str) -> ConnectLinks:
        """List connect links.

        Those that are neither over nor revoked, at most 50, without their addresses.

        Needs the scope `sessions:read`.
        """
        return cast("ConnectLinks", await self._json("GET", f"/api/v1/sessions/{quoted(tenant_id)}/connect-links"))

    async def revoke_connect_link(self, tenant_id: str, link_id: str) -> ConnectLinkRevoked:
        """Revoke a connect link.

        It opens nothing from now on, and pages that it opened are told within seconds.

        Needs the scope `sessions:write`.
        """
        return cast(
            "ConnectLinkRevoked",
            await self._json("DELETE", f"/api/v1/sessions/{quoted(tenant_id)}/connect-links/{quoted(link_id)}"),
        )

    async def open_connect_link(self) -> ConnectVisit:
        """Open a connect link.

        For the connect page: takes the token that stands behind the # of a connect link and answers with
        the one that the page's other addresses take. Counts as a use of the link.

        Needs the token of a connect link; no key opens it.
        """
        return cast("ConnectVisit", await self._json("POST", "/api/v1/connect/visits"))

    async def start_by_connect_link(self) -> ConnectState:
        """Start the session of a connect link.

        For the connect page: makes the session run where it does not, and says how it is.

        Needs the token of a connect link; no key opens it.
        """
        return cast("ConnectState", await self._json("POST", "/api/v1/connect/start"))

    async def get_pairing_code_by_connect_link(self, body: PairingCodeInput) -> ConnectState:
        """Get a pairing code by a connect link.

        For the connect page: a code to type on the phone with this number; ten by each link.

        Needs the token of a connect link; no key opens it.
        """
        return cast("ConnectState", await self._json("POST", "/api/v1/connect/pairing-code", body=body))

    async def get_connect_state(self) -> ConnectState:
        """Look at a connect link's session.

        For the connect page: what it shows now.

        Needs the token of a connect link; no key opens it.
        """
        return cast("ConnectState", await self._json("GET", "/api/v1/connect/state"))

    async def create_token(self, body: TokenInput | None = None) -> Token:
        """Sign in, or renew a token.

        With an API key: a token that may do for 15 minutes what the key may do, or less where `tenants` or
        `scopes` say so. With a token: another one for 15 minutes, until 12 hours after the sign-in. A token
        ends with its key. For pages in browsers, which should not keep a key.

        Needs a key or token, whatever its scopes.
        """
        return cast("Token", await self._json("POST", "/api/v1/tokens", body=body))

    async def sign_out(self) -> SignedOut:
        """Sign out.

        Ends the token this is asked with and every other of the same sign-in, at once.

        Needs a key or token, whatever its scopes.
        """
        return cast("SignedOut", await self._json("DELETE", "/api/v1/tokens/current"))

    async def create_tenant(self, body: TenantInput) -> OneTenant:
        """Create a tenant.

        Where `TENANT_CREATION` is `open`, a tenant's first start creates it too, with the installation's
        quotas. Takes a key that is bound to no tenant, such as the operator's.

        Needs the scope `tenants:write`.
        """
        return cast("OneTenant", await self._json("POST", "/api/v1/tenants", body=body))

    async def list_tenants(self, *, after: str | None = None, limit: int | None = None) -> TenantPage:
        """List tenants.

        In the order of their ids; a key that is bound to tenants sees those.

        Needs the scope `tenants:read`.
        """
        return cast(
            "TenantPage", await self._json("GET", "/api/v1/tenants", query={"after": after, "limit": limit})
        )

    async def get_tenant(self, tenant_id: str) -> TenantNow:
        """Look at a tenant.

        With its quotas and what it uses of them now.

        Needs the scope `tenants:read`.
        """
        return cast("TenantNow", await self._json("GET", f"/api/v1/tenants/{quoted(tenant_id)}"))

    async def change_tenant(self, tenant_id: str, body: TenantPatchInput) -> OneTenant:
        """Change a tenant.

        What is left out stays as it is; `labels` replaces all of them, and a quota that is `null` is the
        installation's again. Quotas take a key that is bound to no tenant.

        Needs the scope `tenants:write`.
        """
        return cast("OneTenant", await self._json("PATCH", f"/api/v1/tenants/{quoted(tenant_id)}", body=body))

    async def delete_tenant(self, tenant_id: str) -> TenantDeleted:
        """Delete a tenant.

        With everything it owns: its number is unlinked, and its messages, events, webhooks, files, keys,
        usage and quotas are gone, here and in the bucket for media. After an error ask again: the rest is
        done then. Takes a key that is bound to no tenant, such as the operator's.

        Needs the scope `tenants:write`.
        """
        return cast("TenantDeleted", await self._json("DELETE", f"/api/v1/tenants/{quoted(tenant_id)}"))

    async def suspend_tenant(self, tenant_id: str, body: SuspendInput | None = None) -> OneTenant:
        """Suspend a tenant.

        Its keys are answered `tenant_suspended`, its number is disconnected and nothing leaves; the
        pairing, its data and what waits are kept. Takes a key that is bound to no tenant, such as the
        operator's.

        Needs the scope `tenants:write`.
        """
        return cast(
            "OneTenant", await self._json("POST", f"/api/v1/tenants/{quoted(tenant_id)}/suspend", body=body)
        )

    async def resume_tenant(self, tenant_id: str) -> OneTenant:
        """Resume a tenant.

        Its number connects again if it did when the tenant was suspended. Takes a key that is bound to no
        tenant, such as the operator's.

        Needs the scope `tenants:write`.
        """
        return cast("OneTenant", await self._json("POST", f"/api/v1/tenants/{quoted(tenant_id)}/resume"))

    async def get_tenant_usage(
        self, tenant_id: str, *, from_: str | None = None, to: str | None = None
    ) -> TenantUsage:
        """Look at a tenant's usage.

        Day by day, for the last 400 days.

        Needs the scope `tenants:read`.
        """
        return cast(
            "TenantUsage",
            await self._json("GET", f"/api/v1/tenants/{quoted(tenant_id)}/usage", query={"from": from_, "to": to}),
        )

    async def list_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> AllUsage:
        """Look at everybody's usage.

        The total of each tenant in a time; a key that is bound to tenants sees those.

        Needs the scope `tenants:read`.
        """
        return cast(
            "AllUsage",
            await self._json(
                "GET", "/api/v1/usage", query={"from": from_, "to": to, "after": after, "limit": limit}
            ),
        )

    async def test_webhook(self, tenant_id: str, webhook_id: str) -> WebhookTest:
        """Test a webhook.

        Sends a test event now and says what became of it.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "WebhookTest",
            await self._json("POST", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/test"),
        )

    async def list_deliveries(
        self,
        tenant_id: str,
        webhook_id: str,
        *,
        status: Literal["delivered", "failed"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> DeliveryPage:
        """List delivery attempts.

        The last ones, newest first, with what the application answered to those that failed.

        Needs the scope `webhooks:read`.
        """
        return cast(
            "DeliveryPage",
            await self._json(
                "GET",
                f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/deliveries",
                query={"status": status, "after": after, "limit": limit},
            ),
        )

    async def list_dead_letters(
        self, tenant_id: str, webhook_id: str, *, after: str | None = None, limit: int | None = None
    ) -> DeadLetterPage:
        """List events that were given up.

        Newest first, each as it would have been sent.

        Needs the scope `webhooks:read`.
        """
        return cast(
            "DeadLetterPage",
            await self._json(
                "GET",
                f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/dead-letters",
                query={"after": after, "limit": limit},
            ),
        )

    async def retry_delivery(self, tenant_id: str, webhook_id: str, event_id: str) -> Retry:
        """Send one event again.

        Whether it was delivered, given up or waits.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "Retry",
            await self._json(
                "POST",
                f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/deliveries/{quoted(event_id)}/retry",
            ),
        )

    async def recover_deliveries(self, tenant_id: str, webhook_id: str, body: RecoveryInput) -> Recovery:
        """Send many events again.

        Those of a time that were given up, or all. When `complete` is false, ask again with `continueFrom`
        as `since`.

        Needs the scope `webhooks:write`.
        """
        return cast(
            "Recovery",
            await self._json(
                "POST", f"/api/v1/webhooks/{quoted(tenant_id)}/{quoted(webhook_id)}/recover", body=body
            ),
        )

    async def list_keys(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        tenant_id: str | None = None,
        created_by: str | None = None,
    ) -> KeyPage:
        """List API keys.

        In the order of their ids. A key that is bound to tenants sees those bound within them.

        Needs the scope `keys:read`.
        """
        return cast(
            "KeyPage",
            await self._json(
                "GET",
                "/api/v1/keys",
                query={"after": after, "limit": limit, "tenantId": tenant_id, "createdBy": created_by},
            ),
        )

    async def create_key(self, body: KeyInput) -> KeyShown:
        """Make an API key.

        `key` in the answer is shown this once. `tenants: null` opens all tenants there are and will be.
        Nobody can give more than they have: the tenants, scopes and life of the new key lie within those of
        the key that makes it.

        Needs the scope `keys:write`.
        """
        return cast("KeyShown", await self._json("POST", "/api/v1/keys", body=body))

    async def get_key(self, key_id: str) -> Key:
        """Look at an API key.

        What it opens, when it was used last, and whether it still works.

        Needs the scope `keys:read`.
        """
        return cast("Key", await self._json("GET", f"/api/v1/keys/{quoted(key_id)}"))

    async def change_key(self, key_id: str, body: KeyChangeInput) -> Key:
        """Change an API key.

        What is left out stays as it is. It holds from the next request on.

        Needs the scope `keys:write`.
        """
        return cast("Key", await self._json("PATCH", f"/api/v1/keys/{quoted(key_id)}", body=body))

    async def revoke_key(self, key_id: str) -> KeyRevoked:
        """Revoke an API key.

        It opens nothing any more, at once and for good, and can still be seen for 90 days.
        `disk_unavailable` says that it is revoked, but not on disk yet: ask again.

        Needs the scope `keys:write`.
        """
        return cast("KeyRevoked", await self._json("DELETE", f"/api/v1/keys/{quoted(key_id)}"))

    async def rotate_key(self, key_id: str, body: KeyRotateInput | None = None) -> KeyShown:
        """Rotate an API key.

        Gives the key a new secret, shown this once; id, tenants and scopes stay. The one before opens for
        `overlapSeconds` more, a day when left out; one still open from a rotation before ends now.

        Needs the scope `keys:write`.
        """
        return cast("KeyShown", await self._json("POST", f"/api/v1/keys/{quoted(key_id)}/rotate", body=body))

    async def list_audit_entries(
        self,
        *,
        tenant_id: str | None = None,
        key_id: str | None = None,
        action: str | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> AuditPage:
        """Read the audit log.

        Who did what, newest first; oldest first with `after`. Reading is not in it. A key that is bound to
        tenants sees what was done to these, with networks in place of addresses. How long it is kept stands
        in docs/keys.md.

        Needs the scope `audit:read`.
        """
        return cast(
            "AuditPage",
            await self._json(
                "GET",
                "/api/v1/audit",
                query={
                    "tenantId": tenant_id,
                    "keyId": key_id,
                    "action": action,
                    "after": after,
                    "before": before,
                    "limit": limit,
                },
            ),
        )

    async def get_health(self) -> Health:
        """See how everything is.

        Always 200 while the process lives; `degraded` names the parts that are not well.

        Needs no key.
        """
        return cast("Health", await self._json("GET", "/health"))

    async def get_liveness(self) -> Live:
        """See whether the process lives.

        For supervisors: asks nothing else.

        Needs no key.
        """
        return cast("Live", await self._json("GET", "/health/live"))

    async def get_readiness(self) -> Ready:
        """See whether requests can be served.

        For load balancers.

        Needs no key.
        """
        return cast("Ready", await self._json("GET", "/health/ready"))

    async def get_metrics(self) -> bytes:
        """Read the metrics.

        For Prometheus, with METRICS_TOKEN or the operator's key as `Authorization: Bearer`; every figure is
        explained in docs/metrics.md. Answers while the bridge or Redis is down as well.

        Needs the scope `metrics:read`.
        """
        return await self._bytes("GET", "/metrics")

    async def get_open_api(self) -> dict[str, Any]:
        """Get this document.

        The OpenAPI 3.1 of this version of the gateway, to generate clients from.

        Needs no key.
        """
        return await self._json("GET", "/openapi.json")

    async def scan_in_sandbox(self, tenant_id: str, body: ScanInput | None = None) -> Scanned:
        """Let a mock phone scan the QR code.

        Links the tenant's number in the sandbox. With real WhatsApp this address is not there.

        Needs the scope `installation`.
        """
        return cast("Scanned", await self._json("POST", f"/api/v1/sandbox/{quoted(tenant_id)}/scan", body=body))

    async def say_in_sandbox(self, tenant_id: str, body: SayInput) -> Said:
        """Let a mock contact write.

        The tenant's number gets a message from the contact, as it would from a person. With real WhatsApp
        this address is not there.

        Needs the scope `installation`.
        """
        return cast("Said", await self._json("POST", f"/api/v1/sandbox/{quoted(tenant_id)}/say", body=body))
