// Generated from docs/schemas/events.schema.json by `npm run contract`. Do not edit.

/**
 * The advertisement a chat began with.
 */
export interface Ad {
  title?: string | null;
  body?: string | null;
  sourceUrl?: string | null;
  sourceId?: string | null;
  sourceType?: string | null;
  clickId?: string | null;
}
/**
 * A button or list row that was chosen.
 */
export interface ButtonReply {
  buttonId: string;
  title?: string | null;
  messageId?: string | null;
}
/**
 * Somebody calls.
 */
export interface CallData {
  callId: string;
  caller: Person;
  chatId?: string | null;
  status: "ringing" | "accepted" | "rejected" | "missed" | "ended";
  isVideo: boolean;
  isGroup: boolean;
  rejectedByGateway?: boolean | null;
  timestamp: string;
}
/**
 * Somebody on WhatsApp, as far as known. `name` is chosen by that person: show it as text, never trust it.
 */
export interface Person {
  phoneNumber?: string | null;
  lid?: string | null;
  name?: string | null;
}
/**
 * Somebody calls.
 */
export interface CallEvent {
  /**
   * The kind of event.
   */
  event: "call";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "call";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: CallData;
}
/**
 * A contact as a vCard.
 */
export interface ContactCard {
  displayName: string;
  vcard: string;
}
/**
 * Something about a person changed.
 */
export interface ContactUpdateData {
  contact: Person;
  pictureChanged?: boolean | null;
  about?: string | null;
}
/**
 * Something about a person changed.
 */
export interface ContactUpdateEvent {
  /**
   * The kind of event.
   */
  event: "contact.update";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "contact.update";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: ContactUpdateData;
}
/**
 * Why a message failed.
 */
export interface Failure {
  code: string;
  whatsappError: number | null;
}
/**
 * An event to be joined.
 */
export interface Gathering {
  name: string;
  description?: string | null;
  startsAt?: string | null;
  endsAt?: string | null;
  place?: Location | null;
  isCancelled?: boolean | null;
}
/**
 * A place on earth.
 */
export interface Location {
  latitude: number;
  longitude: number;
  name?: string | null;
  address?: string | null;
  url?: string | null;
  live?: boolean | null;
}
/**
 * Somebody's answer to an event.
 */
export interface GatheringResponse {
  eventMessageId: string;
  response: "going" | "not_going" | "maybe" | "unknown";
  known: boolean;
}
/**
 * An invitation to a group.
 */
export interface GroupInvite {
  groupId: string;
  code: string;
  subject?: string | null;
  expiresAt?: string | null;
}
/**
 * Something changed in a group.
 */
export interface GroupUpdateData {
  groupId: string;
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
  actor?: Person | null;
  participants?: Person[] | null;
  subject?: string | null;
  description?: string | null;
  onlyAdminsSend?: boolean | null;
  onlyAdminsEdit?: boolean | null;
  joinApproval?: boolean | null;
  memberAddMode?: ("admins" | "all") | null;
  disappearingSeconds?: number | null;
  timestamp: string;
}
/**
 * Something changed in a group.
 */
export interface GroupUpdateEvent {
  /**
   * The kind of event.
   */
  event: "group.update";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "group.update";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: GroupUpdateData;
}
/**
 * A file. All but `mediaId` and `url` is what the sender says. `url` needs the API key.
 */
export interface Media {
  mediaId: string;
  url: string;
  mimeType: string;
  sizeBytes?: number | null;
  sha256?: string | null;
  fileName?: string | null;
  width?: number | null;
  height?: number | null;
  seconds?: number | null;
  waveform?: string | null;
  animated?: boolean | null;
  base64?: string | null;
}
/**
 * A message that was received, or sent from the tenant's own phone.
 */
