// Generated from docs/openapi.json by `npm run clients`. Do not edit.

/**
 * A message for many, of any kind; `type` says which.
 */
export type BatchRequest =
  | BatchText
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
  | BatchForward;
/**
 * ok, or failing when the last write to the store failed: nothing is received or sent meanwhile.
 */
export type StoreHealth = "ok" | "failing";
/**
 * From the last attempts to connect: unknown until one was made.
 */
export type WhatsAppReachability = "unknown" | "reachable" | "unreachable";
/**
 * Why it is idle, takes long or failed.
 */
export type Cause =
  | "not_scanned"
  | "passkey_required"
  | "phone_outdated"
  | "refused_by_whatsapp"
  | "whatsapp_unreachable"
  | "service_trouble";
/**
 * open: can be used. connected: has done its work and says so for some minutes, then it is finished. used: was
 * opened as often as it may be.
 */
export type ConnectLinkStatus = "open" | "connected" | "used" | "finished";
/**
 * How the number can be linked by it.
 */
export type ConnectMethod = "qr" | "code" | "both";
/**
 * idle: nothing runs, `start` begins. connecting: a code comes. waiting: a code can be scanned, or one be
 * asked for and typed. linking: the phone took it. connected: done. failed: see cause; `start` tries again.
 */
export type Phase = "idle" | "connecting" | "waiting" | "linking" | "connected" | "failed";
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
 * One permission, `area:action`. `write` does not include `read`.
 */
export type Scope =
  | "sessions:read"
  | "sessions:write"
  | "messages:read"
  | "messages:send"
  | "contacts:read"
  | "contacts:write"
  | "groups:read"
  | "groups:write"
  | "channels:read"
  | "channels:write"
  | "labels:read"
  | "labels:write"
  | "events:read"
  | "webhooks:read"
  | "webhooks:write"
  | "tenants:read"
  | "tenants:write"
  | "keys:read"
  | "keys:write"
  | "audit:read"
  | "metrics:read"
  | "installation";
/**
 * A message of any kind; `type` says which.
 */
export type SendRequest =
  | SendText
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
  | SendForward;

/**
 * The advertisement a chat began with.
 */
export interface Ad {
  /**
   * Its title, as the sender gave it.
   */
  title?: string | null;
  /**
   * The text of the advertisement.
   */
  body?: string | null;
  /**
   * Where the advertisement leads.
   */
  sourceUrl?: string | null;
  /**
   * The advertisement's id.
   */
  sourceId?: string | null;
  /**
   * What kind of advertisement it is.
   */
  sourceType?: string | null;
  /**
   * Names the click, for the advertiser.
   */
  clickId?: string | null;
}
/**
 * What tenants used, in the order of their ids. next: give it as `after` for the next page.
 */
