# Generated from bridge/contract/openrpc.json by `npm run contract`. Do not edit.
"""The shapes, methods and errors of the bridge's RPC contract."""

from __future__ import annotations
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
)
from typing import Annotated, Any, Literal, NamedTuple
from enum import IntEnum, StrEnum
from typing_extensions import TypeAliasType


class HelloParams(BaseModel):
    """
    The parameters of system.hello.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
    )


class MetricsParams(BaseModel):
    """
    The parameters of system.metrics.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    max_tenants: Annotated[
        StrictInt,
        Field(
            alias="maxTenants",
            description="How many tenants to tell apart at most, those with the most waiting first; 0 for none.",
            ge=0,
            le=1000,
        ),
    ]


class StoreBackupParams(BaseModel):
    """
    The parameters of store.backup.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
    )


class WhenUncertain(StrEnum):
    """
    What to do with a message that was handed over when no answer came: send the same bytes again, which no device can read twice (resend, when left out), or leave it as unknown (hold).
    """

    resend = "resend"
    hold = "hold"


class Presence(StrEnum):
    composing = "composing"
    recording = "recording"
    paused = "paused"


class MemberAddMode(StrEnum):
    admins = "admins"
    all = "all"


class DisappearingSeconds(IntEnum):
    """
    0: messages stay.
    """

    integer_0 = 0
    integer_86400 = 86400
    integer_604800 = 604800
    integer_7776000 = 7776000


class Action(StrEnum):
    add = "add"
    remove = "remove"
    promote = "promote"
    demote = "demote"


class Decision(StrEnum):
    approve = "approve"
    reject = "reject"


class MessageId(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[
        StrictStr,
        Field(
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]


class PhoneNumber(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[
        StrictStr,
        Field(
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ]


class Jid(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[
        StrictStr,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]


class HelloResult(BaseModel):
    """
    Who answers.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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


class ConnectionHealth(BaseModel):
    """
    What is heard on the connections of sessions that are connected. WhatsApp answers a keepalive every 30 seconds whether or not it has anything to say.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    connected: Annotated[
        StrictInt,
        Field(
            description="Sessions with a connection over which messages can flow.", ge=0
        ),
    ]
    unanswered: Annotated[
        StrictInt,
        Field(
            description="Of those, on which nothing at all was received for 75 seconds, not even the answer to a keepalive.",
            ge=0,
        ),
    ]
    silent: Annotated[
        StrictInt,
        Field(
            description="Of those, which are connected for longer than SESSION_SILENT_MINUTES and on which nothing but answers to keepalives and to questions of ours came for that long.",
            ge=0,
        ),
    ]
    longest_silence_ms: Annotated[
        StrictInt | None,
        Field(
            alias="longestSilenceMs",
            description="The longest of these silences; absent without a connected session.",
            ge=0,
        ),
    ] = None


class Distribution(BaseModel):
    """
    How often something took how long.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    bounds_ms: Annotated[
        list[StrictInt],
        Field(
            alias="boundsMs",
            description="Upper bounds, ascending; what is above the last is in the last count.",
            max_length=40,
        ),
    ]
    counts: Annotated[
        list[StrictInt],
        Field(
            description="How many were in each bound and above the one before; one more than there are bounds.",
            max_length=41,
        ),
    ]
    sum_ms: Annotated[
        StrictInt, Field(alias="sumMs", description="All of them together.", ge=0)
    ]


FailedAdditionalProperty = TypeAliasType(
    "FailedAdditionalProperty", Annotated[StrictInt, Field(ge=0)]
)


class SendFigures(BaseModel):
    """
    Messages of ours, counted when they got there; a message that is read is counted as sent, delivered and read.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    accepted: Annotated[
        StrictInt,
        Field(description="Recorded to be sent, those of batches included.", ge=0),
    ]
    sent: Annotated[StrictInt, Field(description="Taken by WhatsApp's server.", ge=0)]
    delivered: Annotated[
        StrictInt,
        Field(
            description="Reached the recipient's device; in a group, everybody's.", ge=0
        ),
    ]
    read: Annotated[StrictInt, Field(description="Read, or played.", ge=0)]
    unknown: Annotated[
        StrictInt,
        Field(description="WhatsApp's answer never came, and never will.", ge=0),
    ]
    failed: Annotated[
        dict[str, FailedAdditionalProperty],
        Field(description="Not sent, by the code of the failure."),
    ]
    latency: Distribution


class OutboxFigures(BaseModel):
    """
    Messages that have no answer of WhatsApp yet. No count goes beyond 100,000 but waiting and batched.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    waiting: Annotated[
        StrictInt,
        Field(
            description="Not handed to WhatsApp, for whatever reason, without those of batches.",
            ge=0,
        ),
    ]
    batched: Annotated[StrictInt, Field(description="The same, of batches.", ge=0)]
    ready: Annotated[
        StrictInt,
        Field(
            description="First in their chat, and free to leave once their session is connected.",
            ge=0,
        ),
    ]
    parked: Annotated[
        StrictInt,
        Field(
            description="First in their chat, and held back for more than five seconds by the limits of their tenant.",
            ge=0,
        ),
    ]
    unanswered: Annotated[
        StrictInt, Field(description="Handed to WhatsApp and not answered.", ge=0)
    ]
    oldest_ready_ms: Annotated[
        StrictInt | None,
        Field(
            alias="oldestReadyMs",
            description="How long the oldest of those ready has been due; absent without one.",
            ge=0,
        ),
    ] = None
    oldest_unanswered_ms: Annotated[
        StrictInt | None,
        Field(
            alias="oldestUnansweredMs",
            description="How long ago the oldest of the unanswered was accepted; absent without one.",
            ge=0,
        ),
    ] = None


class JournalFigures(BaseModel):
    """
    Events that control has not stored yet.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    unacked_events: Annotated[
        StrictInt, Field(alias="unackedEvents", description="How many.", ge=0)
    ]
    max_unacked_events: Annotated[
        StrictInt,
        Field(
            alias="maxUnackedEvents",
            description="From so many on nothing more is taken from WhatsApp.",
            ge=0,
        ),
    ]
    oldest_unacked_ms: Annotated[
        StrictInt | None,
        Field(
            alias="oldestUnackedMs",
            description="How long ago the oldest happened; absent without one.",
            ge=0,
        ),
    ] = None


class EventLoopDelayMs(BaseModel):
    """
    How late the event loop was since the last call, in milliseconds with fractions: half of the time, in the worst hundredth, at worst.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    p50: Annotated[float, Field(ge=0.0)]
    p99: Annotated[float, Field(ge=0.0)]
    max: Annotated[float, Field(ge=0.0)]


class ProcessFigures(BaseModel):
    """
    The bridge's process.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    rss_bytes: Annotated[
        StrictInt, Field(alias="rssBytes", description="Resident memory.", ge=0)
    ]
    memory_limit_bytes: Annotated[
        StrictInt,
        Field(
            alias="memoryLimitBytes",
            description="No new session is taken when it would bring the process above this.",
            ge=0,
        ),
    ]
    heap_used_bytes: Annotated[
        StrictInt,
        Field(
            alias="heapUsedBytes", description="Of the JavaScript heap, in use.", ge=0
        ),
    ]
    heap_total_bytes: Annotated[
        StrictInt,
        Field(alias="heapTotalBytes", description="The JavaScript heap.", ge=0),
    ]
    external_bytes: Annotated[
        StrictInt,
        Field(
            alias="externalBytes",
            description="Memory outside of the heap that objects in it hold, buffers included.",
            ge=0,
        ),
    ]
    cpu_ms: Annotated[
        StrictInt,
        Field(alias="cpuMs", description="Processor time, user and system.", ge=0),
    ]
    open_files: Annotated[
        StrictInt, Field(alias="openFiles", description="Open file descriptors.", ge=0)
    ]
    gc_ms: Annotated[
        StrictInt, Field(alias="gcMs", description="Time in garbage collection.", ge=0)
    ]
    gc_runs: Annotated[
        StrictInt, Field(alias="gcRuns", description="Runs of it.", ge=0)
    ]
    event_loop_delay_ms: Annotated[
        EventLoopDelayMs,
        Field(
            alias="eventLoopDelayMs",
            description="How late the event loop was since the last call, in milliseconds with fractions: half of the time, in the worst hundredth, at worst.",
        ),
    ]
    event_loop_utilization: Annotated[
        float,
        Field(
            alias="eventLoopUtilization",
            description="The share of time the event loop was busy since the last call.",
            ge=0.0,
            le=1.0,
        ),
    ]


class StoreFigures(BaseModel):
    """
    The store's files.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    status: StoreHealth
    database_bytes: Annotated[
        StrictInt, Field(alias="databaseBytes", description="The SQLite file.", ge=0)
    ]
    log_bytes: Annotated[
        StrictInt, Field(alias="logBytes", description="Its write-ahead log.", ge=0)
    ]


ConnectionsEndedAdditionalProperty = TypeAliasType(
    "ConnectionsEndedAdditionalProperty", Annotated[StrictInt, Field(ge=0)]
)


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
        defer_build=True,
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


class MessageStatus(StrEnum):
    """
    accepted: recorded, not yet taken by WhatsApp's server. sent: WhatsApp's server took it. delivered, read, played: the recipient's device says so; in a group, the devices of all recipients. failed: it will not be sent, failure tells why. unknown: it was handed over, no answer came, and it is not tried again.
    """

    accepted = "accepted"
    sent = "sent"
    delivered = "delivered"
    read = "read"
    played = "played"
    failed = "failed"
    unknown = "unknown"


class EventAckResult(BaseModel):
    """
    The highest position acked so far.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
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


class IncomingOther(BaseModel):
    """
    Content of a kind this version does not describe further; message.raw gives all of it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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


class ChatType(StrEnum):
    """
    What kind of chat.
    """

    person = "person"
    group = "group"
    status = "status"
    channel = "channel"


class SessionStatusEvent(BaseModel):
    """
    The session came into another state.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    attempt: Annotated[
        StrictInt | None,
        Field(description="How many attempts to connect have failed in a row.", ge=0),
    ] = None


class SessionQrEvent(BaseModel):
    """
    A new QR code. Once the event is acked or the code expired its text is erased from the journal and left out.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
    )
    sessions: Annotated[
        StrictInt, Field(description="Sessions whose key was wrapped anew.", ge=0)
    ]


class StoreUsage(BaseModel):
    """
    What a tenant's files take on disk; zeros for a tenant without any, or that is not known.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    media_files: Annotated[
        StrictInt,
        Field(
            alias="mediaFiles",
            description="Files that came with messages and are on disk.",
            ge=0,
        ),
    ]
    media_bytes: Annotated[
        StrictInt, Field(alias="mediaBytes", description="Their size.", ge=0)
    ]
    spool_files: Annotated[
        StrictInt,
        Field(
            alias="spoolFiles",
            description="Files that messages still need to be sent. One that several tenants' messages need counts for each.",
            ge=0,
        ),
    ]
    spool_bytes: Annotated[
        StrictInt, Field(alias="spoolBytes", description="Their size.", ge=0)
    ]


class PersonAddress(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[
        StrictStr,
        Field(
            description="A person: a phone number in E.164, a phone JID or a LID.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid)$",
            title="PersonAddress",
        ),
    ]


class Done(BaseModel):
    """
    It was done.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )


