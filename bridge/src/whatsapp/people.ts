/** People as events name them: by number and LID as far as either is known, and by the name they were seen to write under. */
import type { Person } from "../rpc/contract.gen.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { said, words } from "./describing/values.js";
import { party, type AddressBook, type Party, type Self } from "./incoming.js";
import { bareJid, lidJid, phoneJid, phoneNumberOf } from "./jid.js";

const MAX_NAME_LENGTH = 512;

export class People {
  readonly #store: Store;
  readonly #pairing: Pairing;
  readonly #self: () => Self;
  readonly #book: AddressBook;

  constructor(store: Store, pairing: Pairing, self: () => Self, book: AddressBook) {
    this.#store = store;
    this.#pairing = pairing;
    this.#self = self;
    this.#book = book;
  }

  /** Somebody by the addresses given, completed by what the session has learnt. */
  async find(...jids: (string | undefined)[]): Promise<Party> {
    return this.complete(party(...jids));
  }

  /** Fills in the other address of somebody. */
  async complete(someone: Party): Promise<Party> {
    const { phone, lid, other } = someone;
    if (other !== undefined || (phone !== undefined && lid !== undefined)) return someone;
    if (this.isSelf(someone)) return { phone: phone ?? phoneJid(this.#self().phone), lid: lid ?? lidJid(this.#self().lid), other };
    return {
      phone: phone ?? (lid === undefined ? undefined : await this.#book.phoneOf(lid)),
      lid: lid ?? (phone === undefined ? undefined : await this.#book.lidOf(phone)),
      other,
    };
  }

  isSelf({ phone, lid }: Pick<Party, "phone" | "lid">): boolean {
    const self = this.#self();
    return (phone !== undefined && phone === bareJid(self.phone)) || (lid !== undefined && lid === bareJid(self.lid));
  }

  /** Somebody as an event shows them. @param name how they call themselves, when that came along. */
  person(someone: Pick<Party, "phone" | "lid">, name?: string): Person {
    const { phone, lid } = someone;
    return said({ phoneNumber: phoneNumberOf(phone), lid, name: words(name, MAX_NAME_LENGTH) ?? this.#nameOf(someone) });
  }

  #nameOf(someone: Pick<Party, "phone" | "lid">): string | undefined {
    if (this.isSelf(someone)) return words(this.#self().name, MAX_NAME_LENGTH);
    for (const address of [someone.phone, someone.lid]) {
      const known = address === undefined ? undefined : this.#store.directory.get<string>(this.#pairing, "name", address);
      if (known !== undefined) return known.value;
    }
    return undefined;
  }
}
