/** Messages that other messages are about: found among the kept ones and our own, with their secrets and authors. */
import { References, type Reference } from "../building/references.js";
import type { Store } from "../../store/store.js";
import type { proto } from "../baileys.js";
import type { Envelope, Party, Self } from "../incoming.js";
import { lidJid, phoneJid } from "../jid.js";
import { safeMessageId } from "../message-id.js";
import { isSame } from "../parties.js";
import { openSecret, type Sealed, type SecretUse } from "../message-secrets.js";
import { unwrap } from "./wrappers.js";

/** A message something is about. */
export interface Target {
  /** The id as callers know it. */
  messageId: string;
  /** As WhatsApp has it. */
  id: string;
  /** Undefined when it is not here: too old, or of before the number was linked. */
  known: Reference | undefined;
}

export class Targets {
  readonly #store: Store;
  readonly #references: References;
  readonly #tenantId: string;

  constructor(store: Store, tenantId: string) {
    this.#store = store;
    this.#references = new References(store);
    this.#tenantId = tenantId;
  }

  /** The message a key names, in the chat of the message that names it; undefined when the key names none. */
  find(key: proto.IMessageKey | null | undefined, { chat }: Envelope): Target | undefined {
    const { id } = key ?? {};
    if (typeof id !== "string" || id === "") return undefined;
    const messageId = safeMessageId(id);
    // It may have come a moment ago and wait to be written.
    this.#store.writer.flush();
    const found = this.#references.find(this.#tenantId, messageId).filter((reference) => reference.id === id);
    const known = found.find((reference) => isSame(reference.chat, chat) === true) ?? found.find((reference) => isSame(reference.chat, chat) === undefined);
    return { messageId, id, known };
  }
}

/** What was encrypted with the target's secret; undefined when the target is not here or it does not open. */
export function openFor(use: SecretUse, sealed: Sealed | null | undefined, target: Target, changer: Party, self: Self): Buffer | undefined {
  const secret = unwrap(target.known?.message)?.secret;
  if (secret === undefined || sealed === null || sealed === undefined) return undefined;
  const author = authorOf(target, self);
  return openSecret(use, sealed, { secret, messageId: target.id, authors: addressesOf(author), changers: addressesOf(changer) });
}

/** Who wrote the target, as far as that is known here. */
export function authorOf({ known }: Target, self: Self): Pick<Party, "phone" | "lid"> {
  if (known === undefined) return { phone: undefined, lid: undefined };
  const { sender } = known;
  return sender === undefined ? { phone: phoneJid(self.phone), lid: lidJid(self.lid) } : { phone: sender.phone, lid: sender.lid };
}

function addressesOf({ phone, lid }: Pick<Party, "phone" | "lid">): string[] {
  return [lid, phone].filter((address) => address !== undefined);
}
