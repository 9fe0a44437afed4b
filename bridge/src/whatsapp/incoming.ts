/** From a received stanza and its decrypted content to the contract's `message` event. */
import { createHash } from "node:crypto";
import type { IncomingContent, MessageEvent, Person } from "../rpc/contract.gen.js";
import { wellFormed } from "./content.js";
import { bareJid, isBroadcastJid, isGroupJid, isStatusJid, lidJid, phoneJid, phoneNumberOf, sameUser } from "./jid.js";

/** The session's own account. JIDs may carry a device. */
export interface Self {
  phone: string | undefined;
  lid: string | undefined;
  name: string | undefined;
}

/** Where a message was written, by whom, and when. */
export interface Envelope {
  /** WhatsApp's id, unchanged. */
  id: string;
  /** The chat and, in a group, the author by the addresses the stanza used. */
  remoteJid: string;
  participant: string | undefined;
  chat: Party;
  sender: Party;
  isGroup: boolean;
  fromMe: boolean;
  sentAtMs: number;
  pushName: string | undefined;
}

/** Somebody or some group, by every address known. */
export interface Party {
  phone: string | undefined;
  lid: string | undefined;
  other: string | undefined;
}

/** Finds the other address of a person among what the session has learnt; never asks the network. */
export interface AddressBook {
  lidOf(phone: string): Promise<string | undefined>;
  phoneOf(lid: string): Promise<string | undefined>;
}

type Attributes = Readonly<Record<string, string | undefined>>;

const MAX_NAME_LENGTH = 512;

/** Somebody by the first phone JID and the first LID among these. */
export function party(...jids: (string | undefined)[]): Party {
  const phone = jids.map(phoneJid).find((jid) => jid !== undefined);
  const lid = jids.map(lidJid).find((jid) => jid !== undefined);
  return { phone, lid, other: phone === undefined && lid === undefined ? bareJid(jids[0]) : undefined };
}

/**
 * Reads the addresses of a `<message>` stanza; undefined for what is in no chat of the tenant: status updates,
 * channels, and what the tenant's own devices tell each other. Attribute names: whatsmeow `parseMessageSource`.
 */
export function readEnvelope(attrs: Attributes, self: Self, nowMs: number): Envelope | undefined {
  const { id, from, participant, recipient } = attrs;
  if (id === undefined || from === undefined || attrs["category"] === "peer" || isStatusJid(from)) return undefined;
  const isMe = (jid: string | undefined): boolean => sameUser(jid, self.phone) || sameUser(jid, self.lid);
  const seconds = Number(attrs["t"]);
  const common = { id, sentAtMs: Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : nowMs, pushName: attrs["notify"] };
  if (isGroupJid(from) || isBroadcastJid(from)) {
    if (participant === undefined) return undefined;
    const sender = party(participant, attrs["participant_pn"], attrs["participant_lid"], attrs["sender_pn"], attrs["sender_lid"]);
    const fromMe = isMe(participant);
    // A broadcast list shows up in the chat with its sender, and one's own list is no chat at all.
    const key = { remoteJid: from, participant };
    if (isBroadcastJid(from)) return fromMe ? undefined : { ...common, ...key, chat: sender, sender, isGroup: false, fromMe };
    return { ...common, ...key, chat: party(from), sender, isGroup: true, fromMe };
  }
  if (phoneJid(from) === undefined && lidJid(from) === undefined) return undefined;
  if (isMe(from)) {
    const chat = recipient === undefined
      ? party(from, self.phone, self.lid)
      : party(recipient, attrs["recipient_pn"], attrs["peer_recipient_pn"], attrs["recipient_lid"], attrs["peer_recipient_lid"]);
    return { ...common, remoteJid: recipient ?? from, participant: undefined, chat, sender: party(self.phone, self.lid), isGroup: false, fromMe: true };
  }
  const sender = party(from, attrs["sender_pn"], attrs["sender_lid"]);
  return { ...common, remoteJid: from, participant: undefined, chat: sender, sender, isGroup: false, fromMe: false };
}

async function complete(someone: Party, book: AddressBook): Promise<Party> {
  if (someone.other !== undefined) return someone;
  return {
    phone: someone.phone ?? (someone.lid === undefined ? undefined : await book.phoneOf(someone.lid)),
    lid: someone.lid ?? (someone.phone === undefined ? undefined : await book.lidOf(someone.phone)),
    other: undefined,
  };
}

/** Fills in the addresses the stanza did not carry. */
export async function completeEnvelope(envelope: Envelope, book: AddressBook): Promise<Envelope> {
  const sender = await complete(envelope.sender, book);
  const chat = envelope.chat === envelope.sender ? sender : await complete(envelope.chat, book);
  return { ...envelope, chat, sender };
}

function addressOf(someone: Party): string | undefined {
  return someone.phone ?? someone.lid ?? someone.other;
}

function toPerson(someone: Party, name: string | undefined): Person {
  const phoneNumber = phoneNumberOf(someone.phone);
  return {
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
    ...(someone.lid === undefined ? {} : { lid: someone.lid }),
    ...(name === undefined || name === "" ? {} : { name: wellFormed(name, MAX_NAME_LENGTH) }),
  };
}

/** A message id the contract can carry. The sender chooses it, so it may hold anything. */
export function safeMessageId(id: string): string {
  return id.replace(/[^A-Za-z0-9._:@-]/g, "_").slice(0, 128) || "_";
}

/** The event of a message; undefined when its chat has no usable address. */
export function toMessageEvent(envelope: Envelope, content: IncomingContent, self: Self): MessageEvent | undefined {
  const chatId = addressOf(envelope.chat);
  if (chatId === undefined) return undefined;
  return {
    type: "message",
    messageId: safeMessageId(envelope.id),
    chatId,
    isGroup: envelope.isGroup,
    fromMe: envelope.fromMe,
    sender: toPerson(envelope.sender, envelope.fromMe ? self.name : envelope.pushName),
    sentAtMs: envelope.sentAtMs,
    content,
  };
}

/** Names a message among all: the same tenant, chat, id and sender are the same message. */
export function dedupKey(tenantId: string, envelope: Envelope): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([tenantId, addressOf(envelope.chat), envelope.id, addressOf(envelope.sender)]))
    .digest();
}
