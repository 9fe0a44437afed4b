/** What waits to leave, as far as limits are concerned. */
import type { OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";
import { toCandidate } from "./candidates.js";
import type { Candidate } from "./ports.js";

/** Heads of chats looked at to say what leaves next. */
const HEADS = 64;

export class Waiting {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** How many messages of a tenant wait, batches apart. */
  count(tenantId: string): number {
    return this.#store.outbox.waiting(tenantId).single;
  }

  /** First messages of chats that could leave now, the first to go first. */
  heads(tenantId: string): Candidate[] {
    const pairing = this.#pairing(tenantId);
    if (pairing === undefined) return [];
    const rows = this.#store.outbox.line.readyIds(pairing.id, HEADS).flatMap((id): OutboxRow | never[] => this.#store.outbox.byId(id) ?? []);
    return rows.map((row) => toCandidate(row, pairing, row.built?.chatId ?? row.request.chatId));
  }

  /** Messages that were put aside: how many because new chats are not possible, and when the first of all is due. */
  aside(tenantId: string): { newChats: number; nextMs: number | undefined } {
    const pairing = this.#pairing(tenantId);
    return pairing === undefined ? { newChats: 0, nextMs: undefined } : this.#store.outbox.line.parkedOf(pairing.id);
  }

  #pairing(tenantId: string): Candidate["pairing"] | undefined {
    const row = this.#store.sessions.get(tenantId);
    return row === undefined ? undefined : this.#store.sessions.pairing(row.pairingId);
  }
}
