/** Where a received message belongs and who wrote it, read from its stanza. */
import { createHash } from "node:crypto";
import type { MessageEvent, Person } from "../rpc/contract.gen.js";
import { bareJid, isBroadcastJid, isChannelJid, isGroupJid, isStatusJid, lidJid, phoneJid, sameUser } from "./jid.js";
import { secondsToMs } from "./nodes.js";

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
  chatType: MessageEvent["chatType"];
  fromMe: boolean;
  sentAtMs: number;
  pushName: string | undefined;
  /** WhatsApp's own word for a message that changes another: 1 edit, 7 taken back by its author, 8 by an admin. */
  edit: string | undefined;
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

/** Somebody by the first phone JID and the first LID among these. */
export function party(...jids: (string | undefined)[]): Party {
  const phone = jids.map(phoneJid).find((jid) => jid !== undefined);
  const lid = jids.map(lidJid).find((jid) => jid !== undefined);
  return { phone, lid, other: phone === undefined && lid === undefined ? bareJid(jids[0]) : undefined };
}

/**
 * Reads the addresses of a `<message>` stanza; undefined for what is in no chat of the tenant: what its own devices tell
 * each other. Attribute names: whatsmeow `parseMessageSource`.
 */
export function readEnvelope(attrs: Attributes, self: Self, nowMs: number): Envelope | undefined {
  const { id, from, participant, recipient } = attrs;
  if (id === undefined || from === undefined || attrs["category"] === "peer") return undefined;
  const isMe = (jid: string | undefined): boolean => sameUser(jid, self.phone) || sameUser(jid, self.lid);
  const common = { id, sentAtMs: secondsToMs(attrs["t"]) ?? nowMs, pushName: attrs["notify"], edit: attrs["edit"] };
  if (isChannelJid(from)) {
    const nobody = { phone: undefined, lid: undefined, other: undefined };
    return { ...common, remoteJid: from, participant: undefined, chat: party(from), sender: nobody, chatType: "channel", fromMe: false };
  }
  if (isGroupJid(from) || isBroadcastJid(from)) {
    if (participant === undefined) return undefined;
    const sender = party(participant, attrs["participant_pn"], attrs["participant_lid"], attrs["sender_pn"], attrs["sender_lid"]);
    const fromMe = isMe(participant);
    const key = { remoteJid: from, participant };
    if (isStatusJid(from)) return { ...common, ...key, chat: party(from), sender, chatType: "status", fromMe };
    // A broadcast list shows up in the chat with its sender, and one's own list is no chat at all.
    if (isBroadcastJid(from)) return fromMe ? undefined : { ...common, ...key, chat: sender, sender, chatType: "person", fromMe };
    return { ...common, ...key, chat: party(from), sender, chatType: "group", fromMe };
  }
  if (phoneJid(from) === undefined && lidJid(from) === undefined) return undefined;
  if (isMe(from)) {
    const chat = recipient === undefined
      ? party(from, self.phone, self.lid)
      : party(recipient, attrs["recipient_pn"], attrs["peer_recipient_pn"], attrs["recipient_lid"], attrs["peer_recipient_lid"]);
    return { ...common, remoteJid: recipient ?? from, participant: undefined, chat, sender: party(self.phone, self.lid), chatType: "person", fromMe: true };
  }
  const sender = party(from, attrs["sender_pn"], attrs["sender_lid"]);
  return { ...common, remoteJid: from, participant: undefined, chat: sender, sender, chatType: "person", fromMe: false };
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

/** What every event about a message says of where it is and who it is from. */
export type Whereabouts = Pick<MessageEvent, "chatId" | "chatType" | "isGroup" | "fromMe" | "sender">;

/** Undefined when the chat has no usable address. */
export function whereabouts({ chat, chatType, fromMe }: Envelope, sender: Person): Whereabouts | undefined {
  const chatId = addressOf(chat);
  return chatId === undefined ? undefined : { chatId, chatType, isGroup: chatType === "group", fromMe, sender };
}

/** Names a message among all: the same tenant, chat, id and sender are the same message. */
export function dedupKey(tenantId: string, { chat, id, sender }: Pick<Envelope, "chat" | "id" | "sender">): Buffer {
  return createHash("sha256").update(JSON.stringify([tenantId, addressOf(chat), id, addressOf(sender)])).digest();
}

/** Names the news that a message could not be read, which is another event than the message. */
export function unreadableKey(tenantId: string, envelope: Envelope): Buffer {
  return createHash("sha256").update("unreadable").update(dedupKey(tenantId, envelope)).digest();
}
