// Generated from bridge/contract/openrpc.json by `npm run contract`. Do not edit.

/**
 * The application's own id of a tenant; its case is kept.
 */
export type TenantId = string;
/**
 * E.164 with the plus sign.
 */
export type PhoneNumber = string;
/**
 * A phone number in E.164 or a JID of a person, a LID or a group.
 */
export type Recipient = string;
/**
 * The WhatsApp id of a message.
 */
export type MessageId = string;
/**
 * A place in the bridge's journal of events, counted over all tenants. 0 is before the first.
 */
export type Position = number;
/**
 * One pairing of a tenant: {tenantId}_{unix ms of its first start}.
 */
export type SessionId = string;
/**
 * A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.
 */
export type Jid = string;
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs = number;
/**
 * ok, or failing when the last write to the store failed: nothing is received or sent meanwhile.
 */
export type StoreHealth = "ok" | "failing";
/**
 * From the last attempts to connect: unknown until one was made.
 */
export type WhatsAppReachability = "unknown" | "reachable" | "unreachable";
/**
 * disconnected: not running. connecting: reaching WhatsApp. qr: a QR code waits to be scanned. pairing: scanned, being linked. connected: messages flow. reconnecting: link lost, trying again by itself. logged_out: unlinked, a new QR scan is needed. restricted: WhatsApp restricts the number for a time (restrictedUntilMs); with reason restricted_by_whatsapp it stays connected and replies flow, with temporarily_banned it is not connected. failed: stopped after an error that needs a person.
 */
export type SessionState =
  | "disconnected"
  | "connecting"
  | "qr"
  | "pairing"
  | "connected"
  | "reconnecting"
  | "logged_out"
  | "restricted"
  | "failed";
/**
 * Why a session is in its state, when there is something to say. Stable codes.
 */
export type SessionReason =
  | "stopped"
  | "whatsapp_unreachable"
  | "connection_lost"
  | "connection_replaced"
  | "restart_required"
  | "service_unavailable"
  | "bad_session"
  | "forbidden"
  | "multi_device_mismatch"
  | "logged_out_by_phone"
  | "logged_out_by_request"
  | "qr_attempts_exhausted"
  | "store_unavailable"
  | "internal_error"
  | "restricted_by_whatsapp"
  | "temporarily_banned"
  | "dns_failure"
  | "proxy_unreachable"
  | "client_outdated"
  | "passkey_required"
  | "memory_limit_reached"
  | "owned_elsewhere"
  | "deleted";
/**
 * accepted: recorded, not yet taken by WhatsApp's server. sent: WhatsApp's server took it. delivered, read, played: the recipient's device says so. failed: WhatsApp refused it, it will not be sent. unknown: the bridge was killed while sending and cannot tell.
 */
export type MessageStatus = "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
/**
 * What happened; type tells which.
 */
export type EventData = MessageEvent | MessageStatusEvent | SessionStatusEvent | SessionQrEvent;
/**
 * What a message says; type tells which kind.
 */
export type IncomingContent = IncomingText | IncomingOther;

/**
 * The parameters of system.hello.
 */
export interface HelloParams {
  /**
   * SHA-256 of the contract, hex.
   */
  contractHash: string;
  /**
   * For the bridge's log.
   */
  clientName: string;
}
/**
 * The parameters of system.health.
 */
export interface HealthParams {}
/**
 * The parameters of session.start, session.restart.
 */
export interface SessionStartParams {
  tenantId: TenantId;
  /**
   * 0 answers at once.
   */
  waitMs: number;
}
/**
 * The parameters of session.stop, session.logout, session.delete, session.get.
 */
export interface SessionParams {
  tenantId: TenantId;
}
/**
 * The parameters of session.pairingCode.
 */
export interface PairingCodeParams {
  tenantId: TenantId;
  phoneNumber: PhoneNumber;
}
/**
 * The parameters of session.setProxy.
 */
export interface SessionSetProxyParams {
  tenantId: TenantId;
  /**
   * http, https or socks5, with user and password when it needs them. Never logged or given out again.
   */
  proxyUrl?: string;
}
/**
 * The parameters of session.import.
 */
export interface SessionImportParams {
  tenantId: TenantId;
  /**
   * A folder name inside DATA_DIR/import, never a path.
   */
  folder: string;
}
/**
 * The parameters of session.list.
 */