class SpoolFile(BaseModel):
    """
    A file in DATA_DIR/spool. The bridge opens it by its name only, checks size and digest, and deletes it when it is no longer needed.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    name: Annotated[
        StrictStr,
        Field(
            description="A random name, never a path.", pattern="^[A-Za-z0-9_-]{22,64}$"
        ),
    ]
    mime_type: Annotated[
        StrictStr,
        Field(
            alias="mimeType",
            description="As the bytes say, not as the caller says.",
            max_length=128,
            min_length=3,
        ),
    ]
    size_bytes: Annotated[
        StrictInt,
        Field(alias="sizeBytes", description="Its size.", ge=1, le=2147483648),
    ]
    sha256: Annotated[
        StrictStr,
        Field(description="Digest of the file, hex.", pattern="^[0-9a-f]{64}$"),
    ]


class LinkPreview(BaseModel):
    """
    What to show for a link in the text.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    url: Annotated[
        StrictStr,
        Field(description="As it stands in the text.", max_length=2048, min_length=1),
    ]
    title: Annotated[
        StrictStr, Field(description="Its title.", max_length=1024, min_length=1)
    ]
    description: Annotated[
        StrictStr | None, Field(description="More about it.", max_length=4096)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None


class TextStyle(BaseModel):
    """
    How a text looks in the number's story.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    background_color: Annotated[
        StrictStr | None,
        Field(
            alias="backgroundColor", description="#RRGGBB.", pattern="^#[0-9A-Fa-f]{6}$"
        ),
    ] = None
    font: Annotated[
        StrictInt | None,
        Field(description="WhatsApp's number of the font.", ge=0, le=10),
    ] = None


class OutgoingImage(BaseModel):
    """
    A picture, JPEG or PNG.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["image"], Field(description="The kind of content.")]
    file: SpoolFile
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None
    view_once: Annotated[
        StrictBool | None, Field(alias="viewOnce", description="Can be looked at once.")
    ] = None


class OutgoingVideo(BaseModel):
    """
    A video, MP4.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["video"], Field(description="The kind of content.")]
    file: SpoolFile
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=86400)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None
    view_once: Annotated[
        StrictBool | None, Field(alias="viewOnce", description="Can be looked at once.")
    ] = None


class OutgoingGif(BaseModel):
    """
    A short video without sound that repeats, MP4.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["gif"], Field(description="The kind of content.")]
    file: SpoolFile
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=86400)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None


class OutgoingVideoNote(BaseModel):
    """
    A round video message, MP4.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["video_note"], Field(description="The kind of content.")]
    file: SpoolFile
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=86400)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None


class OutgoingAudio(BaseModel):
    """
    A sound file.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["audio"], Field(description="The kind of content.")]
    file: SpoolFile
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=86400)
    ] = None


class OutgoingVoice(BaseModel):
    """
    A voice message, Ogg with Opus.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["voice"], Field(description="The kind of content.")]
    file: SpoolFile
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=86400)
    ] = None
    waveform: Annotated[
        StrictStr | None,
        Field(
            description="64 values from 0 to 100, one byte each, base64.",
            max_length=128,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
        ),
    ] = None
    view_once: Annotated[
        StrictBool | None, Field(alias="viewOnce", description="Can be heard once.")
    ] = None


class OutgoingDocument(BaseModel):
    """
    Any file.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["document"], Field(description="The kind of content.")]
    file: SpoolFile
    file_name: Annotated[
        StrictStr,
        Field(
            alias="fileName",
            description="As the recipient sees it.",
            max_length=255,
            min_length=1,
        ),
    ]
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None
    thumbnail: Annotated[
        StrictStr | None,
        Field(
            description="A small JPEG, base64.",
            max_length=24000,
            pattern="^[A-Za-z0-9+/]+={0,2}$",
            title="Thumbnail",
        ),
    ] = None


class OutgoingSticker(BaseModel):
    """
    A sticker, WebP.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["sticker"], Field(description="The kind of content.")]
    file: SpoolFile
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=1, le=65535)
    ] = None
    animated: Annotated[StrictBool | None, Field(description="True when it moves.")] = (
        None
    )


class Place(BaseModel):
    """
    A place on earth.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    latitude: Annotated[float, Field(description="In degrees.", ge=-90.0, le=90.0)]
    longitude: Annotated[float, Field(description="In degrees.", ge=-180.0, le=180.0)]
    name: Annotated[
        StrictStr | None, Field(description="Its name.", max_length=1024)
    ] = None
    address: Annotated[
        StrictStr | None, Field(description="Its address.", max_length=4096)
    ] = None


class OutgoingLocation(BaseModel):
    """
    A place.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["location"], Field(description="The kind of content.")]
    place: Place


class ContactCard(BaseModel):
    """
    A contact as a vCard.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    display_name: Annotated[
        StrictStr,
        Field(
            alias="displayName",
            description="The name shown.",
            max_length=512,
            min_length=1,
        ),
    ]
    vcard: Annotated[
        StrictStr,
        Field(description="RFC 2426 or 6350.", max_length=16384, min_length=1),
    ]


class OutgoingContacts(BaseModel):
    """
    One or more contacts.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["contacts"], Field(description="The kind of content.")]
    display_name: Annotated[
        StrictStr | None,
        Field(
            alias="displayName", description="What the list is called.", max_length=512
        ),
    ] = None
    contacts: Annotated[
        list[ContactCard], Field(description="The cards.", max_length=50, min_length=1)
    ]


class Option(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[
        StrictStr, Field(description="An answer.", max_length=100, min_length=1)
    ]


class OutgoingPoll(BaseModel):
    """
    A question with answers to choose from.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["poll"], Field(description="The kind of content.")]
    question: Annotated[
        StrictStr, Field(description="What is asked.", max_length=255, min_length=1)
    ]
    options: Annotated[
        list[Option],
        Field(description="The answers, each different.", max_length=12, min_length=2),
    ]
    selectable_count: Annotated[
        StrictInt,
        Field(
            alias="selectableCount",
            description="How many may be chosen; 0 for any number.",
            ge=0,
            le=12,
        ),
    ]


class OutgoingEvent(BaseModel):
    """
    An event to be joined.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["event"], Field(description="The kind of content.")]
    name: Annotated[
        StrictStr,
        Field(description="What it is called.", max_length=1024, min_length=1),
    ]
    description: Annotated[
        StrictStr | None, Field(description="What it is about.", max_length=8192)
    ] = None
    starts_at_ms: Annotated[
        StrictInt,
        Field(
            alias="startsAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    ends_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="endsAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    place: Place | None = None
    extra_guests_allowed: Annotated[
        StrictBool | None,
        Field(alias="extraGuestsAllowed", description="Guests may bring others."),
    ] = None
    is_cancelled: Annotated[
        StrictBool | None,
        Field(alias="isCancelled", description="It does not take place."),
    ] = None


class OutgoingReaction(BaseModel):
    """
    A reaction to a message.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["reaction"], Field(description="The kind of content.")]
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    emoji: Annotated[
        StrictStr,
        Field(description="One emoji; empty takes the reaction back.", max_length=64),
    ]


class OutgoingEdit(BaseModel):
    """
    Another text for a message sent before, or another caption.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["edit"], Field(description="The kind of content.")]
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    text: Annotated[
        StrictStr,
        Field(description="Up to 65,536 characters.", max_length=65536, min_length=1),
    ]


class OutgoingDelete(BaseModel):
    """
    Deletes a message for everyone.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["delete"], Field(description="The kind of content.")]
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]


