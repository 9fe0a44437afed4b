"""The shapes of the API, as dictionaries with known keys. Generated from docs/openapi.json by `npm run clients`. Do not edit."""

from __future__ import annotations
from typing import Any, Literal, NotRequired, TypeAlias
from typing_extensions import TypedDict


class Ad(TypedDict, closed=True):
    """
    The advertisement a chat began with.
    """

    title: NotRequired[str | None]
    body: NotRequired[str | None]
    sourceUrl: NotRequired[str | None]
    sourceId: NotRequired[str | None]
    sourceType: NotRequired[str | None]
    clickId: NotRequired[str | None]


class AuditEntry(TypedDict):
    """
    What was done, or refused. count: how often, from `at` to `until`, where the same is counted.

    kind: operator, key, token, ticket, connect_link, or nobody. address: the IP address; its network for keys that
    are bound to tenants. action: the operationId, `authenticate` where nobody was let in. status: 0 when the
    request had no answer.
    """

    id: str
    at: str
    until: str | None
    count: int
    kind: str
    keyId: str | None
    address: str | None
    method: str
    route: str | None
    action: str | None
    tenantId: str | None
    target: str | None
    status: int
    requestId: str | None


class AuditPage(TypedDict):
    """
    Entries, newest first; oldest first with `after`. next: where that direction goes on; null at its end.

    A page may be short or empty and have a next one: only so many entries are looked at for one.
    """

    entries: list[AuditEntry]
    next: str | None


class Batch(TypedDict):
    """
    One message for many, and how far it is. counts: messages by their status.
    """

    batchId: str
    state: str
    total: int
    duplicates: int
    counts: dict[str, int]
    createdAt: str
    sendAt: str | None
    expiresAt: str | None
    expectedEndAt: str | None


class BatchDetails(TypedDict):
    """
    A batch on its own.
    """

    batchId: str
    state: str
    total: int
    duplicates: int
    counts: dict[str, int]
    createdAt: str
    sendAt: str | None
    expiresAt: str | None
    expectedEndAt: str | None
    success: Literal[True]


Mentions: TypeAlias = str


Mentions1Item: TypeAlias = str


Mentions1: TypeAlias = list[Mentions1Item]


Mentions2: TypeAlias = str


Mentions3Item: TypeAlias = str


Mentions3: TypeAlias = list[Mentions3Item]


Mentions4: TypeAlias = str


Mentions5Item: TypeAlias = str


Mentions5: TypeAlias = list[Mentions5Item]


class BatchPage(TypedDict):
    """
    Batches. next: what to ask for the next page with; null on the last.
    """

    success: Literal[True]
    batches: list[Batch]
    next: str | None


Option: TypeAlias = str


Mentions6: TypeAlias = str


Mentions7Item: TypeAlias = str


Mentions7: TypeAlias = list[Mentions7Item]


Mentions8: TypeAlias = str


Mentions9Item: TypeAlias = str


Mentions9: TypeAlias = list[Mentions9Item]


class BlockedContacts(TypedDict):
    """
    Who is blocked, by WhatsApp id.
    """

    success: Literal[True]
    contacts: list[str]


class Bucket(TypedDict):
    """
    One limit. freeAt: when there is room again, null while there is.
    """

    name: str
    limit: int
    used: int
    freeAt: str | None


class Business(TypedDict):
    """
    What a business says of itself.
    """

    description: str | None
    category: str | None
    email: str | None
    address: str | None
    websites: list[str]


class ButtonReply(TypedDict, closed=True):
    """
    A button or list row that was chosen.
    """

    buttonId: str
    title: NotRequired[str | None]
    messageId: NotRequired[str | None]


Cause: TypeAlias = Literal[
    "not_scanned",
    "passkey_required",
    "phone_outdated",
    "refused_by_whatsapp",
    "whatsapp_unreachable",
    "service_trouble",
]


class Channel(TypedDict):
    """
    One channel.
    """

    channelId: str
    name: str
    description: str | None
    inviteCode: str | None
    url: str | None
    followers: int | None
    verified: bool | None
    role: str | None
    createdAt: str | None
    success: Literal[True]


class ChannelCreateInput(TypedDict, closed=True):
    """
    Body of POST /api/v1/channels/{tenantId}.
    """

    name: str
    description: NotRequired[str | None]


class ChannelFollow(TypedDict):
    """
    Whether a channel is followed now.
    """

    success: Literal[True]
    following: bool


class ChannelSummary(TypedDict):
    """
    A channel; null for what WhatsApp does not say. role: what this number is in it.
    """

    channelId: str
    name: str
    description: str | None
    inviteCode: str | None
    url: str | None
    followers: int | None
    verified: bool | None
    role: str | None
    createdAt: str | None


class Channels(TypedDict):
    """
    The channels a number follows or owns.
    """

    success: Literal[True]
    channels: list[ChannelSummary]


class ChatInput(TypedDict, closed=True):
    """
    A chat: `chatId` as events name it, or `to` as for a send. One of them.
    """

    chatId: NotRequired[str | None]
    to: NotRequired[str | None]


class CheckedNumber(TypedDict):
    """
    One number. whatsapp_number: the form WhatsApp knows it by, which may differ; jid, lid: to write to.
    """

    number: str
    exists: bool
    whatsappNumber: str | None
    jid: str | None
    lid: str | None


class CheckedNumbers(TypedDict):
    """
    The numbers, in the order they were asked.
    """

    success: Literal[True]
    numbers: list[CheckedNumber]


class ConnectBrand(TypedDict):
    """
    How the page looks. color: `#rrggbb`. logo: a data URL.
    """

    name: str | None
    color: str | None
    logo: str | None


class ConnectBrandInput(TypedDict, closed=True):
    """
    How the page looks. color: of its button. logo: a PNG or JPEG as a data URL: the page loads nothing.
    """

    name: NotRequired[str | None]
    color: NotRequired[str | None]
    logo: NotRequired[str | None]


class ConnectBrandShown(TypedDict):
    """
    A link's brand. hasLogo: the picture itself is shown on the page only.
    """

    name: str | None
    color: str | None
    hasLogo: bool


class ConnectLinkRevoked(TypedDict):
    """
    A link that opens nothing any more.
    """

    success: Literal[True]
    revoked: Literal[True]
    id: str


ConnectLinkStatus: TypeAlias = Literal["open", "connected", "used", "finished"]


ConnectMethod: TypeAlias = Literal["qr", "code", "both"]


class ConnectVisit(TypedDict):
    """
    An opened link. visit: what the other addresses of the page want in `Authorization: Bearer`, until then.
    """

    visit: str
    expiresAt: str
    method: ConnectMethod
    language: str | None
    brand: ConnectBrand
    returnUrl: str | None


class ConnectionHealth(TypedDict, closed=True):
    """
    What is heard on the connections of sessions that are connected. WhatsApp answers a keepalive every 30 seconds whether or not it has anything to say.
    """

    connected: int
    unanswered: int
    silent: int
    longestSilenceMs: NotRequired[int | None]


class Contact(TypedDict):
    """
    A person as WhatsApp shows them to this number; null for what is hidden or not known.
    """

    success: Literal[True]
    phoneNumber: str | None
    jid: str | None
    lid: str | None
    name: str | None
    about: str | None
    aboutSetAt: str | None
    pictureUrl: str | None
    business: Business | None
    isBlocked: bool


class ContactBlock(TypedDict):
    """
    Whether somebody is blocked now.
    """

    success: Literal[True]
    isBlocked: bool


class ContactCard(TypedDict, closed=True):
    """
    A contact as a vCard.
    """

    displayName: str
    vcard: str


Phone: TypeAlias = str


class ContactInput(TypedDict, closed=True):
    """
    {"name","phones":[…]} of which a card is made, or {"displayName","vcard"} with one that exists.
    """

    name: NotRequired[str | None]
    phones: NotRequired[list[Phone] | None]
    organization: NotRequired[str | None]
    email: NotRequired[str | None]
    displayName: NotRequired[str | None]
    vcard: NotRequired[str | None]


class DeadLetter(TypedDict):
    """
    An event that was given up, as it would have been sent. lane: its chat, or `session`.
    """

    eventId: str
    type: str
    lane: str
    givenUpAt: str
    reason: str
    attempts: int
    event: dict[str, Any]


class DeadLetterPage(TypedDict):
    """
    Dead letters, newest first. next: give it as `after` for the next page; null on the last.
    """

    deadLetters: list[DeadLetter]
    next: str | None