export interface SessionListParams {
  after?: TenantId;
  /**
   * Sessions a page.
   */
  limit: number;
}
/**
 * The parameters of store.backup.
 */
export interface StoreBackupParams {
  /**
   * A file name inside DATA_DIR/backup, never a path.
   */
  fileName: string;
}
/**
 * The parameters of store.rotateMasterKey.
 */
export interface StoreRotateParams {}
/**
 * The parameters of message.send.
 */
export interface MessageSendParams {
  tenantId: TenantId;
  to: Recipient;
  content: OutgoingText;
  messageId?: MessageId;
  /**
   * How long to wait for WhatsApp's server to take the message.
   */
  waitMs: number;
}
/**
 * A plain text.
 */
export interface OutgoingText {
  /**
   * The kind of content.
   */
  type: "text";
  /**
   * Up to 65,536 characters.
   */
  text: string;
}
/**
 * The parameters of event.pull.
 */
export interface EventPullParams {
  after: Position;
  /**
   * At most so many; fewer when a line would grow too long.
   */
  max: number;
  /**
   * How long to wait for the first event.
   */
  waitMs: number;
}
/**
 * The parameters of event.ack.
 */
export interface EventAckParams {
  position: Position;
}
/**
 * Who answers.
 */
export interface HelloResult {
  /**
   * SHA-256 of the contract, hex.
   */
  contractHash: string;
  /**
   * Version of the bridge.
   */
  bridgeVersion: string;
  /**
   * Exact version of Baileys.
   */
  baileysVersion: string;
  /**
   * Version of Node.js.
   */
  nodeVersion: string;
  /**
   * Identifies the journal whose positions event.pull counts. A new store has a new one, and positions of another journal mean nothing in it.
   */
  journalId: string;
  /**
   * The longest line either side may send.
   */
  maxLineBytes: number;
  /**
   * True when sessions connect to a sandbox and not to WhatsApp.
   */
  sandbox: boolean;
}
/**
 * The bridge's own view of itself.
 */
export interface HealthResult {
  /**
   * Since the process started.
   */
  uptimeMs: number;
  /**
   * True when sessions connect to a sandbox and not to WhatsApp.
   */
  sandbox: boolean;
  store: StoreHealth;
  whatsapp: WhatsAppReachability;
  /**
   * How many sessions are in each state; states without one are left out.
   */
  sessions: {
    [k: string]: number;
  };
  journal: JournalHealth;
  /**
   * Resident memory of the process.
   */
  memoryRssBytes: number;
  /**
   * 99th percentile of the event loop's delay since the last call.
   */
  eventLoopDelayMs: number;
  /**
   * No new session is taken when it would bring the process above this.
   */
  memoryLimitBytes: number;
}
/**
 * Where the journal of events stands.
 */
export interface JournalHealth {
  headPosition: Position;
  ackedPosition: Position;
  /**
   * Events control has not stored yet.
   */
  unackedEvents: number;
}
/**
 * A QR code that can be scanned until it expires. The text is opaque.
 */
export interface QrCode {
  /**
   * What the QR code encodes, to the letter.
   */
  text: string;
  expiresAtMs: TimeMs;
}
/**
 * A tenant's session. A field that has nothing to say is left out.
 */
export interface Session {
  tenantId: TenantId;
  sessionId: SessionId;
  state: SessionState;
  sinceMs: TimeMs;
  reason?: SessionReason;
  qr?: QrCode;
  phoneNumber?: PhoneNumber;
  lid?: Jid;
  /**
   * The account's own push name.
   */
  name?: string;
  lastActivityMs?: TimeMs;
  retryAtMs?: TimeMs;
  /**
   * WhatsApp's own code behind the reason, when there is one.
   */
  whatsappCode?: number;
  restrictedUntilMs?: TimeMs;
  /**
   * How many attempts to connect have failed in a row.
   */
  attempt?: number;
  pairingCode?: PairingCode;
  /**
   * True when the tenant connects through a proxy.
   */
  hasProxy?: boolean;
}
/**
 * A code to type on the phone until it expires.
 */
export interface PairingCode {
  /**
   * Eight characters, shown as ABCD-EFGH.
   */
  code: string;
  expiresAtMs: TimeMs;
}
/**
 * A page of sessions. Ask again with the last tenantId as after while hasMore is true.
 */
