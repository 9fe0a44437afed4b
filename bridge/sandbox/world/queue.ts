import { decodeStanza, encodeStanza } from "../wire/codec.js";
import type { Stanza } from "../wire/stanza.js";

/** Stanzas kept for one device; when it is full the oldest goes, as it does on a phone that stays off for months. */
export const MAX_QUEUED = 20_000;

/**
 * What was sent to a device and is not acknowledged yet, in order. It is replayed at the next login, so a stanza
 * leaves only when the client said `<ack>` or `<receipt>` for it.
 */
export class DeliveryQueue {
  private readonly pending = new Map<string, Stanza>();

  constructor(saved: string[] = []) {
    for (const encoded of saved) this.add(decodeStanza(Buffer.from(encoded, "base64")));
  }

  get size(): number {
    return this.pending.size;
  }

  add(stanza: Stanza): void {
    const key = keyOf(stanza);
    // A resend under the same id takes the place of the first copy.
    this.pending.delete(key);
    this.pending.set(key, stanza);
    if (this.pending.size <= MAX_QUEUED) return;
    const oldest = this.pending.keys().next();
    if (!oldest.done) this.pending.delete(oldest.value);
  }

  /** Forgets a message by its id (Baileys acknowledges messages by receipt). */
  messageDone(id: string): boolean {
    return this.pending.delete(`message:${id}`);
  }

  /** Forgets what an `<ack class id to participant type>` names. */
  acked(ack: Stanza): boolean {
    const { class: tag, id, to, participant, type } = ack.attrs;
    if (!tag || !id) return false;
    if (tag === "message") return this.messageDone(id);
    return this.pending.delete(key(tag, id, to, participant, type));
  }

  list(): Stanza[] {
    return [...this.pending.values()];
  }

  clear(): void {
    this.pending.clear();
  }

  toJSON(): string[] {
    return this.list().map((stanza) => encodeStanza(stanza).toString("base64"));
  }
}

function keyOf(stanza: Stanza): string {
  const { id = "", from, participant, type } = stanza.attrs;
  return stanza.tag === "message" ? `message:${id}` : key(stanza.tag, id, from, participant, type);
}

function key(tag: string, id: string, peer = "", participant = "", type = ""): string {
  return [tag, id, peer, participant, type].join(":");
}
