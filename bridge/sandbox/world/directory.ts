import { createHash } from "node:crypto";
import { LID_SERVER, parseJid, PN_SERVER } from "../wire/jid.js";
import { otherForm } from "./forms.js";
import { Person, type PersonRecord } from "./person.js";

/** Numbers known at a time; beyond it an unknown number counts as absent from WhatsApp. */
const MAX_PEOPLE = 50_000;
const E164 = /^[1-9][0-9]{6,14}$/;

/** Digits of a phone number written `+55 11…`, `5511…` or as an address; undefined when it is no E.164 number. */
export function digitsOf(text: string): string | undefined {
  const user = text.includes("@") ? (parseJid(text)?.user ?? "") : text;
  const digits = user.replace(/[\s()+.-]/g, "");
  return E164.test(digits) ? digits : undefined;
}

/** Everybody there is. Any plausible number exists as soon as somebody asks for it, unless it was declared absent. */
export class Directory {
  private readonly byNumber = new Map<string, Person>();
  private readonly byLid = new Map<string, Person>();
  /** Other ways to dial somebody: digits → number. */
  private readonly dialled = new Map<string, string>();

  constructor(private readonly changed: (person: Person) => void) {}

  restore(records: PersonRecord[]): void {
    for (const record of records) {
      this.create(record.number, record);
      for (const alias of record.aliases ?? []) this.dialled.set(alias, record.number);
    }
  }

  all(): IterableIterator<Person> {
    return this.byNumber.values();
  }

  /** The person with this number, made up if need be; undefined for absent numbers and what is no number. */
  lookup(number: string | undefined): Person | undefined {
    const person = number === undefined ? undefined : this.entry(number);
    return person?.exists ? person : undefined;
  }

  /** As lookup, but also returns people declared absent. */
  entry(number: string): Person | undefined {
    const digits = digitsOf(number);
    if (!digits) return undefined;
    const known = this.byNumber.get(digits);
    if (known) return known;
    return this.byNumber.size < MAX_PEOPLE ? this.create(digits) : undefined;
  }

  /**
   * Whoever answers under a number as people dial it: WhatsApp may know the owner by another form, as with the ninth
   * digit in Brazil, the 1 in Mexico and the 9 in Argentina.
   */
  dial(number: string | undefined): Person | undefined {
    const digits = number === undefined ? undefined : digitsOf(number);
    const other = digits === undefined || this.byNumber.has(digits) ? undefined : otherForm(digits);
    // Nobody is made up under the other form of a number that is known.
    if (other !== undefined && this.byNumber.has(other)) return undefined;
    return this.lookup((digits !== undefined && this.dialled.get(digits)) || number);
  }

  /**
   * Sets under which further numbers people dial somebody. Nobody is at those numbers themselves any more.
   * @throws when one of them is no number or belongs to a linked account
   */
  setAliases(person: Person, numbers: string[]): void {
    const aliases = numbers.map((number) => {
      const entry = this.entry(number);
      if (!entry || entry === person || entry.companions.size > 0) throw new Error(`${number} cannot be another number of ${person.number}`);
      return entry;
    });
    for (const old of person.aliases) this.dialled.delete(old);
    for (const alias of aliases) {
      alias.exists = false;
      alias.touch();
      this.dialled.set(alias.number, person.number);
    }
    person.aliases = aliases.map((each) => each.number);
    person.touch();
  }

  /** Whoever an address belongs to. LIDs never come out of thin air. */
  resolve(jid: string | undefined): Person | undefined {
    const parsed = parseJid(jid);
    if (parsed?.server === LID_SERVER) {
      const person = this.byLid.get(parsed.user);
      return person?.exists ? person : undefined;
    }
    return parsed?.server === PN_SERVER ? this.lookup(parsed.user) : undefined;
  }

  clear(): void {
    this.byNumber.clear();
    this.dialled.clear();
    this.byLid.clear();
  }

  private create(number: string, saved?: PersonRecord): Person {
    const person = new Person(number, this.allotLid(number), this.changed, saved);
    this.byNumber.set(number, person);
    this.byLid.set(person.lid, person);
    return person;
  }

  /** LIDs follow from the number alone, so that they stay the same across restarts and machines. */
  private allotLid(number: string): string {
    for (let attempt = 0; ; attempt++) {
      const hash = createHash("sha256").update(`lid:${number}:${attempt}`).digest();
      const lid = String(100_000_000_000_000n + (hash.readBigUInt64BE(0) % 900_000_000_000_000n));
      const holder = this.byLid.get(lid);
      if (!holder || holder.number === number) return lid;
    }
  }
}
