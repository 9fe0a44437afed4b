/** Messages that others refer to: those the gateway sent are in the outbox, all others among the kept ones. */
import type { ContentType } from "../../rpc/contract.gen.js";
import type { KeptParty } from "../../store/messages.js";
import type { Pairing } from "../../store/sessions.js";
import type { Store } from "../../store/store.js";
import { proto } from "../baileys.js";
import { aliasesOf } from "../addresses.js";
import { lidJid, phoneJid, recipientNumber } from "../jid.js";
import { NotPossible } from "../media/not-possible.js";
import { isSame, partyOf } from "../parties.js";

/** A message somebody refers to. */
export interface Reference {
  id: string;
  fromMe: boolean;
  chat: KeptParty;
  /** Undefined for our own. */
  sender: KeptParty | undefined;
  sentAtMs: number;
  /** The kind, of what the gateway sent. */
  type: ContentType | undefined;
  /** Undefined while a message of ours was not built, and for one too large to keep. */
  message: proto.IMessage | undefined;
}

/** A chat, and what is known there of the addresses of people. */
interface Place {
  tenantId: string;
  chatId: string;
  complete: (someone: KeptParty) => Promise<KeptParty>;
}

export class References {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All messages callers know by this id, ours first. */
  find(tenantId: string, messageId: string): Reference[] {
    const own = this.#own(tenantId, messageId);
    const kept = this.#store.messages.find(tenantId, messageId).map(
      ({ id, fromMe, chat, sender, sentAtMs, encoded }): Reference => ({
        id,
        fromMe,
        chat,
        sender: fromMe ? undefined : sender,
        sentAtMs,
        type: undefined,
        message: encoded.length === 0 ? undefined : proto.Message.decode(encoded),
      }),
    );
    return own === undefined ? kept : [own, ...kept];
  }

  /**
   * The message with this id that may be of a chat, as far as anybody can tell without asking WhatsApp.
   * @param recipient the chat as the caller wrote it; undefined for any.
   * @throws NotPossible referenced_message_not_found
   */
  plausible(pairing: Pairing, messageId: string, recipient: string | undefined): Reference {
    const found = this.find(pairing.tenantId, messageId);
    if (recipient === undefined) return first(found);
    const { phone, lid, other } = partyOf(recipient);
    const chat = other === undefined ? knownAs(aliasesOf(this.#store, pairing, phone ?? lid ?? "")) : { other };
    // A number is not always the account's own way to write it: another one tells nothing.
    const loose = recipientNumber(recipient) !== undefined;
    return first(found.filter((reference) => (isSame(reference.chat, chat) ?? true) || (loose && isPerson(reference.chat))));
  }

  /** The message with this id in the chat of a scene. @throws NotPossible referenced_message_not_found */
  async inScene(scene: Place, messageId: string): Promise<Reference> {
    const chat = await scene.complete(partyOf(scene.chatId));
    const found = await Promise.all(this.find(scene.tenantId, messageId).map(async (reference) => ({ reference, same: isSame(await scene.complete(reference.chat), chat) })));
    const surely = found.find(({ same }) => same === true);
    return surely?.reference ?? first(found.filter(({ same }) => same === undefined).map(({ reference }) => reference));
  }

  #own(tenantId: string, messageId: string): Reference | undefined {
    const row = this.#store.outbox.get(tenantId, messageId);
    if (row === undefined) return undefined;
    const { built, request } = row;
    return {
      id: row.messageId,
      fromMe: true,
      chat: partyOf(built?.chatId ?? request.chatId ?? request.recipient),
      sender: undefined,
      sentAtMs: row.sentAtMs ?? row.acceptedAtMs,
      type: row.type,
      message: built === undefined ? undefined : proto.Message.decode(built.encoded),
    };
  }
}

function first(found: readonly Reference[]): Reference {
  const reference = found[0];
  if (reference === undefined) throw new NotPossible("referenced_message_not_found", "not_known");
  return reference;
}

function knownAs(addresses: readonly string[]): KeptParty {
  return { phone: addresses.map(phoneJid).find((jid) => jid !== undefined), lid: addresses.map(lidJid).find((jid) => jid !== undefined) };
}

function isPerson(chat: KeptParty): boolean {
  return chat.phone !== undefined || chat.lid !== undefined;
}
