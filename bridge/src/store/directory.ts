/**
 * What a pairing has learnt of people, channels and labels: which account a number stands for, the name somebody writes
 * under, whose presence is followed. Sealed by the pairing's key, so that it is gone with the pairing. Knows JSON values, not what they mean.
 */
import { createHash } from "node:crypto";
import type { Database } from "./database.js";
import type { Pairing } from "./sessions.js";

/** Kinds of knowledge, and how much of each a pairing keeps: past that the oldest goes. */
const LIMITS = { number: 20_000, name: 20_000, label: 1000, followed: 100 } as const;

export type Kind = keyof typeof LIMITS;

/** Something known, and since when. */
export interface Known<T> {
  value: T;
  notedMs: number;
}

interface RawRow {
  digest: Buffer;
  sealed: Buffer;
  noted_ms: number;
}

function digestOf(kind: Kind, subject: string): Buffer {
  return createHash("sha256").update(JSON.stringify([kind, subject])).digest();
}

/** Call its writing methods inside work given to the Writer. */
export class DirectoryTable {
  readonly #get;
  readonly #all;
  readonly #put;
  readonly #trim;
  readonly #delete;
  readonly #prune;

  constructor(db: Database) {
    this.#get = db.prepare<[number, string, Buffer], RawRow>("SELECT * FROM directory WHERE pairing_id = ? AND kind = ? AND digest = ?");
    this.#all = db.prepare<[number, string], RawRow>("SELECT * FROM directory WHERE pairing_id = ? AND kind = ? ORDER BY id");
    // A replaced row gets a new id, so the smallest is always the one noted longest ago.
    this.#put = db.prepare("INSERT OR REPLACE INTO directory (pairing_id, kind, digest, sealed, noted_ms) VALUES (?, ?, ?, ?, ?)");
    this.#trim = db.prepare(`
      DELETE FROM directory WHERE pairing_id = @pairingId AND kind = @kind AND id <=
        (SELECT id FROM directory WHERE pairing_id = @pairingId AND kind = @kind ORDER BY id DESC LIMIT 1 OFFSET @limit)`);
    this.#delete = db.prepare("DELETE FROM directory WHERE pairing_id = ? AND kind = ? AND digest = ?");
    this.#prune = db.prepare<[number]>("DELETE FROM directory WHERE id IN (SELECT d.id FROM directory d JOIN pairing p ON p.id = d.pairing_id WHERE p.wrapped_key IS NULL LIMIT ?)");
  }

  /** @throws SealBroken */
  get<T>(pairing: Pairing, kind: Kind, subject: string): Known<T> | undefined {
    const row = this.#get.get(pairing.id, kind, digestOf(kind, subject));
    return row === undefined ? undefined : opened<T>(pairing, kind, row);
  }

  /** Everything of a kind, in the order it was noted. @throws SealBroken */
  all<T>(pairing: Pairing, kind: Kind): Known<T>[] {
    return this.#all.all(pairing.id, kind).map((row) => opened<T>(pairing, kind, row));
  }

  /** Notes what is known of somebody or something from now on. */
  put(pairing: Pairing, kind: Kind, subject: string, value: unknown, nowMs: number): void {
    const digest = digestOf(kind, subject);
    const sealed = pairing.vault.seal(kind, digest.toString("hex"), Buffer.from(JSON.stringify(value)));
    this.#put.run(pairing.id, kind, digest, sealed, nowMs);
    this.#trim.run({ pairingId: pairing.id, kind, limit: LIMITS[kind] });
  }

  delete(pairing: Pairing, kind: Kind, subject: string): void {
    this.#delete.run(pairing.id, kind, digestOf(kind, subject));
  }

  /** Deletes what pairings left that are over; nobody can read it any more. @returns how many rows, at most `limit` */
  prune(limit: number): number {
    return this.#prune.run(limit).changes;
  }
}

function opened<T>(pairing: Pairing, kind: Kind, row: RawRow): Known<T> {
  const bytes = pairing.vault.open(kind, row.digest.toString("hex"), row.sealed);
  return { value: JSON.parse(bytes.toString()) as T, notedMs: row.noted_ms };
}
