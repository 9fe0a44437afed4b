/** Files on WhatsApp's media server, by what is in them: the same file for the next recipient is not uploaded again. */
import { createHash } from "node:crypto";
import type { Database } from "./database.js";
import { SealBroken } from "./seal.js";
import type { Pairing } from "./sessions.js";

/** What names a file among those of an account: how it is encrypted, and the hex digest of its bytes. */
export interface UploadName {
  family: string;
  sha256: string;
}

function digestOf({ family, sha256 }: UploadName): Buffer {
  return createHash("sha256").update(`${family} ${sha256}`).digest();
}

/** Call its writing methods inside work given to the Writer. */
export class UploadTable {
  readonly #get;
  readonly #put;
  readonly #forget;
  readonly #prune;

  constructor(db: Database) {
    this.#get = db.prepare<[number, Buffer, number], { sealed: Buffer }>("SELECT sealed FROM upload WHERE pairing_id = ? AND digest = ? AND uploaded_ms > ?");
    this.#put = db.prepare("INSERT INTO upload (pairing_id, digest, sealed, uploaded_ms) VALUES (?, ?, ?, ?) ON CONFLICT (pairing_id, digest) DO UPDATE SET sealed = excluded.sealed, uploaded_ms = excluded.uploaded_ms");
    this.#forget = db.prepare("DELETE FROM upload WHERE pairing_id = ? AND digest = ?");
    this.#prune = db.prepare("DELETE FROM upload WHERE rowid IN (SELECT rowid FROM upload WHERE uploaded_ms < ? LIMIT ?)");
  }

  /** Where a file is and its keys, as JSON, when it was uploaded after a time. */
  get(pairing: Pairing, name: UploadName, afterMs: number): string | undefined {
    const digest = digestOf(name);
    const row = this.#get.get(pairing.id, digest, afterMs);
    if (row === undefined) return undefined;
    try {
      return pairing.vault.open("upload", digest.toString("hex"), row.sealed).toString();
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }

  record(pairing: Pairing, name: UploadName, json: string, nowMs: number): void {
    const digest = digestOf(name);
    this.#put.run(pairing.id, digest, pairing.vault.seal("upload", digest.toString("hex"), Buffer.from(json)), nowMs);
  }

  forget(pairing: Pairing, name: UploadName): void {
    this.#forget.run(pairing.id, digestOf(name));
  }

  /** Deletes up to `limit` of those uploaded before a time; answers how many. */
  prune(beforeMs: number, limit: number): number {
    return this.#prune.run(beforeMs, limit).changes;
  }
}