class OutgoingForward(BaseModel):
    """
    Passes a message on as it is.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["forward"], Field(description="The kind of content.")]
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
        StrictStr | None,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None


class ContentType(StrEnum):
    """
    The kind of a message.
    """

    text = "text"
    image = "image"
    video = "video"
    gif = "gif"
    video_note = "video_note"
    audio = "audio"
    voice = "voice"
    document = "document"
    sticker = "sticker"
    location = "location"
    contacts = "contacts"
    poll = "poll"
    event = "event"
    reaction = "reaction"
    edit = "edit"
    delete = "delete"
    forward = "forward"


class MessageContext(BaseModel):
    """
    What a message refers to.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    reply_to: Annotated[
        StrictStr | None,
        Field(
            alias="replyTo",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    mentions: Annotated[
        list[PersonAddress] | None,
        Field(
            description="Who is mentioned; the text holds @ and the number or the part of the LID before the @.",
            max_length=1024,
            min_length=1,
        ),
    ] = None
    mention_all: Annotated[
        StrictBool | None,
        Field(alias="mentionAll", description="Everybody in the group."),
    ] = None
    forwarded: Annotated[
        StrictBool | None, Field(description="Marked as forwarded.")
    ] = None


class Idempotency(BaseModel):
    """
    What makes a repeated request recognisable.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    key: Annotated[
        StrictStr,
        Field(
            description="The caller's key, unique per tenant.",
            max_length=255,
            min_length=1,
        ),
    ]
    fingerprint: Annotated[
        StrictStr,
        Field(description="SHA-256 of the request, hex.", pattern="^[0-9a-f]{64}$"),
    ]


class Code(StrEnum):
    """
    recipient_not_on_whatsapp: the number has no account. rejected: WhatsApp refused it. restricted: WhatsApp does not let this number write to people it has no chat with. expired: it could not be sent in time. cancelled: by the caller. media_unusable: the media file is gone or was refused. referenced_message_not_found: what it refers to is not known. content_not_possible: not in this kind of chat. session_ended: the number was logged out or the session deleted. internal_error: a fault of the gateway, see its log.
    """

    recipient_not_on_whatsapp = "recipient_not_on_whatsapp"
    rejected = "rejected"
    restricted = "restricted"
    expired = "expired"
    cancelled = "cancelled"
    media_unusable = "media_unusable"
    referenced_message_not_found = "referenced_message_not_found"
    content_not_possible = "content_not_possible"
    session_ended = "session_ended"
    internal_error = "internal_error"


class MessageFailure(BaseModel):
    """
    Why a message failed.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    code: Annotated[
        Code,
        Field(
            description="recipient_not_on_whatsapp: the number has no account. rejected: WhatsApp refused it. restricted: WhatsApp does not let this number write to people it has no chat with. expired: it could not be sent in time. cancelled: by the caller. media_unusable: the media file is gone or was refused. referenced_message_not_found: what it refers to is not known. content_not_possible: not in this kind of chat. session_ended: the number was logged out or the session deleted. internal_error: a fault of the gateway, see its log."
        ),
    ]
    whatsapp_error: Annotated[
        StrictInt | None,
        Field(alias="whatsappError", description="WhatsApp's own code."),
    ] = None


class HoldReason(StrEnum):
    """
    Why an accepted message has not left yet. scheduled: its time has not come. not_connected: the session is not connected. uploading: its media is on the way. earlier_message: one before it in the same chat has not left. paced: the governor spaces messages. new_chat_limit: as many new chats were begun as may be. restricted: WhatsApp allows no new chats now. batch_paused: its batch is paused. unconfirmed: it was handed over and is awaiting WhatsApp's answer.
    """

    scheduled = "scheduled"
    not_connected = "not_connected"
    uploading = "uploading"
    earlier_message = "earlier_message"
    paced = "paced"
    new_chat_limit = "new_chat_limit"
    restricted = "restricted"
    batch_paused = "batch_paused"
    unconfirmed = "unconfirmed"


class Status(StrEnum):
    """
    The furthest step.
    """

    delivered = "delivered"
    read = "read"
    played = "played"


class RecipientStatus(BaseModel):
    """
    What one recipient's devices said.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    recipient: Annotated[
        StrictStr,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    status: Annotated[Status, Field(description="The furthest step.")]
    at_ms: Annotated[
        StrictInt,
        Field(
            alias="atMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class SendProfile(StrEnum):
    """
    How messages are spaced. paced: carefully, for numbers that write first. conversations: chats whose other side wrote first are hardly held up, new chats are paced. unpaced: not at all.
    """

    paced = "paced"
    conversations = "conversations"
    unpaced = "unpaced"


class Name(StrEnum):
    """
    minute, hour, day: messages that are no replies; with conversations, all in running chats. replies_minute, replies_hour, replies_day: replies to people who wrote within 24 hours (paced). new_chats_hour, new_chats_day: first messages to people who did not write within 30 days. stories_day: stories. warm_up_day: messages that are no reply, in the first days after pairing.
    """

    minute = "minute"
    hour = "hour"
    day = "day"
    replies_minute = "replies_minute"
    replies_hour = "replies_hour"
    replies_day = "replies_day"
    new_chats_hour = "new_chats_hour"
    new_chats_day = "new_chats_day"
    stories_day = "stories_day"
    warm_up_day = "warm_up_day"


class LimitBucket(BaseModel):
    """
    One limit and how far it is used.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    name: Annotated[
        Name,
        Field(
            description="minute, hour, day: messages that are no replies; with conversations, all in running chats. replies_minute, replies_hour, replies_day: replies to people who wrote within 24 hours (paced). new_chats_hour, new_chats_day: first messages to people who did not write within 30 days. stories_day: stories. warm_up_day: messages that are no reply, in the first days after pairing."
        ),
    ]
    limit: Annotated[StrictInt, Field(description="At most so many.", ge=0)]
    used: Annotated[StrictInt, Field(description="So many so far.", ge=0)]
    free_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="freeAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class Kind(StrEnum):
    """
    reachout_timelock: no new chats until a time. message_capping: a quota of new chats.
    """

    reachout_timelock = "reachout_timelock"
    message_capping = "message_capping"


class Restriction(BaseModel):
    """
    What WhatsApp itself limits.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    kind: Annotated[
        Kind,
        Field(
            description="reachout_timelock: no new chats until a time. message_capping: a quota of new chats."
        ),
    ]
    until_ms: Annotated[
        StrictInt | None,
        Field(
            alias="untilMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    quota: Annotated[
        StrictInt | None, Field(description="Chats that may be begun.", ge=0)
    ] = None
    used: Annotated[StrictInt | None, Field(description="Chats begun.", ge=0)] = None
    status: Annotated[
        StrictStr | None, Field(description="WhatsApp's own word.", max_length=64)
    ] = None


class GapMs(BaseModel):
    """
    The pause between two messages; left out when there is none.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    min: Annotated[StrictInt, Field(description="Shortest.", ge=0)]
    median: Annotated[StrictInt, Field(description="In the middle.", ge=0)]
    max: Annotated[StrictInt, Field(description="Longest.", ge=0)]


class WarmUp(BaseModel):
    """
    The first days after pairing.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    day: Annotated[StrictInt, Field(description="Counted from 1.", ge=1)]
    days: Annotated[StrictInt, Field(description="So many in all.", ge=1)]


class Limits(BaseModel):
    """
    How this tenant's messages are spaced, and what is used.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    profile: SendProfile
    is_default: Annotated[
        StrictBool,
        Field(
            alias="isDefault",
            description="True when it comes from the settings and not from the tenant's own choice.",
        ),
    ]
    queued: Annotated[StrictInt, Field(description="Messages that wait.", ge=0)]
    queue_limit: Annotated[
        StrictInt, Field(alias="queueLimit", description="So many may wait.", ge=0)
    ]
    parked_new_chats: Annotated[
        StrictInt,
        Field(
            alias="parkedNewChats",
            description="Messages that wait because new chats are not possible now.",
            ge=0,
        ),
    ]
    gap_ms: Annotated[
        GapMs | None,
        Field(
            alias="gapMs",
            description="The pause between two messages; left out when there is none.",
        ),
    ] = None
    buckets: Annotated[list[LimitBucket], Field(description="Empty without limits.")]
    warm_up: Annotated[
        WarmUp | None,
        Field(alias="warmUp", description="The first days after pairing."),
    ] = None
    restrictions: Annotated[
        list[Restriction], Field(description="Empty when there is none.")
    ]
    next_send_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="nextSendAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


VariablesAdditionalProperty = TypeAliasType(
    "VariablesAdditionalProperty", Annotated[StrictStr, Field(max_length=4096)]
)


class BatchRecipient(BaseModel):
    """
    One recipient of a batch.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    to: Annotated[
        StrictStr,
        Field(
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    variables: Annotated[
        dict[
            Annotated[
                str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,64}$", strict=True)
            ],
            VariablesAdditionalProperty,
        ]
        | None,
        Field(description="Values for {{name}} in the text or caption.", max_length=64),
    ] = None


class BatchState(StrEnum):
    """
    running: messages wait or leave. paused: none leaves. cancelled: those that waited will not be sent. finished: none waits any more.
    """

    running = "running"
    paused = "paused"
    cancelled = "cancelled"
    finished = "finished"


class BatchCounts(BaseModel):
    """
    Messages by status.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    accepted: Annotated[StrictInt, Field(description="So many.", ge=0)]
    sent: Annotated[StrictInt, Field(description="So many.", ge=0)]
    delivered: Annotated[StrictInt, Field(description="So many.", ge=0)]
    read: Annotated[StrictInt, Field(description="So many.", ge=0)]
    played: Annotated[StrictInt, Field(description="So many.", ge=0)]
    failed: Annotated[StrictInt, Field(description="So many.", ge=0)]
    unknown: Annotated[StrictInt, Field(description="So many.", ge=0)]


class Batch(BaseModel):
    """
    One message for many.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    batch_id: Annotated[
        StrictStr,
        Field(
            alias="batchId",
            description="The id of a batch.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ]
    state: BatchState
    created_at_ms: Annotated[
        StrictInt,
        Field(
            alias="createdAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    send_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sendAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    expires_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expiresAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    total: Annotated[StrictInt, Field(description="Messages it consists of.", ge=0)]
    duplicates: Annotated[
        StrictInt,
        Field(description="Recipients that were named twice and get it once.", ge=0),
    ]
    counts: BatchCounts
    expected_end_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expectedEndAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class BatchResult(BaseModel):
    """
    The batch, and whether it is the answer of an earlier request.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    batch: Batch
    replayed: Annotated[
        StrictBool,
        Field(description="True when a request with this key was answered before."),
    ]


class BatchListResult(BaseModel):
    """
    A page of batches, newest first.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    batches: Annotated[list[Batch], Field(description="The batches.")]
    has_more: Annotated[
        StrictBool,
        Field(alias="hasMore", description="True when another page follows."),
    ]


class CheckedNumber(BaseModel):
    """
    Whether a number has an account.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    phone_number: Annotated[
        StrictStr,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ]
    exists: Annotated[StrictBool, Field(description="True when it is on WhatsApp.")]
    jid: Annotated[
        StrictStr | None,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
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


class NumberCheckResult(BaseModel):
    """
    In the order they were asked.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    numbers: Annotated[
        list[CheckedNumber], Field(description="One for each that was asked.")
    ]


class Website(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[StrictStr, Field(description="A URL.", max_length=2048)]


class BusinessProfile(BaseModel):
    """
    What a business says of itself.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    description: Annotated[
        StrictStr | None, Field(description="About it.", max_length=8192)
    ] = None
    category: Annotated[
        StrictStr | None, Field(description="What it does.", max_length=512)
    ] = None
    email: Annotated[
        StrictStr | None, Field(description="Its address for mail.", max_length=512)
    ] = None
    address: Annotated[
        StrictStr | None, Field(description="Where it is.", max_length=2048)
    ] = None
    websites: Annotated[
        list[Website] | None,
        Field(description="Its pages.", max_length=10, min_length=0),
    ] = None


class Contact(BaseModel):
    """
    A person, as WhatsApp shows them to this number. Texts are that person's own: never trust them.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    jid: Annotated[
        StrictStr | None,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
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
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    name: Annotated[
        StrictStr | None,
        Field(description="The push name, when they wrote before.", max_length=512),
    ] = None
    about: Annotated[
        StrictStr | None, Field(description="Their about text.", max_length=2048)
    ] = None
    about_set_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="aboutSetAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    picture_url: Annotated[
        StrictStr | None,
        Field(
            alias="pictureUrl",
            description="Where WhatsApp keeps the picture; runs out after a while.",
            max_length=2048,
        ),
    ] = None
    business: BusinessProfile | None = None
    is_blocked: Annotated[
        StrictBool,
        Field(alias="isBlocked", description="True when this number blocked them."),
    ]


class BlockedResult(BaseModel):
    """
    Who is blocked.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    contacts: Annotated[list[Jid], Field(description="Their JIDs or LIDs.")]


class Role(StrEnum):
    """
    What they may do.
    """

    member = "member"
    admin = "admin"
    owner = "owner"


class GroupParticipant(BaseModel):
    """
    Somebody in a group.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    id: Annotated[
        StrictStr,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
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
    role: Annotated[Role, Field(description="What they may do.")]


class MemberAddMode1(StrEnum):
    """
    Who may add others.
    """

    admins = "admins"
    all = "all"


class Group(BaseModel):
    """
    A group. Subject and description are their admins' own: never trust them.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]
    subject: Annotated[StrictStr, Field(description="Its name.", max_length=1024)]
    description: Annotated[
        StrictStr | None, Field(description="About it.", max_length=8192)
    ] = None
    owner_id: Annotated[
        StrictStr | None,
        Field(
            alias="ownerId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    created_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="createdAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    size: Annotated[StrictInt, Field(description="How many are in it.", ge=0)]
    participants: Annotated[
        list[GroupParticipant], Field(description="Empty in lists and previews.")
    ]
    only_admins_send: Annotated[
        StrictBool, Field(alias="onlyAdminsSend", description="Only admins may write.")
    ]
    only_admins_edit: Annotated[
        StrictBool,
        Field(
            alias="onlyAdminsEdit",
            description="Only admins may change subject, picture and description.",
        ),
    ]
    member_add_mode: Annotated[
        MemberAddMode1, Field(alias="memberAddMode", description="Who may add others.")
    ]
    join_approval: Annotated[
        StrictBool,
        Field(
            alias="joinApproval", description="Admins decide who joins by invitation."
        ),
    ]
    disappearing_seconds: Annotated[
        StrictInt | None,
        Field(
            alias="disappearingSeconds",
            description="Messages vanish after so long; left out when they stay.",
            ge=1,
        ),
    ] = None
    is_community: Annotated[
        StrictBool | None,
        Field(alias="isCommunity", description="It is the frame of a community."),
    ] = None
    community_id: Annotated[
        StrictStr | None,
        Field(
            alias="communityId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ] = None


class GroupListResult(BaseModel):
    """
    A page of groups in the order of their ids.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    groups: Annotated[list[Group], Field(description="Without participants.")]
    has_more: Annotated[
        StrictBool,
        Field(alias="hasMore", description="True when another page follows."),
    ]
    fetched_at_ms: Annotated[
        StrictInt,
        Field(
            alias="fetchedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class ParticipantResult(BaseModel):
    """
    What became of one participant.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    participant: Annotated[
        StrictStr,
        Field(
            description="A person: a phone number in E.164, a phone JID or a LID.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid)$",
            title="PersonAddress",
        ),
    ]
    jid: Annotated[
        StrictStr | None,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    done: Annotated[StrictBool, Field(description="True when it was done.")]
    whatsapp_error: Annotated[
        StrictInt | None,
        Field(
            alias="whatsappError",
            description="WhatsApp's own code when it was not: 403 when the person must be invited, 408 when they left lately, 409 when they are in it already.",
        ),
    ] = None


class ParticipantsResult(BaseModel):
    """
    One for each that was named.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    results: Annotated[
        list[ParticipantResult], Field(description="In the order they were named.")
    ]


class GroupCreateResult(BaseModel):
    """
    The new group.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    group: Group
    results: Annotated[
        list[ParticipantResult], Field(description="One for each that was named.")
    ]


class GroupInvite(BaseModel):
    """
    An invitation to a group.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    code: Annotated[
        StrictStr, Field(description="The code.", pattern="^[A-Za-z0-9_-]{8,64}$")
    ]
    url: Annotated[
        StrictStr, Field(description="The link that holds it.", max_length=256)
    ]


class GroupJoinResult(BaseModel):
    """
    The group that was joined. Where admins decide, pending is true.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    group_id: Annotated[
        StrictStr | None,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ] = None
    pending: Annotated[
        StrictBool, Field(description="True when an admin has to agree first.")
    ]


class JoinRequest(BaseModel):
    """
    Somebody who wants to join.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    id: Annotated[
        StrictStr,
        Field(
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    phone_number: Annotated[
        StrictStr | None,
        Field(
            alias="phoneNumber",
            description="E.164 with the plus sign.",
            pattern="^\\+[1-9][0-9]{4,17}$",
            title="PhoneNumber",
        ),
    ] = None
    requested_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="requestedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class JoinRequestsResult(BaseModel):
    """
    Who wants to join.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    requests: Annotated[list[JoinRequest], Field(description="Oldest first.")]


class Role1(StrEnum):
    """
    What this number is in it.
    """

    owner = "owner"
    admin = "admin"
    follower = "follower"
    guest = "guest"


class Channel(BaseModel):
    """
    A channel. Texts are its owner's own: never trust them.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    channel_id: Annotated[
        StrictStr,
        Field(
            alias="channelId",
            description="The JID of a channel.",
            max_length=128,
            pattern="^[0-9]{5,24}@newsletter$",
            title="ChannelId",
        ),
    ]
    name: Annotated[StrictStr, Field(description="Its name.", max_length=1024)]
    description: Annotated[
        StrictStr | None, Field(description="About it.", max_length=8192)
    ] = None
    invite_code: Annotated[
        StrictStr | None,
        Field(alias="inviteCode", description="The code of its link.", max_length=128),
    ] = None
    followers: Annotated[
        StrictInt | None, Field(description="How many follow it.", ge=0)
    ] = None
    verified: Annotated[
        StrictBool | None, Field(description="WhatsApp vouches for it.")
    ] = None
    role: Annotated[Role1 | None, Field(description="What this number is in it.")] = (
        None
    )
    created_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="createdAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


ReactionsAdditionalProperty = TypeAliasType(
    "ReactionsAdditionalProperty", Annotated[StrictInt, Field(ge=0)]
)


class ChannelMessage(BaseModel):
    """
    A post of a channel.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    server_id: Annotated[
        StrictStr,
        Field(alias="serverId", description="WhatsApp's number of it.", max_length=64),
    ]
    message_id: Annotated[
        StrictStr | None,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    text: Annotated[
        StrictStr | None, Field(description="Text or caption.", max_length=65536)
    ] = None
    type: Annotated[
        StrictStr | None,
        Field(description="WhatsApp's name of the kind.", max_length=128),
    ] = None
    sent_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sentAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    views: Annotated[
        StrictInt | None, Field(description="How often it was seen.", ge=0)
    ] = None
    reactions: Annotated[
        dict[str, ReactionsAdditionalProperty] | None,
        Field(description="How often each emoji.", max_length=200),
    ] = None


class ChannelMessagesResult(BaseModel):
    """
    Posts, newest first.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    messages: Annotated[
        list[ChannelMessage],
        Field(description="The posts.", max_length=100, min_length=0),
    ]


class ChannelListResult(BaseModel):
    """
    Channels this number follows or owns.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    channels: Annotated[
        list[Channel], Field(description="The channels.", max_length=1000, min_length=0)
    ]


class Label(BaseModel):
    """
    A label of WhatsApp Business.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    label_id: Annotated[
        StrictStr,
        Field(alias="labelId", description="Its number.", pattern="^[0-9]{1,18}$"),
    ]
    name: Annotated[StrictStr, Field(description="Its name.", max_length=256)]
    color: Annotated[
        StrictInt, Field(description="One of WhatsApp's 20 colours.", ge=0, le=19)
    ]
    predefined: Annotated[StrictBool | None, Field(description="WhatsApp made it.")] = (
        None
    )


class LabelListResult(BaseModel):
    """
    The labels.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    labels: Annotated[
        list[Label],
        Field(description="In the order of their ids.", max_length=1000, min_length=0),
    ]


class IncomingMedia(BaseModel):
    """
    A file that came with a message. Everything but the id was said by the sender: never trust it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    media_id: Annotated[
        StrictStr,
        Field(
            alias="mediaId",
            description="Names the media of a message; not guessable.",
            pattern="^med_[0-9A-Za-z]{16,64}$",
            title="MediaId",
        ),
    ]
    mime_type: Annotated[
        StrictStr,
        Field(alias="mimeType", description="As the sender says.", max_length=256),
    ]
    size_bytes: Annotated[
        StrictInt | None,
        Field(alias="sizeBytes", description="As the sender says.", ge=0),
    ] = None
    sha256: Annotated[
        StrictStr | None,
        Field(
            description="Digest of the file, hex, as the sender says.",
            pattern="^[0-9a-f]{64}$",
        ),
    ] = None
    file_name: Annotated[
        StrictStr | None,
        Field(
            alias="fileName",
            description="As the sender says: never a path.",
            max_length=1024,
        ),
    ] = None
    width: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=0, le=1000000)
    ] = None
    height: Annotated[
        StrictInt | None, Field(description="In pixels.", ge=0, le=1000000)
    ] = None
    seconds: Annotated[
        StrictInt | None, Field(description="How long it plays.", ge=0, le=1000000)
    ] = None
    waveform: Annotated[
        StrictStr | None,
        Field(
            description="64 values from 0 to 100, one byte each, base64.",
            max_length=2048,
        ),
    ] = None
    animated: Annotated[
        StrictBool | None, Field(description="A sticker that moves.")
    ] = None


class IncomingPreview(BaseModel):
    """
    What the sender's app showed for a link.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    url: Annotated[
        StrictStr | None, Field(description="The link.", max_length=4096)
    ] = None
    title: Annotated[
        StrictStr | None, Field(description="Its title.", max_length=4096)
    ] = None
    description: Annotated[
        StrictStr | None, Field(description="More.", max_length=8192)
    ] = None


class IncomingImage(BaseModel):
    """
    A picture.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["image"], Field(description="The kind of content.")]
    media: IncomingMedia
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None


class IncomingVideo(BaseModel):
    """
    A video.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["video"], Field(description="The kind of content.")]
    media: IncomingMedia
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None


class IncomingGif(BaseModel):
    """
    A short video that repeats.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["gif"], Field(description="The kind of content.")]
    media: IncomingMedia
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None


class IncomingVideoNote(BaseModel):
    """
    A round video message.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["video_note"], Field(description="The kind of content.")]
    media: IncomingMedia


class IncomingAudio(BaseModel):
    """
    A sound file.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["audio"], Field(description="The kind of content.")]
    media: IncomingMedia


class IncomingVoice(BaseModel):
    """
    A voice message.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["voice"], Field(description="The kind of content.")]
    media: IncomingMedia


class IncomingDocument(BaseModel):
    """
    A file.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["document"], Field(description="The kind of content.")]
    media: IncomingMedia
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None


class IncomingSticker(BaseModel):
    """
    A sticker.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["sticker"], Field(description="The kind of content.")]
    media: IncomingMedia


class IncomingPlace(BaseModel):
    """
    A place on earth, as the sender says.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    latitude: Annotated[float, Field(description="In degrees.")]
    longitude: Annotated[float, Field(description="In degrees.")]
    name: Annotated[
        StrictStr | None, Field(description="Its name.", max_length=4096)
    ] = None
    address: Annotated[
        StrictStr | None, Field(description="Its address.", max_length=8192)
    ] = None
    url: Annotated[StrictStr | None, Field(description="A link.", max_length=4096)] = (
        None
    )


class Contact1(BaseModel):
    """
    A card.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    display_name: Annotated[
        StrictStr, Field(alias="displayName", description="The name.", max_length=2048)
    ]
    vcard: Annotated[StrictStr, Field(description="As it came.", max_length=65536)]


class IncomingContacts(BaseModel):
    """
    One or more contacts.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["contacts"], Field(description="The kind of content.")]
    contacts: Annotated[
        list[Contact1], Field(description="The cards.", max_length=256, min_length=0)
    ]


class Option1(RootModel[StrictStr]):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
    )
    root: Annotated[StrictStr, Field(description="An answer.", max_length=1024)]


class IncomingPoll(BaseModel):
    """
    A question with answers to choose from.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["poll"], Field(description="The kind of content.")]
    question: Annotated[StrictStr, Field(description="What is asked.", max_length=4096)]
    options: Annotated[
        list[Option1], Field(description="The answers.", max_length=64, min_length=0)
    ]
    selectable_count: Annotated[
        StrictInt,
        Field(
            alias="selectableCount",
            description="How many may be chosen; 0 for any number.",
            ge=0,
        ),
    ]


class IncomingPollVote(BaseModel):
    """
    Somebody's present choice in a poll; empty when it was taken back. known is false when the poll is not known here.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["poll_vote"], Field(description="The kind of content.")]
    poll_message_id: Annotated[
        StrictStr,
        Field(
            alias="pollMessageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    options: Annotated[
        list[Option1],
        Field(description="What is chosen now.", max_length=64, min_length=0),
    ]
    known: Annotated[
        StrictBool, Field(description="False: the choice could not be read.")
    ]


class IncomingEvent(BaseModel):
    """
    An event to be joined.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["event"], Field(description="The kind of content.")]
    name: Annotated[StrictStr, Field(description="What it is called.", max_length=4096)]
    description: Annotated[
        StrictStr | None, Field(description="What it is about.", max_length=16384)
    ] = None
    starts_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="startsAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    ends_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="endsAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    place: IncomingPlace | None = None
    is_cancelled: Annotated[
        StrictBool | None,
        Field(alias="isCancelled", description="It does not take place."),
    ] = None


class Response(StrEnum):
    """
    The answer.
    """

    going = "going"
    not_going = "not_going"
    maybe = "maybe"
    unknown = "unknown"


class IncomingEventResponse(BaseModel):
    """
    Somebody's answer to an event.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[
        Literal["event_response"], Field(description="The kind of content.")
    ]
    event_message_id: Annotated[
        StrictStr,
        Field(
            alias="eventMessageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]
    response: Annotated[Response, Field(description="The answer.")]
    known: Annotated[
        StrictBool, Field(description="False: the answer could not be read.")
    ]


class IncomingButtonReply(BaseModel):
    """
    A button or list row that was chosen.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["button_reply"], Field(description="The kind of content.")]
    button_id: Annotated[
        StrictStr,
        Field(alias="buttonId", description="The sender's id of it.", max_length=1024),
    ]
    title: Annotated[
        StrictStr | None, Field(description="What it says.", max_length=4096)
    ] = None
    message_id: Annotated[
        StrictStr | None,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None


class IncomingGroupInvite(BaseModel):
    """
    An invitation to a group.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["group_invite"], Field(description="The kind of content.")]
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    code: Annotated[StrictStr, Field(description="The code.", max_length=256)]
    subject: Annotated[
        StrictStr | None, Field(description="The group's name.", max_length=1024)
    ] = None
    expires_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expiresAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    caption: Annotated[
        StrictStr | None, Field(description="Text under it.", max_length=65536)
    ] = None


class IncomingOrder(BaseModel):
    """
    An order from the number's catalog.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["order"], Field(description="The kind of content.")]
    order_id: Annotated[
        StrictStr,
        Field(alias="orderId", description="WhatsApp's id of it.", max_length=256),
    ]
    token: Annotated[
        StrictStr | None,
        Field(description="What WhatsApp wants to show it.", max_length=1024),
    ] = None
    item_count: Annotated[
        StrictInt | None, Field(alias="itemCount", description="Items.", ge=0)
    ] = None
    message: Annotated[
        StrictStr | None,
        Field(description="What the customer wrote.", max_length=65536),
    ] = None


class IncomingProduct(BaseModel):
    """
    A product of a catalog.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["product"], Field(description="The kind of content.")]
    product_id: Annotated[
        StrictStr,
        Field(alias="productId", description="WhatsApp's id of it.", max_length=256),
    ]
    title: Annotated[
        StrictStr | None, Field(description="Its name.", max_length=4096)
    ] = None
    business_owner: Annotated[Person | None, Field(alias="businessOwner")] = None


class QuotedMessage(BaseModel):
    """
    The message this one answers.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    sender: Person | None = None
    from_me: Annotated[
        StrictBool | None,
        Field(alias="fromMe", description="The number itself wrote it."),
    ] = None
    text: Annotated[
        StrictStr | None,
        Field(
            description="Its text or caption, as the sender quotes it: never trust it.",
            max_length=65536,
        ),
    ] = None
    type: Annotated[
        StrictStr | None,
        Field(description="Its kind, as far as the quote tells.", max_length=64),
    ] = None


class AdContext(BaseModel):
    """
    The advertisement a chat began with.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    title: Annotated[
        StrictStr | None, Field(description="Its title.", max_length=4096)
    ] = None
    body: Annotated[
        StrictStr | None, Field(description="Its text.", max_length=16384)
    ] = None
    source_url: Annotated[
        StrictStr | None,
        Field(alias="sourceUrl", description="Where it leads.", max_length=4096),
    ] = None
    source_id: Annotated[
        StrictStr | None,
        Field(alias="sourceId", description="Meta's id of it.", max_length=1024),
    ] = None
    source_type: Annotated[
        StrictStr | None,
        Field(
            alias="sourceType", description="WhatsApp's word for it.", max_length=128
        ),
    ] = None
    click_id: Annotated[
        StrictStr | None,
        Field(alias="clickId", description="ctwa_clid.", max_length=2048),
    ] = None


class MessageDeletedEvent(BaseModel):
    """
    A message was deleted for everyone. sender is who deleted it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["message.deleted"], Field(description="The kind of event.")]
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
    chat_type: Annotated[
        ChatType, Field(alias="chatType", description="What kind of chat.")
    ]
    is_group: Annotated[
        StrictBool, Field(alias="isGroup", description="True in a group chat.")
    ]
    from_me: Annotated[
        StrictBool,
        Field(
            alias="fromMe",
            description="True when the tenant's own phone or another of its devices did it.",
        ),
    ]
    sender: Person
    deleted_at_ms: Annotated[
        StrictInt,
        Field(
            alias="deletedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class MessageReactionEvent(BaseModel):
    """
    Somebody reacted to a message, or took the reaction back: then emoji is empty. messageId is that of the message.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[
        Literal["message.reaction"], Field(description="The kind of event.")
    ]
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
    chat_type: Annotated[
        ChatType, Field(alias="chatType", description="What kind of chat.")
    ]
    is_group: Annotated[
        StrictBool, Field(alias="isGroup", description="True in a group chat.")
    ]
    from_me: Annotated[
        StrictBool,
        Field(
            alias="fromMe",
            description="True when the tenant's own phone or another of its devices did it.",
        ),
    ]
    sender: Person
    emoji: Annotated[
        StrictStr, Field(description="Up to a few characters.", max_length=64)
    ]
    target_from_me: Annotated[
        StrictBool | None,
        Field(alias="targetFromMe", description="The number itself wrote the message."),
    ] = None
    reacted_at_ms: Annotated[
        StrictInt,
        Field(
            alias="reactedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]


class Reason(StrEnum):
    """
    no_session: no key for it here yet. bad_ciphertext: the key does not fit. unavailable: WhatsApp keeps it from linked devices, such as what may be seen once.
    """

    no_session = "no_session"
    bad_ciphertext = "bad_ciphertext"
    unavailable = "unavailable"


class MessageUnreadableEvent(BaseModel):
    """
    A message came that cannot be decrypted now. It was asked for again; when it comes, a message event with the same messageId follows.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[
        Literal["message.unreadable"], Field(description="The kind of event.")
    ]
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
    chat_type: Annotated[
        ChatType, Field(alias="chatType", description="What kind of chat.")
    ]
    is_group: Annotated[
        StrictBool, Field(alias="isGroup", description="True in a group chat.")
    ]
    from_me: Annotated[
        StrictBool,
        Field(
            alias="fromMe",
            description="True when the tenant's own phone or another of its devices did it.",
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
    reason: Annotated[
        Reason,
        Field(
            description="no_session: no key for it here yet. bad_ciphertext: the key does not fit. unavailable: WhatsApp keeps it from linked devices, such as what may be seen once."
        ),
    ]


class Action1(StrEnum):
    """
    What changed.
    """

    created = "created"
    joined = "joined"
    left = "left"
    participants_added = "participants_added"
    participants_removed = "participants_removed"
    participants_promoted = "participants_promoted"
    participants_demoted = "participants_demoted"
    participant_left = "participant_left"
    subject = "subject"
    description = "description"
    picture = "picture"
    settings = "settings"
    invite = "invite"
    join_requested = "join_requested"
    join_request_withdrawn = "join_request_withdrawn"
    deleted = "deleted"


class GroupUpdateEvent(BaseModel):
    """
    Something changed in a group.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["group.update"], Field(description="The kind of event.")]
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ]
    action: Annotated[Action1, Field(description="What changed.")]
    actor: Person | None = None
    participants: Annotated[
        list[Person] | None,
        Field(description="Whom it concerns.", max_length=1024, min_length=0),
    ] = None
    subject: Annotated[
        StrictStr | None, Field(description="The new name.", max_length=1024)
    ] = None
    description: Annotated[
        StrictStr | None, Field(description="The new text.", max_length=8192)
    ] = None
    only_admins_send: Annotated[
        StrictBool | None,
        Field(alias="onlyAdminsSend", description="Only admins may write."),
    ] = None
    only_admins_edit: Annotated[
        StrictBool | None,
        Field(alias="onlyAdminsEdit", description="Only admins may change the group."),
    ] = None
    join_approval: Annotated[
        StrictBool | None,
        Field(alias="joinApproval", description="Admins decide who joins."),
    ] = None
    member_add_mode: Annotated[
        MemberAddMode1 | None,
        Field(alias="memberAddMode", description="Who may add others."),
    ] = None
    disappearing_seconds: Annotated[
        StrictInt | None,
        Field(alias="disappearingSeconds", description="0: messages stay.", ge=0),
    ] = None
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


class ContactUpdateEvent(BaseModel):
    """
    Something about a person changed.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["contact.update"], Field(description="The kind of event.")]
    contact: Person
    picture_changed: Annotated[
        StrictBool | None,
        Field(alias="pictureChanged", description="There is another picture, or none."),
    ] = None
    about: Annotated[
        StrictStr | None, Field(description="The new about text.", max_length=2048)
    ] = None


class Presence1(StrEnum):
    """
    What they do.
    """

    available = "available"
    unavailable = "unavailable"
    composing = "composing"
    recording = "recording"
    paused = "paused"


class PresenceEvent(BaseModel):
    """
    Somebody is there, writes or went away. Only of chats whose presence is followed.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["presence"], Field(description="The kind of event.")]
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
    person: Person
    presence: Annotated[Presence1, Field(description="What they do.")]
    last_seen_ms: Annotated[
        StrictInt | None,
        Field(
            alias="lastSeenMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class Status1(StrEnum):
    """
    How far it is.
    """

    ringing = "ringing"
    accepted = "accepted"
    rejected = "rejected"
    missed = "missed"
    ended = "ended"


class CallEvent(BaseModel):
    """
    Somebody calls. Calls cannot be taken here.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["call"], Field(description="The kind of event.")]
    call_id: Annotated[
        StrictStr,
        Field(alias="callId", description="WhatsApp's id of it.", max_length=128),
    ]
    caller: Person
    chat_id: Annotated[
        StrictStr | None,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    status: Annotated[Status1, Field(description="How far it is.")]
    is_video: Annotated[StrictBool, Field(alias="isVideo", description="With picture.")]
    is_group: Annotated[StrictBool, Field(alias="isGroup", description="In a group.")]
    rejected_by_gateway: Annotated[
        StrictBool | None,
        Field(alias="rejectedByGateway", description="The setting rejectCalls did it."),
    ] = None
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


class MediaFile(BaseModel):
    """
    A downloaded file in DATA_DIR/media. Its type was looked up in its bytes.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    media_id: Annotated[
        StrictStr,
        Field(
            alias="mediaId",
            description="Names the media of a message; not guessable.",
            pattern="^med_[0-9A-Za-z]{16,64}$",
            title="MediaId",
        ),
    ]
    file_name: Annotated[
        StrictStr,
        Field(
            alias="fileName",
            description="The name of the file on disk, never a path.",
            pattern="^[A-Za-z0-9_-]{16,80}$",
        ),
    ]
    mime_type: Annotated[
        StrictStr,
        Field(alias="mimeType", description="As the bytes say.", max_length=128),
    ]
    size_bytes: Annotated[
        StrictInt, Field(alias="sizeBytes", description="Its size.", ge=0)
    ]
    sha256: Annotated[
        StrictStr, Field(description="Digest, hex.", pattern="^[0-9a-f]{64}$")
    ]
    kept_until_ms: Annotated[
        StrictInt,
        Field(
            alias="keptUntilMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    original_name: Annotated[
        StrictStr | None,
        Field(
            alias="originalName",
            description="As the sender says: never a path.",
            max_length=1024,
        ),
    ] = None


class MediaMode(StrEnum):
    """
    none: media is not downloaded. on_demand: when it is asked for. automatic: at once.
    """

    none = "none"
    on_demand = "on_demand"
    automatic = "automatic"


class SessionSettings(BaseModel):
    """
    What a tenant chose for its session.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    media: MediaMode
    automatic_max_bytes: Annotated[
        StrictInt | None,
        Field(
            alias="automaticMaxBytes",
            description="automatic: larger files wait until they are asked for.",
            ge=0,
        ),
    ] = None
    reject_calls: Annotated[
        StrictBool, Field(alias="rejectCalls", description="Calls are turned down.")
    ]
    reject_calls_message: Annotated[
        StrictStr | None,
        Field(
            alias="rejectCallsMessage",
            description="What the caller is then written.",
            max_length=4096,
        ),
    ] = None
    follow_presence: Annotated[
        StrictBool,
        Field(
            alias="followPresence",
            description="presence events of the chats somebody wrote in lately.",
        ),
    ]
    group_events: Annotated[
        StrictBool,
        Field(alias="groupEvents", description="False: nothing of groups is told."),
    ]
    status_messages: Annotated[
        StrictBool,
        Field(alias="statusMessages", description="True: stories of others are told."),
    ]
    channel_messages: Annotated[
        StrictBool,
        Field(
            alias="channelMessages",
            description="True: posts of followed channels are told.",
        ),
    ]


class RawMessage(BaseModel):
    """
    A message as WhatsApp's own protocol has it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    message: Annotated[
        dict[str, Any],
        Field(
            description="proto.Message as JSON, bytes in base64. WhatsApp changes it without notice."
        ),
    ]


class SessionStartParams(BaseModel):
    """
    The parameters of session.start, session.restart.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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


class TenantParams(BaseModel):
    """
    The parameters of store.usage, limits.get, contact.blocked, channel.list, label.list, session.getSettings.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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


class MessageReplayParams(BaseModel):
    """
    The parameters of message.replay.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    idempotency: Idempotency


class MessageParams(BaseModel):
    """
    The parameters of message.get, message.cancel, message.raw.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    message_id: Annotated[
        StrictStr,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ]


class MessageListParams(BaseModel):
    """
    The parameters of message.list.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    status: MessageStatus | None = None
    before: Annotated[
        StrictStr | None,
        Field(
            description="Only those older than this one.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    limit: Annotated[StrictInt, Field(ge=1, le=200)]


class LimitsSetParams(BaseModel):
    """
    The parameters of limits.set.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    profile: SendProfile | None = None


class BatchParams(BaseModel):
    """
    The parameters of batch.get, batch.pause, batch.resume, batch.cancel.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    batch_id: Annotated[
        StrictStr,
        Field(
            alias="batchId",
            description="The id of a batch.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ]


class BatchListParams(BaseModel):
    """
    The parameters of batch.list.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    before: Annotated[
        StrictStr | None,
        Field(
            description="Only those older than this one.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ] = None
    limit: Annotated[StrictInt, Field(ge=1, le=100)]


class BatchMessagesParams(BaseModel):
    """
    The parameters of batch.messages.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    batch_id: Annotated[
        StrictStr,
        Field(
            alias="batchId",
            description="The id of a batch.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ]
    after: Annotated[
        StrictStr | None,
        Field(
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    limit: Annotated[StrictInt, Field(ge=1, le=200)]


class ChatReadParams(BaseModel):
    """
    The parameters of chat.read.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    message_ids: Annotated[
        list[MessageId], Field(alias="messageIds", max_length=100, min_length=1)
    ]


class ChatPresenceParams(BaseModel):
    """
    The parameters of chat.presence.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    presence: Presence
    duration_ms: Annotated[
        StrictInt | None,
        Field(
            alias="durationMs",
            description="Ends by itself after so long; WhatsApp ends it after about 25 seconds.",
            ge=500,
            le=60000,
        ),
    ] = None


class NumberCheckParams(BaseModel):
    """
    The parameters of number.check.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    phone_numbers: Annotated[
        list[PhoneNumber], Field(alias="phoneNumbers", max_length=50, min_length=1)
    ]


class ContactParams(BaseModel):
    """
    The parameters of contact.get, contact.block, contact.unblock.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    contact: Annotated[
        StrictStr,
        Field(
            description="A person: a phone number in E.164, a phone JID or a LID.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid)$",
            title="PersonAddress",
        ),
    ]


class GroupCreateParams(BaseModel):
    """
    The parameters of group.create.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    subject: Annotated[StrictStr, Field(max_length=100, min_length=1)]
    participants: Annotated[list[PersonAddress], Field(max_length=256, min_length=1)]


class GroupListParams(BaseModel):
    """
    The parameters of group.list.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    refresh: Annotated[
        StrictBool | None,
        Field(description="Ask WhatsApp, though not more often than it bears."),
    ] = None
    after: Annotated[
        StrictStr | None,
        Field(
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ] = None
    limit: Annotated[StrictInt, Field(ge=1, le=200)]


class GroupParams(BaseModel):
    """
    The parameters of group.get, group.invite, group.revokeInvite, group.leave, group.joinRequests.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]


class GroupUpdateParams(BaseModel):
    """
    The parameters of group.update.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]
    subject: Annotated[StrictStr | None, Field(max_length=100, min_length=1)] = None
    description: Annotated[
        StrictStr | None, Field(description="Empty takes it away.", max_length=2048)
    ] = None
    only_admins_send: Annotated[StrictBool | None, Field(alias="onlyAdminsSend")] = None
    only_admins_edit: Annotated[StrictBool | None, Field(alias="onlyAdminsEdit")] = None
    member_add_mode: Annotated[MemberAddMode | None, Field(alias="memberAddMode")] = (
        None
    )
    join_approval: Annotated[StrictBool | None, Field(alias="joinApproval")] = None
    disappearing_seconds: Annotated[
        DisappearingSeconds | None,
        Field(alias="disappearingSeconds", description="0: messages stay."),
    ] = None


class GroupPictureParams(BaseModel):
    """
    The parameters of group.setPicture.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]
    file: SpoolFile | None = None


class GroupParticipantsParams(BaseModel):
    """
    The parameters of group.updateParticipants.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]
    action: Action
    participants: Annotated[list[PersonAddress], Field(max_length=256, min_length=1)]


class InviteParams(BaseModel):
    """
    The parameters of group.inviteInfo, group.join.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    code: Annotated[StrictStr, Field(pattern="^[A-Za-z0-9_-]{8,64}$")]


class GroupDecideParams(BaseModel):
    """
    The parameters of group.decideJoinRequests.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    group_id: Annotated[
        StrictStr,
        Field(
            alias="groupId",
            description="The JID of a group.",
            max_length=128,
            pattern="^[0-9]{5,20}(-[0-9]{5,20})?@g\\.us$",
            title="GroupId",
        ),
    ]
    decision: Decision
    participants: Annotated[list[PersonAddress], Field(max_length=256, min_length=1)]


class ChannelCreateParams(BaseModel):
    """
    The parameters of channel.create.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    name: Annotated[StrictStr, Field(max_length=100, min_length=1)]
    description: Annotated[StrictStr | None, Field(max_length=2048)] = None


class ChannelGetParams(BaseModel):
    """
    The parameters of channel.get.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    channel_id: Annotated[
        StrictStr | None,
        Field(
            alias="channelId",
            description="The JID of a channel.",
            max_length=128,
            pattern="^[0-9]{5,24}@newsletter$",
            title="ChannelId",
        ),
    ] = None
    invite_code: Annotated[
        StrictStr | None, Field(alias="inviteCode", pattern="^[A-Za-z0-9_-]{8,128}$")
    ] = None


class ChannelParams(BaseModel):
    """
    The parameters of channel.follow, channel.unfollow.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    channel_id: Annotated[
        StrictStr,
        Field(
            alias="channelId",
            description="The JID of a channel.",
            max_length=128,
            pattern="^[0-9]{5,24}@newsletter$",
            title="ChannelId",
        ),
    ]


class ChannelMessagesParams(BaseModel):
    """
    The parameters of channel.messages.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    channel_id: Annotated[
        StrictStr,
        Field(
            alias="channelId",
            description="The JID of a channel.",
            max_length=128,
            pattern="^[0-9]{5,24}@newsletter$",
            title="ChannelId",
        ),
    ]
    limit: Annotated[StrictInt, Field(ge=1, le=100)]
    before: Annotated[
        StrictStr | None,
        Field(description="Only those before this serverId.", pattern="^[0-9]{1,18}$"),
    ] = None


class LabelSaveParams(BaseModel):
    """
    The parameters of label.save.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    label_id: Annotated[
        StrictStr | None,
        Field(
            alias="labelId", description="Left out: a new one.", pattern="^[0-9]{1,18}$"
        ),
    ] = None
    name: Annotated[StrictStr, Field(max_length=100, min_length=1)]
    color: Annotated[StrictInt, Field(ge=0, le=19)]


class LabelParams(BaseModel):
    """
    The parameters of label.delete.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    label_id: Annotated[StrictStr, Field(alias="labelId", pattern="^[0-9]{1,18}$")]


class LabelAssignParams(BaseModel):
    """
    The parameters of label.assign.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    label_id: Annotated[StrictStr, Field(alias="labelId", pattern="^[0-9]{1,18}$")]
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
    message_id: Annotated[
        StrictStr | None,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    assigned: StrictBool


class MediaFetchParams(BaseModel):
    """
    The parameters of media.fetch.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    media_id: Annotated[
        StrictStr,
        Field(
            alias="mediaId",
            description="Names the media of a message; not guessable.",
            pattern="^med_[0-9A-Za-z]{16,64}$",
            title="MediaId",
        ),
    ]


class SessionSettingsParams(BaseModel):
    """
    The parameters of session.setSettings.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    media: MediaMode | None = None
    automatic_max_bytes: Annotated[
        StrictInt | None,
        Field(
            alias="automaticMaxBytes",
            description="automatic: larger files wait until they are asked for.",
            ge=0,
        ),
    ] = None
    reject_calls: Annotated[
        StrictBool | None,
        Field(alias="rejectCalls", description="Calls are turned down."),
    ] = None
    reject_calls_message: Annotated[
        StrictStr | None,
        Field(
            alias="rejectCallsMessage",
            description="What the caller is then written.",
            max_length=4096,
        ),
    ] = None
    follow_presence: Annotated[
        StrictBool | None,
        Field(
            alias="followPresence",
            description="presence events of the chats somebody wrote in lately.",
        ),
    ] = None
    group_events: Annotated[
        StrictBool | None,
        Field(alias="groupEvents", description="False: nothing of groups is told."),
    ] = None
    status_messages: Annotated[
        StrictBool | None,
        Field(alias="statusMessages", description="True: stories of others are told."),
    ] = None
    channel_messages: Annotated[
        StrictBool | None,
        Field(
            alias="channelMessages",
            description="True: posts of followed channels are told.",
        ),
    ] = None


class ChatFollowParams(BaseModel):
    """
    The parameters of chat.followPresence.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    chat_id: Annotated[
        StrictStr,
        Field(
            alias="chatId",
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
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
        defer_build=True,
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
        defer_build=True,
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
        defer_build=True,
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


class TenantFigures(BaseModel):
    """
    One tenant.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    state: SessionState
    waiting: Annotated[
        StrictInt,
        Field(
            description="Messages not handed to WhatsApp, those of batches included.",
            ge=0,
        ),
    ]
    heard_ms: Annotated[
        StrictInt | None,
        Field(
            alias="heardMs",
            description="How long ago anything was received from WhatsApp; absent while not connected.",
            ge=0,
        ),
    ] = None
    stirred_ms: Annotated[
        StrictInt | None,
        Field(
            alias="stirredMs",
            description="How long ago anything but answers was received; absent while not connected.",
            ge=0,
        ),
    ] = None


class MetricsResult(BaseModel):
    """
    Figures of the bridge.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    whatsapp: WhatsAppReachability
    sessions: Annotated[
        dict[str, SessionsAdditionalProperty],
        Field(
            description="How many sessions are in each state; states without one are left out."
        ),
    ]
    connections: ConnectionHealth
    connections_opened: Annotated[
        StrictInt,
        Field(
            alias="connectionsOpened",
            description="Connections that got as far as a login.",
            ge=0,
        ),
    ]
    connections_ended: Annotated[
        dict[str, ConnectionsEndedAdditionalProperty],
        Field(
            alias="connectionsEnded",
            description="Connections and attempts that ended without being asked to, by reason.",
        ),
    ]
    received: Annotated[
        StrictInt,
        Field(
            description="Messages recorded as received, on whichever way they came.",
            ge=0,
        ),
    ]
    sends: SendFigures
    outbox: OutboxFigures
    journal: JournalFigures
    process: ProcessFigures
    store: StoreFigures
    tenants: Annotated[
        list[TenantFigures],
        Field(description="At most maxTenants of them.", max_length=1000),
    ]


class Session(BaseModel):
    """
    A tenant's session. A field that has nothing to say is left out.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        defer_build=True,
    )
    sessions: Annotated[list[Session], Field(description="In the order of tenantId.")]
    has_more: Annotated[
        StrictBool,
        Field(alias="hasMore", description="True when another page follows."),
    ]


class OutgoingText(BaseModel):
    """
    A text. A URL in it is never fetched: only a preview given here is shown.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["text"], Field(description="The kind of content.")]
    text: Annotated[
        StrictStr,
        Field(description="Up to 65,536 characters.", max_length=65536, min_length=1),
    ]
    preview: LinkPreview | None = None
    style: TextStyle | None = None


class OutgoingMessage(BaseModel):
    """
    A message of the outbox and what became of it.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    to: Annotated[
        StrictStr,
        Field(
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    chat_id: Annotated[
        StrictStr | None,
        Field(
            alias="chatId",
            description="The chat; left out while WhatsApp has not been asked which account a number stands for.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
        ),
    ] = None
    type: ContentType
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
    send_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sendAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    expires_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expiresAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    sent_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sentAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    delivered_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="deliveredAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    read_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="readAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    played_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="playedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    failed_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="failedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    failure: MessageFailure | None = None
    held_by: Annotated[HoldReason | None, Field(alias="heldBy")] = None
    expected_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expectedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    batch_id: Annotated[
        StrictStr | None,
        Field(
            alias="batchId",
            description="The id of a batch.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ] = None
    recipient_count: Annotated[
        StrictInt | None,
        Field(
            alias="recipientCount",
            description="In a group or story: how many it went to.",
            ge=0,
        ),
    ] = None
    recipients: Annotated[
        list[RecipientStatus] | None,
        Field(
            description="In a group or story, from message.get: who did what, at most 1,024.",
            max_length=1024,
            min_length=0,
        ),
    ] = None


class IncomingText(BaseModel):
    """
    A text.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["text"], Field(description="The kind of content.")]
    text: Annotated[StrictStr, Field(description="As it was written.")]
    preview: IncomingPreview | None = None


class MessageStatusEvent(BaseModel):
    """
    What became of a message the gateway sent. In a group, recipient is there when one of its members' devices said something; status is that of the whole message.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    to: Annotated[
        StrictStr,
        Field(
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    chat_id: Annotated[
        StrictStr | None,
        Field(
            alias="chatId",
            description="A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
            title="Jid",
        ),
    ] = None
    status: MessageStatus
    failure: MessageFailure | None = None
    recipient: RecipientStatus | None = None
    batch_id: Annotated[
        StrictStr | None,
        Field(
            alias="batchId",
            description="The id of a batch.",
            pattern="^bat_[0-9A-Za-z]{16,40}$",
            title="BatchId",
        ),
    ] = None


class PairingCodeResult(BaseModel):
    """
    The code and the session it belongs to.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    pairing_code: Annotated[PairingCode, Field(alias="pairingCode")]
    session: Session


class SendResult(BaseModel):
    """
    The message, and whether it is the answer of an earlier request.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    message: OutgoingMessage
    replayed: Annotated[
        StrictBool,
        Field(
            description="True when a request with this key was answered before: the answer is as it was then."
        ),
    ]


class MessageListResult(BaseModel):
    """
    A page of messages, newest first.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    messages: Annotated[list[OutgoingMessage], Field(description="Without recipients.")]
    has_more: Annotated[
        StrictBool,
        Field(alias="hasMore", description="True when another page follows."),
    ]


class ReplayResult(BaseModel):
    """
    What an earlier request with this key made; empty when there was none.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    message: OutgoingMessage | None = None
    batch: Batch | None = None


class IncomingLocation(BaseModel):
    """
    A place.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["location"], Field(description="The kind of content.")]
    place: IncomingPlace
    live: Annotated[
        StrictBool | None, Field(description="It moves; later positions are not told.")
    ] = None


class MessageSendParams(BaseModel):
    """
    The parameters of message.send.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
            description="A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.",
            max_length=128,
            pattern="^(\\+[1-9][0-9]{4,17}|[0-9]{5,20}@s\\.whatsapp\\.net|[0-9]{5,20}@lid|[0-9]{5,20}(-[0-9]{5,20})?@g\\.us|[0-9]{5,24}@newsletter|status@broadcast)$",
            title="Recipient",
        ),
    ]
    content: Annotated[
        OutgoingText
        | OutgoingImage
        | OutgoingVideo
        | OutgoingGif
        | OutgoingVideoNote
        | OutgoingAudio
        | OutgoingVoice
        | OutgoingDocument
        | OutgoingSticker
        | OutgoingLocation
        | OutgoingContacts
        | OutgoingPoll
        | OutgoingEvent
        | OutgoingReaction
        | OutgoingEdit
        | OutgoingDelete
        | OutgoingForward,
        Field(
            description="What a message says; type tells which kind.",
            discriminator="type",
            title="OutgoingContent",
        ),
    ]
    message_id: Annotated[
        StrictStr | None,
        Field(
            alias="messageId",
            description="The WhatsApp id of a message.",
            pattern="^[A-Za-z0-9._:@-]{1,128}$",
            title="MessageId",
        ),
    ] = None
    context: MessageContext | None = None
    idempotency: Idempotency | None = None
    send_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sendAtMs",
            description="Not before this.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    expires_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expiresAtMs",
            description="Not after this; the settings' own limit when left out.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    queue: Annotated[
        StrictBool | None,
        Field(
            description="False: refuse with session_not_connected instead of waiting for the connection. True when left out."
        ),
    ] = None
    when_uncertain: Annotated[
        WhenUncertain | None,
        Field(
            alias="whenUncertain",
            description="What to do with a message that was handed over when no answer came: send the same bytes again, which no device can read twice (resend, when left out), or leave it as unknown (hold).",
        ),
    ] = None
    audience: Annotated[
        list[PersonAddress] | None,
        Field(
            description="Who sees a story; only with status@broadcast.",
            max_length=1024,
            min_length=1,
        ),
    ] = None
    wait_ms: Annotated[
        StrictInt,
        Field(
            alias="waitMs",
            description="How long to wait for WhatsApp's server to take the message; 0 answers once it is on disk.",
            ge=0,
            le=30000,
        ),
    ]


class BatchCreateParams(BaseModel):
    """
    The parameters of batch.create.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    content: Annotated[
        OutgoingText
        | OutgoingImage
        | OutgoingVideo
        | OutgoingGif
        | OutgoingVideoNote
        | OutgoingAudio
        | OutgoingVoice
        | OutgoingDocument
        | OutgoingSticker
        | OutgoingLocation
        | OutgoingContacts
        | OutgoingPoll
        | OutgoingEvent
        | OutgoingReaction
        | OutgoingEdit
        | OutgoingDelete
        | OutgoingForward,
        Field(
            description="What a message says; type tells which kind.",
            discriminator="type",
            title="OutgoingContent",
        ),
    ]
    recipients: Annotated[list[BatchRecipient], Field(max_length=1000, min_length=1)]
    context: MessageContext | None = None
    idempotency: Idempotency | None = None
    send_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="sendAtMs",
            description="Not before this.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None
    expires_at_ms: Annotated[
        StrictInt | None,
        Field(
            alias="expiresAtMs",
            description="Not after this; the settings' own limit when left out.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ] = None


class HealthResult(BaseModel):
    """
    The bridge's own view of itself.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
    connections: ConnectionHealth


class MessageEvent(BaseModel):
    """
    A message in one of the tenant's chats: received, or sent from the tenant's own phone (fromMe). What the gateway itself sent is not repeated here. One that could not be read first and was recovered has the id of its message.unreadable.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
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
        IncomingText
        | IncomingImage
        | IncomingVideo
        | IncomingGif
        | IncomingVideoNote
        | IncomingAudio
        | IncomingVoice
        | IncomingDocument
        | IncomingSticker
        | IncomingLocation
        | IncomingContacts
        | IncomingPoll
        | IncomingPollVote
        | IncomingEvent
        | IncomingEventResponse
        | IncomingButtonReply
        | IncomingGroupInvite
        | IncomingOrder
        | IncomingProduct
        | IncomingOther,
        Field(
            description="What a message says; type tells which kind.",
            discriminator="type",
            title="IncomingContent",
        ),
    ]
    chat_type: Annotated[
        ChatType, Field(alias="chatType", description="What kind of chat.")
    ]
    chat_lid: Annotated[
        StrictStr | None,
        Field(
            alias="chatLid",
            description="The LID of the chat's person, where it is known too.",
            max_length=128,
            pattern="^[^\\s@]{1,100}@[a-z.]{1,27}$",
        ),
    ] = None
    quoted: QuotedMessage | None = None
    mentions: Annotated[
        list[Person] | None,
        Field(description="Who is mentioned.", max_length=1024, min_length=0),
    ] = None
    mention_all: Annotated[
        StrictBool | None,
        Field(alias="mentionAll", description="Everybody is mentioned."),
    ] = None
    forwarded: Annotated[
        StrictBool | None, Field(description="Passed on from elsewhere.")
    ] = None
    forwarded_many_times: Annotated[
        StrictBool | None,
        Field(
            alias="forwardedManyTimes",
            description="WhatsApp calls it forwarded many times.",
        ),
    ] = None
    view_once: Annotated[
        StrictBool | None, Field(alias="viewOnce", description="May be looked at once.")
    ] = None
    ephemeral_seconds: Annotated[
        StrictInt | None,
        Field(alias="ephemeralSeconds", description="Vanishes after so long.", ge=1),
    ] = None
    ad: AdContext | None = None
    offline: Annotated[
        StrictBool | None,
        Field(description="It waited at WhatsApp while the session was away."),
    ] = None


class MessageEditedEvent(BaseModel):
    """
    A message has another text or caption now. messageId is that of the first one.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        frozen=True,
        defer_build=True,
    )
    type: Annotated[Literal["message.edited"], Field(description="The kind of event.")]
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
    chat_type: Annotated[
        ChatType, Field(alias="chatType", description="What kind of chat.")
    ]
    is_group: Annotated[
        StrictBool, Field(alias="isGroup", description="True in a group chat.")
    ]
    from_me: Annotated[
        StrictBool,
        Field(
            alias="fromMe",
            description="True when the tenant's own phone or another of its devices did it.",
        ),
    ]
    sender: Person
    edited_at_ms: Annotated[
        StrictInt,
        Field(
            alias="editedAtMs",
            description="Milliseconds since 1970-01-01T00:00:00Z.",
            ge=0,
            le=9007199254740991,
            title="TimeMs",
        ),
    ]
    content: Annotated[
        IncomingText
        | IncomingImage
        | IncomingVideo
        | IncomingGif
        | IncomingVideoNote
        | IncomingAudio
        | IncomingVoice
        | IncomingDocument
        | IncomingSticker
        | IncomingLocation
        | IncomingContacts
        | IncomingPoll
        | IncomingPollVote
        | IncomingEvent
        | IncomingEventResponse
        | IncomingButtonReply
        | IncomingGroupInvite
        | IncomingOrder
        | IncomingProduct
        | IncomingOther,
        Field(
            description="What a message says; type tells which kind.",
            discriminator="type",
            title="IncomingContent",
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
        defer_build=True,
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
        | CallEvent,
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
        defer_build=True,
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
    """One method: its shapes, how long control waits for the answer, whether it may be repeated,
    and the errors of its own that it may give."""

    params: type[BaseModel]
    result: type[BaseModel]
    timeout_ms: int
    idempotent: bool
    errors: tuple[str, ...]


class ContractError(NamedTuple):
    """One row of the contract's error table."""

    code: int
    name: str
    http_status: int
    retryable: bool
    message: str


METHODS: dict[str, Method] = {
    "system.hello": Method(HelloParams, HelloResult, timeout_ms=2000, idempotent=True, errors=("contract_mismatch",)),
    "system.health": Method(HealthParams, HealthResult, timeout_ms=1500, idempotent=True, errors=()),
    "system.metrics": Method(MetricsParams, MetricsResult, timeout_ms=1500, idempotent=True, errors=()),
    "session.start": Method(SessionStartParams, Session, timeout_ms=30000, idempotent=True, errors=("whatsapp_unreachable", "session_limit_reached", "memory_limit_reached", "owned_elsewhere", "store_unavailable",)),
    "session.stop": Method(SessionParams, Session, timeout_ms=10000, idempotent=True, errors=("session_not_found", "store_unavailable",)),
    "session.logout": Method(SessionParams, Session, timeout_ms=15000, idempotent=True, errors=("session_not_found", "store_unavailable",)),
    "session.restart": Method(SessionStartParams, Session, timeout_ms=30000, idempotent=True, errors=("session_not_found", "whatsapp_unreachable", "memory_limit_reached", "owned_elsewhere", "store_unavailable",)),
    "session.delete": Method(SessionParams, SessionDeleteResult, timeout_ms=15000, idempotent=True, errors=("store_unavailable",)),
    "session.pairingCode": Method(PairingCodeParams, PairingCodeResult, timeout_ms=30000, idempotent=True, errors=("whatsapp_unreachable", "session_already_paired", "pairing_code_refused", "session_limit_reached", "memory_limit_reached", "owned_elsewhere", "store_unavailable",)),
    "session.setProxy": Method(SessionSetProxyParams, Session, timeout_ms=30000, idempotent=True, errors=("session_not_found", "proxy_unreachable", "store_unavailable",)),
    "session.import": Method(SessionImportParams, Session, timeout_ms=30000, idempotent=True, errors=("import_invalid", "session_already_paired", "store_unavailable",)),
    "session.get": Method(SessionParams, Session, timeout_ms=1500, idempotent=True, errors=("session_not_found",)),
    "session.list": Method(SessionListParams, SessionListResult, timeout_ms=5000, idempotent=True, errors=()),
    "store.backup": Method(StoreBackupParams, StoreBackupResult, timeout_ms=60000, idempotent=True, errors=("store_unavailable",)),
    "store.rotateMasterKey": Method(StoreRotateParams, StoreRotateResult, timeout_ms=60000, idempotent=True, errors=("master_key_in_environment", "store_unavailable",)),
    "store.usage": Method(TenantParams, StoreUsage, timeout_ms=1500, idempotent=True, errors=()),
    "message.send": Method(MessageSendParams, SendResult, timeout_ms=40000, idempotent=True, errors=("session_not_found", "session_not_connected", "recipient_not_on_whatsapp", "send_rejected", "message_conflict", "idempotency_mismatch", "idempotency_in_flight", "queue_full", "referenced_message_not_found", "media_missing", "content_not_possible", "store_unavailable",)),
    "message.replay": Method(MessageReplayParams, ReplayResult, timeout_ms=1500, idempotent=True, errors=("idempotency_mismatch", "idempotency_in_flight",)),
    "message.get": Method(MessageParams, OutgoingMessage, timeout_ms=1500, idempotent=True, errors=("message_not_found",)),
    "message.list": Method(MessageListParams, MessageListResult, timeout_ms=5000, idempotent=True, errors=("message_not_found",)),
    "message.cancel": Method(MessageParams, OutgoingMessage, timeout_ms=5000, idempotent=True, errors=("message_not_found", "message_not_cancellable", "store_unavailable",)),
    "limits.get": Method(TenantParams, Limits, timeout_ms=1500, idempotent=True, errors=("session_not_found",)),
    "limits.set": Method(LimitsSetParams, Limits, timeout_ms=5000, idempotent=True, errors=("session_not_found", "store_unavailable",)),
    "batch.create": Method(BatchCreateParams, BatchResult, timeout_ms=15000, idempotent=True, errors=("session_not_found", "idempotency_mismatch", "idempotency_in_flight", "queue_full", "media_missing", "content_not_possible", "store_unavailable",)),
    "batch.get": Method(BatchParams, Batch, timeout_ms=1500, idempotent=True, errors=("batch_not_found",)),
    "batch.list": Method(BatchListParams, BatchListResult, timeout_ms=5000, idempotent=True, errors=("batch_not_found",)),
    "batch.messages": Method(BatchMessagesParams, MessageListResult, timeout_ms=5000, idempotent=True, errors=("batch_not_found", "message_not_found",)),
    "batch.pause": Method(BatchParams, Batch, timeout_ms=15000, idempotent=True, errors=("batch_not_found", "batch_finished", "store_unavailable",)),
    "batch.resume": Method(BatchParams, Batch, timeout_ms=15000, idempotent=True, errors=("batch_not_found", "batch_finished", "store_unavailable",)),
    "batch.cancel": Method(BatchParams, Batch, timeout_ms=15000, idempotent=True, errors=("batch_not_found", "batch_finished", "store_unavailable",)),
    "chat.read": Method(ChatReadParams, Done, timeout_ms=15000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "referenced_message_not_found",)),
    "chat.presence": Method(ChatPresenceParams, Done, timeout_ms=15000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "number.check": Method(NumberCheckParams, NumberCheckResult, timeout_ms=40000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused",)),
    "contact.get": Method(ContactParams, Contact, timeout_ms=30000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "contact.block": Method(ContactParams, Done, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "contact.unblock": Method(ContactParams, Done, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "contact.blocked": Method(TenantParams, BlockedResult, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused",)),
    "group.create": Method(GroupCreateParams, GroupCreateResult, timeout_ms=40000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "group.list": Method(GroupListParams, GroupListResult, timeout_ms=40000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused",)),
    "group.get": Method(GroupParams, Group, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.update": Method(GroupUpdateParams, Group, timeout_ms=40000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.setPicture": Method(GroupPictureParams, Done, timeout_ms=40000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin", "media_missing",)),
    "group.updateParticipants": Method(GroupParticipantsParams, ParticipantsResult, timeout_ms=40000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.invite": Method(GroupParams, GroupInvite, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.revokeInvite": Method(GroupParams, GroupInvite, timeout_ms=20000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.inviteInfo": Method(InviteParams, Group, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "invite_invalid",)),
    "group.join": Method(InviteParams, GroupJoinResult, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "invite_invalid",)),
    "group.leave": Method(GroupParams, Done, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found",)),
    "group.joinRequests": Method(GroupParams, JoinRequestsResult, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "group.decideJoinRequests": Method(GroupDecideParams, ParticipantsResult, timeout_ms=40000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "group_not_found", "not_group_admin",)),
    "channel.create": Method(ChannelCreateParams, Channel, timeout_ms=30000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused",)),
    "channel.list": Method(TenantParams, ChannelListResult, timeout_ms=30000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused",)),
    "channel.get": Method(ChannelGetParams, Channel, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "channel_not_found",)),
    "channel.follow": Method(ChannelParams, Done, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "channel_not_found",)),
    "channel.unfollow": Method(ChannelParams, Done, timeout_ms=20000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "channel_not_found",)),
    "channel.messages": Method(ChannelMessagesParams, ChannelMessagesResult, timeout_ms=30000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "channel_not_found",)),
    "label.list": Method(TenantParams, LabelListResult, timeout_ms=5000, idempotent=True, errors=("session_not_found",)),
    "label.save": Method(LabelSaveParams, Label, timeout_ms=30000, idempotent=False, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "label_not_found",)),
    "label.delete": Method(LabelParams, Done, timeout_ms=30000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "label_not_found",)),
    "label.assign": Method(LabelAssignParams, Done, timeout_ms=30000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_rate_limited", "whatsapp_refused", "label_not_found",)),
    "media.fetch": Method(MediaFetchParams, MediaFile, timeout_ms=60000, idempotent=True, errors=("session_not_found", "session_not_connected", "media_not_found", "media_expired", "media_over_limit", "media_unavailable", "whatsapp_timeout", "store_unavailable",)),
    "message.raw": Method(MessageParams, RawMessage, timeout_ms=1500, idempotent=True, errors=("message_not_found",)),
    "session.getSettings": Method(TenantParams, SessionSettings, timeout_ms=1500, idempotent=True, errors=("session_not_found",)),
    "session.setSettings": Method(SessionSettingsParams, SessionSettings, timeout_ms=5000, idempotent=True, errors=("session_not_found", "store_unavailable",)),
    "chat.followPresence": Method(ChatFollowParams, Done, timeout_ms=15000, idempotent=True, errors=("session_not_found", "session_not_connected", "whatsapp_timeout", "whatsapp_refused", "recipient_not_on_whatsapp",)),
    "event.pull": Method(EventPullParams, EventPullResult, timeout_ms=40000, idempotent=True, errors=("store_unavailable",)),
    "event.ack": Method(EventAckParams, EventAckResult, timeout_ms=5000, idempotent=True, errors=("store_unavailable",)),
}

ERRORS: tuple[ContractError, ...] = (
    ContractError(-32600, "invalid_rpc_request", 502, False, "The line is not a JSON-RPC 2.0 request."),
    ContractError(-32601, "method_not_found", 502, False, "The bridge has no such method."),
    ContractError(-32602, "invalid_params", 502, False, "The parameters do not match the contract."),
    ContractError(-32603, "bridge_error", 502, True, "The bridge failed while handling this call. Its log has the details."),
    ContractError(-32700, "parse_error", 502, False, "The line is not JSON."),
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
    ContractError(1204, "idempotency_mismatch", 422, False, "This Idempotency-Key was used before with another request. Use a new key for a new message."),
    ContractError(1205, "idempotency_in_flight", 409, True, "A request with this Idempotency-Key is being worked on. Ask again in a second."),
    ContractError(1206, "queue_full", 429, True, "As many messages wait for this tenant as may wait. Send again after the time in Retry-After."),
    ContractError(1207, "message_not_found", 404, False, "There is no such message, or it is too long ago."),
    ContractError(1208, "message_not_cancellable", 409, False, "The message was handed to WhatsApp already. Delete it for everyone instead."),
    ContractError(1209, "referenced_message_not_found", 422, False, "The message this one refers to is not known here: it is too old, from before the number was linked, or of another chat."),
    ContractError(1210, "media_missing", 422, True, "The media file is not there or not what was announced. Send it again."),
    ContractError(1211, "batch_not_found", 404, False, "There is no such batch, or it is too long ago."),
    ContractError(1212, "batch_finished", 409, False, "The batch is over; it can be neither paused nor resumed."),
    ContractError(1213, "content_not_possible", 422, False, "WhatsApp has no such message in this kind of chat."),
    ContractError(1301, "store_unavailable", 503, True, "The bridge cannot write to its store (disk full or failing), so nothing was accepted. It resumes by itself once the disk is writable."),
    ContractError(1302, "master_key_in_environment", 409, False, "The master key comes from MASTER_KEY in the environment. Set the new one there and the old one in MASTER_KEY_PREVIOUS, then restart the bridge."),
    ContractError(1401, "whatsapp_timeout", 504, True, "WhatsApp did not answer in time. Try again."),
    ContractError(1402, "whatsapp_rate_limited", 429, True, "WhatsApp wants fewer questions from this number. Wait, then ask again."),
    ContractError(1403, "whatsapp_refused", 502, False, "WhatsApp refused this request."),
    ContractError(1404, "group_not_found", 404, False, "There is no such group, or the number is not in it."),
    ContractError(1405, "not_group_admin", 403, False, "Only an admin of the group may do this."),
    ContractError(1406, "invite_invalid", 422, False, "This invitation is wrong, was revoked or has run out."),
    ContractError(1407, "channel_not_found", 404, False, "There is no such channel."),
    ContractError(1408, "picture_not_found", 404, False, "There is no picture, or it is not shown to this number."),
    ContractError(1409, "label_not_found", 404, False, "There is no such label."),
    ContractError(1501, "media_not_found", 404, False, "There is no such media, or it was kept long enough."),
    ContractError(1502, "media_expired", 410, False, "WhatsApp no longer has this file, and the phone that sent it did not send it again."),
    ContractError(1503, "media_over_limit", 413, False, "The file is larger than this server is set to download."),
    ContractError(1504, "media_unavailable", 502, True, "WhatsApp did not give the file now. Try again."),
)

CONTRACT_HASH = "2e37ada9966e7c3e600bedef541cbe36798ed18c117bbddd737eb66341f33c42"

MAX_LINE_BYTES = 1048576