export interface MessageData {
  type:
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
    | "poll_vote"
    | "event"
    | "event_response"
    | "button_reply"
    | "group_invite"
    | "order"
    | "product"
    | "other";
  message?: string | null;
  preview?: Preview | null;
  media?: Media | null;
  location?: Location | null;
  contacts?: ContactCard[] | null;
  poll?: Poll | null;
  pollVote?: PollVote | null;
  event?: Gathering | null;
  eventResponse?: GatheringResponse | null;
  buttonReply?: ButtonReply | null;
  groupInvite?: GroupInvite | null;
  order?: Order | null;
  product?: Product | null;
  /**
   * With type `other`: WhatsApp's own name of the kind.
   */
  whatsappType?: string | null;
  messageId: string;
  chatId: string;
  chatType: "person" | "group" | "status" | "channel";
  from: string | null;
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  timestamp: string;
  chatLid?: string | null;
  quoted?: Quoted | null;
  mentions?: Person[] | null;
  mentionAll?: boolean | null;
  forwarded?: boolean | null;
  forwardedManyTimes?: boolean | null;
  viewOnce?: boolean | null;
  ephemeralSeconds?: number | null;
  ad?: Ad | null;
  /**
   * It waited at WhatsApp while the session was away.
   */
  offline?: boolean | null;
}
/**
 * What the sender's app showed for a link.
 */
export interface Preview {
  url?: string | null;
  title?: string | null;
  description?: string | null;
}
/**
 * A question with answers. selectableCount: 0 for any number.
 */
export interface Poll {
  question: string;
  options: string[];
  selectableCount: number;
}
/**
 * Somebody's present choice; known: false when the poll is not known here, and options empty.
 */
export interface PollVote {
  pollMessageId: string;
  options: string[];
  known: boolean;
}
/**
 * An order from the number's catalog.
 */
export interface Order {
  orderId: string;
  token?: string | null;
  itemCount?: number | null;
}
/**
 * A product of a catalog.
 */
export interface Product {
  productId: string;
  title?: string | null;
  businessOwner?: Person | null;
}
/**
 * The message this one answers. Its text is what the sender quotes.
 */
export interface Quoted {
  messageId: string;
  sender?: Person | null;
  fromMe?: boolean | null;
  text?: string | null;
  type?: string | null;
}
/**
 * A message was deleted for everyone, by whom the sender fields tell.
 */
export interface MessageDeletedData {
  messageId: string;
  chatId: string;
  chatType: "person" | "group" | "status" | "channel";
  from: string | null;
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  timestamp: string;
}
/**
 * A message was deleted for everyone, by whom the sender fields tell.
 */
export interface MessageDeletedEvent {
  /**
   * The kind of event.
   */
  event: "message.deleted";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message.deleted";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageDeletedData;
}
/**
 * A message has another text or caption now. messageId is that of the first one.
 */
export interface MessageEditedData {
  type:
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
    | "poll_vote"
    | "event"
    | "event_response"
    | "button_reply"
    | "group_invite"
    | "order"
    | "product"
    | "other";
  message?: string | null;
  preview?: Preview | null;
  media?: Media | null;
  location?: Location | null;
  contacts?: ContactCard[] | null;
  poll?: Poll | null;
  pollVote?: PollVote | null;
  event?: Gathering | null;
  eventResponse?: GatheringResponse | null;
  buttonReply?: ButtonReply | null;
  groupInvite?: GroupInvite | null;
  order?: Order | null;
  product?: Product | null;
  /**
   * With type `other`: WhatsApp's own name of the kind.
   */
  whatsappType?: string | null;
  messageId: string;
  chatId: string;
  chatType: "person" | "group" | "status" | "channel";
  from: string | null;
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  timestamp: string;
}
/**
 * A message has another text or caption now. messageId is that of the first one.
 */
export interface MessageEditedEvent {
  /**
   * The kind of event.
   */
  event: "message.edited";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message.edited";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageEditedData;
}
/**
 * A message that was received, or sent from the tenant's own phone.
 */
export interface MessageEvent {
  /**
   * The kind of event.
   */
  event: "message";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageData;
}
/**
 * Somebody reacted to the message, or took the reaction back: then emoji is empty.
 */
export interface MessageReactionData {
  messageId: string;
  chatId: string;
  chatType: "person" | "group" | "status" | "channel";
  from: string | null;
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  timestamp: string;
  emoji: string;
  targetFromMe?: boolean | null;
}
/**
 * Somebody reacted to the message, or took the reaction back: then emoji is empty.
 */