class DeliveryAttempt(TypedDict):
    """
    One attempt. answer: the beginning of what a failed one was answered.
    """

    eventId: str
    type: str
    at: str
    attempt: int
    delivered: bool
    reason: str
    status: int | None
    milliseconds: int
    answer: str | None


class DeliveryPage(TypedDict):
    """
    Attempts, newest first. next: give it as `after` for the next page; null on the last.
    """

    deliveries: list[DeliveryAttempt]
    next: str | None


class Done(TypedDict):
    """
    It was done.
    """

    success: Literal[True]


class Failure(TypedDict, closed=True):
    """
    Why a message failed.
    """

    code: str
    whatsappError: int | None


class FieldError(TypedDict):
    """
    What is wrong with one field or parameter.
    """

    field: str
    message: str


class Gap(TypedDict):
    """
    The pause between two messages, in milliseconds.
    """

    min: int
    median: int
    max: int


class GatheringResponse(TypedDict, closed=True):
    """
    Somebody's answer to an event.
    """

    eventMessageId: str
    response: Literal["going", "not_going", "maybe", "unknown"]
    known: bool


Participant1: TypeAlias = str


class GroupCreateInput(TypedDict, closed=True):
    """
    Body of POST /api/v1/groups/{tenantId}.
    """

    subject: str
    participants: list[Participant1]


class GroupInvite(TypedDict, closed=True):
    """
    An invitation to a group.
    """

    groupId: str
    code: str
    subject: NotRequired[str | None]
    expiresAt: NotRequired[str | None]


class GroupPictureInput(TypedDict, closed=True):
    """
    Body of PUT …/picture without a file in it: where the picture is.
    """

    mediaUrl: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class GroupPreview(TypedDict):
    """
    The group behind an invitation.
    """

    groupId: str
    subject: str
    description: str | None
    ownerId: str | None
    createdAt: str | None
    size: int
    onlyAdminsSend: bool
    onlyAdminsEdit: bool
    memberAddMode: str
    joinApproval: bool
    disappearingSeconds: int | None
    isCommunity: bool
    communityId: str | None
    success: Literal[True]


class GroupSummary(TypedDict):
    """
    A group in a list or a preview. disappearing_seconds: null when messages stay.
    """

    groupId: str
    subject: str
    description: str | None
    ownerId: str | None
    createdAt: str | None
    size: int
    onlyAdminsSend: bool
    onlyAdminsEdit: bool
    memberAddMode: str
    joinApproval: bool
    disappearingSeconds: int | None
    isCommunity: bool
    communityId: str | None


class GroupUpdateInput(TypedDict, closed=True):
    """
    Body of PATCH: what is given is changed. description: empty takes it away. disappearing_seconds: 0 never.
    """

    subject: NotRequired[str | None]
    description: NotRequired[str | None]
    onlyAdminsSend: NotRequired[bool | None]
    onlyAdminsEdit: NotRequired[bool | None]
    memberAddMode: NotRequired[Literal["admins", "all"] | None]
    joinApproval: NotRequired[bool | None]
    disappearingSeconds: NotRequired[int | None]


class Invite(TypedDict):
    """
    An invitation.
    """

    success: Literal[True]
    code: str
    url: str


class JoinDecisionInput(TypedDict, closed=True):
    """
    Body of POST …/join-requests.
    """

    decision: Literal["approve", "reject"]
    participants: list[Participant1]


class JoinGroupInput(TypedDict, closed=True):
    """
    Body of POST …/join: the code of an invitation, or its link.
    """

    code: str


class JoinRequest(TypedDict):
    """
    Somebody who wants to join.
    """

    id: str
    phoneNumber: str | None
    requestedAt: str | None


class JoinRequests(TypedDict):
    """
    Who wants to join, oldest first.
    """

    success: Literal[True]
    requests: list[JoinRequest]


class JoinedGroup(TypedDict):
    """
    A group that was joined. pending: an admin has to agree first.
    """

    success: Literal[True]
    groupId: str | None
    pending: bool


class JournalHealth(TypedDict, closed=True):
    """
    Where the journal of events stands.
    """

    headPosition: int
    ackedPosition: int
    unackedEvents: int


class Key(TypedDict):
    """
    A key, never the key itself. begins: what it begins with, to find it by where it was seen.

    tenants: null for all. lastUsedFrom: the network, not the address.
    """

    id: str
    begins: str
    name: str
    state: Literal["active", "expired", "revoked"]
    tenants: list[str] | None
    scopes: list[str]
    createdAt: str
    createdBy: str
    expiresAt: str | None
    rotatedAt: str | None
    previousValidUntil: str | None
    revokedAt: str | None
    lastUsedAt: str | None
    lastUsedFrom: str | None


Tenant: TypeAlias = str


Scope: TypeAlias = str


class KeyChangeInput(TypedDict, closed=True):
    """
    Body of PATCH /keys/{keyId}: what is left out stays; tenants: null is all, expiresAt: null is no end.
    """

    name: NotRequired[str]
    tenants: NotRequired[list[Tenant] | None]
    scopes: NotRequired[list[Scope]]
    expiresAt: NotRequired[str | int | None]


class KeyInput(TypedDict, closed=True):
    """
    Body of POST /keys. tenants: null for all there are and will be, which has to be said.
    """

    name: str
    tenants: list[Tenant] | None
    scopes: list[Scope]
    expiresAt: NotRequired[str | int | None]


class KeyPage(TypedDict):
    """
    Keys in the order of their ids. next: give it as `after` for the next page; null on the last.
    """

    keys: list[Key]
    next: str | None


class KeyRevoked(TypedDict):
    """
    A key that opens nothing any more.
    """

    id: str
    begins: str
    name: str
    state: Literal["active", "expired", "revoked"]
    tenants: list[str] | None
    scopes: list[str]
    createdAt: str
    createdBy: str
    expiresAt: str | None
    rotatedAt: str | None
    previousValidUntil: str | None
    revokedAt: str | None
    lastUsedAt: str | None
    lastUsedFrom: str | None
    success: Literal[True]


class KeyRotateInput(TypedDict, closed=True):
    """
    Body of POST …/rotate; may be left out. overlapSeconds: how long the key before goes on opening.
    """

    overlapSeconds: NotRequired[int]


class KeyShown(TypedDict):
    """
    A key with the key itself, which is shown this once.
    """

    id: str
    begins: str
    name: str
    state: Literal["active", "expired", "revoked"]
    tenants: list[str] | None
    scopes: list[str]
    createdAt: str
    createdBy: str
    expiresAt: str | None
    rotatedAt: str | None
    previousValidUntil: str | None
    revokedAt: str | None
    lastUsedAt: str | None
    lastUsedFrom: str | None
    success: Literal[True]
    key: str


class Label(TypedDict):
    """
    A label. predefined: WhatsApp made it.
    """

    labelId: str
    name: str
    color: int
    predefined: bool


class LabelAssignInput(TypedDict, closed=True):
    """
    Body of POST …/assign: the chat, or one message in it, that gets the label or loses it.
    """

    chat: str
    messageId: NotRequired[str | None]
    assigned: NotRequired[bool]


class LabelAssignment(TypedDict):
    """
    Whether the chat or message has the label now.
    """

    success: Literal[True]
    chatId: str
    assigned: bool


class LabelDetails(TypedDict):
    """
    One label.
    """

    labelId: str
    name: str
    color: int
    predefined: bool
    success: Literal[True]


class LabelInput(TypedDict, closed=True):
    """
    Body of POST and PUT. color: one of WhatsApp's twenty.
    """

    name: str
    color: NotRequired[int]


class Labels(TypedDict):
    """
    The labels, in the order of their ids.
    """

    success: Literal[True]
    labels: list[Label]


class Live(TypedDict):
    """
    The process lives.
    """

    status: Literal["ok"]


class Location(TypedDict, closed=True):
    """
    A place on earth.
    """

    latitude: float
    longitude: float
    name: NotRequired[str | None]
    address: NotRequired[str | None]
    url: NotRequired[str | None]
    live: NotRequired[bool | None]


MessageId: TypeAlias = str


class MarkReadInput(TypedDict, closed=True):
    """
    Body of POST …/read.
    """

    chatId: NotRequired[str | None]
    to: NotRequired[str | None]
    messageIds: list[MessageId]


