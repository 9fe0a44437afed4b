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
 * A phone number in E.164 or a JID: of a person, a LID, a group, a channel (…@newsletter), or status@broadcast for the number's own story.
 */
export type Recipient = string;
/**
 * What a message says; type tells which kind.
 */
export type OutgoingContent =
  | OutgoingText
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
  | OutgoingForward;
/**
 * A small JPEG, base64.
 */
export type Thumbnail = string;
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs = number;
/**
 * The WhatsApp id of a message.
 */
export type MessageId = string;
/**
 * A WhatsApp address without device: 5511…@s.whatsapp.net, …@lid, …@g.us.
 */
export type Jid = string;
/**
 * A person: a phone number in E.164, a phone JID or a LID.
 */
export type PersonAddress = string;
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs1 = number;
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs2 = number;
/**
 * accepted: recorded, not yet taken by WhatsApp's server. sent: WhatsApp's server took it. delivered, read, played: the recipient's device says so; in a group, the devices of all recipients. failed: it will not be sent, failure tells why. unknown: it was handed over, no answer came, and it is not tried again.
 */
export type MessageStatus = "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
/**
 * The WhatsApp id of a message.
 */
export type MessageId1 = string;
/**
 * How messages are spaced. paced: carefully, for numbers that write first. conversations: chats whose other side wrote first are hardly held up, new chats are paced. unpaced: not at all.
 */
export type SendProfile = "paced" | "conversations" | "unpaced";
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs3 = number;
/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type TimeMs4 = number;
/**
 * The id of a batch.
 */
export type BatchId = string;
/**
 * The id of a batch.
 */
export type BatchId1 = string;
/**
 * The JID of a group.
 */
export type GroupId = string;
/**
 * The JID of a channel.
 */
export type ChannelId = string;
/**
 * Names the media of a message; not guessable.
 */
export type MediaId = string;
/**
 * none: media is not downloaded. on_demand: when it is asked for. automatic: at once.
 */
export type MediaMode = "none" | "on_demand" | "automatic";
/**
 * A place in the bridge's journal of events, counted over all tenants. 0 is before the first.
 */
export type Position = number;
/**
 * One pairing of a tenant: {tenantId}_{unix ms of its first start}.
 */
export type SessionId = string;
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
 * The kind of a message.
 */
export type ContentType =
  | "text"
  | "image"
  | "video"
  | "gif"
  | "video_note"
  | "audio"
  | "voice"
  | "document"
  | "sticker"
  | "location"
  | "contacts"
  | "poll"
  | "event"
  | "reaction"
  | "edit"
  | "delete"
  | "forward";
/**
 * Why an accepted message has not left yet. scheduled: its time has not come. not_connected: the session is not connected. uploading: its media is on the way. earlier_message: one before it in the same chat has not left. paced: the governor spaces messages. new_chat_limit: as many new chats were begun as may be. restricted: WhatsApp allows no new chats now. batch_paused: its batch is paused. unconfirmed: it was handed over and is awaiting WhatsApp's answer.
 */
export type HoldReason =
  | "scheduled"
  | "not_connected"
  | "uploading"
  | "earlier_message"
  | "paced"
  | "new_chat_limit"
  | "restricted"
  | "batch_paused"
  | "unconfirmed";
/**
 * What happened; type tells which.
 */
export type EventData =
  | MessageEvent
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
  | CallEvent;
/**
 * What a message says; type tells which kind.
 */
export type IncomingContent =
  | IncomingText
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
  | IncomingOther;
/**
 * running: messages wait or leave. paused: none leaves. cancelled: those that waited will not be sent. finished: none waits any more.
 */
export type BatchState = "running" | "paused" | "cancelled" | "finished";

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
 * The parameters of system.metrics.
 */
export interface MetricsParams {
  /**
   * How many tenants to tell apart at most, those with the most waiting first; 0 for none.
   */
  maxTenants: number;
}
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
 * The parameters of store.usage, limits.get, contact.blocked, channel.list, label.list, session.getSettings.
 */
export interface TenantParams {
  tenantId: TenantId;
}
/**
 * The parameters of message.send.
 */
export interface MessageSendParams {
  tenantId: TenantId;
  to: Recipient;
  content: OutgoingContent;
  messageId?: MessageId;
  context?: MessageContext;
  idempotency?: Idempotency;
  sendAtMs?: TimeMs1;
  expiresAtMs?: TimeMs2;
  /**
   * False: refuse with session_not_connected instead of waiting for the connection. True when left out.
   */
  queue?: boolean;
  /**
   * What to do with a message that was handed over when no answer came: send the same bytes again, which no device can read twice (resend, when left out), or leave it as unknown (hold).
   */
  whenUncertain?: "resend" | "hold";
  /**
   * Who sees a story; only with status@broadcast.
   *
   * @minItems 1
   * @maxItems 1024
   */
  audience?: [PersonAddress, ...PersonAddress[]];
  /**
   * How long to wait for WhatsApp's server to take the message; 0 answers once it is on disk.
   */
  waitMs: number;
}
/**
 * A text. A URL in it is never fetched: only a preview given here is shown.
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
  preview?: LinkPreview;
  style?: TextStyle;
}
/**
 * What to show for a link in the text.
 */
export interface LinkPreview {
  /**
   * As it stands in the text.
   */
  url: string;
  /**
   * Its title.
   */
  title: string;
  /**
   * More about it.
   */
  description?: string;
  thumbnail?: Thumbnail;
}
/**
 * How a text looks in the number's story.
 */
export interface TextStyle {
  /**
   * #RRGGBB.
   */
  backgroundColor?: string;
  /**
   * WhatsApp's number of the font.
   */
  font?: number;
}
/**
 * A picture, JPEG or PNG.
 */
export interface OutgoingImage {
  /**
   * The kind of content.
   */
  type: "image";
  file: SpoolFile;
  /**
   * Text under it.
   */
  caption?: string;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  thumbnail?: Thumbnail;
  /**
   * Can be looked at once.
   */
  viewOnce?: boolean;
}
/**
 * A file in DATA_DIR/spool. The bridge opens it by its name only, checks size and digest, and deletes it when it is no longer needed.
 */
export interface SpoolFile {
  /**
   * A random name, never a path.
   */
  name: string;
  /**
   * As the bytes say, not as the caller says.
   */
  mimeType: string;
  /**
   * Its size.
   */
  sizeBytes: number;
  /**
   * Digest of the file, hex.
   */
  sha256: string;
}
/**
 * A video, MP4.
 */
export interface OutgoingVideo {
  /**
   * The kind of content.
   */
  type: "video";
  file: SpoolFile;
  /**
   * Text under it.
   */
  caption?: string;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  /**
   * How long it plays.
   */
  seconds?: number;
  thumbnail?: Thumbnail;
  /**
   * Can be looked at once.
   */
  viewOnce?: boolean;
}
/**
 * A short video without sound that repeats, MP4.
 */
export interface OutgoingGif {
  /**
   * The kind of content.
   */
  type: "gif";
  file: SpoolFile;
  /**
   * Text under it.
   */
  caption?: string;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  /**
   * How long it plays.
   */
  seconds?: number;
  thumbnail?: Thumbnail;
}
/**
 * A round video message, MP4.
 */
export interface OutgoingVideoNote {
  /**
   * The kind of content.
   */
  type: "video_note";
  file: SpoolFile;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  /**
   * How long it plays.
   */
  seconds?: number;
  thumbnail?: Thumbnail;
}
/**
 * A sound file.
 */
export interface OutgoingAudio {
  /**
   * The kind of content.
   */
  type: "audio";
  file: SpoolFile;
  /**
   * How long it plays.
   */
  seconds?: number;
}
/**
 * A voice message, Ogg with Opus.
 */
export interface OutgoingVoice {
  /**
   * The kind of content.
   */
  type: "voice";
  file: SpoolFile;
  /**
   * How long it plays.
   */
  seconds?: number;
  /**
   * 64 values from 0 to 100, one byte each, base64.
   */
  waveform?: string;
  /**
   * Can be heard once.
   */
  viewOnce?: boolean;
}
/**
 * Any file.
 */
export interface OutgoingDocument {
  /**
   * The kind of content.
   */
  type: "document";
  file: SpoolFile;
  /**
   * As the recipient sees it.
   */
  fileName: string;
  /**
   * Text under it.
   */
  caption?: string;
  thumbnail?: Thumbnail;
}
/**
 * A sticker, WebP.
 */
