/**
 * Which message Baileys is relaying right now. It encrypts for each device deep inside one call and says nothing of the
 * message there; this tells, so that the ciphertexts are kept with the message they belong to.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { jidDecode } from "./baileys.js";
import { bareJid } from "./jid.js";

/** A message on its way through Baileys. */
export interface Relaying {
  /** Its row in the outbox. */
  readonly outboxId: number;
  /** True when devices may have a ciphertext of it: those get the same again. */
  readonly again: boolean;
  /** The row of the message before it in its chat, when that one's ciphertexts are on their way to the disk as well. */
  readonly after?: number | undefined;
  /** The device that could not read it, with every address it has: it alone gets a fresh ciphertext. */
  readonly asker?: readonly string[];
  /** In a group, when a device asked: who has our key, so that nobody but the asker is given it again. */
  readonly keyHolders?: Readonly<Record<string, boolean>>;
  /** People in the group or story it goes to. */
  readonly recipients: number | undefined;
}

/** What Baileys relays on behalf of whoever runs in it. */
export const relaying = new AsyncLocalStorage<Relaying>();

/** The number of a device: 0 is the phone. */
export function deviceOf(jid: string): number {
  return jidDecode(jid)?.device ?? 0;
}

/** Names a device by its person's address, so that it has one name whatever address it was written to. */
export function deviceName(person: string, jid: string): string {
  return `${person}:${deviceOf(jid)}`;
}

/** The names a device may have, the person's own address first. */
export function deviceNames(people: readonly string[], jid: string): string[] {
  return [...new Set([...people, bareJid(jid) ?? jid])].map((person) => deviceName(person, jid));
}