export interface AllUsage {
  /**
   * The first day.
   */
  from: string;
  /**
   * The last day.
   */
  to: string;
  /**
   * The tenants, in the order of their ids.
   */
  tenants: TenantTotal[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * What one of many tenants used in all of the time.
 */
export interface TenantTotal {
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The sum of all days.
   */
  total: Usage;
}
/**
 * What was used in a time.
 */
export interface Usage {
  /**
   * Messages.
   */
  messages: MessageCounts;
  /**
   * The webhooks.
   */
  webhooks: WebhookCounts;
  /**
   * Requests to the API that named the tenant.
   */
  requests: number;
  /**
   * Bytes of files.
   */
  mediaBytes: MediaBytes;
}
/**
 * Messages of a time. accepted: recorded to be sent; sent, delivered, read: as WhatsApp said so.
 */
export interface MessageCounts {
  /**
   * Recorded to be sent.
   */
  accepted: number;
  /**
   * Taken by WhatsApp's server.
   */
  sent: number;
  /**
   * Delivered to the recipient's phone; in groups not counted.
   */
  delivered: number;
  /**
   * Read by the recipient; in groups not counted.
   */
  read: number;
  /**
   * That will not be sent.
   */
  failed: number;
  /**
   * Received from others.
   */
  received: number;
}
/**
 * Attempts to deliver webhooks.
 */
export interface WebhookCounts {
  /**
   * Attempts that its app took.
   */
  delivered: number;
  /**
   * Attempts that it did not.
   */
  failed: number;
}
/**
 * Bytes of files. received: as their senders said.
 */
export interface MediaBytes {
  /**
   * Of files that came with messages, as their senders said.
   */
  received: number;
  /**
   * Of files that were accepted to be sent, each once in a batch.
   */
  sent: number;
}
/**
 * What was done, or refused. count: how often, from `at` to `until`, where the same is counted.
 *
 * kind: operator, key, token, ticket, connect_link, or nobody. address: the IP address; its network for keys that
 * are bound to tenants. action: the operationId, `authenticate` where nobody was let in. status: 0 when the
 * request had no answer.
 */
export interface AuditEntry {
  /**
   * Its id.
   */
  id: string;
  /**
   * When.
   */
  at: string;
  /**
   * Where the same is counted, when it was done last.
   */
  until: string | null;
  /**
   * How often, from `at` to `until`.
   */
  count: number;
  /**
   * What it was done with: `operator`, `key`, `token`, `ticket`, `connect_link`, or `nobody`.
   */
  kind: string;
  /**
   * The id of the key.
   */
  keyId: string | null;
  /**
   * The IP address, or its network for keys that are bound to tenants.
   */
  address: string | null;
  /**
   * The HTTP method.
   */
  method: string;
  /**
   * The address, with the names of its variables.
   */
  route: string | null;
  /**
   * The operationId; `authenticate` where nobody was let in.
   */
  action: string | null;
  /**
   * Your own id of the tenant.
   */
  tenantId: string | null;
  /**
   * What it was done to.
   */
  target: string | null;
  /**
   * The HTTP status; 0 when the request was broken off.
   */
  status: number;
  /**
   * The id of the request.
   */
  requestId: string | null;
}
/**
 * Entries, newest first; oldest first with `after`. next: where that direction goes on; null at its end.
 *
 * A page may be short or empty and have a next one: only so many entries are looked at for one.
 */
export interface AuditPage {
  /**
   * The entries of the page.
   */
  entries: AuditEntry[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * One message for many, and how far it is. counts: messages by their status.
 */
export interface Batch {
  /**
   * The batch it belongs to.
   */
  batchId: string;
  /**
   * How it stands, a code to decide by.
   */
  state: string;
  /**
   * How many messages it has.
   */
  total: number;
  /**
   * How many recipients were named twice; they get it once.
   */
  duplicates: number;
  /**
   * Its messages, by their state.
   */
  counts: {
    [k: string]: number;
  };
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * Not before; `null` for at once.
   */
  sendAt: string | null;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When it will be through, as far as can be told.
   */
  expectedEndAt: string | null;
}
/**
 * {"type":"audio",…}: a sound file.
 */
export interface BatchAudio {
  /**
   * The kind of message.
   */
  type: "audio";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * A recipient, and what stands for {{name}} in its text. A string is a recipient without variables.
 */
export interface RecipientInput {
  /**
   * A phone number with its country code, or a chat's WhatsApp id.
   */
  to: string;
  /**
   * What stands for `{{name}}` in the text, by name.
   */
  variables?: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_]{1,64}$".
     */
    [k: string]: string;
  } | null;
}
/**
 * {"type":"contacts","contacts":[…]}; `contact` with one instead is the same.
 */
export interface BatchContacts {
  /**
   * The kind of message.
   */
  type: "contacts" | "contact";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * The cards.
   */
  contacts?: [ContactInput, ...ContactInput[]] | null;
  /**
   * A single card, in place of `contacts`.
   */
  contact?: ContactInput | null;
}
/**
 * {"name","phones":[…]} of which a card is made, or {"displayName","vcard"} with one that exists.
 */
export interface ContactInput {
  /**
   * The person's name; with `phones`.
   */
  name?: string | null;
  /**
   * The person's numbers.
   */
  phones?:
    | [string]
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
    | [string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | null;
  /**
   * Where the person works.
   */
  organization?: string | null;
  /**
   * An e-mail address.
   */
  email?: string | null;
  /**
   * The name shown for the card.
   */
  displayName?: string | null;
  /**
   * A card that is ready, `BEGIN:VCARD…`.
   */
  vcard?: string | null;
}
/**
 * A batch on its own.
 */
export interface BatchDetails {
  /**
   * The batch it belongs to.
   */
  batchId: string;
  /**
   * How it stands, a code to decide by.
   */
  state: string;
  /**
   * How many messages it has.
   */
  total: number;
  /**
   * How many recipients were named twice; they get it once.
   */
  duplicates: number;
  /**
   * Its messages, by their state.
   */
  counts: {
    [k: string]: number;
  };
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt: string | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt: string | null;
  /**
   * When it will be through, as far as can be told.
   */
  expectedEndAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * {"type":"document",…}.
 */
export interface BatchDocument {
  /**
   * The kind of message.
   */
  type: "document";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"event","name","startsAt"}.
 */
export interface BatchEvent {
  /**
   * The kind of message.
   */
  type: "event";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * What the place or the event is called.
   */
  name: string;
  /**
   * When it begins: ISO 8601 with an offset, or unix milliseconds.
   */
  startsAt: string | number;
  /**
   * When it ends.
   */
  endsAt?: string | number | null;
  /**
   * Of the event.
   */
  description?: string | null;
  /**
   * Where it is.
   */
  location?: PlaceInput | null;
  /**
   * Those who come may bring others.
   */
  extraGuestsAllowed?: boolean | null;
  /**
   * It does not take place.
   */
  isCancelled?: boolean | null;
}
/**
 * A place on earth, in degrees.
 */
export interface PlaceInput {
  /**
   * In degrees.
   */
  latitude: number;
  /**
   * In degrees.
   */
  longitude: number;
  /**
   * What it is called.
   */
  name?: string | null;
  /**
   * As text.
   */
  address?: string | null;
}
/**
 * {"type":"forward","messageId","fromChat"}. fromChat: the chat the message is in; helps to find it.
 */
export interface BatchForward {
  /**
   * The kind of message.
   */
  type: "forward";
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * The message this is about.
   */
  messageId: string;
  /**
   * The chat the message is in, which helps to find it.
   */
  fromChat?: string | null;
}
/**
 * {"type":"gif",…}: repeats without sound.
 */
export interface BatchGif {
  /**
   * The kind of message.
   */
  type: "gif";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"image",…}.
 */
export interface BatchImage {
  /**
   * The kind of message.
   */
  type: "image";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"location","latitude":…,"longitude":…}.
 */
export interface BatchLocation {
  /**
   * The kind of message.
   */
  type: "location";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * In degrees.
   */
  latitude: number;
  /**
   * In degrees.
   */
  longitude: number;
  /**
   * What the place or the event is called.
   */
  name?: string | null;
  /**
   * Of the place, as text.
   */
  address?: string | null;
}
/**
 * Batches. next: what to ask for the next page with; null on the last.
 */
export interface BatchPage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Those of the page.
   */
  batches: Batch[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * {"type":"poll","question","options"}; one may be chosen unless selectableCount or multipleChoice says so.
 */
export interface BatchPoll {
  /**
   * The kind of message.
   */
  type: "poll";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * What is asked.
   */
  question: string;
  /**
   * The answers to choose from.
   *
   * @minItems 2
   * @maxItems 12
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
   * How many answers may be chosen; 0 for any number.
   */
  selectableCount?: number | null;
  /**
   * Any number of answers may be chosen.
   */
  multipleChoice?: boolean | null;
}
/**
 * {"type":"text","message":…}. backgroundColor and font: in the number's story only.
 */
export interface BatchText {
  /**
   * The kind of message.
   */
  type?: "text";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message: string;
  /**
   * What is shown for a link in the text. Nothing is ever fetched for it.
   */
  preview?: PreviewInput | null;
  /**
   * Of a story, such as `#1F7AEC`.
   */
  backgroundColor?: string | null;
  /**
   * Of a story.
   */
  font?: number | null;
}
/**
 * What to show for a link. Nothing is ever fetched for it.
 */
export interface PreviewInput {
  /**
   * The link, as it stands in the text.
   */
  url: string;
  /**
   * Its title.
   */
  title: string;
  /**
   * A line about it.
   */
  description?: string | null;
  /**
   * A JPEG of at most 18 kB, as base64.
   */
  thumbnail?: string | null;
}
/**
 * {"type":"video",…}.
 */
export interface BatchVideo {
  /**
   * The kind of message.
   */
  type: "video";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"video_note",…}: a round video.
 */
export interface BatchVideoNote {
  /**
   * The kind of message.
   */
  type: "video_note" | "ptv";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"voice",…}: a voice message.
 */
export interface BatchVoice {
  /**
   * The kind of message.
   */
  type: "voice" | "ptt";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"sticker",…}.
 */
export interface BatchSticker {
  /**
   * The kind of message.
   */
  type: "sticker";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * Who gets it: each as `to` of a send, or with variables of their own.
   *
   * @minItems 1
   * @maxItems 1000
   */
  recipients: [string | RecipientInput, ...(string | RecipientInput)[]];
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * Who is blocked, by WhatsApp id.
 */
export interface BlockedContacts {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * WhatsApp ids of people.
   */
  contacts: string[];
}
/**
 * The process that holds the WhatsApp connections. What is not known while it is down is left out.
 */
export interface BridgeHealth {
  /**
   * Whether it answers.
   */
  status: "up" | "down";
  /**
   * Why it does not.
   */
  problem: string | null;
  /**
   * Of the bridge.
   */
  version?: string | null;
  /**
   * Of the WhatsApp library.
   */
  baileysVersion?: string | null;
  /**
   * Of Node.js.
   */
  nodeVersion?: string | null;
  /**
   * Since it started.
   */
  uptimeMs?: number | null;
  /**
   * Whether its store can be written.
   */
  store?: StoreHealth | null;
  /**
   * Whether WhatsApp can be reached from here.
   */
  whatsapp?: WhatsAppReachability | null;
  /**
   * What is heard on the connections there are.
   */
  connections?: ConnectionHealth | null;
  /**
   * Events that wait for control.
   */
  journal?: JournalHealth | null;
  /**
   * Resident memory.
   */
  memoryRssBytes?: number | null;
  /**
   * No session is taken that would bring it above this.
   */
  memoryLimitBytes?: number | null;
  /**
   * 99th percentile since it was asked last.
   */
  eventLoopDelayMs?: number | null;
  [k: string]: unknown;
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
  longestSilenceMs?: number | null;
}
/**
 * Where the journal of events stands.
 */
export interface JournalHealth {
  /**
   * A place in the bridge's journal of events, counted over all tenants. 0 is before the first.
   */
  headPosition: number;
  /**
   * A place in the bridge's journal of events, counted over all tenants. 0 is before the first.
   */
  ackedPosition: number;
  /**
   * Events control has not stored yet.
   */
  unackedEvents: number;
}
/**
 * One limit. freeAt: when there is room again, null while there is.
 */
export interface Bucket {
  /**
   * Which limit.
   */
  name: string;
  /**
   * How many may be sent in its time.
   */
  limit: number;
  /**
   * How many of them are used.
   */
  used: number;
  /**
   * When there is room again; `null` while there is.
   */
  freeAt: string | null;
}
/**
 * What a business says of itself.
 */
export interface Business {
  /**
   * Its description.
   */
  description: string | null;
  /**
   * What kind of business it is.
   */
  category: string | null;
  /**
   * An e-mail address.
   */
  email: string | null;
  /**
   * As text.
   */
  address: string | null;
  /**
   * Its addresses on the web.
   */
  websites: string[];
}
/**
 * A button or list row that was chosen.
 */
export interface ButtonReply {
  /**
   * The button's id, as the one who made it chose.
   */
  buttonId: string;
  /**
   * Its title, as the sender gave it.
   */
  title?: string | null;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId?: string | null;
}
/**
 * Somebody calls.
 */
export interface CallData {
  /**
   * The call's id.
   */
  callId: string;
  /**
   * Who calls.
   */
  caller: Person;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId?: string | null;
  /**
   * The state, a code to decide by.
   */
  status: "ringing" | "accepted" | "rejected" | "missed" | "ended";
  /**
   * With a picture.
   */
  isVideo: boolean;
  /**
   * Of a group.
   */
  isGroup: boolean;
  /**
   * The session's settings turned it down.
   */
  rejectedByGateway?: boolean | null;
  /**
   * When it happened.
   */
  timestamp: string;
}
/**
 * Somebody on WhatsApp, as far as known. `name` is chosen by that person: show it as text, never trust it.
 */
export interface Person {
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber?: string | null;
  /**
   * The person's anonymous WhatsApp id.
   */
  lid?: string | null;
  /**
   * Chosen by that person: show it as text, never trust it.
   */
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: CallData;
}
/**
 * One channel.
 */
export interface Channel {
  /**
   * The channel's WhatsApp id, to post to.
   */
  channelId: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * The end of its link.
   */
  inviteCode: string | null;
  /**
   * Its address.
   */
  url: string | null;
  /**
   * How many follow it.
   */
  followers: number | null;
  /**
   * WhatsApp confirmed whose it is.
   */
  verified: boolean | null;
  /**
   * What they are there.
   */
  role: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Body of POST /api/v1/channels/{tenantId}.
 */
export interface ChannelCreateInput {
  /**
   * Its name.
   */
  name: string;
  /**
   * Its description.
   */
  description?: string | null;
}
/**
 * Whether a channel is followed now.
 */
export interface ChannelFollow {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The number follows it now.
   */
  following: boolean;
}
/**
 * A channel; null for what WhatsApp does not say. role: what this number is in it.
 */
export interface ChannelSummary {
  /**
   * The channel's WhatsApp id, to post to.
   */
  channelId: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * The end of its link.
   */
  inviteCode: string | null;
  /**
   * Its address.
   */
  url: string | null;
  /**
   * How many follow it.
   */
  followers: number | null;
  /**
   * WhatsApp confirmed whose it is.
   */
  verified: boolean | null;
  /**
   * What they are there.
   */
  role: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
}
/**
 * The channels a number follows or owns.
 */
export interface Channels {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The channels.
   */
  channels: ChannelSummary[];
}
/**
 * A chat: `chatId` as events name it, or `to` as for a send. One of them.
 */
export interface ChatInput {
  /**
   * As events name it.
   */
  chatId?: string | null;
  /**
   * As for a send, in place of `chatId`.
   */
  to?: string | null;
}
/**
 * One number. whatsapp_number: the form WhatsApp knows it by, which may differ; jid, lid: to write to.
 */
export interface CheckedNumber {
  /**
   * The number that was asked.
   */
  number: string;
  /**
   * It is on WhatsApp.
   */
  exists: boolean;
  /**
   * The form WhatsApp knows it by, which may differ.
   */
  whatsappNumber: string | null;
  /**
   * The person's WhatsApp id with their number.
   */
  jid: string | null;
  /**
   * The person's anonymous WhatsApp id.
   */
  lid: string | null;
}
/**
 * The numbers, in the order they were asked.
 */
export interface CheckedNumbers {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Phone numbers, in the order of the question.
   */
  numbers: CheckedNumber[];
}
/**
 * How the page looks. color: `#rrggbb`. logo: a data URL.
 */
export interface ConnectBrand {
  /**
   * Whose page it is.
   */
  name: string | null;
  /**
   * Of the page's button.
   */
  color: string | null;
  /**
   * The picture, as a `data:` URL.
   */
  logo: string | null;
}
/**
 * How the page looks. color: of its button. logo: a PNG or JPEG as a data URL: the page loads nothing.
 */
export interface ConnectBrandInput {
  /**
   * Whose page it is, in its title.
   */
  name?: string | null;
  /**
   * Of the page's button, such as `#1a7f5a`; black or white stands on it.
   */
  color?: string | null;
  /**
   * A PNG or JPEG of at most 32 kB and 1,024 pixels a side, as a `data:` URL.
   */
  logo?: string | null;
}
/**
 * A link's brand. hasLogo: the picture itself is shown on the page only.
 */
export interface ConnectBrandShown {
  /**
   * Whose page it is.
   */
  name: string | null;
  /**
   * Of the page's button.
   */
  color: string | null;
  /**
   * It has one; the picture itself is on the page only.
   */
  hasLogo: boolean;
}
/**
 * A connect link that was just made. url: shown now and never again.
 */
export interface ConnectLink {
  /**
   * Names it for revoking.
   */
  id: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * `open`; `connected`: did its work; `used`: was opened `maxUses` times.
   */
  status: ConnectLinkStatus;
  /**
   * What the page offers.
   */
  method: ConnectMethod;
  /**
   * The page's language, `en` or `pt`; `null` for the one the browser asks for.
   */
  language: string | null;
  /**
   * How the page looks.
   */
  brand: ConnectBrandShown;
  /**
   * Where the page's last button leads: https, or http on localhost.
   */
  returnUrl: string | null;
  /**
   * How often it may be opened; `null` for no limit. A reload is not another time.
   */
  maxUses: number | null;
  /**
   * How often it was opened.
   */
  uses: number;
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * Not after.
   */
  expiresAt: string;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * What to give to your customer. It is shown in this answer only.
   */
  url: string;
}
/**
 * Body of POST …/connect-link; may be left out. language: the browser's when it is left out.
 */
export interface ConnectLinkInput {
  /**
   * How long it is good, from a minute to seven days.
   */
  expiresInSeconds?: number;
  /**
   * What the page offers: the QR code, a pairing code, or both to choose from.
   */
  method?: ConnectMethod & string;
  /**
   * The page's language, `en` or `pt`; `null` for the one the browser asks for.
   */
  language?: ("en" | "pt") | null;
  /**
   * How the page looks.
   */
  brand?: ConnectBrandInput;
  /**
   * Where the page's last button leads: https, or http on localhost.
   */
  returnUrl?: string | null;
  /**
   * How often it may be opened; `null` for no limit. A reload is not another time.
   */
  maxUses?: number | null;
}
/**
 * A link that opens nothing any more.
 */
export interface ConnectLinkRevoked {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Always `true`.
   */
  revoked: true;
  /**
   * Its id.
   */
  id: string;
}
/**
 * A connect link without its address. uses: how often it was opened.
 */
export interface ConnectLinkShown {
  /**
   * Names it for revoking.
   */
  id: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * As when it was made, and `connected` or `used` afterwards.
   */
  status: ConnectLinkStatus;
  /**
   * What the page offers.
   */
  method: ConnectMethod;
  /**
   * The page's language, `en` or `pt`; `null` for the one the browser asks for.
   */
  language: string | null;
  /**
   * How the page looks.
   */
  brand: ConnectBrandShown;
  /**
   * Where the page's last button leads: https, or http on localhost.
   */
  returnUrl: string | null;
  /**
   * How often it may be opened; `null` for no limit. A reload is not another time.
   */
  maxUses: number | null;
  /**
   * How often it was opened.
   */
  uses: number;
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * Not after.
   */
  expiresAt: string;
}
/**
 * The tenant's links that are not over and not revoked.
 */
export interface ConnectLinks {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Those that last longest first.
   */
  links: ConnectLinkShown[];
}
/**
 * What the page shows now. numberEnds: last digits of the connected number. qrCode: a PNG as a data URL.
 */
export interface ConnectState {
  /**
   * What there is to do, a code to decide by.
   */
  phase: Phase;
  /**
   * Why it is `idle` again, takes long or failed; `null` where there is nothing to know.
   */
  cause: Cause | null;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string | null;
  /**
   * Until when the QR code can be scanned.
   */
  qrExpiresAt: string | null;
  /**
   * The code to type on the phone, `ABCD-EFGH`; `null` when none was asked for.
   */
  pairingCode: string | null;
  /**
   * Until when the pairing code can be typed.
   */
  pairingCodeExpiresAt: string | null;
  /**
   * The last four digits of the number that is connected.
   */
  numberEnds: string | null;
}
/**
 * An opened link. visit: what the other addresses of the page want in `Authorization: Bearer`, until then.
 */
export interface ConnectVisit {
  /**
   * What the page's other addresses take, in `Authorization: Bearer`.
   */
  visit: string;
  /**
   * Not after.
   */
  expiresAt: string;
  /**
   * What the page offers.
   */
  method: ConnectMethod;
  /**
   * The page's language, `en` or `pt`; `null` for the one the browser asks for.
   */
  language: string | null;
  /**
   * How the page looks.
   */
  brand: ConnectBrand;
  /**
   * Where the page's last button leads: https, or http on localhost.
   */
  returnUrl: string | null;
}
/**
 * A person as WhatsApp shows them to this number; null for what is hidden or not known.
 */
export interface Contact {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * The person's WhatsApp id with their number.
   */
  jid: string | null;
  /**
   * The person's anonymous WhatsApp id.
   */
  lid: string | null;
  /**
   * The name they chose: show it as text, never trust it.
   */
  name: string | null;
  /**
   * What they say about themselves.
   */
  about: string | null;
  /**
   * Since when they say so.
   */
  aboutSetAt: string | null;
  /**
   * Their picture at WhatsApp, good for a while.
   */
  pictureUrl: string | null;
  /**
   * What a business says of itself; `null` for others.
   */
  business: Business | null;
  /**
   * They are blocked.
   */
  isBlocked: boolean;
}
/**
 * Whether somebody is blocked now.
 */
export interface ContactBlock {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * They are blocked.
   */
  isBlocked: boolean;
}
/**
 * A contact as a vCard.
 */
export interface ContactCard {
  /**
   * The name shown for the card.
   */
  displayName: string;
  /**
   * A card that is ready, `BEGIN:VCARD…`.
   */
  vcard: string;
}
/**
 * Something about a person changed.
 */
export interface ContactUpdateData {
  /**
   * Who it is.
   */
  contact: Person;
  /**
   * They have another picture.
   */
  pictureChanged?: boolean | null;
  /**
   * What they say about themselves.
   */
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: ContactUpdateData;
}
/**
 * A group that was made, and what became of each who was named.
 */
export interface CreatedGroup {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * The group's name.
   */
  subject: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Who made it.
   */
  ownerId: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * How many people are in it.
   */
  size: number;
  /**
   * Only admins can write.
   */
  onlyAdminsSend: boolean;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit: boolean;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode: string;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval: boolean;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds: number | null;
  /**
   * It is a community and not a group.
   */
  isCommunity: boolean;
  /**
   * The community it belongs to.
   */
  communityId: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * People, by number or WhatsApp id.
   */
  participants: Participant[];
  /**
   * What became of each who was named.
   */
  results: ParticipantResult[];
}
/**
 * Somebody in a group. id: how the group knows them.
 */
export interface Participant {
  /**
   * How the group knows them.
   */
  id: string;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * The person's anonymous WhatsApp id.
   */
  lid: string | null;
  /**
   * What they are there.
   */
  role: string;
}
/**
 * What became of one who was named. error: a code to decide by; message: for people.
 */
export interface ParticipantResult {
  /**
   * Who was named.
   */
  participant: string;
  /**
   * The person's WhatsApp id with their number.
   */
  jid: string | null;
  /**
   * It was done.
   */
  done: boolean;
  /**
   * Why not, as a code to decide by; `null` when it was done.
   */
  error: string | null;
  /**
   * Why not, for people; `null` when it was done.
   */
  message: string | null;
  /**
   * WhatsApp's own code, `null` where it gave none.
   */
  whatsappError: number | null;
}
/**
 * An event that was given up, as it would have been sent. lane: its chat, or `session`.
 */
export interface DeadLetter {
  /**
   * The event's id.
   */
  eventId: string;
  /**
   * The kind.
   */
  type: string;
  /**
   * The line it stood in: its chat, or `session`.
   */
  lane: string;
  /**
   * When it was given up.
   */
  givenUpAt: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string;
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * The event as it would have been sent.
   */
  event: {
    [k: string]: unknown;
  };
}
/**
 * Dead letters, newest first. next: give it as `after` for the next page; null on the last.
 */
export interface DeadLetterPage {
  /**
   * Those of the page.
   */
  deadLetters: DeadLetter[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * One attempt. answer: the beginning of what a failed one was answered.
 */
export interface DeliveryAttempt {
  /**
   * The event's id.
   */
  eventId: string;
  /**
   * The kind.
   */
  type: string;
  /**
   * When.
   */
  at: string;
  /**
   * Which attempt it was, from 1.
   */
  attempt: number;
  /**
   * The application took it.
   */
  delivered: boolean;
  /**
   * Why, as a code to decide by.
   */
  reason: string;
  /**
   * The HTTP status it was answered with; `null` without an answer.
   */
  status: number | null;
  /**
   * How long it took.
   */
  milliseconds: number;
  /**
   * The beginning of what it was answered.
   */
  answer: string | null;
}
/**
 * Attempts, newest first. next: give it as `after` for the next page; null on the last.
 */
export interface DeliveryPage {
  /**
   * The attempts of the page.
   */
  deliveries: DeliveryAttempt[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * It was done.
 */
export interface Done {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Events after a cursor, oldest first.
 */
export interface EventPage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The bodies of the webhooks.
   */
  events: (
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
    | WebhookDisabledEvent
  )[];
  /**
   * Give it as `after` for what follows.
   */
  cursor: string;
  /**
   * The page is full, so there may be more already.
   */
  hasMore: boolean;
  /**
   * Events between the cursor asked for and the first of these are gone.
   */
  gap: boolean;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageData;
}
/**
 * A message that was received, or sent from the tenant's own phone.
 */
export interface MessageData {
  /**
   * What the message is; its details stand in the object named after it.
   */
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
  /**
   * Its text, or the text under a picture or file.
   */
  message?: string | null;
  /**
   * What the sender's app showed for a link.
   */
  preview?: Preview | null;
  /**
   * The file.
   */
  media?: Media | null;
  /**
   * The place.
   */
  location?: Location | null;
  /**
   * The cards.
   */
  contacts?: ContactCard[] | null;
  /**
   * The poll.
   */
  poll?: Poll | null;
  /**
   * Somebody's present choice in a poll.
   */
  pollVote?: PollVote | null;
  /**
   * An event to be joined.
   */
  event?: Gathering | null;
  /**
   * Somebody's answer to an event.
   */
  eventResponse?: GatheringResponse | null;
  /**
   * A button or list row that was chosen.
   */
  buttonReply?: ButtonReply | null;
  /**
   * An invitation to a group.
   */
  groupInvite?: GroupInvite | null;
  /**
   * An order from the catalog.
   */
  order?: Order | null;
  /**
   * A product of a catalog.
   */
  product?: Product | null;
  /**
   * With type `other`: WhatsApp's own name of the kind.
   */
  whatsappType?: string | null;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * `person`, `group`, `status` (a story) or `channel`.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The sender's number; `null` where WhatsApp tells only `fromLid`.
   */
  from: string | null;
  /**
   * The sender's anonymous WhatsApp id.
   */
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  /**
   * The chat is a group.
   */
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The chat's anonymous WhatsApp id.
   */
  chatLid?: string | null;
  /**
   * The message this one answers.
   */
  quoted?: Quoted | null;
  /**
   * Who is named in the text.
   */
  mentions?: Person[] | null;
  /**
   * Everybody in the group is named.
   */
  mentionAll?: boolean | null;
  /**
   * It was forwarded.
   */
  forwarded?: boolean | null;
  /**
   * It was forwarded often.
   */
  forwardedManyTimes?: boolean | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * It disappears after so long.
   */
  ephemeralSeconds?: number | null;
  /**
   * The advertisement the chat began with.
   */
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
  /**
   * Its address.
   */
  url?: string | null;
  /**
   * Its title, as the sender gave it.
   */
  title?: string | null;
  /**
   * Its description.
   */
  description?: string | null;
}
/**
 * A file. All but `mediaId` and `url` is what the sender says. `url` needs the API key.
 */
export interface Media {
  /**
   * Its id, for `/api/v1/media`.
   */
  mediaId: string;
  /**
   * Where the file is to be had here; needs the key.
   */
  url: string;
  /**
   * The type the sender gave it.
   */
  mimeType: string;
  /**
   * Its size.
   */
  sizeBytes?: number | null;
  /**
   * Of its bytes, base64.
   */
  sha256?: string | null;
  /**
   * What the sender called it; never a path to trust.
   */
  fileName?: string | null;
  /**
   * In pixels.
   */
  width?: number | null;
  /**
   * In pixels.
   */
  height?: number | null;
  /**
   * How long it plays.
   */
  seconds?: number | null;
  /**
   * Of a voice message: base64 of 64 bytes.
   */
  waveform?: string | null;
  /**
   * It moves.
   */
  animated?: boolean | null;
  /**
   * The file itself, for webhooks that want small ones in the event.
   */
  base64?: string | null;
}
/**
 * A place on earth.
 */
export interface Location {
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
  name?: string | null;
  /**
   * As text.
   */
  address?: string | null;
  /**
   * Its address.
   */
  url?: string | null;
  /**
   * The position changes.
   */
  live?: boolean | null;
}
/**
 * A question with answers. selectableCount: 0 for any number.
 */
export interface Poll {
  /**
   * What is asked.
   */
  question: string;
  /**
   * The answers.
   */
  options: string[];
  /**
   * How many may be chosen; 0 for any number.
   */
  selectableCount: number;
}
/**
 * Somebody's present choice; known: false when the poll is not known here, and options empty.
 */
export interface PollVote {
  /**
   * The poll's message.
   */
  pollMessageId: string;
  /**
   * The answers.
   */
  options: string[];
  /**
   * What it refers to is known here.
   */
  known: boolean;
}
/**
 * An event to be joined.
 */
export interface Gathering {
  /**
   * Its name.
   */
  name: string;
  /**
   * Its description.
   */
  description?: string | null;
  /**
   * When it begins.
   */
  startsAt?: string | null;
  /**
   * When it ends.
   */
  endsAt?: string | null;
  /**
   * Where it is.
   */
  place?: Location | null;
  /**
   * It does not take place.
   */
  isCancelled?: boolean | null;
}
/**
 * Somebody's answer to an event.
 */
export interface GatheringResponse {
  /**
   * The event's message.
   */
  eventMessageId: string;
  /**
   * What they answered.
   */
  response: "going" | "not_going" | "maybe" | "unknown";
  /**
   * What it refers to is known here.
   */
  known: boolean;
}
/**
 * An invitation to a group.
 */
export interface GroupInvite {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * The code to join with.
   */
  code: string;
  /**
   * The group's name.
   */
  subject?: string | null;
  /**
   * Not after.
   */
  expiresAt?: string | null;
}
/**
 * An order from the number's catalog.
 */
export interface Order {
  /**
   * The order's id.
   */
  orderId: string;
  /**
   * What the catalog asks for with the order.
   */
  token?: string | null;
  /**
   * How many things are ordered.
   */
  itemCount?: number | null;
}
/**
 * A product of a catalog.
 */
export interface Product {
  /**
   * The product's id.
   */
  productId: string;
  /**
   * Its title, as the sender gave it.
   */
  title?: string | null;
  /**
   * Whose catalog it is.
   */
  businessOwner?: Person | null;
}
/**
 * The message this one answers. Its text is what the sender quotes.
 */
export interface Quoted {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * Who wrote it.
   */
  sender?: Person | null;
  /**
   * The tenant's own number wrote it.
   */
  fromMe?: boolean | null;
  /**
   * The text.
   */
  text?: string | null;
  /**
   * The kind.
   */
  type?: string | null;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageStatusData;
}
/**
 * What became of a message sent through this API.
 */
export interface MessageStatusData {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string | null;
  /**
   * Whom it is for, as a number in E.164 or a WhatsApp id.
   */
  to: string;
  /**
   * The state, a code to decide by.
   */
  status: "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
  /**
   * Why it failed; `null` unless it did.
   */
  failure?: Failure | null;
  /**
   * WhatsApp's own code, as in failure.whatsappError.
   */
  errorCode?: number | null;
  /**
   * The person, by WhatsApp id.
   */
  recipient?: Recipient | null;
  /**
   * The batch it belongs to.
   */
  batchId?: string | null;
}
/**
 * Why a message failed.
 */
export interface Failure {
  /**
   * Why, as a code to decide by.
   */
  code: string;
  /**
   * WhatsApp's own code, `null` where it gave none.
   */
  whatsappError: number | null;
}
/**
 * What one recipient's devices said, in a group or story.
 */
export interface Recipient {
  /**
   * The person, by WhatsApp id.
   */
  recipient: string;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * What their devices did at last.
   */
  status: "delivered" | "read" | "played";
  /**
   * When.
   */
  at: string;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageEditedData;
}
/**
 * A message has another text or caption now. messageId is that of the first one.
 */
export interface MessageEditedData {
  /**
   * What the message is; its details stand in the object named after it.
   */
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
  /**
   * Its text now, or the text under a picture or file.
   */
  message?: string | null;
  /**
   * What the sender's app showed for a link.
   */
  preview?: Preview | null;
  /**
   * The file.
   */
  media?: Media | null;
  /**
   * The place.
   */
  location?: Location | null;
  /**
   * The cards.
   */
  contacts?: ContactCard[] | null;
  /**
   * The poll.
   */
  poll?: Poll | null;
  /**
   * Somebody's present choice in a poll.
   */
  pollVote?: PollVote | null;
  /**
   * An event to be joined.
   */
  event?: Gathering | null;
  /**
   * Somebody's answer to an event.
   */
  eventResponse?: GatheringResponse | null;
  /**
   * A button or list row that was chosen.
   */
  buttonReply?: ButtonReply | null;
  /**
   * An invitation to a group.
   */
  groupInvite?: GroupInvite | null;
  /**
   * An order from the catalog.
   */
  order?: Order | null;
  /**
   * A product of a catalog.
   */
  product?: Product | null;
  /**
   * With type `other`: WhatsApp's own name of the kind.
   */
  whatsappType?: string | null;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * `person`, `group`, `status` (a story) or `channel`.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The sender's number; `null` where WhatsApp tells only `fromLid`.
   */
  from: string | null;
  /**
   * The sender's anonymous WhatsApp id.
   */
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  /**
   * The chat is a group.
   */
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  /**
   * When it happened.
   */
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageDeletedData;
}
/**
 * A message was deleted for everyone, by whom the sender fields tell.
 */
export interface MessageDeletedData {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * `person`, `group`, `status` (a story) or `channel`.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The sender's number; `null` where WhatsApp tells only `fromLid`.
   */
  from: string | null;
  /**
   * The sender's anonymous WhatsApp id.
   */
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  /**
   * The chat is a group.
   */
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  /**
   * When it happened.
   */
  timestamp: string;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageReactionData;
}
/**
 * Somebody reacted to the message, or took the reaction back: then emoji is empty.
 */
export interface MessageReactionData {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * `person`, `group`, `status` (a story) or `channel`.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The sender's number; `null` where WhatsApp tells only `fromLid`.
   */
  from: string | null;
  /**
   * The sender's anonymous WhatsApp id.
   */
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  /**
   * The chat is a group.
   */
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * The reaction; empty when it was taken back.
   */
  emoji: string;
  /**
   * The message reacted to is the tenant's own.
   */
  targetFromMe?: boolean | null;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: MessageUnreadableData;
}
/**
 * A message that cannot be decrypted now. When it can, a `message` with the same messageId follows.
 */
export interface MessageUnreadableData {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * `person`, `group`, `status` (a story) or `channel`.
   */
  chatType: "person" | "group" | "status" | "channel";
  /**
   * The sender's number; `null` where WhatsApp tells only `fromLid`.
   */
  from: string | null;
  /**
   * The sender's anonymous WhatsApp id.
   */
  fromLid: string | null;
  /**
   * Chosen by the sender: show it as text, never trust it.
   */
  name: string | null;
  /**
   * The chat is a group.
   */
  isGroup: boolean;
  /**
   * The tenant's own phone or another of its devices did it.
   */
  fromMe: boolean;
  /**
   * When it happened.
   */
  timestamp: string;
  /**
   * Why, as a code to decide by.
   */
  reason: "no_session" | "bad_ciphertext" | "unavailable";
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: SessionStatusData;
}
/**
 * The session came into another state. message says it in a sentence, reason in a code.
 */
export interface SessionStatusData {
  /**
   * The state, a code to decide by.
   */
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
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
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
  /**
   * The state in a sentence, for people.
   */
  message: string;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: SessionQrData;
}
/**
 * A new QR code; null once it cannot be scanned any more.
 */
export interface SessionQrData {
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string | null;
  /**
   * Until when it can be scanned.
   */
  expiresAt: string | null;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: GroupUpdateData;
}
/**
 * Something changed in a group.
 */
export interface GroupUpdateData {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * What happened.
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
  /**
   * Who did it.
   */
  actor?: Person | null;
  /**
   * People, by number or WhatsApp id.
   */
  participants?: Person[] | null;
  /**
   * The group's name.
   */
  subject?: string | null;
  /**
   * Its description.
   */
  description?: string | null;
  /**
   * Only admins can write.
   */
  onlyAdminsSend?: boolean | null;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit?: boolean | null;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval?: boolean | null;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode?: ("admins" | "all") | null;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds?: number | null;
  /**
   * When it happened.
   */
  timestamp: string;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: PresenceData;
}
/**
 * Somebody is there, writes or went away.
 */
export interface PresenceData {
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * Who it is.
   */
  person: Person;
  /**
   * What they do.
   */
  presence: "available" | "unavailable" | "composing" | "recording" | "paused";
  /**
   * When they were there last.
   */
  lastSeen?: string | null;
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
  /**
   * Your own id of the tenant.
   */
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
  /**
   * What happened, by kind.
   */
  data: WebhookDisabledData;
}
/**
 * One of the tenant's endpoints gets no events any more until it is enabled again.
 */
export interface WebhookDisabledData {
  /**
   * The webhook.
   */
  webhookId: string;
  /**
   * Its address.
   */
  url: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string;
  /**
   * Since when all attempts fail.
   */
  failingSince: string | null;
}
/**
 * What is wrong with one field or parameter.
 */
export interface FieldError {
  /**
   * Its name; for one within another `recipients.0.to`.
   */
  field: string;
  /**
   * What is wrong with it.
   */
  message: string;
}
/**
 * The pause between two messages, in milliseconds.
 */
export interface Gap {
  /**
   * The shortest, in milliseconds.
   */
  min: number;
  /**
   * The usual, in milliseconds.
   */
  median: number;
  /**
   * The longest, in milliseconds.
   */
  max: number;
}
/**
 * A group with who is in it.
 */
export interface Group {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * The group's name.
   */
  subject: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Who made it.
   */
  ownerId: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * How many people are in it.
   */
  size: number;
  /**
   * Only admins can write.
   */
  onlyAdminsSend: boolean;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit: boolean;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode: string;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval: boolean;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds: number | null;
  /**
   * It is a community and not a group.
   */
  isCommunity: boolean;
  /**
   * The community it belongs to.
   */
  communityId: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * People, by number or WhatsApp id.
   */
  participants: Participant[];
}
/**
 * Body of POST /api/v1/groups/{tenantId}.
 */
export interface GroupCreateInput {
  /**
   * The group's name.
   */
  subject: string;
  /**
   * People, by number or WhatsApp id.
   *
   * @minItems 1
   * @maxItems 256
   *
   * Items: A phone number with its country code, or a person's WhatsApp id.
   */
  participants: [string, ...string[]];
}
/**
 * Groups in the order of their ids. next: give it as `after`; null on the last page.
 */
export interface GroupPage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Those of the page.
   */
  groups: GroupSummary[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
  /**
   * When WhatsApp was asked.
   */
  fetchedAt: string;
}
/**
 * A group in a list or a preview. disappearing_seconds: null when messages stay.
 */
export interface GroupSummary {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * The group's name.
   */
  subject: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Who made it.
   */
  ownerId: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * How many people are in it.
   */
  size: number;
  /**
   * Only admins can write.
   */
  onlyAdminsSend: boolean;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit: boolean;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode: string;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval: boolean;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds: number | null;
  /**
   * It is a community and not a group.
   */
  isCommunity: boolean;
  /**
   * The community it belongs to.
   */
  communityId: string | null;
}
/**
 * Body of PUT …/picture without a file in it: where the picture is.
 */
export interface GroupPictureInput {
  /**
   * Where the picture is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * The picture itself, as base64 or a `data:` URL. It is in the spool when this is filled.
   */
  mediaBase64?: string | null;
}
/**
 * The group behind an invitation.
 */
export interface GroupPreview {
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string;
  /**
   * The group's name.
   */
  subject: string;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Who made it.
   */
  ownerId: string | null;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * How many people are in it.
   */
  size: number;
  /**
   * Only admins can write.
   */
  onlyAdminsSend: boolean;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit: boolean;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode: string;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval: boolean;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds: number | null;
  /**
   * It is a community and not a group.
   */
  isCommunity: boolean;
  /**
   * The community it belongs to.
   */
  communityId: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Body of PATCH: what is given is changed. description: empty takes it away. disappearing_seconds: 0 never.
 */
export interface GroupUpdateInput {
  /**
   * The group's name.
   */
  subject?: string | null;
  /**
   * Its description.
   */
  description?: string | null;
  /**
   * Only admins can write.
   */
  onlyAdminsSend?: boolean | null;
  /**
   * Only admins can change its name, picture and description.
   */
  onlyAdminsEdit?: boolean | null;
  /**
   * Who may add others: `admins` or `all`.
   */
  memberAddMode?: ("admins" | "all") | null;
  /**
   * Admins decide who comes in by invitation.
   */
  joinApproval?: boolean | null;
  /**
   * Messages disappear after so long: 86400, 604800 or 7776000; 0 or `null`: they stay.
   */
  disappearingSeconds?: number | null;
}
/**
 * How everything is.
 */
export interface Health {
  /**
   * `degraded` when a part keeps it from doing all it should.
   */
  status: "ok" | "degraded";
  /**
   * Those parts.
   */
  degraded: string[];
  /**
   * Every part with `ok`, or with what keeps it from doing all it should: bridge, redis, webhooks, disk, and while the bridge is up store, whatsapp, events, connections, silence.
   */
  parts: {
    [k: string]: string;
  };
  /**
   * Seconds since control started.
   */
  uptime: number;
  /**
   * Of the gateway.
   */
  version: string;
  /**
   * NODE_ENV.
   */
  environment: string;
  /**
   * Sessions connect to a sandbox and not to WhatsApp.
   */
  sandbox: boolean | null;
  /**
   * The process that holds the WhatsApp connections.
   */
  bridge: BridgeHealth;
  /**
   * The data store.
   */
  redis: RedisHealth;
  /**
   * How many sessions are in each state.
   */
  sessions: {
    [k: string]: number;
  } | null;
  [k: string]: unknown;
}
/**
 * Redis.
 */
export interface RedisHealth {
  /**
   * Whether it answers.
   */
  status: "up" | "down";
  /**
   * How long it took to.
   */
  latencyMs: number | null;
  /**
   * Why it does not.
   */
  problem: string | null;
  [k: string]: unknown;
}
/**
 * An invitation.
 */
export interface Invite {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The end of the link.
   */
  code: string;
  /**
   * The link.
   */
  url: string;
}
/**
 * Body of POST …/join-requests.
 */
export interface JoinDecisionInput {
  /**
   * Let them in, or turn them down.
   */
  decision: "approve" | "reject";
  /**
   * People, by number or WhatsApp id.
   *
   * @minItems 1
   * @maxItems 256
   *
   * Items: A phone number with its country code, or a person's WhatsApp id.
   */
  participants: [string, ...string[]];
}
/**
 * Body of POST …/join: the code of an invitation, or its link.
 */
export interface JoinGroupInput {
  /**
   * The code of an invitation, or its whole link.
   */
  code: string;
}
/**
 * Somebody who wants to join.
 */
export interface JoinRequest {
  /**
   * Who asks, by WhatsApp id.
   */
  id: string;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When they asked.
   */
  requestedAt: string | null;
}
/**
 * Who wants to join, oldest first.
 */
export interface JoinRequests {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Who wants to come in.
   */
  requests: JoinRequest[];
}
/**
 * A group that was joined. pending: an admin has to agree first.
 */
export interface JoinedGroup {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The group's WhatsApp id, to write to.
   */
  groupId: string | null;
  /**
   * An admin has to agree first.
   */
  pending: boolean;
}
/**
 * A key, never the key itself. begins: what it begins with, to find it by where it was seen.
 *
 * tenants: null for all. lastUsedFrom: the network, not the address.
 */
export interface Key {
  /**
   * Its id.
   */
  id: string;
  /**
   * What the key begins with, to find it by where it was seen.
   */
  begins: string;
  /**
   * What it is for, for people.
   */
  name: string;
  /**
   * How it stands, a code to decide by.
   */
  state: "active" | "expired" | "revoked";
  /**
   * The tenants it opens; `null` for all there are and will be.
   */
  tenants: string[] | null;
  /**
   * What it may do.
   */
  scopes: string[];
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * The id of the key that made it.
   */
  createdBy: string;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When it got a new secret.
   */
  rotatedAt: string | null;
  /**
   * Until when the secret before opens too.
   */
  previousValidUntil: string | null;
  /**
   * When it was revoked.
   */
  revokedAt: string | null;
  /**
   * When it was used last.
   */
  lastUsedAt: string | null;
  /**
   * From which network it was used last.
   */
  lastUsedFrom: string | null;
}
/**
 * Body of PATCH /keys/{keyId}: what is left out stays; tenants: null is all, expiresAt: null is no end.
 */
export interface KeyChangeInput {
  /**
   * What it is for, for people.
   */
  name?: string;
  /**
   * The tenants it opens; `null` for all there are and will be.
   */
  tenants?: [string, ...string[]] | null;
  /**
   * What it may do.
   *
   * @minItems 1
   * @maxItems 50
   */
  scopes?: [string, ...string[]];
  /**
   * A time: ISO 8601 with an offset, or unix milliseconds.
   */
  expiresAt?: string | number | null;
}
/**
 * Body of POST /keys. tenants: null for all there are and will be, which has to be said.
 */
export interface KeyInput {
  /**
   * What it is for, for people.
   */
  name: string;
  /**
   * The tenants it opens; `null` for all there are and will be.
   */
  tenants: [string, ...string[]] | null;
  /**
   * What it may do.
   *
   * @minItems 1
   * @maxItems 50
   */
  scopes: [string, ...string[]];
  /**
   * A time: ISO 8601 with an offset, or unix milliseconds.
   */
  expiresAt?: string | number | null;
}
/**
 * Keys in the order of their ids. next: give it as `after` for the next page; null on the last.
 */
export interface KeyPage {
  /**
   * The keys of the page.
   */
  keys: Key[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * A key that opens nothing any more.
 */
export interface KeyRevoked {
  /**
   * Its id.
   */
  id: string;
  /**
   * What the key begins with, to find it by where it was seen.
   */
  begins: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * How it stands, a code to decide by.
   */
  state: "active" | "expired" | "revoked";
  /**
   * The tenants it opens; `null` for all there are and will be.
   */
  tenants: string[] | null;
  /**
   * What it may do.
   */
  scopes: string[];
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * The id of the key that made it.
   */
  createdBy: string;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When it got a new secret.
   */
  rotatedAt: string | null;
  /**
   * Until when the secret before opens too.
   */
  previousValidUntil: string | null;
  /**
   * When it was revoked.
   */
  revokedAt: string | null;
  /**
   * When it was used last.
   */
  lastUsedAt: string | null;
  /**
   * From which network it was used last.
   */
  lastUsedFrom: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Body of POST …/rotate; may be left out. overlapSeconds: how long the key before goes on opening.
 */
export interface KeyRotateInput {
  /**
   * How long the key before goes on opening.
   */
  overlapSeconds?: number;
}
/**
 * A key with the key itself, which is shown this once.
 */
export interface KeyShown {
  /**
   * Its id.
   */
  id: string;
  /**
   * What the key begins with, to find it by where it was seen.
   */
  begins: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * How it stands, a code to decide by.
   */
  state: "active" | "expired" | "revoked";
  /**
   * The tenants it opens; `null` for all there are and will be.
   */
  tenants: string[] | null;
  /**
   * What it may do.
   */
  scopes: string[];
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * The id of the key that made it.
   */
  createdBy: string;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When it got a new secret.
   */
  rotatedAt: string | null;
  /**
   * Until when the secret before opens too.
   */
  previousValidUntil: string | null;
  /**
   * When it was revoked.
   */
  revokedAt: string | null;
  /**
   * When it was used last.
   */
  lastUsedAt: string | null;
  /**
   * From which network it was used last.
   */
  lastUsedFrom: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The key itself, shown this once.
   */
  key: string;
}
/**
 * A label. predefined: WhatsApp made it.
 */
export interface Label {
  /**
   * The label's id.
   */
  labelId: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * One of WhatsApp's twenty, 0 to 19.
   */
  color: number;
  /**
   * WhatsApp made it.
   */
  predefined: boolean;
}
/**
 * Body of POST …/assign: the chat, or one message in it, that gets the label or loses it.
 */
export interface LabelAssignInput {
  /**
   * A phone number with its country code, or a chat's WhatsApp id.
   */
  chat: string;
  /**
   * One message in the chat; left out: the chat itself.
   */
  messageId?: string | null;
  /**
   * The label is on it; `false` takes it off.
   */
  assigned?: boolean;
}
/**
 * Whether the chat or message has the label now.
 */
export interface LabelAssignment {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string;
  /**
   * The label is on it; `false` takes it off.
   */
  assigned: boolean;
}
/**
 * One label.
 */
export interface LabelDetails {
  /**
   * The label's id.
   */
  labelId: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * One of WhatsApp's twenty, 0 to 19.
   */
  color: number;
  /**
   * WhatsApp made it.
   */
  predefined: boolean;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Body of POST and PUT. color: one of WhatsApp's twenty.
 */
export interface LabelInput {
  /**
   * Its name.
   */
  name: string;
  /**
   * One of WhatsApp's twenty, 0 to 19.
   */
  color?: number;
}
/**
 * The labels, in the order of their ids.
 */
export interface Labels {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The labels.
   */
  labels: Label[];
}
/**
 * The process lives.
 */
export interface Live {
  /**
   * Always `ok`.
   */
  status: "ok";
  [k: string]: unknown;
}
/**
 * Body of POST …/read.
 */
export interface MarkReadInput {
  /**
   * As events name it.
   */
  chatId?: string | null;
  /**
   * As for a send, in place of `chatId`.
   */
  to?: string | null;
  /**
   * Messages that were received.
   *
   * @minItems 1
   * @maxItems 100
   */
  messageIds: [string, ...string[]];
}
/**
 * A message and all that is known of it; what is not is null.
 */
export interface Message {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * Whom it is for, as a number in E.164 or a WhatsApp id.
   */
  to: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string | null;
  /**
   * The kind.
   */
  type: string;
  /**
   * The state, a code to decide by.
   */
  status: string;
  /**
   * When it was recorded.
   */
  acceptedAt: string;
  /**
   * Not before; `null` for at once.
   */
  sendAt: string | null;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When WhatsApp's server took it.
   */
  sentAt: string | null;
  /**
   * When it reached a device.
   */
  deliveredAt: string | null;
  /**
   * When it was read.
   */
  readAt: string | null;
  /**
   * When it was played.
   */
  playedAt: string | null;
  /**
   * When it failed.
   */
  failedAt: string | null;
  /**
   * Why it failed; `null` unless it did.
   */
  failure: MessageFailure | null;
  /**
   * What it waits for; `null` when it waits for nothing.
   */
  heldBy: string | null;
  /**
   * When it will leave, as far as can be told.
   */
  expectedAt: string | null;
  /**
   * The batch it belongs to.
   */
  batchId: string | null;
  /**
   * How many it is for, in a group or story.
   */
  recipientCount: number | null;
}
/**
 * Why a message failed. whatsappError: WhatsApp's own code, null where it gave none.
 */
export interface MessageFailure {
  /**
   * A stable code to decide by.
   */
  code: string;
  /**
   * WhatsApp's own code, `null` where it gave none.
   */
  whatsappError: number | null;
}
/**
 * A message asked for by its id. recipients: in a group or story, who did what; else null.
 */
export interface MessageDetails {
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * Whom it is for, as a number in E.164 or a WhatsApp id.
   */
  to: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string | null;
  /**
   * The kind.
   */
  type: string;
  /**
   * The state, a code to decide by.
   */
  status: string;
  /**
   * When it was recorded.
   */
  acceptedAt: string;
  /**
   * Not before; `null` for at once.
   */
  sendAt: string | null;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * When WhatsApp's server took it.
   */
  sentAt: string | null;
  /**
   * When it reached a device.
   */
  deliveredAt: string | null;
  /**
   * When it was read.
   */
  readAt: string | null;
  /**
   * When it was played.
   */
  playedAt: string | null;
  /**
   * When it failed.
   */
  failedAt: string | null;
  /**
   * Why it failed; `null` unless it did.
   */
  failure: MessageFailure | null;
  /**
   * What it waits for; `null` when it waits for nothing.
   */
  heldBy: string | null;
  /**
   * When it will leave, as far as can be told.
   */
  expectedAt: string | null;
  /**
   * The batch it belongs to.
   */
  batchId: string | null;
  /**
   * How many it is for, in a group or story.
   */
  recipientCount: number | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * In a group or story: who did what at last; else `null`.
   */
  recipients: MessageRecipient[] | null;
}
/**
 * What the devices of one member of a group did at last.
 */
export interface MessageRecipient {
  /**
   * The person, by WhatsApp id.
   */
  recipient: string;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * The state, a code to decide by.
   */
  status: string;
  /**
   * When.
   */
  at: string;
}
/**
 * Messages. next: what to ask for the next page with; null on the last.
 */
export interface MessagePage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Those of the page.
   */
  messages: Message[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * Body of POST …/check.
 */
export interface NumberCheckInput {
  /**
   * Phone numbers, in the order of the question.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: A phone number with its country code.
   */
  numbers: [string, ...string[]];
}
/**
 * A tenant after something was done with it.
 */
export interface OneTenant {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The tenant.
   */
  tenant: Tenant;
}
/**
 * A tenant. ownQuotas: null where the installation's settings hold, 0 for no limit. quotas: what holds.
 */
export interface Tenant {
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * A name for people.
   */
  name: string | null;
  /**
   * Whether its requests are taken.
   */
  state: "active" | "suspended";
  /**
   * Its first start, the operator, who made or changed it, or existing before tenants.
   */
  createdBy: "start" | "operator" | "existing";
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * When it was changed last.
   */
  updatedAt: string;
  /**
   * Your own words about it.
   */
  labels: {
    [k: string]: string;
  };
  /**
   * Its own quotas.
   */
  ownQuotas: Quota;
  /**
   * The quotas that hold, its own or the installation's.
   */
  quotas: Quota;
  /**
   * When it was suspended.
   */
  suspendedAt: string | null;
  /**
   * Why, as the operator said.
   */
  suspensionReason: string | null;
}
/**
 * What a tenant may use, with the installation's settings where it has none of its own. null: no limit.
 */
export interface Quota {
  /**
   * Messages it may send a day of UTC: sends, and each message of a batch.
   */
  messagesPerDay: number | null;
  /**
   * MiB that its files may take on this server before it may send no more files.
   */
  storageMb: number | null;
  /**
   * Webhooks it may have.
   */
  webhooks: number | null;
}
/**
 * A code to type on the phone: WhatsApp, Linked devices, Link a device, Link with phone number instead.
 */
export interface PairingCode {
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * The state, a code to decide by.
   */
  status: SessionState;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When something was sent or received last.
   */
  lastActivity: string | null;
  /**
   * A sentence for people: what is, and what to do.
   */
  message: string;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string | null;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * It connects through a proxy.
   */
  hasProxy: boolean;
  /**
   * Names one pairing of the tenant: `{tenantId}_{unix ms}`.
   */
  sessionId: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string | null;
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string | null;
  /**
   * Until when the QR code can be scanned.
   */
  qrExpiresAt: string | null;
  /**
   * The code to type on the phone, `ABCD-EFGH`; `null` when none was asked for.
   */
  pairingCode: string | null;
  /**
   * Until when the pairing code can be typed.
   */
  pairingCodeExpiresAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The code to type on the phone; the same as `pairingCode`.
   */
  code: string | null;
  /**
   * Until when it can be typed; the same as `pairingCodeExpiresAt`.
   */
  expiresAt: string | null;
}
/**
 * Body of POST …/pairing-code: the number of the phone the code will be typed on.
 */
export interface PairingCodeInput {
  /**
   * The number of the phone, written as people write it, with its country code.
   */
  phoneNumber: string;
}
/**
 * What became of each who was named.
 */
export interface ParticipantResults {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * What became of each who was named.
   */
  results: ParticipantResult[];
}
/**
 * Body of POST …/participants.
 */
export interface ParticipantsInput {
  /**
   * What is to be done with them.
   */
  action: "add" | "remove" | "promote" | "demote";
  /**
   * People, by number or WhatsApp id.
   *
   * @minItems 1
   * @maxItems 256
   *
   * Items: A phone number with its country code, or a person's WhatsApp id.
   */
  participants: [string, ...string[]];
}
/**
 * A post. reactions: how often each emoji.
 */
export interface Post {
  /**
   * The post's number in the channel.
   */
  serverId: string;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string | null;
  /**
   * WhatsApp's own word for the kind.
   */
  type: string | null;
  /**
   * The text.
   */
  text: string | null;
  /**
   * When it happened.
   */
  timestamp: string | null;
  /**
   * How often it was seen.
   */
  views: number | null;
  /**
   * How often each emoji.
   */
  reactions: {
    [k: string]: number;
  };
}
/**
 * Posts, newest first. next: give it as `before` for older ones; null when there were none.
 */
export interface Posts {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Those of the page.
   */
  messages: Post[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * Body of POST …/presence. seconds: it ends by itself after so long.
 */
export interface PresenceInput {
  /**
   * As events name it.
   */
  chatId?: string | null;
  /**
   * As for a send, in place of `chatId`.
   */
  to?: string | null;
  /**
   * `composing` (or `typing`), `recording`, `paused`.
   */
  presence: string;
  /**
   * It ends by itself after so long.
   */
  seconds?: number | null;
}
/**
 * An error, RFC 9457. Decide by `code`; `detail` is a sentence for people and may change.
 */
export interface Problem {
  /**
   * `urn:whatsapp-gateway:problem:` and the code.
   */
  type: string;
  /**
   * What errors of this code are.
   */
  title: string;
  /**
   * The HTTP status.
   */
  status: number;
  /**
   * What is the matter here, for the person who has to act.
   */
  detail: string;
  /**
   * The id of the request, also in the header X-Request-Id and in the log.
   */
  instance: string;
  /**
   * Always `false`.
   */
  success: false;
  /**
   * Stable, to decide by.
   */
  code: string;
  /**
   * The same request may succeed later.
   */
  retryable: boolean;
  /**
   * Each wrong field.
   */
  errors?: FieldError[];
  /**
   * The message that was recorded and failed.
   */
  messageId?: string;
  /**
   * WhatsApp's own code.
   */
  whatsappError?: number;
  /**
   * The state of the session.
   */
  state?: string;
  /**
   * What is behind it, in a word.
   */
  reason?: string;
  [k: string]: unknown;
}
/**
 * Body of PUT …/proxy.
 */
export interface ProxyInput {
  /**
   * `http`, `https` or `socks5`, such as `socks5://user:password@proxy.example:1080`.
   */
  proxyUrl: string;
}
/**
 * A code that can be scanned until it expires.
 */
export interface QrCode {
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string;
  /**
   * Until when the QR code can be scanned.
   */
  expiresAt: string;
}
/**
 * What is used of the quotas now. storage…: null while the bridge cannot be asked.
 */
export interface QuotaUse {
  /**
   * Messages taken from today's quota.
   */
  messagesToday: number;
  /**
   * When the day ends.
   */
  resetsAt: string;
  /**
   * What its files take here.
   */
  storageBytes: number | null;
  /**
   * How many files that are.
   */
  storageFiles: number | null;
}
/**
 * Quotas of a tenant's own. null: as the installation's settings say; 0: no limit.
 */
export interface QuotasInput {
  /**
   * Messages it may send a day of UTC: sends, and each message of a batch.
   */
  messagesPerDay?: number | null;
  /**
   * MiB that its files may take on this server before it may send no more files.
   */
  storageMb?: number | null;
  /**
   * Webhooks it may have.
   */
  webhooks?: number | null;
}
/**
 * A message as WhatsApp's own protocol has it; WhatsApp changes that without notice.
 */
export interface RawMessage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * The message as WhatsApp's protocol has it.
   */
  message: {
    [k: string]: unknown;
  };
}
/**
 * Whether requests can be served.
 */
export interface Ready {
  /**
   * `ready` when both parts are up.
   */
  status: "ready" | "unready";
  /**
   * `up`, or what is wrong.
   */
  bridge: string;
  /**
   * `up`, or what is wrong.
   */
  redis: string;
  /**
   * Every part with `ok` or what is wrong, as in /health.
   */
  parts: {
    [k: string]: string;
  };
  [k: string]: unknown;
}
/**
 * What a recovery came to. continue_from: when it is not complete, the `since` of a request for the rest.
 */
export interface Recovery {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * How many events were looked at.
   */
  lookedAt: number;
  /**
   * How many are sent again.
   */
  queued: number;
  /**
   * All of them; `false`: ask again for the rest.
   */
  complete: boolean;
  /**
   * The `since` of the request for the rest.
   */
  continueFrom: string | null;
}
/**
 * Body of POST …/recover: events that happened from `since` on, up to `until` or now.
 */
export interface RecoveryInput {
  /**
   * Events that happened from this time on.
   */
  since: string;
  /**
   * Up to this time; left out: up to now.
   */
  until?: string | null;
  /**
   * `failed`: what was given up. `all`: everything.
   */
  status?: "failed" | "all";
}
/**
 * The webhook that was registered. events: null for all kinds. secret: only when it was made here.
 */
export interface RegisteredWebhook {
  /**
   * Its id.
   */
  id: string;
  /**
   * Its address.
   */
  url: string;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events: string[] | null;
  /**
   * The secret that was made just now, shown this once; `null` when it was given.
   */
  secret: string | null;
}
/**
 * What WhatsApp itself limits.
 */
export interface Restriction {
  /**
   * What WhatsApp limits.
   */
  kind: string;
  /**
   * Until when.
   */
  until: string | null;
  /**
   * How many it allows.
   */
  quota: number | null;
  /**
   * How many of them are used.
   */
  used: number | null;
  /**
   * WhatsApp's own word.
   */
  status: string | null;
}
/**
 * An event that is sent again. state: `queued`, or `waiting` when it waited already.
 */
export interface Retry {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The event's id.
   */
  eventId: string;
  /**
   * `queued`, or `waiting` when it waited already.
   */
  state: "queued" | "waiting";
}
/**
 * The message that was written.
 */
export interface Said {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
}
/**
 * Body of POST …/say: what a contact writes to the tenant. name: how the contact is called from now on.
 */
export interface SayInput {
  /**
   * A phone number with its country code.
   */
  from: string;
  /**
   * The text.
   */
  text: string;
  /**
   * Its name.
   */
  name?: string | null;
}
/**
 * Body of POST …/scan; may be left out. phoneNumber: the phone's, made up without one.
 */
export interface ScanInput {
  /**
   * A phone number with its country code.
   */
  phoneNumber?: string | null;
  /**
   * Its name.
   */
  name?: string | null;
}
/**
 * The phone that scanned.
 */
export interface Scanned {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string;
}
/**
 * Body of POST …/rotate-secret; may be left out.
 */
export interface SecretRotationInput {
  /**
   * How long the secret before signs too.
   */
  overlapSeconds?: number;
}
/**
 * {"type":"audio",…}: a sound file.
 */
export interface SendAudio {
  /**
   * The kind of message.
   */
  type: "audio";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"contacts","contacts":[…]}; `contact` with one instead is the same.
 */
export interface SendContacts {
  /**
   * The kind of message.
   */
  type: "contacts" | "contact";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The cards.
   */
  contacts?: [ContactInput, ...ContactInput[]] | null;
  /**
   * A single card, in place of `contacts`.
   */
  contact?: ContactInput | null;
}
/**
 * {"type":"delete","messageId"}: for everyone.
 */
export interface SendDelete {
  /**
   * The kind of message.
   */
  type: "delete";
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The message this is about.
   */
  messageId: string;
}
/**
 * {"type":"document",…}.
 */
export interface SendDocument {
  /**
   * The kind of message.
   */
  type: "document";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"edit","messageId","message"}: another text, or another caption.
 */
export interface SendEdit {
  /**
   * The kind of message.
   */
  type: "edit";
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The message this is about.
   */
  messageId: string;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message: string;
}
/**
 * {"type":"event","name","startsAt"}.
 */
export interface SendEvent {
  /**
   * The kind of message.
   */
  type: "event";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * What the place or the event is called.
   */
  name: string;
  /**
   * When it begins: ISO 8601 with an offset, or unix milliseconds.
   */
  startsAt: string | number;
  /**
   * When it ends.
   */
  endsAt?: string | number | null;
  /**
   * Of the event.
   */
  description?: string | null;
  /**
   * Where it is.
   */
  location?: PlaceInput | null;
  /**
   * Those who come may bring others.
   */
  extraGuestsAllowed?: boolean | null;
  /**
   * It does not take place.
   */
  isCancelled?: boolean | null;
}
/**
 * {"type":"forward","messageId","fromChat"}. fromChat: the chat the message is in; helps to find it.
 */
export interface SendForward {
  /**
   * The kind of message.
   */
  type: "forward";
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The message this is about.
   */
  messageId: string;
  /**
   * The chat the message is in, which helps to find it.
   */
  fromChat?: string | null;
}
/**
 * {"type":"gif",…}: repeats without sound.
 */
export interface SendGif {
  /**
   * The kind of message.
   */
  type: "gif";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"image",…}.
 */
export interface SendImage {
  /**
   * The kind of message.
   */
  type: "image";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * All that holds messages up, and what is used of it. isDefault: the settings decide, not the tenant.
 */
export interface SendLimits {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * How messages are spaced: `paced`, `conversations` or `unpaced`; `null` for the installation's.
   */
  profile: string;
  /**
   * It is the installation's own, made of its settings.
   */
  isDefault: boolean;
  /**
   * How many messages wait.
   */
  queued: number;
  /**
   * How many may wait.
   */
  queueLimit: number;
  /**
   * Of those that wait, how many would begin a chat.
   */
  parkedNewChats: number;
  /**
   * The pause between two messages that are no replies; `null` for none.
   */
  gapMs: Gap | null;
  /**
   * Each limit, and what is used of it.
   */
  buckets: Bucket[];
  /**
   * The first days after linking, in which less may be sent; `null` afterwards.
   */
  warmUp: WarmUp | null;
  /**
   * What WhatsApp itself limits.
   */
  restrictions: Restriction[];
  /**
   * When the next message leaves.
   */
  nextSendAt: string | null;
}
/**
 * The first days after pairing: the day it is, counted from 1, of so many.
 */
export interface WarmUp {
  /**
   * Which day it is, from 1.
   */
  day: number;
  /**
   * How many days there are.
   */
  days: number;
}
/**
 * Body of PUT …/limits. profile: null for what the settings say.
 */
export interface SendLimitsInput {
  /**
   * How messages are spaced: `paced`, `conversations` or `unpaced`; `null` for the installation's.
   */
  profile: ("paced" | "conversations" | "unpaced") | null;
}
/**
 * {"type":"location","latitude":…,"longitude":…}.
 */
export interface SendLocation {
  /**
   * The kind of message.
   */
  type: "location";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * In degrees.
   */
  latitude: number;
  /**
   * In degrees.
   */
  longitude: number;
  /**
   * What the place or the event is called.
   */
  name?: string | null;
  /**
   * Of the place, as text.
   */
  address?: string | null;
}
/**
 * {"type":"poll","question","options"}; one may be chosen unless selectableCount or multipleChoice says so.
 */
export interface SendPoll {
  /**
   * The kind of message.
   */
  type: "poll";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * What is asked.
   */
  question: string;
  /**
   * The answers to choose from.
   *
   * @minItems 2
   * @maxItems 12
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
   * How many answers may be chosen; 0 for any number.
   */
  selectableCount?: number | null;
  /**
   * Any number of answers may be chosen.
   */
  multipleChoice?: boolean | null;
}
/**
 * {"type":"reaction","messageId","emoji"}; an empty emoji takes it back.
 */
export interface SendReaction {
  /**
   * The kind of message.
   */
  type: "reaction";
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The message this is about.
   */
  messageId: string;
  /**
   * One emoji; empty takes the reaction back.
   */
  emoji: string;
}
/**
 * {"type":"text","message":…}. backgroundColor and font: in the number's story only.
 */
export interface SendText {
  /**
   * The kind of message.
   */
  type?: "text";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message: string;
  /**
   * What is shown for a link in the text. Nothing is ever fetched for it.
   */
  preview?: PreviewInput | null;
  /**
   * Of a story, such as `#1F7AEC`.
   */
  backgroundColor?: string | null;
  /**
   * Of a story.
   */
  font?: number | null;
}
/**
 * {"type":"video",…}.
 */
export interface SendVideo {
  /**
   * The kind of message.
   */
  type: "video";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Who is notified, by number or WhatsApp id; `all` for everybody in a group.
   */
  mentions?: (string | string[]) | null;
  /**
   * Notify everybody in the group; `"mentions":"all"` is the same.
   */
  mentionAll?: boolean | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"video_note",…}: a round video.
 */
export interface SendVideoNote {
  /**
   * The kind of message.
   */
  type: "video_note" | "ptv";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"voice",…}: a voice message.
 */
export interface SendVoice {
  /**
   * The kind of message.
   */
  type: "voice" | "ptt";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * It can be looked at once.
   */
  viewOnce?: boolean | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * {"type":"sticker",…}.
 */
export interface SendSticker {
  /**
   * The kind of message.
   */
  type: "sticker";
  /**
   * The id of the message this one answers.
   */
  replyTo?: string | null;
  /**
   * Not before this time, up to a year ahead: ISO 8601 with an offset, or unix milliseconds.
   */
  sendAt?: string | number | null;
  /**
   * Not after this time: it fails with `expired` then.
   */
  expiresAt?: string | number | null;
  /**
   * Not later than so many seconds after `sendAt`, or after now.
   */
  expiresIn?: number | null;
  /**
   * A phone number with its country code, the WhatsApp id of a chat, or `status` for your own story.
   */
  to: string;
  /**
   * Who sees a story, by number or WhatsApp id.
   */
  audience?: (string | string[]) | null;
  /**
   * `false`: only if the session is connected now.
   */
  queue?: boolean | null;
  /**
   * When no answer comes from WhatsApp: send the same bytes again, or hold it for a person.
   */
  onUncertain?: ("resend" | "hold") | null;
  /**
   * Seconds to wait for WhatsApp's server before the answer.
   */
  wait?: number | null;
  /**
   * Where the file is fetched from, over https.
   */
  mediaUrl?: string | null;
  /**
   * What the recipient sees a document called.
   */
  fileName?: string | null;
  /**
   * The text under the file.
   */
  caption?: string | null;
  /**
   * The text; under a file it stands in for a missing `caption`.
   */
  message?: string | null;
  /**
   * The file itself, as base64 or a `data:` URL, in place of `mediaUrl`.
   */
  mediaBase64?: string | null;
}
/**
 * A message that was taken. status: `sent` once WhatsApp's server has it, `accepted` before.
 *
 * It says nothing that the bridge does not keep with the message: the answer to a repeated request is made of the
 * same values and is the same to the byte.
 */
export interface SentMessage {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * WhatsApp's id of the message, fixed when it is accepted.
   */
  messageId: string;
  /**
   * `sent` once WhatsApp's server has it, `accepted` while it waits.
   */
  status: string;
  /**
   * Whom it is for, as a number in E.164 or a WhatsApp id.
   */
  to: string;
  /**
   * The chat's WhatsApp id, to write to.
   */
  chatId: string | null;
  /**
   * The kind.
   */
  type: string;
  /**
   * When it was recorded.
   */
  timestamp: string;
  /**
   * Not before; `null` for at once.
   */
  sendAt: string | null;
  /**
   * Not after.
   */
  expiresAt: string | null;
  /**
   * What it waits for; `null` when it waits for nothing.
   */
  heldBy: string | null;
  /**
   * When it will leave, as far as can be told.
   */
  expectedAt: string | null;
}
/**
 * A session after something was done with it.
 */
export interface Session {
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * The state, a code to decide by.
   */
  status: SessionState;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When something was sent or received last.
   */
  lastActivity: string | null;
  /**
   * A sentence for people: what is, and what to do.
   */
  message: string;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string | null;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * It connects through a proxy.
   */
  hasProxy: boolean;
  /**
   * Names one pairing of the tenant: `{tenantId}_{unix ms}`.
   */
  sessionId: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string | null;
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string | null;
  /**
   * Until when the QR code can be scanned.
   */
  qrExpiresAt: string | null;
  /**
   * The code to type on the phone, `ABCD-EFGH`; `null` when none was asked for.
   */
  pairingCode: string | null;
  /**
   * Until when the pairing code can be typed.
   */
  pairingCodeExpiresAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * A tenant without a session. deleted: false when there was none before either.
 */
export interface SessionDeleted {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * `false` when there was nothing to delete.
   */
  deleted: boolean;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
}
/**
 * Sessions in the order of tenantId. next: give it as `after` for the next page; null on the last.
 */
export interface SessionPage {
  /**
   * The sessions of the page.
   */
  sessions: SessionTruth[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * How a session is. message: for people, with what they can do; everything else is to decide by.
 */
export interface SessionTruth {
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * The state, a code to decide by.
   */
  status: SessionState;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When something was sent or received last.
   */
  lastActivity: string | null;
  /**
   * A sentence for people: what is, and what to do.
   */
  message: string;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string | null;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * It connects through a proxy.
   */
  hasProxy: boolean;
  /**
   * Names one pairing of the tenant: `{tenantId}_{unix ms}`.
   */
  sessionId: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
}
/**
 * What holds now.
 */
export interface SessionSettings {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * `none`: files are not downloaded. `on_demand`: when asked for. `automatic`: at once.
   */
  media: string;
  /**
   * With `automatic`: larger files wait until they are asked for.
   */
  automaticMaxBytes: number | null;
  /**
   * Calls are turned down.
   */
  rejectCalls: boolean;
  /**
   * Written to somebody whose call was turned down.
   */
  rejectCallsMessage: string | null;
  /**
   * There are `presence` events of the chats somebody wrote in lately.
   */
  followPresence: boolean;
  /**
   * What happens in groups is told.
   */
  groupEvents: boolean;
  /**
   * Stories of others are told.
   */
  statusMessages: boolean;
  /**
   * Posts of followed channels are told.
   */
  channelMessages: boolean;
}
/**
 * Body of PATCH …/settings: what is to change.
 */
export interface SessionSettingsInput {
  /**
   * `none`: files are not downloaded. `on_demand`: when asked for. `automatic`: at once.
   */
  media?: ("none" | "on_demand" | "automatic") | null;
  /**
   * With `automatic`: larger files wait until they are asked for.
   */
  automaticMaxBytes?: number | null;
  /**
   * Calls are turned down.
   */
  rejectCalls?: boolean | null;
  /**
   * Written to somebody whose call was turned down.
   */
  rejectCallsMessage?: string | null;
  /**
   * There are `presence` events of the chats somebody wrote in lately.
   */
  followPresence?: boolean | null;
  /**
   * What happens in groups is told.
   */
  groupEvents?: boolean | null;
  /**
   * Stories of others are told.
   */
  statusMessages?: boolean | null;
  /**
   * Posts of followed channels are told.
   */
  channelMessages?: boolean | null;
}
/**
 * A session with what it can be linked by now: a QR code as text and picture, a pairing code; else null.
 */
export interface SessionStatus {
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * The state, a code to decide by.
   */
  status: SessionState;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When something was sent or received last.
   */
  lastActivity: string | null;
  /**
   * A sentence for people: what is, and what to do.
   */
  message: string;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string | null;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * It connects through a proxy.
   */
  hasProxy: boolean;
  /**
   * Names one pairing of the tenant: `{tenantId}_{unix ms}`.
   */
  sessionId: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string | null;
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string | null;
  /**
   * Until when the QR code can be scanned.
   */
  qrExpiresAt: string | null;
  /**
   * The code to type on the phone, `ABCD-EFGH`; `null` when none was asked for.
   */
  pairingCode: string | null;
  /**
   * Until when the pairing code can be typed.
   */
  pairingCodeExpiresAt: string | null;
}
/**
 * No token of this sign-in is taken any more.
 */
export interface SignedOut {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
}
/**
 * Body of POST …/start; may be left out.
 */
export interface StartSessionInput {
  /**
   * Where the tenant's events go.
   */
  webhook?: WebhookInput | null;
}
/**
 * Where a tenant wants its events; without a secret one is made and shown once.
 */
export interface WebhookInput {
  /**
   * Its address.
   */
  url: string;
  /**
   * Signs the requests. Without one a secret is made, and shown once.
   */
  secret?: string | null;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events?: [string, ...string[]] | null;
}
/**
 * A session after it was started, with the webhook that was registered with it.
 */
export interface StartedSession {
  /**
   * Messages flow.
   */
  connected: boolean;
  /**
   * The state, a code to decide by.
   */
  status: SessionState;
  /**
   * In E.164, such as `+5511987654321`; `null` where WhatsApp does not tell.
   */
  phoneNumber: string | null;
  /**
   * When something was sent or received last.
   */
  lastActivity: string | null;
  /**
   * A sentence for people: what is, and what to do.
   */
  message: string;
  /**
   * Since when it is so.
   */
  since: string;
  /**
   * Why, as a code to decide by.
   */
  reason: string | null;
  /**
   * WhatsApp's own number behind the reason, where it gave one.
   */
  whatsappCode: number | null;
  /**
   * When a restriction or a ban ends.
   */
  restrictedUntil: string | null;
  /**
   * When the next attempt to connect begins.
   */
  retryAt: string | null;
  /**
   * How many attempts to connect failed in a row.
   */
  attempt: number | null;
  /**
   * It connects through a proxy.
   */
  hasProxy: boolean;
  /**
   * Names one pairing of the tenant: `{tenantId}_{unix ms}`.
   */
  sessionId: string;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The QR code as a picture, a `data:` URL; `null` when there is none to scan.
   */
  qrCode: string | null;
  /**
   * The text of the QR code, for those who draw it themselves; `null` when there is none to scan.
   */
  qr: string | null;
  /**
   * Until when the QR code can be scanned.
   */
  qrExpiresAt: string | null;
  /**
   * The code to type on the phone, `ABCD-EFGH`; `null` when none was asked for.
   */
  pairingCode: string | null;
  /**
   * Until when the pairing code can be typed.
   */
  pairingCodeExpiresAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Where the tenant's events go.
   */
  webhook: RegisteredWebhook | null;
}
/**
 * A ticket that opens one stream, once, until it expires.
 */
export interface StreamTicket {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * Goes into the address of the stream, `?ticket=`.
   */
  ticket: string;
  /**
   * Until when it opens a stream.
   */
  expiresAt: string;
}
/**
 * Body of POST …/suspend; may be left out.
 */
export interface SuspendInput {
  /**
   * Why, for people; its own keys are not told.
   */
  reason?: string | null;
}
/**
 * A tenant that is gone with everything it owned.
 */
export interface TenantDeleted {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * It is gone.
   */
  deleted: true;
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
}
/**
 * Body of POST /api/v1/tenants.
 */
export interface TenantInput {
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * A name for people.
   */
  name?: string | null;
  /**
   * Your own words about it: up to 20 names of letters, digits, dots, hyphens and underscores, each with a text.
   */
  labels?: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$".
     */
    [k: string]: string;
  };
  /**
   * Quotas of its own.
   */
  quotas?: QuotasInput;
}
/**
 * A tenant with what it uses now.
 */
export interface TenantNow {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The tenant.
   */
  tenant: Tenant;
  /**
   * What it uses of its quotas now.
   */
  used: QuotaUse;
}
/**
 * Tenants in the order of their ids. next: give it as `after` for the next page; null on the last.
 */
export interface TenantPage {
  /**
   * The tenants, in the order of their ids.
   */
  tenants: Tenant[];
  /**
   * Give it for the next page, as `after` or `before`; `null` on the last.
   */
  next: string | null;
}
/**
 * Body of PATCH …/tenants/{tenantId}: what is left out stays. labels: replaces all of them.
 */
export interface TenantPatchInput {
  /**
   * A name for people.
   */
  name?: string | null;
  /**
   * Your own words about it: up to 20 names of letters, digits, dots, hyphens and underscores, each with a text.
   */
  labels?: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$".
     */
    [k: string]: string;
  } | null;
  /**
   * Quotas of its own.
   */
  quotas?: QuotasInput | null;
}
/**
 * What a tenant used, both days included. days: those on which it used anything.
 */
export interface TenantUsage {
  /**
   * Your own id of the tenant.
   */
  tenantId: string;
  /**
   * The first day.
   */
  from: string;
  /**
   * The last day.
   */
  to: string;
  /**
   * The sum of all days.
   */
  total: Usage;
  /**
   * The days on which it used anything.
   */
  days: UsageDay[];
}
/**
 * What was used on a day of UTC.
 */
export interface UsageDay {
  /**
   * Messages.
   */
  messages: MessageCounts;
  /**
   * The webhooks.
   */
  webhooks: WebhookCounts;
  /**
   * Requests to the API that named the tenant.
   */
  requests: number;
  /**
   * Bytes of files.
   */
  mediaBytes: MediaBytes;
  /**
   * A day of UTC.
   */
  date: string;
}
/**
 * A token for `Authorization: Bearer`. tenants: null for all. signInEndsAt: until when it can be renewed.
 */
export interface Token {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * For `Authorization: Bearer`.
   */
  token: string;
  /**
   * When it has to be renewed.
   */
  expiresAt: string;
  /**
   * Until when it can be renewed.
   */
  signInEndsAt: string;
  /**
   * Tenants it opens; `null` for all.
   */
  tenants: string[] | null;
  /**
   * What it may do.
   */
  scopes: Scope[];
}
/**
 * Body of POST /api/v1/tokens; may be left out for all that the key may do.
 */
export interface TokenInput {
  /**
   * Tenants it opens, of those that the key opens; all of them when left out.
   */
  tenants?: [string, ...string[]] | null;
  /**
   * What it may do, of what the key may; all of it when left out.
   */
  scopes?: [Scope, ...Scope[]] | null;
}
/**
 * A webhook and how it stands. Values of headers and the secret are never shown again.
 */
export interface Webhook {
  /**
   * Its id.
   */
  id: string;
  /**
   * Its address.
   */
  url: string;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events: string[] | null;
  /**
   * `chat`: events of a chat one after the other. `none`: each by itself.
   */
  ordering: string;
  /**
   * Names of the headers that are sent besides.
   */
  headerNames: string[];
  /**
   * Files of messages up to so many bytes stand in the event itself, as base64.
   */
  inlineMediaMaxBytes: number;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Events are sent to it.
   */
  enabled: boolean;
  /**
   * How it stands, a code to decide by.
   */
  state: string;
  /**
   * Why nothing is sent: `gone`, `asked`, `failing` or `by_request`.
   */
  disabledReason: string | null;
  /**
   * Since when nothing is sent.
   */
  disabledAt: string | null;
  /**
   * How many events wait for it.
   */
  waiting: number;
  /**
   * How many attempts failed in a row.
   */
  consecutiveFailures: number;
  /**
   * Since when all attempts fail.
   */
  failingSince: string | null;
  /**
   * Why the last attempt failed.
   */
  lastFailure: string | null;
  /**
   * When the last attempt failed.
   */
  lastFailureAt: string | null;
  /**
   * When it is tried again.
   */
  nextProbeAt: string | null;
  /**
   * Until when the secret before signs too.
   */
  secretOverlapUntil: string | null;
  /**
   * It is the installation's own, made of its settings.
   */
  isDefault: boolean;
  /**
   * It came with the start of the session.
   */
  registeredByStart: boolean;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * When it was changed last.
   */
  updatedAt: string | null;
}
/**
 * Body of POST /webhooks/{tenantId}; without a secret one is made and shown once.
 */
export interface WebhookAddInput {
  /**
   * Its address.
   */
  url: string;
  /**
   * Signs the requests. Without one a secret is made, and shown once.
   */
  secret?: string | null;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events?: [string, ...string[]] | null;
  /**
   * Headers of your own, sent with every event. Kept encrypted and not shown again.
   */
  headers?: {
    [k: string]: string;
  } | null;
  /**
   * `chat`: events of a chat one after the other. `none`: each by itself.
   */
  ordering?: "chat" | "none";
  /**
   * Files of messages up to so many bytes stand in the event itself, as base64.
   */
  inlineMediaMaxBytes?: number;
  /**
   * Its description.
   */
  description?: string | null;
}
/**
 * Body of PATCH /webhooks/{tenantId}/{webhookId}: what is left out stays; events: null is all of them.
 */
export interface WebhookChangeInput {
  /**
   * Its address.
   */
  url?: string;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events?: [string, ...string[]] | null;
  /**
   * Headers of your own, sent with every event. Kept encrypted and not shown again.
   */
  headers?: {
    [k: string]: string;
  } | null;
  /**
   * `chat`: events of a chat one after the other. `none`: each by itself.
   */
  ordering?: "chat" | "none";
  /**
   * Files of messages up to so many bytes stand in the event itself, as base64.
   */
  inlineMediaMaxBytes?: number;
  /**
   * Its description.
   */
  description?: string | null;
  /**
   * Events are sent to it.
   */
  enabled?: boolean;
}
/**
 * All webhooks of a tenant, oldest first.
 */
export interface WebhookPage {
  /**
   * The webhooks.
   */
  webhooks: Webhook[];
}
/**
 * A webhook that is gone. dropped: events that waited for it.
 */
export interface WebhookRemoved {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * How many events waited for it and are gone.
   */
  dropped: number;
}
/**
 * What became of a test event.
 */
export interface WebhookTest {
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The event's id.
   */
  eventId: string;
  /**
   * The application took it.
   */
  delivered: boolean;
  /**
   * Why, as a code to decide by.
   */
  reason: string;
  /**
   * The HTTP status it was answered with; `null` without an answer.
   */
  status: number | null;
  /**
   * How long it took.
   */
  milliseconds: number;
  /**
   * The beginning of what it was answered.
   */
  answer: string;
}
/**
 * A webhook with the secret that was made for it just now, or null.
 */
export interface WebhookWithSecret {
  /**
   * Its id.
   */
  id: string;
  /**
   * Its address.
   */
  url: string;
  /**
   * The kinds of events that are wanted; `null` for all.
   */
  events: string[] | null;
  /**
   * `chat`: events of a chat one after the other. `none`: each by itself.
   */
  ordering: string;
  /**
   * Names of the headers that are sent besides.
   */
  headerNames: string[];
  /**
   * Files of messages up to so many bytes stand in the event itself, as base64.
   */
  inlineMediaMaxBytes: number;
  /**
   * Its description.
   */
  description: string | null;
  /**
   * Events are sent to it.
   */
  enabled: boolean;
  /**
   * How it stands, a code to decide by.
   */
  state: string;
  /**
   * Why nothing is sent: `gone`, `asked`, `failing` or `by_request`.
   */
  disabledReason: string | null;
  /**
   * Since when nothing is sent.
   */
  disabledAt: string | null;
  /**
   * How many events wait for it.
   */
  waiting: number;
  /**
   * How many attempts failed in a row.
   */
  consecutiveFailures: number;
  /**
   * Since when all attempts fail.
   */
  failingSince: string | null;
  /**
   * Why the last attempt failed.
   */
  lastFailure: string | null;
  /**
   * When the last attempt failed.
   */
  lastFailureAt: string | null;
  /**
   * When it is tried again.
   */
  nextProbeAt: string | null;
  /**
   * Until when the secret before signs too.
   */
  secretOverlapUntil: string | null;
  /**
   * It is the installation's own, made of its settings.
   */
  isDefault: boolean;
  /**
   * It came with the start of the session.
   */
  registeredByStart: boolean;
  /**
   * When it was made.
   */
  createdAt: string | null;
  /**
   * When it was changed last.
   */
  updatedAt: string | null;
  /**
   * Always `true`; of errors it is `false`.
   */
  success: true;
  /**
   * The secret that was made just now, shown this once; `null` when it was given.
   */
  secret: string | null;
}

/** What comes to a webhook: decide by `event`. */
export type WebhookEvent =
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
