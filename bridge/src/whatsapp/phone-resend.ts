/**
 * Asking the own phone for a message that could not be decrypted. Baileys does it on the spot and holds up every
 * later message for two seconds meanwhile; here it is asked after some time, when the sender has not sent the
 * message again by itself.
 */
import type { WAMessage, WASocket } from "./baileys.js";
import { SmallCache } from "./small-cache.js";

const LIMIT = 500;
const TTL_MS = 10 * 60_000;
const ASK_AFTER_MS = 5000;

export class PhoneResend extends SmallCache {
  readonly #encrypted = new SmallCache(LIMIT, TTL_MS);

  constructor() {
    super(LIMIT, TTL_MS);
  }

  /** An encrypted message came. Should it not open, Baileys will find that the phone was asked already. */
  noteEncrypted(id: string): void {
    this.#encrypted.set(id, true);
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape is Baileys'
  override get<T>(id: string): T | undefined {
    return super.get<T>(id) ?? this.#encrypted.get<T>(id);
  }

  /** An encrypted message did not open. Asks the phone a little later unless `arrived` says it came after all. */
  askLater(sock: WASocket, message: WAMessage, arrived: () => boolean): void {
    const { id } = message.key;
    if (id === undefined || id === null || this.#encrypted.get(id) !== true) return;
    setTimeout(() => {
      if (arrived() || !sock.ws.isOpen) return;
      this.#encrypted.del(id);
      // It may fail for as many reasons as any question to WhatsApp; the sender was asked anyway.
      sock.requestPlaceholderResend(message.key, { key: message.key, messageTimestamp: message.messageTimestamp ?? null, pushName: message.pushName ?? null }).catch(() => undefined);
    }, ASK_AFTER_MS).unref();
  }
}
