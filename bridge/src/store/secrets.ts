/** A pairing's credentials and Signal keys, sealed. Knows bytes, not what they mean. */
import type { Database } from "./database.js";
import type { Pairing } from "./sessions.js";

/** Call its writing methods inside work given to the Writer. */
export class SecretTable {
  readonly #getCredential;
  readonly #putCredential;
  readonly #getKey;
  readonly #putKey;
  readonly #deleteKey;

  constructor(db: Database) {
    this.#getCredential = db.prepare<[number], { sealed: Buffer }>("SELECT sealed FROM credential WHERE pairing_id = ?");
    this.#putCredential = db.prepare("INSERT INTO credential (pairing_id, sealed) VALUES (?, ?) ON CONFLICT (pairing_id) DO UPDATE SET sealed = excluded.sealed");
    this.#getKey = db.prepare<[number, string, string], { sealed: Buffer }>("SELECT sealed FROM signal_key WHERE pairing_id = ? AND type = ? AND id = ?");
    this.#putKey = db.prepare("INSERT INTO signal_key (pairing_id, type, id, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (pairing_id, type, id) DO UPDATE SET sealed = excluded.sealed");
    this.#deleteKey = db.prepare("DELETE FROM signal_key WHERE pairing_id = ? AND type = ? AND id = ?");
  }

  /** @throws SealBroken */
  credentials(pairing: Pairing): Buffer | undefined {
    const row = this.#getCredential.get(pairing.id);
    return row === undefined ? undefined : pairing.vault.open("credentials", "", row.sealed);
  }

  saveCredentials(pairing: Pairing, plaintext: Uint8Array): void {
    this.#putCredential.run(pairing.id, pairing.vault.seal("credentials", "", plaintext));
  }

  /** @throws SealBroken */
  key(pairing: Pairing, type: string, id: string): Buffer | undefined {
    const row = this.#getKey.get(pairing.id, type, id);
    return row === undefined ? undefined : pairing.vault.open(type, id, row.sealed);
  }

  saveKey(pairing: Pairing, type: string, id: string, plaintext: Uint8Array): void {
    this.#putKey.run(pairing.id, type, id, pairing.vault.seal(type, id, plaintext));
  }

  deleteKey(pairing: Pick<Pairing, "id">, type: string, id: string): void {
    this.#deleteKey.run(pairing.id, type, id);
  }
}