class Media(TypedDict, closed=True):
    """
    A file. All but `mediaId` and `url` is what the sender says. `url` needs the API key.
    """

    mediaId: str
    url: str
    mimeType: str
    sizeBytes: NotRequired[int | None]
    sha256: NotRequired[str | None]
    fileName: NotRequired[str | None]
    width: NotRequired[int | None]
    height: NotRequired[int | None]
    seconds: NotRequired[int | None]
    waveform: NotRequired[str | None]
    animated: NotRequired[bool | None]
    base64: NotRequired[str | None]


class MediaBytes(TypedDict):
    """
    Bytes of files. received: as their senders said.
    """

    received: int
    sent: int


class MessageCounts(TypedDict):
    """
    Messages of a time. accepted: recorded to be sent; sent, delivered, read: as WhatsApp said so.
    """

    accepted: int
    sent: int
    delivered: int
    read: int
    failed: int
    received: int


MessageDeletedData = TypedDict(
    "MessageDeletedData",
    {
        "messageId": str,
        "chatId": str,
        "chatType": Literal["person", "group", "status", "channel"],
        "from": str | None,
        "fromLid": str | None,
        "name": str | None,
        "isGroup": bool,
        "fromMe": bool,
        "timestamp": str,
    },
    closed=True,
)


class MessageDeletedEvent(TypedDict, closed=True):
    """
    A message was deleted for everyone, by whom the sender fields tell.
    """

    event: Literal["message.deleted"]
    type: Literal["message.deleted"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageDeletedData


class MessageFailure(TypedDict):
    """
    Why a message failed. whatsappError: WhatsApp's own code, null where it gave none.
    """

    code: str
    whatsappError: int | None


MessageReactionData = TypedDict(
    "MessageReactionData",
    {
        "messageId": str,
        "chatId": str,
        "chatType": Literal["person", "group", "status", "channel"],
        "from": str | None,
        "fromLid": str | None,
        "name": str | None,
        "isGroup": bool,
        "fromMe": bool,
        "timestamp": str,
        "emoji": str,
        "targetFromMe": NotRequired[bool | None],
    },
    closed=True,
)


class MessageReactionEvent(TypedDict, closed=True):
    """
    Somebody reacted to the message, or took the reaction back: then emoji is empty.
    """

    event: Literal["message.reaction"]
    type: Literal["message.reaction"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageReactionData


class MessageRecipient(TypedDict):
    """
    What the devices of one member of a group did at last.
    """

    recipient: str
    phoneNumber: str | None
    status: str
    at: str


MessageUnreadableData = TypedDict(
    "MessageUnreadableData",
    {
        "messageId": str,
        "chatId": str,
        "chatType": Literal["person", "group", "status", "channel"],
        "from": str | None,
        "fromLid": str | None,
        "name": str | None,
        "isGroup": bool,
        "fromMe": bool,
        "timestamp": str,
        "reason": Literal["no_session", "bad_ciphertext", "unavailable"],
    },
    closed=True,
)


class MessageUnreadableEvent(TypedDict, closed=True):
    """
    A message that cannot be decrypted now. When it can, a `message` with the same messageId follows.
    """

    event: Literal["message.unreadable"]
    type: Literal["message.unreadable"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageUnreadableData


Number: TypeAlias = str


class NumberCheckInput(TypedDict, closed=True):
    """
    Body of POST …/check.
    """

    numbers: list[Number]


class Order(TypedDict, closed=True):
    """
    An order from the number's catalog.
    """

    orderId: str
    token: NotRequired[str | None]
    itemCount: NotRequired[int | None]


class PairingCodeInput(TypedDict, closed=True):
    """
    Body of POST …/pairing-code: the number of the phone the code will be typed on.
    """

    phoneNumber: str


class Participant(TypedDict):
    """
    Somebody in a group. id: how the group knows them.
    """

    id: str
    phoneNumber: str | None
    lid: str | None
    role: str


class ParticipantResult(TypedDict):
    """
    What became of one who was named. error: a code to decide by; message: for people.
    """

    participant: str
    jid: str | None
    done: bool
    error: str | None
    message: str | None
    whatsappError: int | None


class ParticipantResults(TypedDict):
    """
    What became of each who was named.
    """

    success: Literal[True]
    results: list[ParticipantResult]


Participant3: TypeAlias = str


class ParticipantsInput(TypedDict, closed=True):
    """
    Body of POST …/participants.
    """

    action: Literal["add", "remove", "promote", "demote"]
    participants: list[Participant3]


class Person(TypedDict, closed=True):
    """
    Somebody on WhatsApp, as far as known. `name` is chosen by that person: show it as text, never trust it.
    """

    phoneNumber: NotRequired[str | None]
    lid: NotRequired[str | None]
    name: NotRequired[str | None]


Phase: TypeAlias = Literal["idle", "connecting", "waiting", "linking", "connected", "failed"]


class PlaceInput(TypedDict, closed=True):
    """
    A place on earth, in degrees.
    """

    latitude: float
    longitude: float
    name: NotRequired[str | None]
    address: NotRequired[str | None]


class Poll(TypedDict, closed=True):
    """
    A question with answers. selectableCount: 0 for any number.
    """

    question: str
    options: list[str]
    selectableCount: int


class PollVote(TypedDict, closed=True):
    """
    Somebody's present choice; known: false when the poll is not known here, and options empty.
    """

    pollMessageId: str
    options: list[str]
    known: bool


class Post(TypedDict):
    """
    A post. reactions: how often each emoji.
    """

    serverId: str
    messageId: str | None
    type: str | None
    text: str | None
    timestamp: str | None
    views: int | None
    reactions: dict[str, int]


class Posts(TypedDict):
    """
    Posts, newest first. next: give it as `before` for older ones; null when there were none.
    """

    success: Literal[True]
    messages: list[Post]
    next: str | None


class PresenceData(TypedDict, closed=True):
    """
    Somebody is there, writes or went away.
    """

    chatId: str
    person: Person
    presence: Literal["available", "unavailable", "composing", "recording", "paused"]
    lastSeen: NotRequired[str | None]


class PresenceEvent(TypedDict, closed=True):
    """
    Somebody is there, writes or went away.
    """

    event: Literal["presence"]
    type: Literal["presence"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: PresenceData


class PresenceInput(TypedDict, closed=True):
    """
    Body of POST …/presence. seconds: it ends by itself after so long.
    """

    chatId: NotRequired[str | None]
    to: NotRequired[str | None]
    presence: str
    seconds: NotRequired[float | None]


class Preview(TypedDict, closed=True):
    """
    What the sender's app showed for a link.
    """

    url: NotRequired[str | None]
    title: NotRequired[str | None]
    description: NotRequired[str | None]


class PreviewInput(TypedDict, closed=True):
    """
    What to show for a link. Nothing is ever fetched for it.
    """

    url: str
    title: str
    description: NotRequired[str | None]
    thumbnail: NotRequired[str | None]


class Problem(TypedDict):
    """
    An error, RFC 9457. Decide by `code`; `detail` is a sentence for people and may change.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    success: Literal[False]
    code: str
    retryable: bool
    errors: NotRequired[list[FieldError]]
    messageId: NotRequired[str]
    whatsappError: NotRequired[int]
    state: NotRequired[str]
    reason: NotRequired[str]


class Product(TypedDict, closed=True):
    """
    A product of a catalog.
    """

    productId: str
    title: NotRequired[str | None]
    businessOwner: NotRequired[Person | None]


class ProxyInput(TypedDict, closed=True):
    """
    Body of PUT …/proxy.
    """

    proxyUrl: str


class QrCode(TypedDict):
    """
    A code that can be scanned until it expires.
    """

    qr: str
    qrCode: str
    expiresAt: str


class Quota(TypedDict):
    """
    What a tenant may use, with the installation's settings where it has none of its own. null: no limit.
    """

    messagesPerDay: int | None
    storageMb: int | None
    webhooks: int | None


class QuotaUse(TypedDict):
    """
    What is used of the quotas now. storage…: null while the bridge cannot be asked.
    """

    messagesToday: int
    resetsAt: str
    storageBytes: int | None
    storageFiles: int | None


class QuotasInput(TypedDict, closed=True):
    """
    Quotas of a tenant's own. null: as the installation's settings say; 0: no limit.
    """

    messagesPerDay: NotRequired[int | None]
    storageMb: NotRequired[int | None]
    webhooks: NotRequired[int | None]


class Quoted(TypedDict, closed=True):
    """
    The message this one answers. Its text is what the sender quotes.
    """

    messageId: str
    sender: NotRequired[Person | None]
    fromMe: NotRequired[bool | None]
    text: NotRequired[str | None]
    type: NotRequired[str | None]


class RawMessage(TypedDict):
    """
    A message as WhatsApp's own protocol has it; WhatsApp changes that without notice.
    """

    success: Literal[True]
    messageId: str
    message: dict[str, Any]


class Ready(TypedDict):
    """
    Whether requests can be served.
    """

    status: Literal["ready", "unready"]
    bridge: str
    redis: str
    parts: dict[str, str]


class Recipient(TypedDict, closed=True):
    """
    What one recipient's devices said, in a group or story.
    """

    recipient: str
    phoneNumber: str | None
    status: Literal["delivered", "read", "played"]
    at: str


class RecipientInput(TypedDict, closed=True):
    """
    A recipient, and what stands for {{name}} in its text. A string is a recipient without variables.
    """

    to: str
    variables: NotRequired[dict[str, str] | None]


class Recovery(TypedDict):
    """
    What a recovery came to. continue_from: when it is not complete, the `since` of a request for the rest.
    """

    success: Literal[True]
    lookedAt: int
    queued: int
    complete: bool
    continueFrom: str | None


class RecoveryInput(TypedDict, closed=True):
    """
    Body of POST …/recover: events that happened from `since` on, up to `until` or now.
    """

    since: str
    until: NotRequired[str | None]
    status: NotRequired[Literal["failed", "all"]]


class RedisHealth(TypedDict):
    """
    Redis.
    """

    status: Literal["up", "down"]
    latencyMs: float | None
    problem: str | None


class RegisteredWebhook(TypedDict):
    """
    The webhook that was registered. events: null for all kinds. secret: only when it was made here.
    """

    id: str
    url: str
    events: list[str] | None
    secret: str | None


class Restriction(TypedDict):
    """
    What WhatsApp itself limits.
    """

    kind: str
    until: str | None
    quota: int | None
    used: int | None
    status: str | None


class Retry(TypedDict):
    """
    An event that is sent again. state: `queued`, or `waiting` when it waited already.
    """

    success: Literal[True]
    eventId: str
    state: Literal["queued", "waiting"]


class Said(TypedDict):
    """
    The message that was written.
    """

    success: Literal[True]
    messageId: str


SayInput = TypedDict(
    "SayInput",
    {
        "from": str,
        "text": str,
        "name": NotRequired[str | None],
    },
    closed=True,
)


class ScanInput(TypedDict, closed=True):
    """
    Body of POST …/scan; may be left out. phoneNumber: the phone's, made up without one.
    """

    phoneNumber: NotRequired[str | None]
    name: NotRequired[str | None]


class Scanned(TypedDict):
    """
    The phone that scanned.
    """

    success: Literal[True]
    phoneNumber: str


Scope2: TypeAlias = Literal[
    "sessions:read",
    "sessions:write",
    "messages:read",
    "messages:send",
    "contacts:read",
    "contacts:write",
    "groups:read",
    "groups:write",
    "channels:read",
    "channels:write",
    "labels:read",
    "labels:write",
    "events:read",
    "webhooks:read",
    "webhooks:write",
    "tenants:read",
    "tenants:write",
    "keys:read",
    "keys:write",
    "audit:read",
    "metrics:read",
    "installation",
]


class SecretRotationInput(TypedDict, closed=True):
    """
    Body of POST …/rotate-secret; may be left out.
    """

    overlapSeconds: NotRequired[int]


Audience: TypeAlias = str


Audience1Item: TypeAlias = str


Audience1: TypeAlias = list[Audience1Item]


class SendAudio(TypedDict, closed=True):
    """
    {"type":"audio",…}: a sound file.
    """

    type: Literal["audio"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience | Audience1 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


Audience2: TypeAlias = str


Audience3Item: TypeAlias = str


Audience3: TypeAlias = list[Audience3Item]


class SendContacts(TypedDict, closed=True):
    """
    {"type":"contacts","contacts":[…]}; `contact` with one instead is the same.
    """

    type: Literal["contacts", "contact"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience2 | Audience3 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    contacts: NotRequired[list[ContactInput] | None]
    contact: NotRequired[ContactInput | None]


Audience4: TypeAlias = str


Audience5Item: TypeAlias = str


Audience5: TypeAlias = list[Audience5Item]


class SendDelete(TypedDict, closed=True):
    """
    {"type":"delete","messageId"}: for everyone.
    """

    type: Literal["delete"]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience4 | Audience5 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    messageId: str


Mentions10: TypeAlias = str


Mentions11Item: TypeAlias = str


Mentions11: TypeAlias = list[Mentions11Item]


Audience6: TypeAlias = str


Audience7Item: TypeAlias = str


Audience7: TypeAlias = list[Audience7Item]


class SendDocument(TypedDict, closed=True):
    """
    {"type":"document",…}.
    """

    type: Literal["document"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions10 | Mentions11 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience6 | Audience7 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


Mentions12: TypeAlias = str


Mentions13Item: TypeAlias = str


Mentions13: TypeAlias = list[Mentions13Item]


Audience8: TypeAlias = str


Audience9Item: TypeAlias = str


Audience9: TypeAlias = list[Audience9Item]


class SendEdit(TypedDict, closed=True):
    """
    {"type":"edit","messageId","message"}: another text, or another caption.
    """

    type: Literal["edit"]
    mentions: NotRequired[Mentions12 | Mentions13 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience8 | Audience9 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    messageId: str
    message: str


Audience10: TypeAlias = str


Audience11Item: TypeAlias = str


Audience11: TypeAlias = list[Audience11Item]


class SendEvent(TypedDict, closed=True):
    """
    {"type":"event","name","startsAt"}.
    """

    type: Literal["event"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience10 | Audience11 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    name: str
    startsAt: str | int
    endsAt: NotRequired[str | int | None]
    description: NotRequired[str | None]
    location: NotRequired[PlaceInput | None]
    extraGuestsAllowed: NotRequired[bool | None]
    isCancelled: NotRequired[bool | None]


Audience12: TypeAlias = str


Audience13Item: TypeAlias = str


Audience13: TypeAlias = list[Audience13Item]


class SendForward(TypedDict, closed=True):
    """
    {"type":"forward","messageId","fromChat"}. fromChat: the chat the message is in; helps to find it.
    """

    type: Literal["forward"]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience12 | Audience13 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    messageId: str
    fromChat: NotRequired[str | None]


Mentions14: TypeAlias = str


Mentions15Item: TypeAlias = str


Mentions15: TypeAlias = list[Mentions15Item]


Audience14: TypeAlias = str


Audience15Item: TypeAlias = str


Audience15: TypeAlias = list[Audience15Item]


class SendGif(TypedDict, closed=True):
    """
    {"type":"gif",…}: repeats without sound.
    """

    type: Literal["gif"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions14 | Mentions15 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience14 | Audience15 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


Mentions16: TypeAlias = str


Mentions17Item: TypeAlias = str


Mentions17: TypeAlias = list[Mentions17Item]


Audience16: TypeAlias = str


Audience17Item: TypeAlias = str


Audience17: TypeAlias = list[Audience17Item]


class SendImage(TypedDict, closed=True):
    """
    {"type":"image",…}.
    """

    type: Literal["image"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions16 | Mentions17 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience16 | Audience17 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


class SendLimitsInput(TypedDict, closed=True):
    """
    Body of PUT …/limits. profile: null for what the settings say.
    """

    profile: Literal["paced", "conversations", "unpaced"] | None


Audience18: TypeAlias = str


Audience19Item: TypeAlias = str


Audience19: TypeAlias = list[Audience19Item]


class SendLocation(TypedDict, closed=True):
    """
    {"type":"location","latitude":…,"longitude":…}.
    """

    type: Literal["location"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience18 | Audience19 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    latitude: float
    longitude: float
    name: NotRequired[str | None]
    address: NotRequired[str | None]


Audience20: TypeAlias = str


Audience21Item: TypeAlias = str


Audience21: TypeAlias = list[Audience21Item]


class SendPoll(TypedDict, closed=True):
    """
    {"type":"poll","question","options"}; one may be chosen unless selectableCount or multipleChoice says so.
    """

    type: Literal["poll"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience20 | Audience21 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    question: str
    options: list[Option]
    selectableCount: NotRequired[int | None]
    multipleChoice: NotRequired[bool | None]


Audience22: TypeAlias = str


Audience23Item: TypeAlias = str


Audience23: TypeAlias = list[Audience23Item]


class SendReaction(TypedDict, closed=True):
    """
    {"type":"reaction","messageId","emoji"}; an empty emoji takes it back.
    """

    type: Literal["reaction"]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience22 | Audience23 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    messageId: str
    emoji: str


Audience24: TypeAlias = str


Audience25Item: TypeAlias = str


Audience25: TypeAlias = list[Audience25Item]


class SendSticker(TypedDict, closed=True):
    """
    {"type":"sticker",…}.
    """

    type: Literal["sticker"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience24 | Audience25 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


Mentions18: TypeAlias = str


Mentions19Item: TypeAlias = str


Mentions19: TypeAlias = list[Mentions19Item]


Audience26: TypeAlias = str


Audience27Item: TypeAlias = str


Audience27: TypeAlias = list[Audience27Item]


class SendText(TypedDict, closed=True):
    """
    {"type":"text","message":…}. backgroundColor and font: in the number's story only.
    """

    type: NotRequired[Literal["text"]]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions18 | Mentions19 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience26 | Audience27 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    message: str
    preview: NotRequired[PreviewInput | None]
    backgroundColor: NotRequired[str | None]
    font: NotRequired[int | None]


Mentions20: TypeAlias = str


Mentions21Item: TypeAlias = str


Mentions21: TypeAlias = list[Mentions21Item]


Audience28: TypeAlias = str


Audience29Item: TypeAlias = str


Audience29: TypeAlias = list[Audience29Item]


class SendVideo(TypedDict, closed=True):
    """
    {"type":"video",…}.
    """

    type: Literal["video"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions20 | Mentions21 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience28 | Audience29 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


Audience30: TypeAlias = str


Audience31Item: TypeAlias = str


Audience31: TypeAlias = list[Audience31Item]


class SendVideoNote(TypedDict, closed=True):
    """
    {"type":"video_note",…}: a round video.
    """

    type: Literal["video_note", "ptv"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience30 | Audience31 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


Audience32: TypeAlias = str


Audience33Item: TypeAlias = str


Audience33: TypeAlias = list[Audience33Item]


class SendVoice(TypedDict, closed=True):
    """
    {"type":"voice",…}: a voice message.
    """

    type: Literal["voice", "ptt"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    to: str
    audience: NotRequired[Audience32 | Audience33 | None]
    queue: NotRequired[bool | None]
    onUncertain: NotRequired[Literal["resend", "hold"] | None]
    wait: NotRequired[int | None]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


class SentMessage(TypedDict):
    """
    A message that was taken. status: `sent` once WhatsApp's server has it, `accepted` before.

    It says nothing that the bridge does not keep with the message: the answer to a repeated request is made of the
    same values and is the same to the byte.
    """

    success: Literal[True]
    messageId: str
    status: str
    to: str
    chatId: str | None
    type: str
    timestamp: str
    sendAt: str | None
    expiresAt: str | None
    heldBy: str | None
    expectedAt: str | None


class SessionDeleted(TypedDict):
    """
    A tenant without a session. deleted: false when there was none before either.
    """

    success: Literal[True]
    deleted: bool
    tenantId: str


class SessionQrData(TypedDict, closed=True):
    """
    A new QR code; null once it cannot be scanned any more.
    """

    qr: str | None
    expiresAt: str | None


class SessionQrEvent(TypedDict, closed=True):
    """
    A new QR code; null once it cannot be scanned any more.
    """

    event: Literal["session.qr"]
    type: Literal["session.qr"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: SessionQrData


class SessionSettings(TypedDict):
    """
    What holds now.
    """

    success: Literal[True]
    media: str
    automaticMaxBytes: int | None
    rejectCalls: bool
    rejectCallsMessage: str | None
    followPresence: bool
    groupEvents: bool
    statusMessages: bool
    channelMessages: bool


class SessionSettingsInput(TypedDict, closed=True):
    """
    Body of PATCH …/settings: what is to change.
    """

    media: NotRequired[Literal["none", "on_demand", "automatic"] | None]
    automaticMaxBytes: NotRequired[int | None]
    rejectCalls: NotRequired[bool | None]
    rejectCallsMessage: NotRequired[str | None]
    followPresence: NotRequired[bool | None]
    groupEvents: NotRequired[bool | None]
    statusMessages: NotRequired[bool | None]
    channelMessages: NotRequired[bool | None]


SessionState: TypeAlias = Literal[
    "disconnected",
    "connecting",
    "qr",
    "pairing",
    "connected",
    "reconnecting",
    "logged_out",
    "restricted",
    "failed",
]


class SessionStatus(TypedDict):
    """
    A session with what it can be linked by now: a QR code as text and picture, a pairing code; else null.
    """

    connected: bool
    status: SessionState
    phoneNumber: str | None
    lastActivity: str | None
    message: str
    since: str
    reason: str | None
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    hasProxy: bool
    sessionId: str
    tenantId: str
    qrCode: str | None
    qr: str | None
    qrExpiresAt: str | None
    pairingCode: str | None
    pairingCodeExpiresAt: str | None


class SessionStatusData(TypedDict, closed=True):
    """
    The session came into another state. message says it in a sentence, reason in a code.
    """

    status: Literal[
        "disconnected",
        "connecting",
        "qr",
        "pairing",
        "connected",
        "reconnecting",
        "logged_out",
        "restricted",
        "failed",
    ]
    connected: bool
    since: str
    reason: (
        Literal[
            "stopped",
            "whatsapp_unreachable",
            "connection_lost",
            "connection_replaced",
            "restart_required",
            "service_unavailable",
            "bad_session",
            "forbidden",
            "multi_device_mismatch",
            "logged_out_by_phone",
            "logged_out_by_request",
            "qr_attempts_exhausted",
            "store_unavailable",
            "internal_error",
            "restricted_by_whatsapp",
            "temporarily_banned",
            "dns_failure",
            "proxy_unreachable",
            "client_outdated",
            "passkey_required",
            "memory_limit_reached",
            "owned_elsewhere",
            "deleted",
        ]
        | None
    )
    message: str
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    phoneNumber: str | None


class SessionStatusEvent(TypedDict, closed=True):
    """
    The session came into another state. message says it in a sentence, reason in a code.
    """

    event: Literal["session.status"]
    type: Literal["session.status"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: SessionStatusData


class SessionTruth(TypedDict):
    """
    How a session is. message: for people, with what they can do; everything else is to decide by.
    """

    connected: bool
    status: SessionState
    phoneNumber: str | None
    lastActivity: str | None
    message: str
    since: str
    reason: str | None
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    hasProxy: bool
    sessionId: str
    tenantId: str


class SignedOut(TypedDict):
    """
    No token of this sign-in is taken any more.
    """

    success: Literal[True]


class StartedSession(TypedDict):
    """
    A session after it was started, with the webhook that was registered with it.
    """

    connected: bool
    status: SessionState
    phoneNumber: str | None
    lastActivity: str | None
    message: str
    since: str
    reason: str | None
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    hasProxy: bool
    sessionId: str
    tenantId: str
    qrCode: str | None
    qr: str | None
    qrExpiresAt: str | None
    pairingCode: str | None
    pairingCodeExpiresAt: str | None
    success: Literal[True]
    webhook: RegisteredWebhook | None


StoreHealth: TypeAlias = Literal["ok", "failing"]


class StreamTicket(TypedDict):
    """
    A ticket that opens one stream, once, until it expires.
    """

    success: Literal[True]
    ticket: str
    expiresAt: str


class SuspendInput(TypedDict, closed=True):
    """
    Body of POST …/suspend; may be left out.
    """

    reason: NotRequired[str | None]


class TenantModel(TypedDict):
    """
    A tenant. ownQuotas: null where the installation's settings hold, 0 for no limit. quotas: what holds.
    """

    tenantId: str
    name: str | None
    state: Literal["active", "suspended"]
    createdBy: Literal["start", "operator", "existing"]
    createdAt: str
    updatedAt: str
    labels: dict[str, str]
    ownQuotas: Quota
    quotas: Quota
    suspendedAt: str | None
    suspensionReason: str | None


class TenantDeleted(TypedDict):
    """
    A tenant that is gone with everything it owned.
    """

    success: Literal[True]
    deleted: Literal[True]
    tenantId: str


class TenantInput(TypedDict, closed=True):
    """
    Body of POST /api/v1/tenants.
    """

    tenantId: str
    name: NotRequired[str | None]
    labels: NotRequired[dict[str, str]]
    quotas: NotRequired[QuotasInput]


class TenantNow(TypedDict):
    """
    A tenant with what it uses now.
    """

    success: Literal[True]
    tenant: TenantModel
    used: QuotaUse


class TenantPage(TypedDict):
    """
    Tenants in the order of their ids. next: give it as `after` for the next page; null on the last.
    """

    tenants: list[TenantModel]
    next: str | None


class TenantPatchInput(TypedDict, closed=True):
    """
    Body of PATCH …/tenants/{tenantId}: what is left out stays. labels: replaces all of them.
    """

    name: NotRequired[str | None]
    labels: NotRequired[dict[str, str] | None]
    quotas: NotRequired[QuotasInput | None]


class Token(TypedDict):
    """
    A token for `Authorization: Bearer`. tenants: null for all. signInEndsAt: until when it can be renewed.
    """

    success: Literal[True]
    token: str
    expiresAt: str
    signInEndsAt: str
    tenants: list[str] | None
    scopes: list[Scope2]


Tenant2: TypeAlias = str


class TokenInput(TypedDict, closed=True):
    """
    Body of POST /api/v1/tokens; may be left out for all that the key may do.
    """

    tenants: NotRequired[list[Tenant2] | None]
    scopes: NotRequired[list[Scope2] | None]


class WarmUp(TypedDict):
    """
    The first days after pairing: the day it is, counted from 1, of so many.
    """

    day: int
    days: int


class Webhook(TypedDict):
    """
    A webhook and how it stands. Values of headers and the secret are never shown again.
    """

    id: str
    url: str
    events: list[str] | None
    ordering: str
    headerNames: list[str]
    inlineMediaMaxBytes: int
    description: str | None
    enabled: bool
    state: str
    disabledReason: str | None
    disabledAt: str | None
    waiting: int
    consecutiveFailures: int
    failingSince: str | None
    lastFailure: str | None
    lastFailureAt: str | None
    nextProbeAt: str | None
    secretOverlapUntil: str | None
    isDefault: bool
    registeredByStart: bool
    createdAt: str | None
    updatedAt: str | None


Event: TypeAlias = str


class WebhookAddInput(TypedDict, closed=True):
    """
    Body of POST /webhooks/{tenantId}; without a secret one is made and shown once.
    """

    url: str
    secret: NotRequired[str | None]
    events: NotRequired[list[Event] | None]
    headers: NotRequired[dict[str, str] | None]
    ordering: NotRequired[Literal["chat", "none"]]
    inlineMediaMaxBytes: NotRequired[int]
    description: NotRequired[str | None]


class WebhookChangeInput(TypedDict, closed=True):
    """
    Body of PATCH /webhooks/{tenantId}/{webhookId}: what is left out stays; events: null is all of them.
    """

    url: NotRequired[str]
    events: NotRequired[list[Event] | None]
    headers: NotRequired[dict[str, str] | None]
    ordering: NotRequired[Literal["chat", "none"]]
    inlineMediaMaxBytes: NotRequired[int]
    description: NotRequired[str | None]
    enabled: NotRequired[bool]


class WebhookCounts(TypedDict):
    """
    Attempts to deliver webhooks.
    """

    delivered: int
    failed: int


class WebhookDisabledData(TypedDict, closed=True):
    """
    One of the tenant's endpoints gets no events any more until it is enabled again.
    """

    webhookId: str
    url: str
    reason: str
    failingSince: str | None


class WebhookDisabledEvent(TypedDict, closed=True):
    """
    One of the tenant's endpoints gets no events any more until it is enabled again.
    """

    event: Literal["webhook.disabled"]
    type: Literal["webhook.disabled"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: WebhookDisabledData


class WebhookInput(TypedDict, closed=True):
    """
    Where a tenant wants its events; without a secret one is made and shown once.
    """

    url: str
    secret: NotRequired[str | None]
    events: NotRequired[list[Event] | None]


class WebhookPage(TypedDict):
    """
    All webhooks of a tenant, oldest first.
    """

    webhooks: list[Webhook]


class WebhookRemoved(TypedDict):
    """
    A webhook that is gone. dropped: events that waited for it.
    """

    success: Literal[True]
    dropped: int


class WebhookTest(TypedDict):
    """
    What became of a test event.
    """

    success: Literal[True]
    eventId: str
    delivered: bool
    reason: str
    status: int | None
    milliseconds: int
    answer: str


class WebhookWithSecret(TypedDict):
    """
    A webhook with the secret that was made for it just now, or null.
    """

    id: str
    url: str
    events: list[str] | None
    ordering: str
    headerNames: list[str]
    inlineMediaMaxBytes: int
    description: str | None
    enabled: bool
    state: str
    disabledReason: str | None
    disabledAt: str | None
    waiting: int
    consecutiveFailures: int
    failingSince: str | None
    lastFailure: str | None
    lastFailureAt: str | None
    nextProbeAt: str | None
    secretOverlapUntil: str | None
    isDefault: bool
    registeredByStart: bool
    createdAt: str | None
    updatedAt: str | None
    success: Literal[True]
    secret: str | None


WhatsAppReachability: TypeAlias = Literal["unknown", "reachable", "unreachable"]


class BatchAudio(TypedDict, closed=True):
    """
    {"type":"audio",…}: a sound file.
    """

    type: Literal["audio"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class BatchContacts(TypedDict, closed=True):
    """
    {"type":"contacts","contacts":[…]}; `contact` with one instead is the same.
    """

    type: Literal["contacts", "contact"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    contacts: NotRequired[list[ContactInput] | None]
    contact: NotRequired[ContactInput | None]


class BatchDocument(TypedDict, closed=True):
    """
    {"type":"document",…}.
    """

    type: Literal["document"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions | Mentions1 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class BatchEvent(TypedDict, closed=True):
    """
    {"type":"event","name","startsAt"}.
    """

    type: Literal["event"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    name: str
    startsAt: str | int
    endsAt: NotRequired[str | int | None]
    description: NotRequired[str | None]
    location: NotRequired[PlaceInput | None]
    extraGuestsAllowed: NotRequired[bool | None]
    isCancelled: NotRequired[bool | None]


class BatchForward(TypedDict, closed=True):
    """
    {"type":"forward","messageId","fromChat"}. fromChat: the chat the message is in; helps to find it.
    """

    type: Literal["forward"]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    messageId: str
    fromChat: NotRequired[str | None]


class BatchGif(TypedDict, closed=True):
    """
    {"type":"gif",…}: repeats without sound.
    """

    type: Literal["gif"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions2 | Mentions3 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class BatchImage(TypedDict, closed=True):
    """
    {"type":"image",…}.
    """

    type: Literal["image"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions4 | Mentions5 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


class BatchLocation(TypedDict, closed=True):
    """
    {"type":"location","latitude":…,"longitude":…}.
    """

    type: Literal["location"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    latitude: float
    longitude: float
    name: NotRequired[str | None]
    address: NotRequired[str | None]


class BatchPoll(TypedDict, closed=True):
    """
    {"type":"poll","question","options"}; one may be chosen unless selectableCount or multipleChoice says so.
    """

    type: Literal["poll"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    question: str
    options: list[Option]
    selectableCount: NotRequired[int | None]
    multipleChoice: NotRequired[bool | None]


class BatchSticker(TypedDict, closed=True):
    """
    {"type":"sticker",…}.
    """

    type: Literal["sticker"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class BatchText(TypedDict, closed=True):
    """
    {"type":"text","message":…}. backgroundColor and font: in the number's story only.
    """

    type: NotRequired[Literal["text"]]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions6 | Mentions7 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    message: str
    preview: NotRequired[PreviewInput | None]
    backgroundColor: NotRequired[str | None]
    font: NotRequired[int | None]


class BatchVideo(TypedDict, closed=True):
    """
    {"type":"video",…}.
    """

    type: Literal["video"]
    replyTo: NotRequired[str | None]
    mentions: NotRequired[Mentions8 | Mentions9 | None]
    mentionAll: NotRequired[bool | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


class BatchVideoNote(TypedDict, closed=True):
    """
    {"type":"video_note",…}: a round video.
    """

    type: Literal["video_note", "ptv"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    mediaBase64: NotRequired[str | None]


class BatchVoice(TypedDict, closed=True):
    """
    {"type":"voice",…}: a voice message.
    """

    type: Literal["voice", "ptt"]
    replyTo: NotRequired[str | None]
    sendAt: NotRequired[str | int | None]
    expiresAt: NotRequired[str | int | None]
    expiresIn: NotRequired[int | None]
    recipients: list[str | RecipientInput]
    mediaUrl: NotRequired[str | None]
    fileName: NotRequired[str | None]
    caption: NotRequired[str | None]
    message: NotRequired[str | None]
    viewOnce: NotRequired[bool | None]
    mediaBase64: NotRequired[str | None]


class BridgeHealth(TypedDict):
    """
    The process that holds the WhatsApp connections. What is not known while it is down is left out.
    """

    status: Literal["up", "down"]
    problem: str | None
    version: NotRequired[str | None]
    baileysVersion: NotRequired[str | None]
    nodeVersion: NotRequired[str | None]
    uptimeMs: NotRequired[int | None]
    store: NotRequired[StoreHealth | None]
    whatsapp: NotRequired[WhatsAppReachability | None]
    connections: NotRequired[ConnectionHealth | None]
    journal: NotRequired[JournalHealth | None]
    memoryRssBytes: NotRequired[int | None]
    memoryLimitBytes: NotRequired[int | None]
    eventLoopDelayMs: NotRequired[int | None]


class CallData(TypedDict, closed=True):
    """
    Somebody calls.
    """

    callId: str
    caller: Person
    chatId: NotRequired[str | None]
    status: Literal["ringing", "accepted", "rejected", "missed", "ended"]
    isVideo: bool
    isGroup: bool
    rejectedByGateway: NotRequired[bool | None]
    timestamp: str


class CallEvent(TypedDict, closed=True):
    """
    Somebody calls.
    """

    event: Literal["call"]
    type: Literal["call"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: CallData


class ConnectLink(TypedDict):
    """
    A connect link that was just made. url: shown now and never again.
    """

    id: str
    tenantId: str
    status: ConnectLinkStatus
    method: ConnectMethod
    language: str | None
    brand: ConnectBrandShown
    returnUrl: str | None
    maxUses: int | None
    uses: int
    createdAt: str
    expiresAt: str
    success: Literal[True]
    url: str


class ConnectLinkInput(TypedDict, closed=True):
    """
    Body of POST …/connect-link; may be left out. language: the browser's when it is left out.
    """

    expiresInSeconds: NotRequired[int]
    method: NotRequired[ConnectMethod]
    language: NotRequired[Literal["en", "pt"] | None]
    brand: NotRequired[ConnectBrandInput]
    returnUrl: NotRequired[str | None]
    maxUses: NotRequired[int | None]


class ConnectLinkShown(TypedDict):
    """
    A connect link without its address. uses: how often it was opened.
    """

    id: str
    tenantId: str
    status: ConnectLinkStatus
    method: ConnectMethod
    language: str | None
    brand: ConnectBrandShown
    returnUrl: str | None
    maxUses: int | None
    uses: int
    createdAt: str
    expiresAt: str


class ConnectLinks(TypedDict):
    """
    The tenant's links that are not over and not revoked.
    """

    success: Literal[True]
    links: list[ConnectLinkShown]


class ConnectState(TypedDict):
    """
    What the page shows now. numberEnds: last digits of the connected number. qrCode: a PNG as a data URL.
    """

    phase: Phase
    cause: Cause | None
    qrCode: str | None
    qrExpiresAt: str | None
    pairingCode: str | None
    pairingCodeExpiresAt: str | None
    numberEnds: str | None


class ContactUpdateData(TypedDict, closed=True):
    """
    Something about a person changed.
    """

    contact: Person
    pictureChanged: NotRequired[bool | None]
    about: NotRequired[str | None]


class ContactUpdateEvent(TypedDict, closed=True):
    """
    Something about a person changed.
    """

    event: Literal["contact.update"]
    type: Literal["contact.update"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: ContactUpdateData


class CreatedGroup(TypedDict):
    """
    A group that was made, and what became of each who was named.
    """

    groupId: str
    subject: str
    description: str | None
    ownerId: str | None
    createdAt: str | None
    size: int
    onlyAdminsSend: bool
    onlyAdminsEdit: bool
    memberAddMode: str
    joinApproval: bool
    disappearingSeconds: int | None
    isCommunity: bool
    communityId: str | None
    success: Literal[True]
    participants: list[Participant]
    results: list[ParticipantResult]


class Gathering(TypedDict, closed=True):
    """
    An event to be joined.
    """

    name: str
    description: NotRequired[str | None]
    startsAt: NotRequired[str | None]
    endsAt: NotRequired[str | None]
    place: NotRequired[Location | None]
    isCancelled: NotRequired[bool | None]


class Group(TypedDict):
    """
    A group with who is in it.
    """

    groupId: str
    subject: str
    description: str | None
    ownerId: str | None
    createdAt: str | None
    size: int
    onlyAdminsSend: bool
    onlyAdminsEdit: bool
    memberAddMode: str
    joinApproval: bool
    disappearingSeconds: int | None
    isCommunity: bool
    communityId: str | None
    success: Literal[True]
    participants: list[Participant]


class GroupPage(TypedDict):
    """
    Groups in the order of their ids. next: give it as `after`; null on the last page.
    """

    success: Literal[True]
    groups: list[GroupSummary]
    next: str | None
    fetchedAt: str


class GroupUpdateData(TypedDict, closed=True):
    """
    Something changed in a group.
    """

    groupId: str
    action: Literal[
        "created",
        "joined",
        "left",
        "participants_added",
        "participants_removed",
        "participants_promoted",
        "participants_demoted",
        "participant_left",
        "subject",
        "description",
        "picture",
        "settings",
        "invite",
        "join_requested",
        "join_request_withdrawn",
        "deleted",
    ]
    actor: NotRequired[Person | None]
    participants: NotRequired[list[Person] | None]
    subject: NotRequired[str | None]
    description: NotRequired[str | None]
    onlyAdminsSend: NotRequired[bool | None]
    onlyAdminsEdit: NotRequired[bool | None]
    joinApproval: NotRequired[bool | None]
    memberAddMode: NotRequired[Literal["admins", "all"] | None]
    disappearingSeconds: NotRequired[int | None]
    timestamp: str


class GroupUpdateEvent(TypedDict, closed=True):
    """
    Something changed in a group.
    """

    event: Literal["group.update"]
    type: Literal["group.update"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: GroupUpdateData


class Health(TypedDict):
    """
    How everything is.
    """

    status: Literal["ok", "degraded"]
    degraded: list[str]
    parts: dict[str, str]
    uptime: float
    version: str
    environment: str
    sandbox: bool | None
    bridge: BridgeHealth
    redis: RedisHealth
    sessions: dict[str, int] | None


class Message(TypedDict):
    """
    A message and all that is known of it; what is not is null.
    """

    messageId: str
    to: str
    chatId: str | None
    type: str
    status: str
    acceptedAt: str
    sendAt: str | None
    expiresAt: str | None
    sentAt: str | None
    deliveredAt: str | None
    readAt: str | None
    playedAt: str | None
    failedAt: str | None
    failure: MessageFailure | None
    heldBy: str | None
    expectedAt: str | None
    batchId: str | None
    recipientCount: int | None


MessageData = TypedDict(
    "MessageData",
    {
        "type": Literal[
            "text",
            "image",
            "video",
            "gif",
            "video_note",
            "audio",
            "voice",
            "document",
            "sticker",
            "location",
            "contacts",
            "poll",
            "poll_vote",
            "event",
            "event_response",
            "button_reply",
            "group_invite",
            "order",
            "product",
            "other",
        ],
        "message": NotRequired[str | None],
        "preview": NotRequired[Preview | None],
        "media": NotRequired[Media | None],
        "location": NotRequired[Location | None],
        "contacts": NotRequired[list[ContactCard] | None],
        "poll": NotRequired[Poll | None],
        "pollVote": NotRequired[PollVote | None],
        "event": NotRequired[Gathering | None],
        "eventResponse": NotRequired[GatheringResponse | None],
        "buttonReply": NotRequired[ButtonReply | None],
        "groupInvite": NotRequired[GroupInvite | None],
        "order": NotRequired[Order | None],
        "product": NotRequired[Product | None],
        "whatsappType": NotRequired[str | None],
        "messageId": str,
        "chatId": str,
        "chatType": Literal["person", "group", "status", "channel"],
        "from": str | None,
        "fromLid": str | None,
        "name": str | None,
        "isGroup": bool,
        "fromMe": bool,
        "timestamp": str,
        "chatLid": NotRequired[str | None],
        "quoted": NotRequired[Quoted | None],
        "mentions": NotRequired[list[Person] | None],
        "mentionAll": NotRequired[bool | None],
        "forwarded": NotRequired[bool | None],
        "forwardedManyTimes": NotRequired[bool | None],
        "viewOnce": NotRequired[bool | None],
        "ephemeralSeconds": NotRequired[int | None],
        "ad": NotRequired[Ad | None],
        "offline": NotRequired[bool | None],
    },
    closed=True,
)


class MessageDetails(TypedDict):
    """
    A message asked for by its id. recipients: in a group or story, who did what; else null.
    """

    messageId: str
    to: str
    chatId: str | None
    type: str
    status: str
    acceptedAt: str
    sendAt: str | None
    expiresAt: str | None
    sentAt: str | None
    deliveredAt: str | None
    readAt: str | None
    playedAt: str | None
    failedAt: str | None
    failure: MessageFailure | None
    heldBy: str | None
    expectedAt: str | None
    batchId: str | None
    recipientCount: int | None
    success: Literal[True]
    recipients: list[MessageRecipient] | None


MessageEditedData = TypedDict(
    "MessageEditedData",
    {
        "type": Literal[
            "text",
            "image",
            "video",
            "gif",
            "video_note",
            "audio",
            "voice",
            "document",
            "sticker",
            "location",
            "contacts",
            "poll",
            "poll_vote",
            "event",
            "event_response",
            "button_reply",
            "group_invite",
            "order",
            "product",
            "other",
        ],
        "message": NotRequired[str | None],
        "preview": NotRequired[Preview | None],
        "media": NotRequired[Media | None],
        "location": NotRequired[Location | None],
        "contacts": NotRequired[list[ContactCard] | None],
        "poll": NotRequired[Poll | None],
        "pollVote": NotRequired[PollVote | None],
        "event": NotRequired[Gathering | None],
        "eventResponse": NotRequired[GatheringResponse | None],
        "buttonReply": NotRequired[ButtonReply | None],
        "groupInvite": NotRequired[GroupInvite | None],
        "order": NotRequired[Order | None],
        "product": NotRequired[Product | None],
        "whatsappType": NotRequired[str | None],
        "messageId": str,
        "chatId": str,
        "chatType": Literal["person", "group", "status", "channel"],
        "from": str | None,
        "fromLid": str | None,
        "name": str | None,
        "isGroup": bool,
        "fromMe": bool,
        "timestamp": str,
    },
    closed=True,
)


class MessageEditedEvent(TypedDict, closed=True):
    """
    A message has another text or caption now. messageId is that of the first one.
    """

    event: Literal["message.edited"]
    type: Literal["message.edited"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageEditedData


class MessageEvent(TypedDict, closed=True):
    """
    A message that was received, or sent from the tenant's own phone.
    """

    event: Literal["message"]
    type: Literal["message"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageData


class MessagePage(TypedDict):
    """
    Messages. next: what to ask for the next page with; null on the last.
    """

    success: Literal[True]
    messages: list[Message]
    next: str | None


class MessageStatusData(TypedDict, closed=True):
    """
    What became of a message sent through this API.
    """

    messageId: str
    chatId: str | None
    to: str
    status: Literal["accepted", "sent", "delivered", "read", "played", "failed", "unknown"]
    failure: NotRequired[Failure | None]
    errorCode: NotRequired[int | None]
    recipient: NotRequired[Recipient | None]
    batchId: NotRequired[str | None]


class MessageStatusEvent(TypedDict, closed=True):
    """
    What became of a message sent through this API.
    """

    event: Literal["message.status"]
    type: Literal["message.status"]
    id: str
    tenantId: str
    timestamp: str
    sessionId: str | None
    sequence: int | None
    data: MessageStatusData


class OneTenant(TypedDict):
    """
    A tenant after something was done with it.
    """

    success: Literal[True]
    tenant: TenantModel


class PairingCode(TypedDict):
    """
    A code to type on the phone: WhatsApp, Linked devices, Link a device, Link with phone number instead.
    """

    connected: bool
    status: SessionState
    phoneNumber: str | None
    lastActivity: str | None
    message: str
    since: str
    reason: str | None
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    hasProxy: bool
    sessionId: str
    tenantId: str
    qrCode: str | None
    qr: str | None
    qrExpiresAt: str | None
    pairingCode: str | None
    pairingCodeExpiresAt: str | None
    success: Literal[True]
    code: str | None
    expiresAt: str | None


class SendLimits(TypedDict):
    """
    All that holds messages up, and what is used of it. isDefault: the settings decide, not the tenant.
    """

    success: Literal[True]
    profile: str
    isDefault: bool
    queued: int
    queueLimit: int
    parkedNewChats: int
    gapMs: Gap | None
    buckets: list[Bucket]
    warmUp: WarmUp | None
    restrictions: list[Restriction]
    nextSendAt: str | None


SendRequest: TypeAlias = (
    SendText
    | SendImage
    | SendVideo
    | SendGif
    | SendVideoNote
    | SendAudio
    | SendVoice
    | SendDocument
    | SendSticker
    | SendLocation
    | SendContacts
    | SendPoll
    | SendEvent
    | SendReaction
    | SendEdit
    | SendDelete
    | SendForward
)


class Session(TypedDict):
    """
    A session after something was done with it.
    """

    connected: bool
    status: SessionState
    phoneNumber: str | None
    lastActivity: str | None
    message: str
    since: str
    reason: str | None
    whatsappCode: int | None
    restrictedUntil: str | None
    retryAt: str | None
    attempt: int | None
    hasProxy: bool
    sessionId: str
    tenantId: str
    qrCode: str | None
    qr: str | None
    qrExpiresAt: str | None
    pairingCode: str | None
    pairingCodeExpiresAt: str | None
    success: Literal[True]


class SessionPage(TypedDict):
    """
    Sessions in the order of tenantId. next: give it as `after` for the next page; null on the last.
    """

    sessions: list[SessionTruth]
    next: str | None


class StartSessionInput(TypedDict, closed=True):
    """
    Body of POST …/start; may be left out.
    """

    webhook: NotRequired[WebhookInput | None]


class Usage(TypedDict):
    """
    What was used in a time.
    """

    messages: MessageCounts
    webhooks: WebhookCounts
    requests: int
    mediaBytes: MediaBytes


class UsageDay(TypedDict):
    """
    What was used on a day of UTC.
    """

    messages: MessageCounts
    webhooks: WebhookCounts
    requests: int
    mediaBytes: MediaBytes
    date: str


BatchRequest: TypeAlias = (
    BatchText
    | BatchImage
    | BatchVideo
    | BatchGif
    | BatchVideoNote
    | BatchAudio
    | BatchVoice
    | BatchDocument
    | BatchSticker
    | BatchLocation
    | BatchContacts
    | BatchPoll
    | BatchEvent
    | BatchForward
)


Events: TypeAlias = (
    MessageEvent
    | MessageStatusEvent
    | MessageEditedEvent
    | MessageDeletedEvent
    | MessageReactionEvent
    | MessageUnreadableEvent
    | SessionStatusEvent
    | SessionQrEvent
    | GroupUpdateEvent
    | ContactUpdateEvent
    | PresenceEvent
    | CallEvent
    | WebhookDisabledEvent
)


class EventPage(TypedDict):
    """
    Events after a cursor, oldest first.
    """

    success: Literal[True]
    events: list[Events]
    cursor: str
    hasMore: bool
    gap: bool


class TenantTotal(TypedDict):
    """
    What one of many tenants used in all of the time.
    """

    tenantId: str
    total: Usage


TenantUsage = TypedDict(
    "TenantUsage",
    {
        "tenantId": str,
        "from": str,
        "to": str,
        "total": Usage,
        "days": list[UsageDay],
    },
)


AllUsage = TypedDict(
    "AllUsage",
    {
        "from": str,
        "to": str,
        "tenants": list[TenantTotal],
        "next": str | None,
    },
)


WebhookEvent: TypeAlias = (
    MessageEvent
    | MessageStatusEvent
    | MessageEditedEvent
    | MessageDeletedEvent
    | MessageReactionEvent
    | MessageUnreadableEvent
    | SessionStatusEvent
    | SessionQrEvent
    | GroupUpdateEvent
    | ContactUpdateEvent
    | PresenceEvent
    | CallEvent
    | WebhookDisabledEvent
)
"""What comes to a webhook: decide by `event`."""
