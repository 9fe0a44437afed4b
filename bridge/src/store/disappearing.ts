/**
 * After how many seconds a chat with a person lets messages disappear, as the last message in it said. Chats are
 * digests under their pairing's key, and only those that do have a row.
 */
import type { Database } from "./database.js";
import type { Pairing } from "./sessions.js";

/** Call its writing methods inside work given to the Writer. */
export class DisappearingTable {
  readonly #get;
  readonly #put;
  readonly #delete;

  constructor(db: Database) {
    this.#get = db.prepare<[number, Buffer], { seconds: number }>("SELECT seconds FROM disappearing WHERE pairing_id = ? AND chat = ?");
    this.#put = db.prepare("INSERT INTO disappearing (pairing_id, chat, seconds) VALUES (?, ?, ?) ON CONFLICT (pairing_id, chat) DO UPDATE SET seconds = excluded.seconds");
    this.#delete = db.prepare("DELETE FROM disappearing WHERE pairing_id = ? AND chat = ?");
  }

  /** @param address one of the addresses of the chat. @returns 0 for a chat that keeps its messages */
  seconds(pairing: Pairing, address: string): number {
    return this.#get.get(pairing.id, nameOf(pairing, address))?.seconds ?? 0;
  }

  /** @param addresses every address of the chat that is known */
  note(pairing: Pairing, addresses: readonly string[], seconds: number): void {
    for (const address of addresses) {
      if (this.seconds(pairing, address) === seconds) continue;
      if (seconds > 0) this.#put.run(pairing.id, nameOf(pairing, address), seconds);
      else this.#delete.run(pairing.id, nameOf(pairing, address));
    }
  }
}

function nameOf(pairing: Pairing, address: string): Buffer {
  return pairing.vault.digest("disappearing", address);
}
