/** A message of the outbox: what it is, how its contents are sealed, which way its status goes and how callers see it. */
import type { ContentType, HoldReason, MessageContext, MessageFailure, MessageStatus, OutgoingContent, OutgoingMessage } from "../rpc/contract.gen.js";
import type { RecentContents } from "./recent-contents.js";
import { SealBroken, type Vault } from "./seal.js";

/** What the caller asked for. Never changes. */
export interface OutgoingRequest {
  /** As the caller wrote it. */
  recipient: string;
  /** The chat it stands for, when that was known as it was accepted. */
  chatId?: string | undefined;
  content: OutgoingContent;
  context?: MessageContext | undefined;
  /** Of a story: who sees it. */
  audience?: readonly string[] | undefined;
}

/** What is handed to WhatsApp. Never changes either, however often it is handed over. */
export interface BuiltMessage {
  chatId: string;
  /** An encoded proto.Message. */
  encoded: Uint8Array;
  /** Of a story: who gets it. */
  statusJids?: readonly string[] | undefined;
  attributes?: Readonly<Record<string, string>> | undefined;
  nodes?: readonly { tag: string; attrs: Record<string, string> }[] | undefined;
}

/**
 * Where an accepted message is. scheduled: its time has not come. paused: its batch is paused. queued: one before it in
 * its chat has not left. ready: first in its chat. parked: first in its chat, and may not leave before it is woken.
 * handed: encrypted for the first device, so that from here on it may have reached somebody. stranded: handed over by
 * somebody else, as far as anyone knows: by a bridge of before, or by the original of a restored copy.
 */
export type Stage = "scheduled" | "paused" | "queued" | "ready" | "parked" | "handed" | "stranded";

/** The stages of a message that was not handed over: it may still be taken back. */
export const WAITING: readonly Stage[] = ["scheduled", "paused", "queued", "ready", "parked"];

export type FailureCode = MessageFailure["code"];

/** A message about to be accepted. */
export interface NewMessage {
  tenantId: string;
  messageId: string;
  pairingId: number;
  batchId?: string | undefined;
  request: OutgoingRequest;
  built?: BuiltMessage | undefined;
  /** Everything the recipient is known by; equal ones are one chat and one line. At least one. */
  addresses: readonly string[];
  /** Smaller ones leave first. */
  rank: number;
  acceptedAtMs: number;
  sendAtMs?: number | undefined;
  expiresAtMs: number;
  /** Leave it as unknown instead of handing it over again when no answer came. */
  holdWhenUncertain: boolean;
  /** It stands in no line until its batch is resumed. */
  paused?: true;
}

/** A message of the outbox. */
export interface OutboxRow {
  readonly id: number;
  readonly tenantId: string;
  readonly messageId: string;
  readonly pairingId: number;
  readonly batchId: string | undefined;
  readonly type: ContentType;
  readonly chat: number;
  readonly rank: number;
  readonly status: MessageStatus;
  readonly stage: Stage | undefined;
  readonly hold: HoldReason | undefined;
  readonly wakeMs: number | undefined;
  readonly acceptedAtMs: number;
  readonly sendAtMs: number | undefined;
  readonly expiresAtMs: number | undefined;
  readonly sentAtMs: number | undefined;
  readonly deliveredAtMs: number | undefined;
  readonly readAtMs: number | undefined;
  readonly playedAtMs: number | undefined;
  readonly failedAtMs: number | undefined;
  readonly failure: FailureCode | undefined;
  readonly whatsappError: number | undefined;
  readonly tries: number;
  readonly faults: number;
  readonly holdWhenUncertain: boolean;
  readonly recipientCount: number | undefined;
  readonly deliveredCount: number;
  readonly readCount: number;
  readonly playedCount: number;
  readonly request: OutgoingRequest;
  readonly built: BuiltMessage | undefined;
}

/** A row as SQLite gives it, with its body. */
export interface RawRow {
  id: number;
  tenant_id: string;
  message_id: string;
  pairing_id: number;
  batch_id: string | null;
  type: string;
  chat: number;
  rank: number;
  status: string;
  stage: string | null;
  hold: string | null;
  wake_ms: number | null;
  accepted_ms: number;
  send_at_ms: number | null;
  expires_ms: number | null;
  sent_ms: number | null;
  delivered_ms: number | null;
  read_ms: number | null;
  played_ms: number | null;
  failed_ms: number | null;
  failure: string | null;
  whatsapp_error: number | null;
  tries: number;
  faults: number;
  hold_uncertain: number;
  recipient_count: number | null;
  delivered_count: number;
  read_count: number;
  played_count: number;
  request: Buffer;
  built: Buffer | null;
}

/** Reads rows with their bodies; goes in front of a WHERE. */
export const SELECT_ROW = "SELECT o.*, b.request, b.built FROM outbox o JOIN outbox_body b ON b.outbox_id = o.id";

const LENGTH_BYTES = 4;

/** What the caller asked for, sealed by its tenant's key and bound to the message's id. */
export function sealRequest(vault: Vault, messageId: string, request: OutgoingRequest): Buffer {
  return vault.seal("outbox", messageId, Buffer.from(JSON.stringify(request)));
}

