/**
 * Two repairs of Baileys' sender keys, which encrypt group messages.
 *
 * 1. Baileys skips every other step of its own sender key and keeps the key of the skipped step for a message that will
 *    never come, because nobody else writes with this key: up to 2000 of them, read and written with each message, half a
 *    megabyte as JSON. Here a sender key of our own keeps none. What goes over the wire stays as it is.
 * 2. Buffers come back from the store as something that is none, and what was kept for a message out of order then opens
 *    nothing. Here they come back as buffers, and in a fraction of the time.
 */
import { SenderKeyRecord, type SenderKeyStateStructure } from "baileys/lib/Signal/Group/sender-key-record.js";
import { SenderKeyState } from "baileys/lib/Signal/Group/sender-key-state.js";

/** Bytes as JSON holds them: a Buffer's own form, with an array or as Baileys writes it in base64, or a Uint8Array's. */
type Bytes = { type: "Buffer"; data: string | number[] } | Record<string, number>;

interface Stored {
  senderKeyId: number;
  senderChainKey: { iteration: number; seed: Bytes };
  senderSigningKey: { public: Bytes; private?: Bytes };
  senderMessageKeys?: { iteration: number; seed: Bytes }[];
}

function toBuffer(bytes: Bytes | undefined): Buffer {
  if (bytes === undefined) return Buffer.alloc(0);
  const { data } = bytes as { data?: string | number[] };
  if (typeof data === "string") return Buffer.from(data, "base64");
  return Buffer.from(Array.isArray(data) ? data : Object.values(bytes as Record<string, number>));
}

function revive(stored: Stored): SenderKeyStateStructure {
  const privateKey = toBuffer(stored.senderSigningKey.private);
  // Only who made a sender key has its private half.
  const kept = privateKey.length > 0 ? [] : (stored.senderMessageKeys ?? []);
  return {
    senderKeyId: stored.senderKeyId,
    senderChainKey: { iteration: stored.senderChainKey.iteration, seed: toBuffer(stored.senderChainKey.seed) },
    senderSigningKey: { public: toBuffer(stored.senderSigningKey.public), private: privateKey },
    senderMessageKeys: kept.map(({ iteration, seed }) => ({ iteration, seed: toBuffer(seed) })),
  };
}

SenderKeyRecord.deserialize = (data) => new SenderKeyRecord((JSON.parse(Buffer.from(data).toString()) as Stored[]).map(revive));

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the state it is asked of
const { addSenderMessageKey } = SenderKeyState.prototype;

SenderKeyState.prototype.addSenderMessageKey = function (this: SenderKeyState, key) {
  if ((this.getSigningKeyPrivate()?.length ?? 0) === 0) addSenderMessageKey.call(this, key);
};