export interface MessageReactionEvent {
  /**
   * The kind of event.
   */
  event: "message.reaction";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message.reaction";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageReactionData;
}
/**
 * What became of a message sent through this API.
 */
export interface MessageStatusData {
  messageId: string;
  chatId: string | null;
  to: string;
  status: "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
  failure?: Failure | null;
  /**
   * WhatsApp's own code, as in failure.whatsappError.
   */
  errorCode?: number | null;
  recipient?: Recipient | null;
  batchId?: string | null;
}
/**
 * What one recipient's devices said, in a group or story.
 */
export interface Recipient {
  recipient: string;
  phoneNumber: string | null;
  status: "delivered" | "read" | "played";
  at: string;
}
/**
 * What became of a message sent through this API.
 */
export interface MessageStatusEvent {
  /**
   * The kind of event.
   */
  event: "message.status";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message.status";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageStatusData;
}
/**
 * A message that cannot be decrypted now. When it can, a `message` with the same messageId follows.
 */
export interface MessageUnreadableData {
  messageId: string;
  chatId: string;
  chatType: "person" | "group" | "status" | "channel";
  from: string | null;
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  timestamp: string;
  reason: "no_session" | "bad_ciphertext" | "unavailable";
}
/**
 * A message that cannot be decrypted now. When it can, a `message` with the same messageId follows.
 */
export interface MessageUnreadableEvent {
  /**
   * The kind of event.
   */
  event: "message.unreadable";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "message.unreadable";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: MessageUnreadableData;
}
/**
 * Somebody is there, writes or went away.
 */
export interface PresenceData {
  chatId: string;
  person: Person;
  presence: "available" | "unavailable" | "composing" | "recording" | "paused";
  lastSeen?: string | null;
}
/**
 * Somebody is there, writes or went away.
 */
export interface PresenceEvent {
  /**
   * The kind of event.
   */
  event: "presence";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "presence";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: PresenceData;
}
/**
 * A new QR code; null once it cannot be scanned any more.
 */
export interface SessionQrData {
  qr: string | null;
  expiresAt: string | null;
}
/**
 * A new QR code; null once it cannot be scanned any more.
 */
export interface SessionQrEvent {
  /**
   * The kind of event.
   */
  event: "session.qr";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "session.qr";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: SessionQrData;
}
/**
 * The session came into another state. message says it in a sentence, reason in a code.
 */
export interface SessionStatusData {
  status:
    | "disconnected"
    | "connecting"
    | "qr"
    | "pairing"
    | "connected"
    | "reconnecting"
    | "logged_out"
    | "restricted"
    | "failed";
  connected: boolean;
  since: string;
  reason:
    | (
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
        | "deleted"
      )
    | null;
  message: string;
  whatsappCode: number | null;
  restrictedUntil: string | null;
  retryAt: string | null;
  attempt: number | null;
  phoneNumber: string | null;
}
/**
 * The session came into another state. message says it in a sentence, reason in a code.
 */
export interface SessionStatusEvent {
  /**
   * The kind of event.
   */
  event: "session.status";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "session.status";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: SessionStatusData;
}
/**
 * One of the tenant's endpoints gets no events any more until it is enabled again.
 */
export interface WebhookDisabledData {
  webhookId: string;
  url: string;
  reason: string;
  failingSince: string | null;
}
/**
 * One of the tenant's endpoints gets no events any more until it is enabled again.
 */
export interface WebhookDisabledEvent {
  /**
   * The kind of event.
   */
  event: "webhook.disabled";
  /**
   * The same, under the name Standard Webhooks uses.
   */
  type: "webhook.disabled";
  /**
   * The same in every attempt: drop repeated events by it.
   */
  id: string;
  tenantId: string;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The pairing it happened in.
   */
  sessionId: string | null;
  /**
   * Counts the events of the sessionId from 1 without a gap.
   */
  sequence: number | null;
  data: WebhookDisabledData;
}

/** Any event: decide by `event`. */
export type Event =
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
  | CallEvent
  | WebhookDisabledEvent;
