import type { Person } from "../world/person.js";
import type { KeyBundle } from "../world/prekeys.js";
import type { PhoneWorld } from "./parts.js";
import { answerPeer } from "./peer.js";
import { Phone, type PhoneRecord } from "./phone.js";

/** The mock phones, made when first needed. */
export class Phones {
  private readonly byNumber = new Map<string, Phone>();

  constructor(private readonly world: Omit<PhoneWorld, "bundle">) {}

  of(person: Person): Phone {
    return this.byNumber.get(person.number) ?? this.make(person);
  }

  /** The phone if there is one already. */
  existing(person: Person): Phone | undefined {
    return this.byNumber.get(person.number);
  }

  restore(person: Person, saved: PhoneRecord): void {
    this.make(person, saved);
  }

  /** Key bundle of a phone or a linked device. */
  bundle(person: Person, device: number): KeyBundle | undefined {
    return device === 0 ? this.of(person).signal.bundle() : person.companions.get(device)?.bundle();
  }

  /** Sends the receipts that are still being held back. */
  settle(): void {
    for (const phone of this.byNumber.values()) phone.settle();
  }

  clear(): void {
    this.byNumber.clear();
  }

  private make(person: Person, saved?: PhoneRecord): Phone {
    const world: PhoneWorld = { ...this.world, bundle: (each, device) => this.bundle(each, device) };
    const phone = new Phone(person, world, saved, async (asked, device, id, message) => {
      const companion = person.companions.get(device);
      if (companion) await answerPeer(asked, companion, id, message);
    });
    this.byNumber.set(person.number, phone);
    person.touch();
    return phone;
  }
}
