# Generated from bridge/contract/openrpc.json by `npm run contract`. Do not edit.
"""The shapes, methods and errors of the bridge's RPC contract."""

from __future__ import annotations
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from typing import Annotated, Literal, NamedTuple
from typing_extensions import TypeAliasType
from enum import StrEnum


class HelloParams(BaseModel):
    """
    The parameters of system.hello.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    contract_hash: Annotated[
        StrictStr,
        Field(
            alias="contractHash",
            description="SHA-256 of the contract, hex.",
            pattern="^[0-9a-f]{64}$",
        ),
    ]
    client_name: Annotated[
        StrictStr,
        Field(
            alias="clientName",
            description="For the bridge's log.",
            max_length=64,
            min_length=1,
        ),
    ]


class HealthParams(BaseModel):
    """
    The parameters of system.health.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )


class StoreBackupParams(BaseModel):
    """
    The parameters of store.backup.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    file_name: Annotated[
        StrictStr,
        Field(
            alias="fileName",
            description="A file name inside DATA_DIR/backup, never a path.",
            pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        ),
    ]


class StoreRotateParams(BaseModel):
    """
    The parameters of store.rotateMasterKey.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )


class HelloResult(BaseModel):
    """
    Who answers.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    contract_hash: Annotated[
        StrictStr,
        Field(
            alias="contractHash",
            description="SHA-256 of the contract, hex.",
            pattern="^[0-9a-f]{64}$",
        ),
    ]
    bridge_version: Annotated[
        StrictStr, Field(alias="bridgeVersion", description="Version of the bridge.")
    ]
    baileys_version: Annotated[
        StrictStr,
        Field(alias="baileysVersion", description="Exact version of Baileys."),
    ]
    node_version: Annotated[
        StrictStr, Field(alias="nodeVersion", description="Version of Node.js.")
    ]
    journal_id: Annotated[
        StrictStr,
        Field(
            alias="journalId",
            description="Identifies the journal whose positions event.pull counts. A new store has a new one, and positions of another journal mean nothing in it.",
            pattern="^jrn_[0-9A-Za-z]{16,40}$",
        ),
    ]
    max_line_bytes: Annotated[
        StrictInt,
        Field(
            alias="maxLineBytes",
            description="The longest line either side may send.",
            ge=1024,
        ),
    ]
    sandbox: Annotated[
        StrictBool,
        Field(
            description="True when sessions connect to a sandbox and not to WhatsApp."
        ),
    ]


SessionsAdditionalProperty = TypeAliasType(
    "SessionsAdditionalProperty", Annotated[StrictInt, Field(ge=0)]
)


class StoreHealth(StrEnum):
    """
    ok, or failing when the last write to the store failed: nothing is received or sent meanwhile.
    """

    ok = "ok"
    failing = "failing"


class WhatsAppReachability(StrEnum):
    """
    From the last attempts to connect: unknown until one was made.
    """

    unknown = "unknown"
    reachable = "reachable"
    unreachable = "unreachable"


class SessionState(StrEnum):
    """
    disconnected: not running. connecting: reaching WhatsApp. qr: a QR code waits to be scanned. pairing: scanned, being linked. connected: messages flow. reconnecting: link lost, trying again by itself. logged_out: unlinked, a new QR scan is needed. restricted: WhatsApp restricts the number for a time (restrictedUntilMs); with reason restricted_by_whatsapp it stays connected and replies flow, with temporarily_banned it is not connected. failed: stopped after an error that needs a person.
    """

    disconnected = "disconnected"
    connecting = "connecting"
    qr = "qr"
    pairing = "pairing"
    connected = "connected"
    reconnecting = "reconnecting"
    logged_out = "logged_out"
    restricted = "restricted"
    failed = "failed"


class SessionReason(StrEnum):
    """
    Why a session is in its state, when there is something to say. Stable codes.
    """

    stopped = "stopped"
    whatsapp_unreachable = "whatsapp_unreachable"
    connection_lost = "connection_lost"
    connection_replaced = "connection_replaced"
    restart_required = "restart_required"
    service_unavailable = "service_unavailable"
    bad_session = "bad_session"
    forbidden = "forbidden"
    multi_device_mismatch = "multi_device_mismatch"
    logged_out_by_phone = "logged_out_by_phone"
    logged_out_by_request = "logged_out_by_request"
    qr_attempts_exhausted = "qr_attempts_exhausted"
    store_unavailable = "store_unavailable"
    internal_error = "internal_error"
    restricted_by_whatsapp = "restricted_by_whatsapp"
    temporarily_banned = "temporarily_banned"
    dns_failure = "dns_failure"
    proxy_unreachable = "proxy_unreachable"
    client_outdated = "client_outdated"
    passkey_required = "passkey_required"
    memory_limit_reached = "memory_limit_reached"
    owned_elsewhere = "owned_elsewhere"
    deleted = "deleted"


class QrCode(BaseModel):
    """
    A QR code that can be scanned until it expires. The text is opaque.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    text: Annotated[
        StrictStr,
        Field(
            description="What the QR code encodes, to the letter.",
            max_length=2048,
            min_length=1,
        ),
    ]
    expires_at_ms: Annotated[
        StrictInt,
        Field(
            alias="expiresAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class OutgoingText(BaseModel):
    """
    A plain text.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["text"], Field(description="The kind of content.")]
    text: Annotated[
        StrictStr,
        Field(description="Up to 65,536 characters.", max_length=65536, min_length=1),
    ]


class MessageStatus(StrEnum):
    """
    accepted: recorded, not yet taken by WhatsApp's server. sent: WhatsApp's server took it. delivered, read, played: the recipient's device says so. failed: WhatsApp refused it, it will not be sent. unknown: the bridge was killed while sending and cannot tell.
    """

    accepted = "accepted"
    sent = "sent"
    delivered = "delivered"
    read = "read"
    played = "played"
    failed = "failed"
    unknown = "unknown"


class OutgoingMessage(BaseModel):
    """
    A message of the outbox and what became of it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    status: MessageStatus
    accepted_at_ms: Annotated[
        StrictInt,
        Field(
            alias="acceptedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    whatsapp_error: Annotated[
        StrictInt | None,
        Field(
            alias="whatsappError",
            description="WhatsApp's own code when it refused the message.",
        ),
    ] = None


class EventAckResult(BaseModel):
    """
    The highest position acked so far.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    acked_position: Annotated[
        StrictInt,
        Field(
            alias="ackedPosition",
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]


class Person(BaseModel):
    """
    Somebody on WhatsApp, as far as known: at least one of phoneNumber and lid is there.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    lid: Annotated[
        StrictStr | None,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    name: Annotated[
        StrictStr | None,
        Field(
            description="The push name, chosen by that person: never trust it.",
            max_length=512,
        ),
    ] = None


class IncomingText(BaseModel):
    """
    A plain text.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["text"], Field(description="The kind of content.")]
    text: Annotated[StrictStr, Field(description="As it was written.")]


class IncomingOther(BaseModel):
    """
    Content of a kind this version does not describe further.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["other"], Field(description="The kind of content.")]
    whatsapp_type: Annotated[
        StrictStr,
        Field(
            alias="whatsappType",
            description="WhatsApp's name of the kind, such as imageMessage.",
            max_length=128,
        ),
    ]


class MessageEvent(BaseModel):
    """
    A message in one of the tenant's chats: received, or sent from the tenant's own phone (fromMe). What the gateway itself sent is not repeated here.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["message"], Field(description="The kind of event.")]
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    is_group: Annotated[
        StrictBool, Field(alias="isGroup", description="True in a group chat.")
    ]
    from_me: Annotated[
        StrictBool,
        Field(
            alias="fromMe",
            description="True when the tenant's own phone or another of its devices sent it.",
        ),
    ]
    sender: Person
    sent_at_ms: Annotated[
        StrictInt,
        Field(
            alias="sentAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    content: Annotated[
        IncomingText | IncomingOther,
        Field(
            description="What a message says; type tells which kind.",
            discriminator="type",
            title="IncomingContent",
        ),
    ]


class MessageStatusEvent(BaseModel):
    """
    What became of a message the gateway sent.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["message.status"], Field(description="The kind of event.")]
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    status: MessageStatus
    whatsapp_error: Annotated[
        StrictInt | None,
        Field(
            alias="whatsappError",
            description="WhatsApp's own code when it refused the message.",
        ),
    ] = None


class SessionStatusEvent(BaseModel):
    """
    The session came into another state.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["session.status"], Field(description="The kind of event.")]
    state: SessionState
    since_ms: Annotated[
        StrictInt,
        Field(
            alias="sinceMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    reason: SessionReason | None = None
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    whatsapp_code: Annotated[
        StrictInt | None,
        Field(
            alias="whatsappCode",
            description="WhatsApp's own code behind the reason, when there is one.",
        ),
    ] = None
    restricted_until_ms: Annotated[
        StrictInt | None,
        Field(
            alias="restrictedUntilMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class SessionQrEvent(BaseModel):
    """
    A new QR code. Once the event is acked or the code expired its text is erased from the journal and left out.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    type: Annotated[Literal["session.qr"], Field(description="The kind of event.")]
    qr: QrCode | None = None


class PairingCode(BaseModel):
    """
    A code to type on the phone until it expires.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    code: Annotated[
        StrictStr,
        Field(
            description="Eight characters, shown as ABCD-EFGH.", pattern="^[A-Z0-9]{8}$"
        ),
    ]
    expires_at_ms: Annotated[
        StrictInt,
        Field(
            alias="expiresAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class SessionDeleteResult(BaseModel):
    """
    Whether there was something to delete.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    deleted: Annotated[
        StrictBool, Field(description="False when the tenant had no session.")
    ]


class StoreBackupResult(BaseModel):
    """
    What was written.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    file_name: Annotated[
        StrictStr,
        Field(alias="fileName", description="The file inside DATA_DIR/backup."),
    ]
    size_bytes: Annotated[
        StrictInt, Field(alias="sizeBytes", description="Its size.", ge=0)
    ]
    sessions: Annotated[StrictInt, Field(description="Sessions in it.", ge=0)]
    journal_id: Annotated[
        StrictStr,
        Field(
            alias="journalId",
            description="The journal in it.",
            pattern="^jrn_[0-9A-Za-z]{16,40}$",
        ),
    ]
    head_position: Annotated[
        StrictInt,
        Field(
            alias="headPosition",
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]


class StoreRotateResult(BaseModel):
    """
    How many keys were wrapped anew.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    sessions: Annotated[
        StrictInt, Field(description="Sessions whose key was wrapped anew.", ge=0)
    ]


class SessionStartParams(BaseModel):
    """
    The parameters of session.start, session.restart.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    wait_ms: Annotated[
        StrictInt,
        Field(alias="waitMs", description="0 answers at once.", ge=0, le=25000),
    ]


class SessionParams(BaseModel):
    """
    The parameters of session.stop, session.logout, session.delete, session.get.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]


class PairingCodeParams(BaseModel):
    """
    The parameters of session.pairingCode.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    phone_number: Annotated[
        StrictStr,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ]


class SessionSetProxyParams(BaseModel):
    """
    The parameters of session.setProxy.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    proxy_url: Annotated[
        StrictStr | None,
        Field(
            alias="proxyUrl",
            description="http, https or socks5, with user and password when it needs them. Never logged or given out again.",
            max_length=512,
            pattern="^(http|https|socks5)://\\S+$",
        ),
    ] = None


class SessionImportParams(BaseModel):
    """
    The parameters of session.import.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    folder: Annotated[
        StrictStr,
        Field(
            description="A folder name inside DATA_DIR/import, never a path.",
            pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        ),
    ]


class SessionListParams(BaseModel):
    """
    The parameters of session.list.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    after: Annotated[
        StrictStr | None,
        Field(
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ] = None
    limit: Annotated[StrictInt, Field(description="Sessions a page.", ge=1, le=500)]


class MessageSendParams(BaseModel):
    """
    The parameters of message.send.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    to: Annotated[
        StrictStr,
        Field(
            description="A phone number in E.164 or a JID of a person, a LID or a group.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us)$",
            title="Recipient",
        ),
    ]
    content: OutgoingText
    message_id: Annotated[
        StrictStr | None,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    wait_ms: Annotated[
        StrictInt,
        Field(
            alias="waitMs",
            description="How long to wait for WhatsApp's server to take the message.",
            ge=0,
            le=10000,
        ),
    ]


class EventPullParams(BaseModel):
    """
    The parameters of event.pull.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    after: Annotated[
        StrictInt,
        Field(
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]
    max: Annotated[
        StrictInt,
        Field(
            description="At most so many; fewer when a line would grow too long.",
            ge=1,
            le=500,
        ),
    ]
    wait_ms: Annotated[
        StrictInt,
        Field(
            alias="waitMs",
            description="How long to wait for the first event.",
            ge=0,
            le=30000,
        ),
    ]


class EventAckParams(BaseModel):
    """
    The parameters of event.ack.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    position: Annotated[
        StrictInt,
        Field(
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]


class JournalHealth(BaseModel):
    """
    Where the journal of events stands.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    head_position: Annotated[
        StrictInt,
        Field(
            alias="headPosition",
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]
    acked_position: Annotated[
        StrictInt,
        Field(
            alias="ackedPosition",
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]
    unacked_events: Annotated[
        StrictInt,
        Field(
            alias="unackedEvents",
            description="Events control has not stored yet.",
            ge=0,
        ),
    ]


class Session(BaseModel):
    """
    A tenant's session. A field that has nothing to say is left out.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    session_id: Annotated[
        StrictStr,
        Field(
            alias="sessionId",
            description="One pairing of a tenant: {tenantId}_{unix ms of its first start}.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}_[0-9]{13}$",
            title="SessionId",
        ),
    ]
    state: SessionState
    since_ms: Annotated[
        StrictInt,
        Field(
            alias="sinceMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    reason: SessionReason | None = None
    qr: QrCode | None = None
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    lid: Annotated[
        StrictStr | None,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    name: Annotated[
        StrictStr | None,
        Field(description="The account's own push name.", max_length=512),
    ] = None
    last_activity_ms: Annotated[
        StrictInt | None,
        Field(
            alias="lastActivityMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    retry_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="retryAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    whatsapp_code: Annotated[
        StrictInt | None,
        Field(
            alias="whatsappCode",
            description="WhatsApp's own code behind the reason, when there is one.",
        ),
    ] = None
    restricted_until_ms: Annotated[
        StrictInt | None,
        Field(
            alias="restrictedUntilMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    attempt: Annotated[
        StrictInt | None,
        Field(description="How many attempts to connect have failed in a row.", ge=0),
    ] = None
    pairing_code: Annotated[PairingCode | None, Field(alias="pairingCode")] = None
    has_proxy: Annotated[
        StrictBool | None,
        Field(
            alias="hasProxy",
            description="True when the tenant connects through a proxy.",
        ),
    ] = None


class SessionListResult(BaseModel):
    """
    A page of sessions. Ask again with the last tenantId as after while hasMore is true.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    sessions: Annotated[list[Session], Field(description="In the order of tenantId.")]
    has_more: Annotated[
        StrictBool,
        Field(alias="hasMore", description="True when another page follows."),
    ]


class PairingCodeResult(BaseModel):
    """
    The code and the session it belongs to.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    pairing_code: Annotated[PairingCode, Field(alias="pairingCode")]
    session: Session


class HealthResult(BaseModel):
    """
    The bridge's own view of itself.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    uptime_ms: Annotated[
        StrictInt,
        Field(alias="uptimeMs", description="Since the process started.", ge=0),
    ]
    sandbox: Annotated[
        StrictBool,
        Field(
            description="True when sessions connect to a sandbox and not to WhatsApp."
        ),
    ]
    store: StoreHealth
    whatsapp: WhatsAppReachability
    sessions: Annotated[
        dict[str, SessionsAdditionalProperty],
        Field(
            description="How many sessions are in each state; states without one are left out."
        ),
    ]
    journal: JournalHealth
    memory_rss_bytes: Annotated[
        StrictInt,
        Field(
            alias="memoryRssBytes", description="Resident memory of the process.", ge=0
        ),
    ]
    event_loop_delay_ms: Annotated[
        StrictInt,
        Field(
            alias="eventLoopDelayMs",
            description="99th percentile of the event loop's delay since the last call.",
            ge=0,
        ),
    ]
    memory_limit_bytes: Annotated[
        StrictInt,
        Field(
            alias="memoryLimitBytes",
            description="No new session is taken when it would bring the process above this.",
            ge=0,
        ),
    ]


class Event(BaseModel):
    """
    Something that happened in a tenant's session, recorded before anyone was told.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    position: Annotated[
        StrictInt,
        Field(
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]
    event_id: Annotated[
        StrictStr,
        Field(
            alias="eventId",
            description="Stable: the same event always has the same id.",
            pattern="^evt_[0-9A-Za-z]{16,40}$",
        ),
    ]
    tenant_id: Annotated[
        StrictStr,
        Field(
            alias="tenantId",
            description="The application's own id of a tenant; its case is kept.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
            title="TenantId",
        ),
    ]
    session_id: Annotated[
        StrictStr,
        Field(
            alias="sessionId",
            description="One pairing of a tenant: {tenantId}_{unix ms of its first start}.",
            pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}_[0-9]{13}$",
            title="SessionId",
        ),
    ]
    sequence: Annotated[
        StrictInt,
        Field(
            description="Counts the events of this sessionId from 1 without a gap.",
            ge=1,
        ),
    ]
    occurred_at_ms: Annotated[
        StrictInt,
        Field(
            alias="occurredAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    data: Annotated[
        MessageEvent | MessageStatusEvent | SessionStatusEvent | SessionQrEvent,
        Field(
            description="What happened; type tells which.",
            discriminator="type",
            title="EventData",
        ),
    ]


class EventPullResult(BaseModel):
    """
    Events in the order of their position; empty when none came in time.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
    )
    events: Annotated[list[Event], Field(description="Oldest first.")]
    head_position: Annotated[
        StrictInt,
        Field(
            alias="headPosition",
            description="A place in the bridge's journal of events, counted over all tenants. 0 is before the first.",
            ge=0,
            le=9007199254740991,
            title="Position",
        ),
    ]


class Method(NamedTuple):
    """One method: its shapes, how long control waits for the answer, whether it may be repeated."""

    params: type[BaseModel]
    result: type[BaseModel]
    timeout_ms: int
    idempotent: bool


class ContractError(NamedTuple):
    """One row of the contract's error table."""

    code: int
    name: str
    http_status: int
    retryable: bool
    message: str


METHODS: dict[str, Method] = {
    "system.hello": Method(HelloParams, HelloResult, timeout_ms=2000, idempotent=True),
    "system.health": Method(HealthParams, HealthResult, timeout_ms=1500, idempotent=True),
    "session.start": Method(SessionStartParams, Session, timeout_ms=30000, idempotent=True),
    "session.stop": Method(SessionParams, Session, timeout_ms=10000, idempotent=True),
    "session.logout": Method(SessionParams, Session, timeout_ms=15000, idempotent=True),
    "session.restart": Method(SessionStartParams, Session, timeout_ms=30000, idempotent=True),
    "session.delete": Method(SessionParams, SessionDeleteResult, timeout_ms=15000, idempotent=True),
    "session.pairingCode": Method(PairingCodeParams, PairingCodeResult, timeout_ms=30000, idempotent=True),
    "session.setProxy": Method(SessionSetProxyParams, Session, timeout_ms=30000, idempotent=True),
    "session.import": Method(SessionImportParams, Session, timeout_ms=30000, idempotent=True),
    "session.get": Method(SessionParams, Session, timeout_ms=1500, idempotent=True),
    "session.list": Method(SessionListParams, SessionListResult, timeout_ms=5000, idempotent=True),
    "store.backup": Method(StoreBackupParams, StoreBackupResult, timeout_ms=60000, idempotent=True),
    "store.rotateMasterKey": Method(StoreRotateParams, StoreRotateResult, timeout_ms=60000, idempotent=True),
    "message.send": Method(MessageSendParams, OutgoingMessage, timeout_ms=15000, idempotent=True),
    "event.pull": Method(EventPullParams, EventPullResult, timeout_ms=40000, idempotent=True),
    "event.ack": Method(EventAckParams, EventAckResult, timeout_ms=5000, idempotent=True),
}

ERRORS: tuple[ContractError, ...] = (
    ContractError(-32700, "parse_error", 502, False, "The line is not JSON."),
    ContractError(-32600, "invalid_rpc_request", 502, False, "The line is not a JSON-RPC 2.0 request."),
    ContractError(-32601, "method_not_found", 502, False, "The bridge has no such method."),
    ContractError(-32602, "invalid_params", 502, False, "The parameters do not match the contract."),
    ContractError(-32603, "bridge_error", 502, True, "The bridge failed while handling this call. Its log has the details."),
    ContractError(1001, "contract_mismatch", 503, False, "The bridge and control were built from different contracts. Deploy both from the same version and restart them."),
    ContractError(1002, "hello_required", 502, False, "The first call on a connection must be system.hello."),
    ContractError(1003, "overloaded", 503, True, "The bridge has too many calls under way. Try again in a moment."),
    ContractError(1004, "shutting_down", 503, True, "The bridge is restarting. Try again in a few seconds."),
    ContractError(1101, "session_not_found", 404, False, "This tenant has no session. Start one first."),
    ContractError(1102, "session_not_connected", 409, True, "The tenant's WhatsApp session is not connected. Look at its status; start it and scan the QR code if it asks for one."),
    ContractError(1103, "session_limit_reached", 503, True, "This server runs as many sessions as it is set to hold. Stop one or raise MAX_SESSIONS."),
    ContractError(1104, "whatsapp_unreachable", 503, True, "WhatsApp cannot be reached from this server. The session keeps trying by itself; check the server's network and DNS."),
    ContractError(1105, "memory_limit_reached", 503, True, "Another session would not fit into this server's memory, so it was not started; the running ones are not affected. Stop one, or raise MEMORY_LIMIT_MB."),
    ContractError(1106, "session_already_paired", 409, False, "This tenant is linked to a number already. Log it out first."),
    ContractError(1107, "pairing_code_refused", 502, True, "WhatsApp gave no pairing code for this number. Check the number, wait some minutes, or scan the QR code."),
    ContractError(1108, "proxy_unreachable", 422, True, "WhatsApp cannot be reached through this proxy, so it was not set."),
    ContractError(1109, "import_invalid", 422, False, "The folder holds no usable Baileys credentials."),
    ContractError(1110, "owned_elsewhere", 409, False, "Another installation runs this tenant's number, or this data folder is a restored copy. Stop the other one first, then take the sessions over."),
    ContractError(1201, "recipient_not_on_whatsapp", 422, False, "This number is not on WhatsApp."),
    ContractError(1202, "send_rejected", 502, False, "WhatsApp refused the message."),
    ContractError(1203, "message_conflict", 409, False, "Another message of this tenant already has this messageId."),
    ContractError(1301, "store_unavailable", 503, True, "The bridge cannot write to its store (disk full or failing), so nothing was accepted. It resumes by itself once the disk is writable."),
    ContractError(1302, "master_key_in_environment", 409, False, "The master key comes from MASTER_KEY in the environment. Set the new one there and the old one in MASTER_KEY_PREVIOUS, then restart the bridge."),
)

CONTRACT_HASH = "17a33b86960f6f3662a2d360c0cc59d5f187f8ecefff2428f8b52ebeeb91e01e"

MAX_LINE_BYTES = 1048576
