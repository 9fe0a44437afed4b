import type { Stanza } from "../wire/stanza.js";
import { DeliveryQueue } from "./queue.js";
import { PreKeyStock, type KeyBundle, type SignedPreKey } from "./prekeys.js";

/** The live end of a companion. */
export interface Link {
  send(stanza: Stanza): void;
}

export interface CompanionKeys {
  noiseKey: Buffer;
  identity: Buffer;
  registrationId: number;
  signed: SignedPreKey;
}

export interface CompanionRecord {
  id: number;
  keyIndex: number;
  noiseKey: string;
  identity: string;
  registrationId: number;
  signed: { id: number; public: string; signature: string };
  preKeys: string;
  bootstrapped: boolean;
  platform: string;
  linkedAt: number;
  queue: string[];
}

/** A linked device of a paired number: what the server knows about a Baileys session. */
export class Companion {
  readonly queue: DeliveryQueue;
  readonly preKeys: PreKeyStock;
  signed: SignedPreKey;
  /** Whether the phone has sent its keys and history to this device. */
  bootstrapped = false;
  /** Set while logged in; `active` once the client asked for live stanzas. */
  link: Link | undefined;
  active = false;
  available = false;

  constructor(
    readonly id: number,
    readonly keyIndex: number,
    readonly keys: CompanionKeys,
    readonly platform: string,
    readonly linkedAt: number,
    private readonly changed: () => void,
    saved?: CompanionRecord,
  ) {
    this.signed = keys.signed;
    this.preKeys = new PreKeyStock(saved ? Buffer.from(saved.preKeys, "base64") : undefined);
    this.queue = new DeliveryQueue(saved?.queue);
    this.bootstrapped = saved?.bootstrapped ?? false;
  }

  static restore(saved: CompanionRecord, changed: () => void): Companion {
    const bytes = (text: string): Buffer => Buffer.from(text, "base64");
    const keys: CompanionKeys = {
      noiseKey: bytes(saved.noiseKey),
      identity: bytes(saved.identity),
      registrationId: saved.registrationId,
      signed: { id: saved.signed.id, public: bytes(saved.signed.public), signature: bytes(saved.signed.signature) },
    };
    return new Companion(saved.id, saved.keyIndex, keys, saved.platform, saved.linkedAt, changed, saved);
  }

  /** Keeps the stanza until it is acknowledged, and sends it now if the device listens. */
  deliver(stanza: Stanza, copies = 1): void {
    this.queue.add(stanza);
    this.changed();
    for (let i = 0; i < copies; i++) this.sendNow(stanza);
  }

  /** Sends what is worth nothing later (presence, chat state). */
  sendNow(stanza: Stanza): void {
    if (this.active) this.link?.send(stanza);
  }

  /** The bundle another device needs; hands out a one-time key when there is one. */
  bundle(): KeyBundle {
    const { registrationId, identity } = this.keys;
    const oneTime = this.preKeys.take();
    if (oneTime) this.changed();
    return { registrationId, identity, signed: this.signed, oneTime };
  }

  toJSON(): CompanionRecord {
    const text = (bytes: Buffer): string => bytes.toString("base64");
    const { id, keyIndex, keys, platform, linkedAt, bootstrapped, signed } = this;
    return {
      id,
      keyIndex,
      noiseKey: text(keys.noiseKey),
      identity: text(keys.identity),
      registrationId: keys.registrationId,
      signed: { id: signed.id, public: text(signed.public), signature: text(signed.signature) },
      preKeys: this.preKeys.toJSON(),
      bootstrapped,
      platform,
      linkedAt,
      queue: this.queue.toJSON(),
    };
  }
}
