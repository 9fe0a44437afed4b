/** Messages as WhatsApp's own protocol has them, for who needs what the contract does not say. */
import { BridgeError } from "../errors.js";
import type { RawMessage } from "../rpc/contract.gen.js";
import type { Store } from "../store/store.js";
import { proto } from "./baileys.js";
import { References } from "./building/references.js";

export class RawMessages {
  readonly #references: References;

  constructor(store: Store) {
    this.#references = new References(store);
  }

  /** A message that is kept, ours or another's; without its small picture and what it quotes. @throws BridgeError message_not_found */
  get(tenantId: string, messageId: string): RawMessage {
    const message = this.#references.find(tenantId, messageId).find((found) => found.message !== undefined)?.message;
    if (message === undefined) throw new BridgeError("message_not_found");
    const options = { bytes: String, longs: String, enums: String } as const;
    return { messageId, message: proto.Message.toObject(proto.Message.create(message), options) };
  }
}
