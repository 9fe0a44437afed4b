/**
 * Ciphertexts that were decrypted once. A ratchet opens a message a single time, so when WhatsApp delivers it
 * again (our receipt was lost) the plaintext has to come from here.
 */
import { createHash } from "node:crypto";
import type { Database } from "./database.js";
import type { Pairing } from "./sessions.js";

/** SHA-256 of a ciphertext. */
export function digestOf(ciphertext: Uint8Array): Buffer {
  return createHash("sha256").update(ciphertext).digest();
}

/** Call its writing methods inside work given to the Writer. */
export class InboundTable {
  readonly #get;
  readonly #put;
  readonly #oldest;
  readonly #prune;

  constructor(db: Database) {
    this.#get = db.prepare<[number, Buffer], { sealed: Buffer }>("SELECT sealed FROM inbound WHERE pairing_id = ? AND digest = ?");
    this.#put = db.prepare("INSERT INTO inbound (pairing_id, digest, sealed, recorded_ms) VALUES (?, ?, ?, ?) ON CONFLICT (pairing_id, digest) DO NOTHING");
    this.#oldest = db.prepare<[number], { id: number; recorded_ms: number }>("SELECT id, recorded_ms FROM inbound ORDER BY id LIMIT ?");
    this.#prune = db.prepare("DELETE FROM inbound WHERE id <= ?");
  }

  /** The plaintext of a ciphertext seen before. */
  plaintext(pairing: Pairing, digest: Buffer): Buffer | undefined {
    const row = this.#get.get(pairing.id, digest);
    return row === undefined ? undefined : pairing.vault.open("inbound", digest.toString("hex"), row.sealed);
  }

  record(pairing: Pairing, digest: Buffer, plaintext: Uint8Array, nowMs: number): void {
    this.#put.run(pairing.id, digest, pairing.vault.seal("inbound", digest.toString("hex"), plaintext), nowMs);
  }

  /** Deletes up to `limit` rows recorded before a time, oldest first; answers how many. */
  prune(beforeMs: number, limit: number): number {
    const old = this.#oldest.all(limit).filter((row) => row.recorded_ms < beforeMs);
    const last = old.at(-1);
    return last === undefined ? 0 : this.#prune.run(last.id).changes;
  }
}