export interface SessionListResult {
  /**
   * In the order of tenantId.
   */
  sessions: Session[];
  /**
   * True when another page follows.
   */
  hasMore: boolean;
}
/**
 * A message of the outbox and what became of it.
 */
export interface OutgoingMessage {
  messageId: MessageId;
  chatId: Jid;
  status: MessageStatus;
  acceptedAtMs: TimeMs;
  /**
   * WhatsApp's own code when it refused the message.
   */
  whatsappError?: number;
}
/**
 * Events in the order of their position; empty when none came in time.
 */
export interface EventPullResult {
  /**
   * Oldest first.
   */
  events: Event[];
  headPosition: Position;
}
/**
 * Something that happened in a tenant's session, recorded before anyone was told.
 */
export interface Event {
  position: Position;
  /**
   * Stable: the same event always has the same id.
   */
  eventId: string;
  tenantId: TenantId;
  sessionId: SessionId;
  /**
   * Counts the events of this sessionId from 1 without a gap.
   */
  sequence: number;
  occurredAtMs: TimeMs;
  data: EventData;
}
/**
 * A message in one of the tenant's chats: received, or sent from the tenant's own phone (fromMe). What the gateway itself sent is not repeated here.
 */
export interface MessageEvent {
  /**
   * The kind of event.
   */
  type: "message";
  messageId: MessageId;
  chatId: Jid;
  /**
   * True in a group chat.
   */
  isGroup: boolean;
  /**
   * True when the tenant's own phone or another of its devices sent it.
   */
  fromMe: boolean;
  sender: Person;
  sentAtMs: TimeMs;
  content: IncomingContent;
}
/**
 * Somebody on WhatsApp, as far as known: at least one of phoneNumber and lid is there.
 */
export interface Person {
  phoneNumber?: PhoneNumber;
  lid?: Jid;
  /**
   * The push name, chosen by that person: never trust it.
   */
  name?: string;
}
/**
 * A plain text.
 */
export interface IncomingText {
  /**
   * The kind of content.
   */
  type: "text";
  /**
   * As it was written.
   */
  text: string;
}
/**
 * Content of a kind this version does not describe further.
 */
export interface IncomingOther {
  /**
   * The kind of content.
   */
  type: "other";
  /**
   * WhatsApp's name of the kind, such as imageMessage.
   */
  whatsappType: string;
}
/**
 * What became of a message the gateway sent.
 */
export interface MessageStatusEvent {
  /**
   * The kind of event.
   */
  type: "message.status";
  messageId: MessageId;
  chatId: Jid;
  status: MessageStatus;
  /**
   * WhatsApp's own code when it refused the message.
   */
  whatsappError?: number;
}
/**
 * The session came into another state.
 */
export interface SessionStatusEvent {
  /**
   * The kind of event.
   */
  type: "session.status";
  state: SessionState;
  sinceMs: TimeMs;
  reason?: SessionReason;
  phoneNumber?: PhoneNumber;
  /**
   * WhatsApp's own code behind the reason, when there is one.
   */
  whatsappCode?: number;
  restrictedUntilMs?: TimeMs;
}
/**
 * A new QR code. Once the event is acked or the code expired its text is erased from the journal and left out.
 */
export interface SessionQrEvent {
  /**
   * The kind of event.
   */
  type: "session.qr";
  qr?: QrCode;
}
/**
 * The highest position acked so far.
 */
export interface EventAckResult {
  ackedPosition: Position;
}
/**
 * The code and the session it belongs to.
 */
export interface PairingCodeResult {
  pairingCode: PairingCode;
  session: Session;
}
/**
 * Whether there was something to delete.
 */
export interface SessionDeleteResult {
  /**
   * False when the tenant had no session.
   */
  deleted: boolean;
}
/**
 * What was written.
 */
export interface StoreBackupResult {
  /**
   * The file inside DATA_DIR/backup.
   */
  fileName: string;
  /**
   * Its size.
   */
  sizeBytes: number;
  /**
   * Sessions in it.
   */
  sessions: number;
  /**
   * The journal in it.
   */
  journalId: string;
  headPosition: Position;
}
/**
 * How many keys were wrapped anew.
 */
