/**
 * What a device gets that says it could not read a message of ours (a retry receipt). Baileys asks here for the message,
 * then encrypts it anew for that device. Nobody who has it gets it again: a device that has said so gets nothing, and
 * where Baileys writes to the others as well, they get the bytes they had.
 */
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { aliasesOf, mayBeSame } from "./addresses.js";
import { decodeKey } from "./auth-store.js";
import { proto } from "./baileys.js";
import type { Self } from "./incoming.js";
import { isGroupJid, isStatusJid, sameUser } from "./jid.js";
import { deviceNames, deviceOf, relaying } from "./relaying.js";
import { chatIdOf, type OutboxRow } from "../store/outbox-row.js";
import type { StoryCopy } from "./story-copy.js";

/** Which message, and who asks. */
export interface AskedFor {
  id?: string | null | undefined;
  remoteJid?: string | null | undefined;
  /** The device that asks, in a group and for a message to one person alike. */
  participant?: string | null | undefined;
}

export interface CopyDeps {
  store: Store;
  pairing: Pairing;
  self: () => Self;
  /** Sends a story again to one person, beside what Baileys does. */
  storyAgain: (copy: StoryCopy) => void;
}

/** The message for a device that could not read it; undefined when it gets none. Baileys relays it from where it asks. */
export function secondCopy({ store, pairing, self, storyAgain }: CopyDeps, key: AskedFor): proto.IMessage | undefined {
  const asker = key.participant ?? key.remoteJid ?? undefined;
  // A receipt names one message. With several nobody could tell which one is being encrypted.
  if (asker === undefined || typeof key.id !== "string" || relaying.getStore()?.asker !== undefined) return undefined;
  const row = store.outbox.get(pairing.tenantId, key.id);
  if (row?.built === undefined || row.pairingId !== pairing.id || row.status === "failed") return undefined;
  const { phone, lid } = self();
  const own = sameUser(asker, phone) || sameUser(asker, lid);
  if (!own && !wasFor(store, pairing, row, asker, key.remoteJid ?? "")) return undefined;
  const people = aliasesOf(store, pairing, asker);
  if (hasIt(store, row, people, deviceOf(asker))) return undefined;
  const names = deviceNames(people, asker);
  const chatId = chatIdOf(row) ?? "";
  if (isStatusJid(chatId) && !own) {
    const person = viewerOf(store, pairing, row, asker);
    const people = (row.built.statusJids ?? []).filter((jid) => jid === person || sameUser(jid, phone) || sameUser(jid, lid));
    storyAgain({ outboxId: row.id, messageId: row.messageId, built: row.built, people, asker, names });
    return undefined;
  }
  relaying.enterWith({ outboxId: row.id, again: true, asker: names, recipients: undefined, ...(isGroupJid(chatId) ? { keyHolders: holders(store, pairing, chatId, names) } : {}) });
  return proto.Message.decode(row.built.encoded);
}

/** True when the asker may have been sent this message. */
function wasFor(store: Store, pairing: Pairing, row: OutboxRow, asker: string, chat: string): boolean {
  const chatId = chatIdOf(row) ?? "";
  if (isGroupJid(chatId)) return chat === chatId;
  if (isStatusJid(chatId)) return viewerOf(store, pairing, row, asker) !== undefined;
  return mayBeSame(store, pairing, chatId, asker);
}

/** Who of those a story is for asks. */
function viewerOf(store: Store, pairing: Pairing, row: OutboxRow, asker: string): string | undefined {
  return row.built?.statusJids?.find((jid) => mayBeSame(store, pairing, jid, asker));
}

/**
 * True when this device said that it has the message. Where only the person is named, as servers do, the phone is meant;
 * a linked device may still lack it, but not when the message was handed over twice: then it may be refusing a copy.
 */
function hasIt(store: Store, row: OutboxRow, people: readonly string[], device: number): boolean {
  const devices = people.flatMap((person) => store.receipts.devicesOf(row, person));
  return devices.includes(device) || (devices.includes(0) && row.tries > 1);
}

/** Who has our key of a group, the asker left out. */
function holders(store: Store, pairing: Pairing, group: string, asker: readonly string[]): Record<string, boolean> {
  const bytes = store.secrets.key(pairing, "sender-key-memory", group);
  const known = bytes === undefined ? {} : (decodeKey(bytes) as Record<string, boolean>);
  const others = Object.entries(known).filter(([jid]) => !deviceNames(aliasesOf(store, pairing, jid), jid).some((name) => asker.includes(name)));
  return Object.fromEntries(others);
}