/** What is handed over, sealed likewise: length of the JSON (4 bytes) | JSON | encoded. */
export function sealBuilt(vault: Vault, messageId: string, { encoded, ...rest }: BuiltMessage): Buffer {
  const json = Buffer.from(JSON.stringify(rest));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return vault.seal("outbox-built", messageId, Buffer.concat([length, json, encoded]));
}

function openBuilt(vault: Vault, messageId: string, sealed: Buffer): BuiltMessage {
  const bytes = vault.open("outbox-built", messageId, sealed);
  const end = LENGTH_BYTES + bytes.readUInt32BE();
  const json = JSON.parse(bytes.subarray(LENGTH_BYTES, end).toString()) as Omit<BuiltMessage, "encoded">;
  return { ...json, encoded: bytes.subarray(end) };
}

/** A row with its contents opened; undefined when the key they were sealed with is gone: its tenant was erased. */
export function openRow(vault: Vault | undefined, raw: RawRow, recent: Pick<RecentContents, "get">): OutboxRow | undefined {
  if (vault === undefined) return undefined;
  const { message_id: messageId, built } = raw;
  try {
    return {
      ...plain(raw),
      request: recent.get(requestName(raw.id), raw.request, () => JSON.parse(vault.open("outbox", messageId, raw.request).toString()) as OutgoingRequest),
      built: built === null ? undefined : recent.get(builtName(raw.id), built, () => openBuilt(vault, messageId, built)),
    };
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

/** What a row's request is called among recent contents. */
export function requestName(id: number): string {
  return `${id}`;
}

/** What a row's built message is called there. */
export function builtName(id: number): string {
  return `${id} built`;
}

function plain(raw: RawRow): Omit<OutboxRow, "request" | "built"> {
  return {
    id: raw.id,
    tenantId: raw.tenant_id,
    messageId: raw.message_id,
    pairingId: raw.pairing_id,
    batchId: raw.batch_id ?? undefined,
    type: raw.type as ContentType,
    chat: raw.chat,
    rank: raw.rank,
    status: raw.status as MessageStatus,
    stage: (raw.stage ?? undefined) as Stage | undefined,
    hold: (raw.hold ?? undefined) as HoldReason | undefined,
    wakeMs: raw.wake_ms ?? undefined,
    acceptedAtMs: raw.accepted_ms,
    sendAtMs: raw.send_at_ms ?? undefined,
    expiresAtMs: raw.expires_ms ?? undefined,
    sentAtMs: raw.sent_ms ?? undefined,
    deliveredAtMs: raw.delivered_ms ?? undefined,
    readAtMs: raw.read_ms ?? undefined,
    playedAtMs: raw.played_ms ?? undefined,
    failedAtMs: raw.failed_ms ?? undefined,
    failure: (raw.failure ?? undefined) as FailureCode | undefined,
    whatsappError: raw.whatsapp_error ?? undefined,
    tries: raw.tries,
    faults: raw.faults,
    holdWhenUncertain: raw.hold_uncertain === 1,
    recipientCount: raw.recipient_count ?? undefined,
    deliveredCount: raw.delivered_count,
    readCount: raw.read_count,
    playedCount: raw.played_count,
  };
}

/**
 * Which statuses a message may leave for a new one. Later knowledge only ever adds: a status never goes back, and what
 * failed stays so.
 */
const COMES_FROM: Record<MessageStatus, readonly MessageStatus[]> = {
  accepted: [],
  unknown: ["accepted"],
  sent: ["accepted", "unknown"],
  failed: ["accepted", "unknown"],
  delivered: ["accepted", "unknown", "sent"],
  read: ["accepted", "unknown", "sent", "delivered"],
  played: ["accepted", "unknown", "sent", "delivered", "read"],
};

/** True when a message in `from` may become `to`. */
export function mayBecome(from: MessageStatus, to: MessageStatus): boolean {
  return COMES_FROM[to].includes(from);
}

/** The chat a message goes to, when it is known. */
export function chatIdOf(row: Pick<OutboxRow, "request" | "built">): string | undefined {
  return row.built?.chatId ?? row.request.chatId;
}

/** Why a message failed, for callers. */
export function failureOf({ failure, whatsappError }: Pick<OutboxRow, "failure" | "whatsappError">): MessageFailure | undefined {
  if (failure === undefined) return undefined;
  return { code: failure, ...(whatsappError === undefined ? {} : { whatsappError }) };
}

type Times = "sendAtMs" | "expiresAtMs" | "sentAtMs" | "deliveredAtMs" | "readAtMs" | "playedAtMs" | "failedAtMs";
const TIMES: readonly Times[] = ["sendAtMs", "expiresAtMs", "sentAtMs", "deliveredAtMs", "readAtMs", "playedAtMs", "failedAtMs"];

/** A message as callers see it, without why it waits and without who did what. */
export function toOutgoingMessage(row: OutboxRow): OutgoingMessage {
  const chatId = chatIdOf(row);
  const failure = failureOf(row);
  return {
    messageId: row.messageId,
    to: row.request.recipient,
    type: row.type,
    ...(chatId === undefined ? {} : { chatId }),
    status: row.status,
    acceptedAtMs: row.acceptedAtMs,
    ...Object.fromEntries(TIMES.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]))),
    ...(failure === undefined ? {} : { failure }),
    ...(row.batchId === undefined ? {} : { batchId: row.batchId }),
    ...(row.recipientCount === undefined ? {} : { recipientCount: row.recipientCount }),
  };
}