export interface StoreRotateResult {
  /**
   * Sessions whose key was wrapped anew.
   */
  sessions: number;
}

/** The methods of the contract: what they take, what they answer, which errors of theirs they may give. */
export interface Methods {
  /** Opens a connection: both sides compare the hash of the contract they were built from. */
  "system.hello": { params: HelloParams; result: HelloResult; error: "contract_mismatch" };
  /** How the bridge is doing: its store, its sessions by state, its journal, its memory. */
  "system.health": { params: HealthParams; result: HealthResult; error: never };
  /** Makes the tenant's session run, now and after every restart, and waits up to waitMs for a QR code or a connection. Starting a running session changes nothing and returns what is. */
  "session.start": { params: SessionStartParams; result: Session; error: "whatsapp_unreachable" | "session_limit_reached" | "memory_limit_reached" | "owned_elsewhere" | "store_unavailable" };
  /** Closes the tenant's connection and keeps it closed. The pairing is kept: the next start needs no QR code. */
  "session.stop": { params: SessionParams; result: Session; error: "session_not_found" | "store_unavailable" };
  /** Unlinks the device at WhatsApp when it can be reached, forgets the pairing and stops. The next start needs a QR code. */
  "session.logout": { params: SessionParams; result: Session; error: "session_not_found" | "store_unavailable" };
  /** Closes the connection and opens it again with the same pairing. A session that does not run is started. */
  "session.restart": { params: SessionStartParams; result: Session; error: "session_not_found" | "whatsapp_unreachable" | "memory_limit_reached" | "owned_elsewhere" | "store_unavailable" };
  /** Unlinks the device when WhatsApp can be reached, then destroys the keys of everything the tenant stored here, and the rows. What does not exist is deleted already. */
  "session.delete": { params: SessionParams; result: SessionDeleteResult; error: "store_unavailable" };
  /** Asks WhatsApp for a code to be typed on the phone instead of scanning a QR code. Starts the session when it does not run. */
  "session.pairingCode": { params: PairingCodeParams; result: PairingCodeResult; error: "whatsapp_unreachable" | "session_already_paired" | "pairing_code_refused" | "session_limit_reached" | "memory_limit_reached" | "owned_elsewhere" | "store_unavailable" };
  /** Tests a proxy by reaching WhatsApp through it, records it for the tenant and reconnects through it. Without proxyUrl the tenant connects directly again. */
  "session.setProxy": { params: SessionSetProxyParams; result: Session; error: "session_not_found" | "proxy_unreachable" | "store_unavailable" };
  /** Takes over the pairing of a Baileys multi-file folder that lies in the import directory, so that the number need not be scanned again. The session is started by session.start afterwards. */
  "session.import": { params: SessionImportParams; result: Session; error: "import_invalid" | "session_already_paired" | "store_unavailable" };
  /** The tenant's session as it is now. */
  "session.get": { params: SessionParams; result: Session; error: "session_not_found" };
  /** Sessions the bridge knows, running or not, a page at a time in the order of tenantId. */
  "session.list": { params: SessionListParams; result: SessionListResult; error: never };
  /** Writes a consistent copy of the store while everything runs. Keys in it stay sealed by the master key. */
  "store.backup": { params: StoreBackupParams; result: StoreBackupResult; error: "store_unavailable" };
  /** Wraps the key of every session with a new master key and puts that into the key file. Refused when the master key comes from the environment. */
  "store.rotateMasterKey": { params: StoreRotateParams; result: StoreRotateResult; error: "master_key_in_environment" | "store_unavailable" };
  /** Records a message in the outbox, hands it to WhatsApp and waits up to waitMs for WhatsApp's server to take it. A messageId that was recorded before is not sent again: the answer is what became of it. A bridge_error after the call was taken leaves open what became of the message; ask again with the same messageId. */
  "message.send": { params: MessageSendParams; result: OutgoingMessage; error: "session_not_found" | "session_not_connected" | "recipient_not_on_whatsapp" | "send_rejected" | "message_conflict" | "store_unavailable" };
  /** Events after a position, oldest first. Waits up to waitMs for the first one. Answers early when another pull of the same connection arrives or the connection closes. */
  "event.pull": { params: EventPullParams; result: EventPullResult; error: "store_unavailable" };
  /** Says that every event up to and including a position is stored durably by control. Acked events are kept for the retention time, so that a wiped Redis can be refilled by pulling from 0. */
  "event.ack": { params: EventAckParams; result: EventAckResult; error: "store_unavailable" };
}

