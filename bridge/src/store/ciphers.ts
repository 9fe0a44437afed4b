/**
 * What each device was sent, byte for byte. Encrypting turns a ratchet, so a message is encrypted once for a device; a
 * resend carries these bytes, which the device that read them refuses by its own ratchet. A ciphertext is recorded in
 * the commit of the ratchet's step.
 */
import type { Database } from "./database.js";
import type { Pairing } from "./sessions.js";

/** A ciphertext and what Baileys must know with it. */
export interface Cipher {
  /** `pkmsg` or `msg` of a device; `group` of everybody with our sender key. */
  type: "pkmsg" | "msg" | "group";
  ciphertext: Uint8Array;
  /** Of a group: the key that opens it, as it was distributed. */
  distribution?: Uint8Array | undefined;
}

const TYPES: readonly Cipher["type"][] = ["pkmsg", "msg", "group"];

function encode({ type, ciphertext, distribution }: Cipher): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(TYPES.indexOf(type));
  head.writeUInt32BE(distribution?.length ?? 0, 1);
  return Buffer.concat([head, distribution ?? Buffer.alloc(0), ciphertext]);
}

function decode(bytes: Buffer): Cipher {
  const end = 5 + bytes.readUInt32BE(1);
  const type = TYPES[bytes.readUInt8()] ?? "msg";
  return { type, ciphertext: bytes.subarray(end), ...(end === 5 ? {} : { distribution: bytes.subarray(5, end) }) };
}

/** Call its writing methods inside work given to the Writer. */
export class CipherTable {
  readonly #get;
  readonly #put;
  readonly #prune;
  readonly #unmark;

  constructor(db: Database) {
    this.#get = db.prepare<[number, Buffer], { sealed: Buffer }>("SELECT sealed FROM outbox_cipher WHERE outbox_id = ? AND device = ?");
    // A device that could not read the first gets another in its place.
    this.#put = db.prepare("INSERT INTO outbox_cipher (outbox_id, device, sealed) VALUES (?, ?, ?) ON CONFLICT (outbox_id, device) DO UPDATE SET sealed = excluded.sealed");
    this.#prune = db.prepare<[number, number], { id: number }>("SELECT id FROM outbox WHERE has_ciphers = 1 AND settled_ms IS NOT NULL AND settled_ms < ? ORDER BY settled_ms LIMIT ?");
    this.#unmark = [db.prepare<[number]>("DELETE FROM outbox_cipher WHERE outbox_id = ?"), db.prepare<[number]>("UPDATE outbox SET has_ciphers = 0 WHERE id = ?")];
  }

  /** @param device an address, or a group's for what everybody in it gets. */
  get(pairing: Pairing, outboxId: number, device: string): Cipher | undefined {
    const row = this.#get.get(outboxId, pairing.vault.digest("device", device));
    return row === undefined ? undefined : decode(pairing.vault.open("cipher", `${outboxId}|${device}`, row.sealed));
  }

  record(pairing: Pairing, outboxId: number, device: string, cipher: Cipher): void {
    this.#put.run(outboxId, pairing.vault.digest("device", device), pairing.vault.seal("cipher", `${outboxId}|${device}`, encode(cipher)));
  }

  /** Deletes the ciphertexts of up to `limit` messages that were settled before a time; answers how many messages. */
  prune(beforeMs: number, limit: number): number {
    const rows = this.#prune.all(beforeMs, limit);
    for (const { id } of rows) for (const statement of this.#unmark) statement.run(id);
    return rows.length;
  }
}