export interface OutgoingSticker {
  /**
   * The kind of content.
   */
  type: "sticker";
  file: SpoolFile;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  /**
   * True when it moves.
   */
  animated?: boolean;
}
/**
 * A place.
 */
export interface OutgoingLocation {
  /**
   * The kind of content.
   */
  type: "location";
  place: Place;
}
/**
 * A place on earth.
 */
export interface Place {
  /**
   * In degrees.
   */
  latitude: number;
  /**
   * In degrees.
   */
  longitude: number;
  /**
   * Its name.
   */
  name?: string;
  /**
   * Its address.
   */
  address?: string;
}
/**
 * One or more contacts.
 */
export interface OutgoingContacts {
  /**
   * The kind of content.
   */
  type: "contacts";
  /**
   * What the list is called.
   */
  displayName?: string;
  /**
   * The cards.
   *
   * @minItems 1
   * @maxItems 50
   */
  contacts: [ContactCard, ...ContactCard[]];
}
/**
 * A contact as a vCard.
 */
export interface ContactCard {
  /**
   * The name shown.
   */
  displayName: string;
  /**
   * RFC 2426 or 6350.
   */
  vcard: string;
}
/**
 * A question with answers to choose from.
 */
export interface OutgoingPoll {
  /**
   * The kind of content.
   */
  type: "poll";
  /**
   * What is asked.
   */
  question: string;
  /**
   * The answers, each different.
   *
   * @minItems 2
   * @maxItems 12
   *
   * Items: An answer.
   */
  options:
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  /**
   * How many may be chosen; 0 for any number.
   */
  selectableCount: number;
}
/**
 * An event to be joined.
 */
export interface OutgoingEvent {
  /**
   * The kind of content.
   */
  type: "event";
  /**
   * What it is called.
   */
  name: string;
  /**
   * What it is about.
   */
  description?: string;
  startsAtMs: TimeMs;
  endsAtMs?: TimeMs;
  place?: Place;
  /**
   * Guests may bring others.
   */
  extraGuestsAllowed?: boolean;
  /**
   * It does not take place.
   */
  isCancelled?: boolean;
}
/**
 * A reaction to a message.
 */
export interface OutgoingReaction {
  /**
   * The kind of content.
   */
  type: "reaction";
  messageId: MessageId;
  /**
   * One emoji; empty takes the reaction back.
   */
  emoji: string;
}
/**
 * Another text for a message sent before, or another caption.
 */
export interface OutgoingEdit {
  /**
   * The kind of content.
   */
  type: "edit";
  messageId: MessageId;
  /**
   * Up to 65,536 characters.
   */
  text: string;
}
/**
 * Deletes a message for everyone.
 */
export interface OutgoingDelete {
  /**
   * The kind of content.
   */
  type: "delete";
  messageId: MessageId;
}
/**
 * Passes a message on as it is.
 */
export interface OutgoingForward {
  /**
   * The kind of content.
   */
  type: "forward";
  messageId: MessageId;
  chatId?: Jid;
}
/**
 * What a message refers to.
 */
export interface MessageContext {
  replyTo?: MessageId;
  /**
   * Who is mentioned; the text holds @ and the number or the part of the LID before the @.
   *
   * @minItems 1
   * @maxItems 1024
   */
  mentions?: [PersonAddress, ...PersonAddress[]];
  /**
   * Everybody in the group.
   */
  mentionAll?: boolean;
  /**
   * Marked as forwarded.
   */
  forwarded?: boolean;
}
/**
 * What makes a repeated request recognisable.
 */
export interface Idempotency {
  /**
   * The caller's key, unique per tenant.
   */
  key: string;
  /**
   * SHA-256 of the request, hex.
   */
  fingerprint: string;
}
/**
 * The parameters of message.replay.
 */
export interface MessageReplayParams {
  tenantId: TenantId;
  idempotency: Idempotency;
}
/**
 * The parameters of message.get, message.cancel, message.raw.
 */
export interface MessageParams {
  tenantId: TenantId;
  messageId: MessageId;
}
/**
 * The parameters of message.list.
 */
export interface MessageListParams {
  tenantId: TenantId;
  status?: MessageStatus;
  before?: MessageId1;
  limit: number;
}
/**
 * The parameters of limits.set.
 */
export interface LimitsSetParams {
  tenantId: TenantId;
  profile?: SendProfile;
}
/**
 * The parameters of batch.create.
 */
