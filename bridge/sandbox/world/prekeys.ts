import type { Stanza } from "../wire/stanza.js";
import { bytesOf, child, children, el } from "../wire/stanza.js";

const ID_BYTES = 3;
const RECORD_BYTES = ID_BYTES + 32;
/** A device may leave so many one-time keys; further ones are ignored. */
const MAX_KEYS = 5_000;

export interface SignedPreKey {
  id: number;
  public: Buffer;
  signature: Buffer;
}

/** One-time pre-keys of a device, packed: 812 of them as objects would cost 125 KiB per linked device. */
export class PreKeyStock {
  private offset = 0;

  constructor(private packed: Buffer = Buffer.alloc(0)) {}

  get count(): number {
    return (this.packed.length - this.offset) / RECORD_BYTES;
  }

  add(keys: { id: number; public: Buffer }[]): void {
    const room = Math.max(0, MAX_KEYS - this.count);
    const added = keys.slice(0, room).map((key) => Buffer.concat([bigEndian(key.id, ID_BYTES), key.public]));
    this.packed = Buffer.concat([this.packed.subarray(this.offset), ...added]);
    this.offset = 0;
  }

  /** Hands out the oldest key, once. */
  take(): { id: number; public: Buffer } | undefined {
    if (this.count < 1) return undefined;
    const record = this.packed.subarray(this.offset, this.offset + RECORD_BYTES);
    this.offset += RECORD_BYTES;
    return { id: record.readUIntBE(0, ID_BYTES), public: Buffer.from(record.subarray(ID_BYTES)) };
  }

  toJSON(): string {
    return this.packed.subarray(this.offset).toString("base64");
  }
}

/** An unsigned number in so many bytes, as key ids travel. */
export function bigEndian(value: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntBE(value, 0, length);
  return buffer;
}

/** What another device needs to begin a Signal session. */
export interface KeyBundle {
  registrationId: number;
  identity: Buffer;
  signed: SignedPreKey;
  oneTime?: { id: number; public: Buffer } | undefined;
}

/** `<registration/><type/><identity/><skey/>(<key/>)` as Baileys' parseAndInjectE2ESessions reads it. */
export function bundleElements(bundle: KeyBundle): Stanza[] {
  const elements = [
    el("registration", {}, bigEndian(bundle.registrationId, 4)),
    el("type", {}, Buffer.from([5])),
    el("identity", {}, bundle.identity),
    el("skey", {}, [
      el("id", {}, bigEndian(bundle.signed.id, ID_BYTES)),
      el("value", {}, bundle.signed.public),
      el("signature", {}, bundle.signed.signature),
    ]),
  ];
  if (bundle.oneTime) {
    elements.push(el("key", {}, [el("id", {}, bigEndian(bundle.oneTime.id, ID_BYTES)), el("value", {}, bundle.oneTime.public)]));
  }
  return elements;
}

/** Reads `<skey>`; undefined when a part is missing. */
export function readSignedPreKey(node: Stanza | undefined): SignedPreKey | undefined {
  const id = bytesOf(child(node, "id"));
  const value = bytesOf(child(node, "value"));
  const signature = bytesOf(child(node, "signature"));
  if (!id || value?.length !== 32 || signature?.length !== 64) return undefined;
  return { id: id.readUIntBE(0, id.length), public: value, signature };
}

/** Reads the `<key>` elements of a list; malformed ones are skipped. */
export function readPreKeys(list: Stanza | undefined): { id: number; public: Buffer }[] {
  const keys: { id: number; public: Buffer }[] = [];
  for (const node of children(list, "key")) {
    const id = bytesOf(child(node, "id"));
    const value = bytesOf(child(node, "value"));
    if (id && id.length <= 4 && value?.length === 32) keys.push({ id: id.readUIntBE(0, id.length), public: value });
  }
  return keys;
}