export type MethodName = keyof Methods;

export const METHOD_NAMES = [
  "system.hello",
  "system.health",
  "session.start",
  "session.stop",
  "session.logout",
  "session.restart",
  "session.delete",
  "session.pairingCode",
  "session.setProxy",
  "session.import",
  "session.get",
  "session.list",
  "store.backup",
  "store.rotateMasterKey",
  "message.send",
  "event.pull",
  "event.ack",
] as const satisfies readonly MethodName[];

/** The error table: JSON-RPC code, whether the same call may succeed later, sentence for a person. */
export const ERRORS = {
  parse_error: { code: -32700, retryable: false, message: "The line is not JSON." },
  invalid_rpc_request: { code: -32600, retryable: false, message: "The line is not a JSON-RPC 2.0 request." },
  method_not_found: { code: -32601, retryable: false, message: "The bridge has no such method." },
  invalid_params: { code: -32602, retryable: false, message: "The parameters do not match the contract." },
  bridge_error: { code: -32603, retryable: true, message: "The bridge failed while handling this call. Its log has the details." },
  contract_mismatch: { code: 1001, retryable: false, message: "The bridge and control were built from different contracts. Deploy both from the same version and restart them." },
  hello_required: { code: 1002, retryable: false, message: "The first call on a connection must be system.hello." },
  overloaded: { code: 1003, retryable: true, message: "The bridge has too many calls under way. Try again in a moment." },
  shutting_down: { code: 1004, retryable: true, message: "The bridge is restarting. Try again in a few seconds." },
  session_not_found: { code: 1101, retryable: false, message: "This tenant has no session. Start one first." },
  session_not_connected: { code: 1102, retryable: true, message: "The tenant's WhatsApp session is not connected. Look at its status; start it and scan the QR code if it asks for one." },
  session_limit_reached: { code: 1103, retryable: true, message: "This server runs as many sessions as it is set to hold. Stop one or raise MAX_SESSIONS." },
  whatsapp_unreachable: { code: 1104, retryable: true, message: "WhatsApp cannot be reached from this server. The session keeps trying by itself; check the server's network and DNS." },
  memory_limit_reached: { code: 1105, retryable: true, message: "Another session would not fit into this server's memory, so it was not started; the running ones are not affected. Stop one, or raise MEMORY_LIMIT_MB." },
  session_already_paired: { code: 1106, retryable: false, message: "This tenant is linked to a number already. Log it out first." },
  pairing_code_refused: { code: 1107, retryable: true, message: "WhatsApp gave no pairing code for this number. Check the number, wait some minutes, or scan the QR code." },
  proxy_unreachable: { code: 1108, retryable: true, message: "WhatsApp cannot be reached through this proxy, so it was not set." },
  import_invalid: { code: 1109, retryable: false, message: "The folder holds no usable Baileys credentials." },
  owned_elsewhere: { code: 1110, retryable: false, message: "Another installation runs this tenant's number, or this data folder is a restored copy. Stop the other one first, then take the sessions over." },
  recipient_not_on_whatsapp: { code: 1201, retryable: false, message: "This number is not on WhatsApp." },
  send_rejected: { code: 1202, retryable: false, message: "WhatsApp refused the message." },
  message_conflict: { code: 1203, retryable: false, message: "Another message of this tenant already has this messageId." },
  store_unavailable: { code: 1301, retryable: true, message: "The bridge cannot write to its store (disk full or failing), so nothing was accepted. It resumes by itself once the disk is writable." },
  master_key_in_environment: { code: 1302, retryable: false, message: "The master key comes from MASTER_KEY in the environment. Set the new one there and the old one in MASTER_KEY_PREVIOUS, then restart the bridge." },
} as const satisfies Record<string, { code: number; retryable: boolean; message: string }>;

export type ErrorName = keyof typeof ERRORS;

/** SHA-256 of the contract; both sides compare it in system.hello. */
export const CONTRACT_HASH = "17a33b86960f6f3662a2d360c0cc59d5f187f8ecefff2428f8b52ebeeb91e01e";

/** The longest line either side may send. */
export const MAX_LINE_BYTES = 1048576;