export interface BatchCreateParams {
  tenantId: TenantId;
  content: OutgoingContent;
  /**
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [BatchRecipient, ...BatchRecipient[]];
  context?: MessageContext;
  idempotency?: Idempotency;
  sendAtMs?: TimeMs3;
  expiresAtMs?: TimeMs4;
}
/**
 * One recipient of a batch.
 */
export interface BatchRecipient {
  to: Recipient;
  /**
   * Values for {{name}} in the text or caption.
   */
  variables?: {
    [k: string]: string;
  };
}
/**
 * The parameters of batch.get, batch.pause, batch.resume, batch.cancel.
 */
export interface BatchParams {
  tenantId: TenantId;
  batchId: BatchId;
}
/**
 * The parameters of batch.list.
 */
export interface BatchListParams {
  tenantId: TenantId;
  before?: BatchId1;
  limit: number;
}
/**
 * The parameters of batch.messages.
 */
export interface BatchMessagesParams {
  tenantId: TenantId;
  batchId: BatchId;
  after?: MessageId;
  limit: number;
}
/**
 * The parameters of chat.read.
 */
export interface ChatReadParams {
  tenantId: TenantId;
  chatId: Recipient;
  /**
   * @minItems 1
   * @maxItems 100
   */
  messageIds: [MessageId, ...MessageId[]];
}
/**
 * The parameters of chat.presence.
 */
export interface ChatPresenceParams {
  tenantId: TenantId;
  chatId: Recipient;
  presence: "composing" | "recording" | "paused";
  /**
   * Ends by itself after so long; WhatsApp ends it after about 25 seconds.
   */
  durationMs?: number;
}
/**
 * The parameters of number.check.
 */
export interface NumberCheckParams {
  tenantId: TenantId;
  /**
   * @minItems 1
   * @maxItems 50
   */
  phoneNumbers: [PhoneNumber, ...PhoneNumber[]];
}
/**
 * The parameters of contact.get, contact.block, contact.unblock.
 */
export interface ContactParams {
  tenantId: TenantId;
  contact: PersonAddress;
}
/**
 * The parameters of group.create.
 */
export interface GroupCreateParams {
  tenantId: TenantId;
  subject: string;
  /**
   * @minItems 1
   * @maxItems 256
   */
  participants: [PersonAddress, ...PersonAddress[]];
}
/**
 * The parameters of group.list.
 */
export interface GroupListParams {
  tenantId: TenantId;
  /**
   * Ask WhatsApp, though not more often than it bears.
   */
  refresh?: boolean;
  after?: GroupId;
  limit: number;
}
/**
 * The parameters of group.get, group.invite, group.revokeInvite, group.leave, group.joinRequests.
 */
export interface GroupParams {
  tenantId: TenantId;
  groupId: GroupId;
}
/**
 * The parameters of group.update.
 */
export interface GroupUpdateParams {
  tenantId: TenantId;
  groupId: GroupId;
  subject?: string;
  /**
   * Empty takes it away.
   */
  description?: string;
  onlyAdminsSend?: boolean;
  onlyAdminsEdit?: boolean;
  memberAddMode?: "admins" | "all";
  joinApproval?: boolean;
  /**
   * 0: messages stay.
   */
  disappearingSeconds?: 0 | 86400 | 604800 | 7776000;
}
/**
 * The parameters of group.setPicture.
 */
export interface GroupPictureParams {
  tenantId: TenantId;
  groupId: GroupId;
  file?: SpoolFile;
}
/**
 * The parameters of group.updateParticipants.
 */
export interface GroupParticipantsParams {
  tenantId: TenantId;
  groupId: GroupId;
  action: "add" | "remove" | "promote" | "demote";
  /**
   * @minItems 1
   * @maxItems 256
   */
  participants: [PersonAddress, ...PersonAddress[]];
}
/**
 * The parameters of group.inviteInfo, group.join.
 */
export interface InviteParams {
  tenantId: TenantId;
  code: string;
}
/**
 * The parameters of group.decideJoinRequests.
 */
export interface GroupDecideParams {
  tenantId: TenantId;
  groupId: GroupId;
  decision: "approve" | "reject";
  /**
   * @minItems 1
   * @maxItems 256
   */
  participants: [PersonAddress, ...PersonAddress[]];
}
/**
 * The parameters of channel.create.
 */
export interface ChannelCreateParams {
  tenantId: TenantId;
  name: string;
  description?: string;
}
/**
 * The parameters of channel.get.
 */
export interface ChannelGetParams {
  tenantId: TenantId;
  channelId?: ChannelId;
  inviteCode?: string;
}
/**
 * The parameters of channel.follow, channel.unfollow.
 */
export interface ChannelParams {
  tenantId: TenantId;
  channelId: ChannelId;
}
/**
 * The parameters of channel.messages.
 */
export interface ChannelMessagesParams {
  tenantId: TenantId;
  channelId: ChannelId;
  limit: number;
  /**
   * Only those before this serverId.
   */
  before?: string;
}
/**
 * The parameters of label.save.
 */
export interface LabelSaveParams {
  tenantId: TenantId;
  /**
   * Left out: a new one.
   */
  labelId?: string;
  name: string;
  color: number;
}
/**
 * The parameters of label.delete.
 */
export interface LabelParams {
  tenantId: TenantId;
  labelId: string;
}
/**
 * The parameters of label.assign.
 */
export interface LabelAssignParams {
  tenantId: TenantId;
  labelId: string;
  chatId: Jid;
  messageId?: MessageId;
  assigned: boolean;
}
/**
 * The parameters of media.fetch.
 */
export interface MediaFetchParams {
  tenantId: TenantId;
  mediaId: MediaId;
}
/**
 * The parameters of session.setSettings.
 */
export interface SessionSettingsParams {
  tenantId: TenantId;
  media?: MediaMode;
  /**
   * automatic: larger files wait until they are asked for.
   */
  automaticMaxBytes?: number;
  /**
   * Calls are turned down.
   */
  rejectCalls?: boolean;
  /**
   * What the caller is then written.
   */
  rejectCallsMessage?: string;
  /**
   * presence events of the chats somebody wrote in lately.
   */
  followPresence?: boolean;
  /**
   * False: nothing of groups is told.
   */
  groupEvents?: boolean;
  /**
   * True: stories of others are told.
   */
  statusMessages?: boolean;
  /**
   * True: posts of followed channels are told.
   */
  channelMessages?: boolean;
}
/**
 * The parameters of chat.followPresence.
 */
export interface ChatFollowParams {
  tenantId: TenantId;
  chatId: Recipient;
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
  connections: ConnectionHealth;
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
 * What is heard on the connections of sessions that are connected. WhatsApp answers a keepalive every 30 seconds whether or not it has anything to say.
 */
export interface ConnectionHealth {
  /**
   * Sessions with a connection over which messages can flow.
   */
  connected: number;
  /**
   * Of those, on which nothing at all was received for 75 seconds, not even the answer to a keepalive.
   */
  unanswered: number;
  /**
   * Of those, which are connected for longer than SESSION_SILENT_MINUTES and on which nothing but answers to keepalives and to questions of ours came for that long.
   */
  silent: number;
  /**
   * The longest of these silences; absent without a connected session.
   */
  longestSilenceMs?: number;
}
/**
 * How often something took how long.
 */
export interface Distribution {
  /**
   * Upper bounds, ascending; what is above the last is in the last count.
   *
   * @maxItems 40
   */
  boundsMs: number[];
  /**
   * How many were in each bound and above the one before; one more than there are bounds.
   *
   * @maxItems 41
   */
  counts: number[];
  /**
   * All of them together.
   */
  sumMs: number;
}
/**
 * Messages of ours, counted when they got there; a message that is read is counted as sent, delivered and read.
 */
export interface SendFigures {
  /**
   * Recorded to be sent, those of batches included.
   */
  accepted: number;
  /**
   * Taken by WhatsApp's server.
   */
  sent: number;
  /**
   * Reached the recipient's device; in a group, everybody's.
   */
  delivered: number;
  /**
   * Read, or played.
   */
  read: number;
  /**
   * WhatsApp's answer never came, and never will.
   */
  unknown: number;
  /**
   * Not sent, by the code of the failure.
   */
  failed: {
    [k: string]: number;
  };
  latency: Distribution;
}
/**
 * Messages that have no answer of WhatsApp yet. No count goes beyond 100,000 but waiting and batched.
 */
export interface OutboxFigures {
  /**
   * Not handed to WhatsApp, for whatever reason, without those of batches.
   */
  waiting: number;
  /**
   * The same, of batches.
   */
  batched: number;
  /**
   * First in their chat, and free to leave once their session is connected.
   */
  ready: number;
  /**
   * First in their chat, and held back for more than five seconds by the limits of their tenant.
   */
  parked: number;
  /**
   * Handed to WhatsApp and not answered.
   */
  unanswered: number;
  /**
   * How long the oldest of those ready has been due; absent without one.
   */
  oldestReadyMs?: number;
  /**
   * How long ago the oldest of the unanswered was accepted; absent without one.
   */
  oldestUnansweredMs?: number;
}
/**
 * Events that control has not stored yet.
 */
export interface JournalFigures {
  /**
   * How many.
   */
  unackedEvents: number;
  /**
   * From so many on nothing more is taken from WhatsApp.
   */
  maxUnackedEvents: number;
  /**
   * How long ago the oldest happened; absent without one.
   */
  oldestUnackedMs?: number;
}
/**
 * The bridge's process.
 */
export interface ProcessFigures {
  /**
   * Resident memory.
   */
  rssBytes: number;
  /**
   * No new session is taken when it would bring the process above this.
   */
  memoryLimitBytes: number;
  /**
   * Of the JavaScript heap, in use.
   */
  heapUsedBytes: number;
  /**
   * The JavaScript heap.
   */
  heapTotalBytes: number;
  /**
   * Memory outside of the heap that objects in it hold, buffers included.
   */
  externalBytes: number;
  /**
   * Processor time, user and system.
   */
  cpuMs: number;
  /**
   * Open file descriptors.
   */
  openFiles: number;
  /**
   * Time in garbage collection.
   */
  gcMs: number;
  /**
   * Runs of it.
   */
  gcRuns: number;
  /**
   * How late the event loop was since the last call, in milliseconds with fractions: half of the time, in the worst hundredth, at worst.
   */
  eventLoopDelayMs: {
    p50: number;
    p99: number;
    max: number;
  };
  /**
   * The share of time the event loop was busy since the last call.
   */
  eventLoopUtilization: number;
}
/**
 * The store's files.
 */
export interface StoreFigures {
  status: StoreHealth;
  /**
   * The SQLite file.
   */
  databaseBytes: number;
  /**
   * Its write-ahead log.
   */
  logBytes: number;
}
/**
 * One tenant.
 */
export interface TenantFigures {
  tenantId: TenantId;
  state: SessionState;
  /**
   * Messages not handed to WhatsApp, those of batches included.
   */
  waiting: number;
  /**
   * How long ago anything was received from WhatsApp; absent while not connected.
   */
  heardMs?: number;
  /**
   * How long ago anything but answers was received; absent while not connected.
   */
  stirredMs?: number;
}
/**
 * Figures of the bridge.
 */
export interface MetricsResult {
  /**
   * Since the process started.
   */
  uptimeMs: number;
  /**
   * True when sessions connect to a sandbox and not to WhatsApp.
   */
  sandbox: boolean;
  whatsapp: WhatsAppReachability;
  /**
   * How many sessions are in each state; states without one are left out.
   */
  sessions: {
    [k: string]: number;
  };
  connections: ConnectionHealth;
  /**
   * Connections that got as far as a login.
   */
  connectionsOpened: number;
  /**
   * Connections and attempts that ended without being asked to, by reason.
   */
  connectionsEnded: {
    [k: string]: number;
  };
  /**
   * Messages recorded as received, on whichever way they came.
   */
  received: number;
  sends: SendFigures;
  outbox: OutboxFigures;
  journal: JournalFigures;
  process: ProcessFigures;
  store: StoreFigures;
  /**
   * At most maxTenants of them.
   *
   * @maxItems 1000
   */
  tenants: TenantFigures[];
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
  to: Recipient;
  /**
   * The chat; left out while WhatsApp has not been asked which account a number stands for.
   */
  chatId?: string;
  type: ContentType;
  status: MessageStatus;
  acceptedAtMs: TimeMs;
  sendAtMs?: TimeMs;
  expiresAtMs?: TimeMs;
  sentAtMs?: TimeMs;
  deliveredAtMs?: TimeMs;
  readAtMs?: TimeMs;
  playedAtMs?: TimeMs;
  failedAtMs?: TimeMs;
  failure?: MessageFailure;
  heldBy?: HoldReason;
  expectedAtMs?: TimeMs;
  batchId?: BatchId;
  /**
   * In a group or story: how many it went to.
   */
  recipientCount?: number;
  /**
   * In a group or story, from message.get: who did what, at most 1,024.
   *
   * @minItems 0
   * @maxItems 1024
   */
  recipients?: RecipientStatus[];
}
/**
 * Why a message failed.
 */
export interface MessageFailure {
  /**
   * recipient_not_on_whatsapp: the number has no account. rejected: WhatsApp refused it. restricted: WhatsApp does not let this number write to people it has no chat with. expired: it could not be sent in time. cancelled: by the caller. media_unusable: the media file is gone or was refused. referenced_message_not_found: what it refers to is not known. content_not_possible: not in this kind of chat. session_ended: the number was logged out or the session deleted. internal_error: a fault of the gateway, see its log.
   */
  code:
    | "recipient_not_on_whatsapp"
    | "rejected"
    | "restricted"
    | "expired"
    | "cancelled"
    | "media_unusable"
    | "referenced_message_not_found"
    | "content_not_possible"
    | "session_ended"
    | "internal_error";
  /**
   * WhatsApp's own code.
   */
  whatsappError?: number;
}
/**
 * What one recipient's devices said.
 */
export interface RecipientStatus {
  recipient: Jid;
  phoneNumber?: PhoneNumber;
  /**
   * The furthest step.
   */
  status: "delivered" | "read" | "played";
  atMs: TimeMs;
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
 * A message in one of the tenant's chats: received, or sent from the tenant's own phone (fromMe). What the gateway itself sent is not repeated here. One that could not be read first and was recovered has the id of its message.unreadable.
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
  /**
   * What kind of chat.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The LID of the chat's person, where it is known too.
   */
  chatLid?: string;
  quoted?: QuotedMessage;
  /**
   * Who is mentioned.
   *
   * @minItems 0
   * @maxItems 1024
   */
  mentions?: Person[];
  /**
   * Everybody is mentioned.
   */
  mentionAll?: boolean;
  /**
   * Passed on from elsewhere.
   */
  forwarded?: boolean;
  /**
   * WhatsApp calls it forwarded many times.
   */
  forwardedManyTimes?: boolean;
  /**
   * May be looked at once.
   */
  viewOnce?: boolean;
  /**
   * Vanishes after so long.
   */
  ephemeralSeconds?: number;
  ad?: AdContext;
  /**
   * It waited at WhatsApp while the session was away.
   */
  offline?: boolean;
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
 * A text.
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
  preview?: IncomingPreview;
}
/**
 * What the sender's app showed for a link.
 */
export interface IncomingPreview {
  /**
   * The link.
   */
  url?: string;
  /**
   * Its title.
   */
  title?: string;
  /**
   * More.
   */
  description?: string;
}
/**
 * A picture.
 */
export interface IncomingImage {
  /**
   * The kind of content.
   */
  type: "image";
  media: IncomingMedia;
  /**
   * Text under it.
   */
  caption?: string;
}
/**
 * A file that came with a message. Everything but the id was said by the sender: never trust it.
 */
export interface IncomingMedia {
  mediaId: MediaId;
  /**
   * As the sender says.
   */
  mimeType: string;
  /**
   * As the sender says.
   */
  sizeBytes?: number;
  /**
   * Digest of the file, hex, as the sender says.
   */
  sha256?: string;
  /**
   * As the sender says: never a path.
   */
  fileName?: string;
  /**
   * In pixels.
   */
  width?: number;
  /**
   * In pixels.
   */
  height?: number;
  /**
   * How long it plays.
   */
  seconds?: number;
  /**
   * 64 values from 0 to 100, one byte each, base64.
   */
  waveform?: string;
  /**
   * A sticker that moves.
   */
  animated?: boolean;
}
/**
 * A video.
 */
export interface IncomingVideo {
  /**
   * The kind of content.
   */
  type: "video";
  media: IncomingMedia;
  /**
   * Text under it.
   */
  caption?: string;
}
/**
 * A short video that repeats.
 */
export interface IncomingGif {
  /**
   * The kind of content.
   */
  type: "gif";
  media: IncomingMedia;
  /**
   * Text under it.
   */
  caption?: string;
}
/**
 * A round video message.
 */
export interface IncomingVideoNote {
  /**
   * The kind of content.
   */
  type: "video_note";
  media: IncomingMedia;
}
/**
 * A sound file.
 */
export interface IncomingAudio {
  /**
   * The kind of content.
   */
  type: "audio";
  media: IncomingMedia;
}
/**
 * A voice message.
 */
export interface IncomingVoice {
  /**
   * The kind of content.
   */
  type: "voice";
  media: IncomingMedia;
}
/**
 * A file.
 */
export interface IncomingDocument {
  /**
   * The kind of content.
   */
  type: "document";
  media: IncomingMedia;
  /**
   * Text under it.
   */
  caption?: string;
}
/**
 * A sticker.
 */
export interface IncomingSticker {
  /**
   * The kind of content.
   */
  type: "sticker";
  media: IncomingMedia;
}
/**
 * A place.
 */
export interface IncomingLocation {
  /**
   * The kind of content.
   */
  type: "location";
  place: IncomingPlace;
  /**
   * It moves; later positions are not told.
   */
  live?: boolean;
}
/**
 * A place on earth, as the sender says.
 */
export interface IncomingPlace {
  /**
   * In degrees.
   */
  latitude: number;
  /**
   * In degrees.
   */
  longitude: number;
  /**
   * Its name.
   */
  name?: string;
  /**
   * Its address.
   */
  address?: string;
  /**
   * A link.
   */
  url?: string;
}
/**
 * One or more contacts.
 */
export interface IncomingContacts {
  /**
   * The kind of content.
   */
  type: "contacts";
  /**
   * The cards.
   *
   * @minItems 0
   * @maxItems 256
   *
   * Items: A card.
   */
  contacts: {
    /**
     * The name.
     */
    displayName: string;
    /**
     * As it came.
     */
    vcard: string;
  }[];
}
/**
 * A question with answers to choose from.
 */
export interface IncomingPoll {
  /**
   * The kind of content.
   */
  type: "poll";
  /**
   * What is asked.
   */
  question: string;
  /**
   * The answers.
   *
   * @minItems 0
   * @maxItems 64
   *
   * Items: An answer.
   */
  options: string[];
  /**
   * How many may be chosen; 0 for any number.
   */
  selectableCount: number;
}
/**
 * Somebody's present choice in a poll; empty when it was taken back. known is false when the poll is not known here.
 */
export interface IncomingPollVote {
  /**
   * The kind of content.
   */
  type: "poll_vote";
  pollMessageId: MessageId;
  /**
   * What is chosen now.
   *
   * @minItems 0
   * @maxItems 64
   *
   * Items: An answer.
   */
  options: string[];
  /**
   * False: the choice could not be read.
   */
  known: boolean;
}
/**
 * An event to be joined.
 */
export interface IncomingEvent {
  /**
   * The kind of content.
   */
  type: "event";
  /**
   * What it is called.
   */
  name: string;
  /**
   * What it is about.
   */
  description?: string;
  startsAtMs?: TimeMs;
  endsAtMs?: TimeMs;
  place?: IncomingPlace;
  /**
   * It does not take place.
   */
  isCancelled?: boolean;
}
/**
 * Somebody's answer to an event.
 */
export interface IncomingEventResponse {
  /**
   * The kind of content.
   */
  type: "event_response";
  eventMessageId: MessageId;
  /**
   * The answer.
   */
  response: "going" | "not_going" | "maybe" | "unknown";
  /**
   * False: the answer could not be read.
   */
  known: boolean;
}
/**
 * A button or list row that was chosen.
 */
export interface IncomingButtonReply {
  /**
   * The kind of content.
   */
  type: "button_reply";
  /**
   * The sender's id of it.
   */
  buttonId: string;
  /**
   * What it says.
   */
  title?: string;
  messageId?: MessageId;
}
/**
 * An invitation to a group.
 */
export interface IncomingGroupInvite {
  /**
   * The kind of content.
   */
  type: "group_invite";
  groupId: Jid;
  /**
   * The code.
   */
  code: string;
  /**
   * The group's name.
   */
  subject?: string;
  expiresAtMs?: TimeMs;
  /**
   * Text under it.
   */
  caption?: string;
}
/**
 * An order from the number's catalog.
 */
export interface IncomingOrder {
  /**
   * The kind of content.
   */
  type: "order";
  /**
   * WhatsApp's id of it.
   */
  orderId: string;
  /**
   * What WhatsApp wants to show it.
   */
  token?: string;
  /**
   * Items.
   */
  itemCount?: number;
  /**
   * What the customer wrote.
   */
  message?: string;
}
/**
 * A product of a catalog.
 */
export interface IncomingProduct {
  /**
   * The kind of content.
   */
  type: "product";
  /**
   * WhatsApp's id of it.
   */
  productId: string;
  /**
   * Its name.
   */
  title?: string;
  businessOwner?: Person;
}
/**
 * Content of a kind this version does not describe further; message.raw gives all of it.
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
 * The message this one answers.
 */
export interface QuotedMessage {
  messageId: MessageId;
  sender?: Person;
  /**
   * The number itself wrote it.
   */
  fromMe?: boolean;
  /**
   * Its text or caption, as the sender quotes it: never trust it.
   */
  text?: string;
  /**
   * Its kind, as far as the quote tells.
   */
  type?: string;
}
/**
 * The advertisement a chat began with.
 */
export interface AdContext {
  /**
   * Its title.
   */
  title?: string;
  /**
   * Its text.
   */
  body?: string;
  /**
   * Where it leads.
   */
  sourceUrl?: string;
  /**
   * Meta's id of it.
   */
  sourceId?: string;
  /**
   * WhatsApp's word for it.
   */
  sourceType?: string;
  /**
   * ctwa_clid.
   */
  clickId?: string;
}
/**
 * What became of a message the gateway sent. In a group, recipient is there when one of its members' devices said something; status is that of the whole message.
 */
export interface MessageStatusEvent {
  /**
   * The kind of event.
   */
  type: "message.status";
  messageId: MessageId;
  to: Recipient;
  chatId?: Jid;
  status: MessageStatus;
  failure?: MessageFailure;
  recipient?: RecipientStatus;
  batchId?: BatchId;
}
/**
 * A message has another text or caption now. messageId is that of the first one.
 */
export interface MessageEditedEvent {
  /**
   * The kind of event.
   */
  type: "message.edited";
  messageId: MessageId;
  chatId: Jid;
  /**
   * What kind of chat.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * True in a group chat.
   */
  isGroup: boolean;
  /**
   * True when the tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  sender: Person;
  editedAtMs: TimeMs;
  content: IncomingContent;
}
/**
 * A message was deleted for everyone. sender is who deleted it.
 */
export interface MessageDeletedEvent {
  /**
   * The kind of event.
   */
  type: "message.deleted";
  messageId: MessageId;
  chatId: Jid;
  /**
   * What kind of chat.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * True in a group chat.
   */
  isGroup: boolean;
  /**
   * True when the tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  sender: Person;
  deletedAtMs: TimeMs;
}
/**
 * Somebody reacted to a message, or took the reaction back: then emoji is empty. messageId is that of the message.
 */
export interface MessageReactionEvent {
  /**
   * The kind of event.
   */
  type: "message.reaction";
  messageId: MessageId;
  chatId: Jid;
  /**
   * What kind of chat.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * True in a group chat.
   */
  isGroup: boolean;
  /**
   * True when the tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  sender: Person;
  /**
   * Up to a few characters.
   */
  emoji: string;
  /**
   * The number itself wrote the message.
   */
  targetFromMe?: boolean;
  reactedAtMs: TimeMs;
}
/**
 * A message came that cannot be decrypted now. It was asked for again; when it comes, a message event with the same messageId follows.
 */
export interface MessageUnreadableEvent {
  /**
   * The kind of event.
   */
  type: "message.unreadable";
  messageId: MessageId;
  chatId: Jid;
  /**
   * What kind of chat.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * True in a group chat.
   */
  isGroup: boolean;
  /**
   * True when the tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  sender: Person;
  sentAtMs: TimeMs;
  /**
   * no_session: no key for it here yet. bad_ciphertext: the key does not fit. unavailable: WhatsApp keeps it from linked devices, such as what may be seen once.
   */
  reason: "no_session" | "bad_ciphertext" | "unavailable";
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
  retryAtMs?: TimeMs;
  /**
   * How many attempts to connect have failed in a row.
   */
  attempt?: number;
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
 * Something changed in a group.
 */
export interface GroupUpdateEvent {
  /**
   * The kind of event.
   */
  type: "group.update";
  groupId: Jid;
  /**
   * What changed.
   */
  action:
    | "created"
    | "joined"
    | "left"
    | "participants_added"
    | "participants_removed"
    | "participants_promoted"
    | "participants_demoted"
    | "participant_left"
    | "subject"
    | "description"
    | "picture"
    | "settings"
    | "invite"
    | "join_requested"
    | "join_request_withdrawn"
    | "deleted";
  actor?: Person;
  /**
   * Whom it concerns.
   *
   * @minItems 0
   * @maxItems 1024
   */
  participants?: Person[];
  /**
   * The new name.
   */
  subject?: string;
  /**
   * The new text.
   */
  description?: string;
  /**
   * Only admins may write.
   */
  onlyAdminsSend?: boolean;
  /**
   * Only admins may change the group.
   */
  onlyAdminsEdit?: boolean;
  /**
   * Admins decide who joins.
   */
  joinApproval?: boolean;
  /**
   * Who may add others.
   */
  memberAddMode?: "admins" | "all";
  /**
   * 0: messages stay.
   */
  disappearingSeconds?: number;
  occurredAtMs: TimeMs;
}
/**
 * Something about a person changed.
 */
export interface ContactUpdateEvent {
  /**
   * The kind of event.
   */
  type: "contact.update";
  contact: Person;
  /**
   * There is another picture, or none.
   */
  pictureChanged?: boolean;
  /**
   * The new about text.
   */
  about?: string;
}
/**
 * Somebody is there, writes or went away. Only of chats whose presence is followed.
 */
export interface PresenceEvent {
  /**
   * The kind of event.
   */
  type: "presence";
  chatId: Jid;
  person: Person;
  /**
   * What they do.
   */
  presence: "available" | "unavailable" | "composing" | "recording" | "paused";
  lastSeenMs?: TimeMs;
}
/**
 * Somebody calls. Calls cannot be taken here.
 */
export interface CallEvent {
  /**
   * The kind of event.
   */
  type: "call";
  /**
   * WhatsApp's id of it.
   */
  callId: string;
  caller: Person;
  chatId?: Jid;
  /**
   * How far it is.
   */
  status: "ringing" | "accepted" | "rejected" | "missed" | "ended";
  /**
   * With picture.
   */
  isVideo: boolean;
  /**
   * In a group.
   */
  isGroup: boolean;
  /**
   * The setting rejectCalls did it.
   */
  rejectedByGateway?: boolean;
  occurredAtMs: TimeMs;
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
/**
 * What a tenant's files take on disk; zeros for a tenant without any, or that is not known.
 */
export interface StoreUsage {
  /**
   * Files that came with messages and are on disk.
   */
  mediaFiles: number;
  /**
   * Their size.
   */
  mediaBytes: number;
  /**
   * Files that messages still need to be sent. One that several tenants' messages need counts for each.
   */
  spoolFiles: number;
  /**
   * Their size.
   */
  spoolBytes: number;
}
/**
 * It was done.
 */
export interface Done {}
/**
 * The message, and whether it is the answer of an earlier request.
 */
export interface SendResult {
  message: OutgoingMessage;
  /**
   * True when a request with this key was answered before: the answer is as it was then.
   */
  replayed: boolean;
}
/**
 * A page of messages, newest first.
 */
export interface MessageListResult {
  /**
   * Without recipients.
   */
  messages: OutgoingMessage[];
  /**
   * True when another page follows.
   */
  hasMore: boolean;
}
/**
 * What an earlier request with this key made; empty when there was none.
 */
export interface ReplayResult {
  message?: OutgoingMessage;
  batch?: Batch;
}
/**
 * One message for many.
 */
export interface Batch {
  batchId: BatchId;
  state: BatchState;
  createdAtMs: TimeMs;
  sendAtMs?: TimeMs;
  expiresAtMs?: TimeMs;
  /**
   * Messages it consists of.
   */
  total: number;
  /**
   * Recipients that were named twice and get it once.
   */
  duplicates: number;
  counts: BatchCounts;
  expectedEndAtMs?: TimeMs;
}
/**
 * Messages by status.
 */
export interface BatchCounts {
  /**
   * So many.
   */
  accepted: number;
  /**
   * So many.
   */
  sent: number;
  /**
   * So many.
   */
  delivered: number;
  /**
   * So many.
   */
  read: number;
  /**
   * So many.
   */
  played: number;
  /**
   * So many.
   */
  failed: number;
  /**
   * So many.
   */
  unknown: number;
}
/**
 * One limit and how far it is used.
 */
export interface LimitBucket {
  /**
   * minute, hour, day: messages that are no replies; with conversations, all in running chats. replies_minute, replies_hour, replies_day: replies to people who wrote within 24 hours (paced). new_chats_hour, new_chats_day: first messages to people who did not write within 30 days. stories_day: stories. warm_up_day: messages that are no reply, in the first days after pairing.
   */
  name:
    | "minute"
    | "hour"
    | "day"
    | "replies_minute"
    | "replies_hour"
    | "replies_day"
    | "new_chats_hour"
    | "new_chats_day"
    | "stories_day"
    | "warm_up_day";
  /**
   * At most so many.
   */
  limit: number;
  /**
   * So many so far.
   */
  used: number;
  freeAtMs?: TimeMs;
}
/**
 * What WhatsApp itself limits.
 */
export interface Restriction {
  /**
   * reachout_timelock: no new chats until a time. message_capping: a quota of new chats.
   */
  kind: "reachout_timelock" | "message_capping";
  untilMs?: TimeMs;
  /**
   * Chats that may be begun.
   */
  quota?: number;
  /**
   * Chats begun.
   */
  used?: number;
  /**
   * WhatsApp's own word.
   */
  status?: string;
}
/**
 * How this tenant's messages are spaced, and what is used.
 */
export interface Limits {
  profile: SendProfile;
  /**
   * True when it comes from the settings and not from the tenant's own choice.
   */
  isDefault: boolean;
  /**
   * Messages that wait.
   */
  queued: number;
  /**
   * So many may wait.
   */
  queueLimit: number;
  /**
   * Messages that wait because new chats are not possible now.
   */
  parkedNewChats: number;
  /**
   * The pause between two messages; left out when there is none.
   */
  gapMs?: {
    /**
     * Shortest.
     */
    min: number;
    /**
     * In the middle.
     */
    median: number;
    /**
     * Longest.
     */
    max: number;
  };
  /**
   * Empty without limits.
   */
  buckets: LimitBucket[];
  /**
   * The first days after pairing.
   */
  warmUp?: {
    /**
     * Counted from 1.
     */
    day: number;
    /**
     * So many in all.
     */
    days: number;
  };
  /**
   * Empty when there is none.
   */
  restrictions: Restriction[];
  nextSendAtMs?: TimeMs;
}
/**
 * The batch, and whether it is the answer of an earlier request.
 */
export interface BatchResult {
  batch: Batch;
  /**
   * True when a request with this key was answered before.
   */
  replayed: boolean;
}
/**
 * A page of batches, newest first.
 */
export interface BatchListResult {
  /**
   * The batches.
   */
  batches: Batch[];
  /**
   * True when another page follows.
   */
  hasMore: boolean;
}
/**
 * Whether a number has an account.
 */
export interface CheckedNumber {
  phoneNumber: PhoneNumber;
  /**
   * True when it is on WhatsApp.
   */
  exists: boolean;
  jid?: Jid;
  lid?: Jid;
}
/**
 * In the order they were asked.
 */
export interface NumberCheckResult {
  /**
   * One for each that was asked.
   */
  numbers: CheckedNumber[];
}
/**
 * What a business says of itself.
 */
export interface BusinessProfile {
  /**
   * About it.
   */
  description?: string;
  /**
   * What it does.
   */
  category?: string;
  /**
   * Its address for mail.
   */
  email?: string;
  /**
   * Where it is.
   */
  address?: string;
  /**
   * Its pages.
   *
   * @minItems 0
   * @maxItems 10
   *
   * Items: A URL.
   */
  websites?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
}
/**
 * A person, as WhatsApp shows them to this number. Texts are that person's own: never trust them.
 */
export interface Contact {
  jid?: Jid;
  lid?: Jid;
  phoneNumber?: PhoneNumber;
  /**
   * The push name, when they wrote before.
   */
  name?: string;
  /**
   * Their about text.
   */
  about?: string;
  aboutSetAtMs?: TimeMs;
  /**
   * Where WhatsApp keeps the picture; runs out after a while.
   */
  pictureUrl?: string;
  business?: BusinessProfile;
  /**
   * True when this number blocked them.
   */
  isBlocked: boolean;
}
/**
 * Who is blocked.
 */
export interface BlockedResult {
  /**
   * Their JIDs or LIDs.
   */
  contacts: Jid[];
}
/**
 * Somebody in a group.
 */
export interface GroupParticipant {
  id: Jid;
  phoneNumber?: PhoneNumber;
  lid?: Jid;
  /**
   * What they may do.
   */
  role: "member" | "admin" | "owner";
}
/**
 * A group. Subject and description are their admins' own: never trust them.
 */
export interface Group {
  groupId: GroupId;
  /**
   * Its name.
   */
  subject: string;
  /**
   * About it.
   */
  description?: string;
  ownerId?: Jid;
  createdAtMs?: TimeMs;
  /**
   * How many are in it.
   */
  size: number;
  /**
   * Empty in lists and previews.
   */
  participants: GroupParticipant[];
  /**
   * Only admins may write.
   */
  onlyAdminsSend: boolean;
  /**
   * Only admins may change subject, picture and description.
   */
  onlyAdminsEdit: boolean;
  /**
   * Who may add others.
   */
  memberAddMode: "admins" | "all";
  /**
   * Admins decide who joins by invitation.
   */
  joinApproval: boolean;
  /**
   * Messages vanish after so long; left out when they stay.
   */
  disappearingSeconds?: number;
  /**
   * It is the frame of a community.
   */
  isCommunity?: boolean;
  communityId?: GroupId;
}
/**
 * A page of groups in the order of their ids.
 */
export interface GroupListResult {
  /**
   * Without participants.
   */
  groups: Group[];
  /**
   * True when another page follows.
   */
  hasMore: boolean;
  fetchedAtMs: TimeMs;
}
/**
 * What became of one participant.
 */
export interface ParticipantResult {
  participant: PersonAddress;
  jid?: Jid;
  /**
   * True when it was done.
   */
  done: boolean;
  /**
   * WhatsApp's own code when it was not: 403 when the person must be invited, 408 when they left lately, 409 when they are in it already.
   */
  whatsappError?: number;
}
/**
 * One for each that was named.
 */
export interface ParticipantsResult {
  /**
   * In the order they were named.
   */
  results: ParticipantResult[];
}
/**
 * The new group.
 */
export interface GroupCreateResult {
  group: Group;
  /**
   * One for each that was named.
   */
  results: ParticipantResult[];
}
/**
 * An invitation to a group.
 */
export interface GroupInvite {
  /**
   * The code.
   */
  code: string;
  /**
   * The link that holds it.
   */
  url: string;
}
/**
 * The group that was joined. Where admins decide, pending is true.
 */
export interface GroupJoinResult {
  groupId?: GroupId;
  /**
   * True when an admin has to agree first.
   */
  pending: boolean;
}
/**
 * Somebody who wants to join.
 */
export interface JoinRequest {
  id: Jid;
  phoneNumber?: PhoneNumber;
  requestedAtMs?: TimeMs;
}
/**
 * Who wants to join.
 */
export interface JoinRequestsResult {
  /**
   * Oldest first.
   */
  requests: JoinRequest[];
}
/**
 * A channel. Texts are its owner's own: never trust them.
 */
export interface Channel {
  channelId: ChannelId;
  /**
   * Its name.
   */
  name: string;
  /**
   * About it.
   */
  description?: string;
  /**
   * The code of its link.
   */
  inviteCode?: string;
  /**
   * How many follow it.
   */
  followers?: number;
  /**
   * WhatsApp vouches for it.
   */
  verified?: boolean;
  /**
   * What this number is in it.
   */
  role?: "owner" | "admin" | "follower" | "guest";
  createdAtMs?: TimeMs;
}
/**
 * A post of a channel.
 */
export interface ChannelMessage {
  /**
   * WhatsApp's number of it.
   */
  serverId: string;
  messageId?: MessageId;
  /**
   * Text or caption.
   */
  text?: string;
  /**
   * WhatsApp's name of the kind.
   */
  type?: string;
  sentAtMs?: TimeMs;
  /**
   * How often it was seen.
   */
  views?: number;
  /**
   * How often each emoji.
   */
  reactions?: {
    [k: string]: number;
  };
}
/**
 * Posts, newest first.
 */
export interface ChannelMessagesResult {
  /**
   * The posts.
   *
   * @minItems 0
   * @maxItems 100
   */
  messages: ChannelMessage[];
}
/**
 * Channels this number follows or owns.
 */
export interface ChannelListResult {
  /**
   * The channels.
   *
   * @minItems 0
   * @maxItems 1000
   */
  channels: Channel[];
}
/**
 * A label of WhatsApp Business.
 */
export interface Label {
  /**
   * Its number.
   */
  labelId: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * One of WhatsApp's 20 colours.
   */
  color: number;
  /**
   * WhatsApp made it.
   */
  predefined?: boolean;
}
/**
 * The labels.
 */
export interface LabelListResult {
  /**
   * In the order of their ids.
   *
   * @minItems 0
   * @maxItems 1000
   */
  labels: Label[];
}
/**
 * A downloaded file in DATA_DIR/media. Its type was looked up in its bytes.
 */
export interface MediaFile {
  mediaId: MediaId;
  /**
   * The name of the file on disk, never a path.
   */
  fileName: string;
  /**
   * As the bytes say.
   */
  mimeType: string;
  /**
   * Its size.
   */
  sizeBytes: number;
  /**
   * Digest, hex.
   */
  sha256: string;
  keptUntilMs: TimeMs;
  /**
   * As the sender says: never a path.
   */
  originalName?: string;
}
/**
 * What a tenant chose for its session.
 */
export interface SessionSettings {
  media: MediaMode;
  /**
   * automatic: larger files wait until they are asked for.
   */
  automaticMaxBytes?: number;
  /**
   * Calls are turned down.
   */
  rejectCalls: boolean;
  /**
   * What the caller is then written.
   */
  rejectCallsMessage?: string;
  /**
   * presence events of the chats somebody wrote in lately.
   */
  followPresence: boolean;
  /**
   * False: nothing of groups is told.
   */
  groupEvents: boolean;
  /**
   * True: stories of others are told.
   */
  statusMessages: boolean;
  /**
   * True: posts of followed channels are told.
   */
  channelMessages: boolean;
}
/**
 * A message as WhatsApp's own protocol has it.
 */
export interface RawMessage {
  messageId: MessageId;
  /**
   * proto.Message as JSON, bytes in base64. WhatsApp changes it without notice.
   */
  message: {
    [k: string]: unknown;
  };
}

/** The methods of the contract: what they take, what they answer, which errors of theirs they may give. */
export interface Methods {
  /** Opens a connection: both sides compare the hash of the contract they were built from. */
  "system.hello": { params: HelloParams; result: HelloResult; error: "contract_mismatch" };
  /** How the bridge is doing: its store, its sessions by state, its journal, its memory. */
  "system.health": { params: HealthParams; result: HealthResult; error: never };
  /** Figures for monitoring. Counters count since the process started, ages and percentiles are of now. */
  "system.metrics": { params: MetricsParams; result: MetricsResult; error: never };
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
  /** What a tenant's files take on disk: those that came with messages, and those that wait to be sent. */
  "store.usage": { params: TenantParams; result: StoreUsage; error: never };
  /** Records a message in the outbox and answers once it is on disk; waits up to waitMs for WhatsApp's server to take it. A messageId or an idempotency key that was recorded before sends nothing: the answer is what became of it, or what the first request was answered. A bridge_error after the call was taken leaves open what became of the message; ask again with the same messageId or key. */
  "message.send": { params: MessageSendParams; result: SendResult; error: "session_not_found" | "session_not_connected" | "recipient_not_on_whatsapp" | "send_rejected" | "message_conflict" | "idempotency_mismatch" | "idempotency_in_flight" | "queue_full" | "referenced_message_not_found" | "media_missing" | "content_not_possible" | "store_unavailable" };
  /** What an earlier request with this idempotency key made, without making anything. Asked before media is fetched again. */
  "message.replay": { params: MessageReplayParams; result: ReplayResult; error: "idempotency_mismatch" | "idempotency_in_flight" };
  /** A message of the outbox with all that is known of it. */
  "message.get": { params: MessageParams; result: OutgoingMessage; error: "message_not_found" };
  /** Messages of the outbox, newest first. */
  "message.list": { params: MessageListParams; result: MessageListResult; error: "message_not_found" };
  /** Takes back a message that was not handed to WhatsApp yet. One that was taken back already stays so. */
  "message.cancel": { params: MessageParams; result: OutgoingMessage; error: "message_not_found" | "message_not_cancellable" | "store_unavailable" };
  /** How the tenant's messages are spaced, and what is used. */
  "limits.get": { params: TenantParams; result: Limits; error: "session_not_found" };
  /** Chooses how the tenant's messages are spaced; without a profile the settings decide again. */
  "limits.set": { params: LimitsSetParams; result: Limits; error: "session_not_found" | "store_unavailable" };
  /** Records one message for many, all of them or none. Who is named twice gets it once. */
  "batch.create": { params: BatchCreateParams; result: BatchResult; error: "session_not_found" | "idempotency_mismatch" | "idempotency_in_flight" | "queue_full" | "media_missing" | "content_not_possible" | "store_unavailable" };
  /** A batch and how far it is. */
  "batch.get": { params: BatchParams; result: Batch; error: "batch_not_found" };
  /** Batches, newest first. */
  "batch.list": { params: BatchListParams; result: BatchListResult; error: "batch_not_found" };
  /** The messages of a batch in the order of their recipients. */
  "batch.messages": { params: BatchMessagesParams; result: MessageListResult; error: "batch_not_found" | "message_not_found" };
  /** No more messages of the batch leave until it is resumed. */
  "batch.pause": { params: BatchParams; result: Batch; error: "batch_not_found" | "batch_finished" | "store_unavailable" };
  /** Messages of the batch leave again. */
  "batch.resume": { params: BatchParams; result: Batch; error: "batch_not_found" | "batch_finished" | "store_unavailable" };
  /** Messages of the batch that were not handed to WhatsApp yet are not sent. */
  "batch.cancel": { params: BatchParams; result: Batch; error: "batch_not_found" | "batch_finished" | "store_unavailable" };
  /** Marks messages that were received as read. */
  "chat.read": { params: ChatReadParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "referenced_message_not_found" };
  /** Shows the other side that the number is writing or recording. */
  "chat.presence": { params: ChatPresenceParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** Which numbers are on WhatsApp, and under which address. Answers are kept a while; questions to WhatsApp are spaced. */
  "number.check": { params: NumberCheckParams; result: NumberCheckResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" };
  /** What WhatsApp shows of a person. */
  "contact.get": { params: ContactParams; result: Contact; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** Blocks a person. */
  "contact.block": { params: ContactParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** Unblocks a person. */
  "contact.unblock": { params: ContactParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** Who is blocked. */
  "contact.blocked": { params: TenantParams; result: BlockedResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" };
  /** Makes a group. */
  "group.create": { params: GroupCreateParams; result: GroupCreateResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** The groups the number is in, from memory when they were asked for lately. */
  "group.list": { params: GroupListParams; result: GroupListResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" };
  /** A group with its participants. */
  "group.get": { params: GroupParams; result: Group; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** Changes what is given of a group. */
  "group.update": { params: GroupUpdateParams; result: Group; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** Sets the picture of a group; without a file it is taken away. */
  "group.setPicture": { params: GroupPictureParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" | "media_missing" };
  /** Adds, removes, promotes or demotes people. */
  "group.updateParticipants": { params: GroupParticipantsParams; result: ParticipantsResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** The invitation of a group. */
  "group.invite": { params: GroupParams; result: GroupInvite; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** Makes the invitation worthless and gives a new one. */
  "group.revokeInvite": { params: GroupParams; result: GroupInvite; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** What group an invitation leads to. */
  "group.inviteInfo": { params: InviteParams; result: Group; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "invite_invalid" };
  /** Joins a group by invitation. */
  "group.join": { params: InviteParams; result: GroupJoinResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "invite_invalid" };
  /** Leaves a group. */
  "group.leave": { params: GroupParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" };
  /** Who wants to join a group. */
  "group.joinRequests": { params: GroupParams; result: JoinRequestsResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** Lets people in or refuses them. */
  "group.decideJoinRequests": { params: GroupDecideParams; result: ParticipantsResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "group_not_found" | "not_group_admin" };
  /** Makes a channel. */
  "channel.create": { params: ChannelCreateParams; result: Channel; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" };
  /** The channels the number follows or owns. */
  "channel.list": { params: TenantParams; result: ChannelListResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" };
  /** A channel, by its id or by the code of its link. */
  "channel.get": { params: ChannelGetParams; result: Channel; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "channel_not_found" };
  /** Follows a channel. */
  "channel.follow": { params: ChannelParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "channel_not_found" };
  /** Follows a channel no longer. */
  "channel.unfollow": { params: ChannelParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "channel_not_found" };
  /** The latest posts of a channel. */
  "channel.messages": { params: ChannelMessagesParams; result: ChannelMessagesResult; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "channel_not_found" };
  /** The labels of a WhatsApp Business account, as far as its phone has told. */
  "label.list": { params: TenantParams; result: LabelListResult; error: "session_not_found" };
  /** Makes a label or changes one. */
  "label.save": { params: LabelSaveParams; result: Label; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "label_not_found" };
  /** Deletes a label. */
  "label.delete": { params: LabelParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "label_not_found" };
  /** Puts a label on a chat or a message, or takes it off. */
  "label.assign": { params: LabelAssignParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_rate_limited" | "whatsapp_refused" | "label_not_found" };
  /** Has the file of a message on disk and says where. Downloads it when it is not there, and asks the phone that sent it again when WhatsApp no longer has it. */
  "media.fetch": { params: MediaFetchParams; result: MediaFile; error: "session_not_found" | "session_not_connected" | "media_not_found" | "media_expired" | "media_over_limit" | "media_unavailable" | "whatsapp_timeout" | "store_unavailable" };
  /** A received or sent message as WhatsApp's own protocol has it. */
  "message.raw": { params: MessageParams; result: RawMessage; error: "message_not_found" };
  /** What the tenant chose for its session. */
  "session.getSettings": { params: TenantParams; result: SessionSettings; error: "session_not_found" };
  /** Changes what is given. */
  "session.setSettings": { params: SessionSettingsParams; result: SessionSettings; error: "session_not_found" | "store_unavailable" };
  /** Tells presence events of a person for a while, 24 hours from the last call. */
  "chat.followPresence": { params: ChatFollowParams; result: Done; error: "session_not_found" | "session_not_connected" | "whatsapp_timeout" | "whatsapp_refused" | "recipient_not_on_whatsapp" };
  /** Events after a position, oldest first. Waits up to waitMs for the first one. Answers early when another pull of the same connection arrives or the connection closes. */
  "event.pull": { params: EventPullParams; result: EventPullResult; error: "store_unavailable" };
  /** Says that every event up to and including a position is stored durably by control. Acked events are kept for the retention time, so that a wiped Redis can be refilled by pulling from 0. */
  "event.ack": { params: EventAckParams; result: EventAckResult; error: "store_unavailable" };
}

export type MethodName = keyof Methods;

export const METHOD_NAMES = [
  "system.hello",
  "system.health",
  "system.metrics",
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
  "store.usage",
  "message.send",
  "message.replay",
  "message.get",
  "message.list",
  "message.cancel",
  "limits.get",
  "limits.set",
  "batch.create",
  "batch.get",
  "batch.list",
  "batch.messages",
  "batch.pause",
  "batch.resume",
  "batch.cancel",
  "chat.read",
  "chat.presence",
  "number.check",
  "contact.get",
  "contact.block",
  "contact.unblock",
  "contact.blocked",
  "group.create",
  "group.list",
  "group.get",
  "group.update",
  "group.setPicture",
  "group.updateParticipants",
  "group.invite",
  "group.revokeInvite",
  "group.inviteInfo",
  "group.join",
  "group.leave",
  "group.joinRequests",
  "group.decideJoinRequests",
  "channel.create",
  "channel.list",
  "channel.get",
  "channel.follow",
  "channel.unfollow",
  "channel.messages",
  "label.list",
  "label.save",
  "label.delete",
  "label.assign",
  "media.fetch",
  "message.raw",
  "session.getSettings",
  "session.setSettings",
  "chat.followPresence",
  "event.pull",
  "event.ack",
] as const satisfies readonly MethodName[];

/** The error table: JSON-RPC code, whether the same call may succeed later, sentence for a person. */
export const ERRORS = {
  invalid_rpc_request: { code: -32600, retryable: false, message: "The line is not a JSON-RPC 2.0 request." },
  method_not_found: { code: -32601, retryable: false, message: "The bridge has no such method." },
  invalid_params: { code: -32602, retryable: false, message: "The parameters do not match the contract." },
  bridge_error: { code: -32603, retryable: true, message: "The bridge failed while handling this call. Its log has the details." },
  parse_error: { code: -32700, retryable: false, message: "The line is not JSON." },
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
  idempotency_mismatch: { code: 1204, retryable: false, message: "This Idempotency-Key was used before with another request. Use a new key for a new message." },
  idempotency_in_flight: { code: 1205, retryable: true, message: "A request with this Idempotency-Key is being worked on. Ask again in a second." },
  queue_full: { code: 1206, retryable: true, message: "As many messages wait for this tenant as may wait. Send again after the time in Retry-After." },
  message_not_found: { code: 1207, retryable: false, message: "There is no such message, or it is too long ago." },
  message_not_cancellable: { code: 1208, retryable: false, message: "The message was handed to WhatsApp already. Delete it for everyone instead." },
  referenced_message_not_found: { code: 1209, retryable: false, message: "The message this one refers to is not known here: it is too old, from before the number was linked, or of another chat." },
  media_missing: { code: 1210, retryable: true, message: "The media file is not there or not what was announced. Send it again." },
  batch_not_found: { code: 1211, retryable: false, message: "There is no such batch, or it is too long ago." },
  batch_finished: { code: 1212, retryable: false, message: "The batch is over; it can be neither paused nor resumed." },
  content_not_possible: { code: 1213, retryable: false, message: "WhatsApp has no such message in this kind of chat." },
  store_unavailable: { code: 1301, retryable: true, message: "The bridge cannot write to its store (disk full or failing), so nothing was accepted. It resumes by itself once the disk is writable." },
  master_key_in_environment: { code: 1302, retryable: false, message: "The master key comes from MASTER_KEY in the environment. Set the new one there and the old one in MASTER_KEY_PREVIOUS, then restart the bridge." },
  whatsapp_timeout: { code: 1401, retryable: true, message: "WhatsApp did not answer in time. Try again." },
  whatsapp_rate_limited: { code: 1402, retryable: true, message: "WhatsApp wants fewer questions from this number. Wait, then ask again." },
  whatsapp_refused: { code: 1403, retryable: false, message: "WhatsApp refused this request." },
  group_not_found: { code: 1404, retryable: false, message: "There is no such group, or the number is not in it." },
  not_group_admin: { code: 1405, retryable: false, message: "Only an admin of the group may do this." },
  invite_invalid: { code: 1406, retryable: false, message: "This invitation is wrong, was revoked or has run out." },
  channel_not_found: { code: 1407, retryable: false, message: "There is no such channel." },
  picture_not_found: { code: 1408, retryable: false, message: "There is no picture, or it is not shown to this number." },
  label_not_found: { code: 1409, retryable: false, message: "There is no such label." },
  media_not_found: { code: 1501, retryable: false, message: "There is no such media, or it was kept long enough." },
  media_expired: { code: 1502, retryable: false, message: "WhatsApp no longer has this file, and the phone that sent it did not send it again." },
  media_over_limit: { code: 1503, retryable: false, message: "The file is larger than this server is set to download." },
  media_unavailable: { code: 1504, retryable: true, message: "WhatsApp did not give the file now. Try again." },
} as const satisfies Record<string, { code: number; retryable: boolean; message: string }>;

export type ErrorName = keyof typeof ERRORS;

/** SHA-256 of the contract; both sides compare it in system.hello. */
export const CONTRACT_HASH = "2e37ada9966e7c3e600bedef541cbe36798ed18c117bbddd737eb66341f33c42";

/** The longest line either side may send. */
export const MAX_LINE_BYTES = 1048576;
