import { createCipheriv, createDecipheriv } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { generateKeyPair, hkdf, hmac, randomBytes, sign, typed, verify } from "../wire/curve.js";

/** Version byte of both message kinds: version 3 in both halves. */
const VERSION = 0x33;
const SIGNATURE_BYTES = 64;
/** Message keys a chain may run ahead, and keys kept for messages that come late (Signal's own limit). */
const MAX_SKIPPED = 2_000;
/** States kept per sender, and senders kept per phone; the oldest go. */
const MAX_STATES = 5;
const MAX_SENDERS = 5_000;
const MAX_GROUPS = 2_000;

interface OwnState {
  id: number;
  iteration: number;
  chainKey: string;
  signingPrivate: string;
  signingPublic: string;
  /** Session names of the devices that have the key. */
  holders: string[];
}

interface PeerState {
  id: number;
  iteration: number;
  chainKey: string;
  signingPublic: string;
  /** iteration → message seed */
  skipped: Record<string, string>;
}

export interface SenderKeyRecord {
  own: Record<string, OwnState>;
  peers: Record<string, PeerState[]>;
}

/** Group encryption of a mock phone: Signal sender keys in the encoding Baileys uses (lib/Signal/Group). */
export class SenderKeys {
  private readonly own = new Map<string, OwnState>();
  private readonly peers = new Map<string, PeerState[]>();

  constructor(saved?: SenderKeyRecord) {
    for (const [group, state] of Object.entries(saved?.own ?? {})) this.own.set(group, state);
    for (const [name, states] of Object.entries(saved?.peers ?? {})) this.peers.set(name, states);
  }

  /** The distribution message for those who do not have this phone's key for the group yet. */
  distribution(group: string): Buffer {
    const state = this.ownState(group);
    const body = proto.SenderKeyDistributionMessage.encode({
      id: state.id,
      iteration: state.iteration,
      chainKey: Buffer.from(state.chainKey, "base64"),
      signingKey: typed(Buffer.from(state.signingPublic, "base64")),
    }).finish();
    return Buffer.concat([Buffer.from([VERSION]), body]);
  }

  /** Which of the devices lack the key; they count as having it from now on. */
  claimMissing(group: string, addresses: string[]): string[] {
    const state = this.ownState(group);
    const holders = new Set(state.holders);
    const missing = addresses.filter((address) => !holders.has(address));
    state.holders.push(...missing);
    return missing;
  }

  /** Begins a new key at the next message, as is done when somebody left the group. */
  rotate(group: string): void {
    this.own.delete(group);
  }

  /** Forgets every key, its own and those received, as a reinstalled app does. */
  forget(): void {
    this.own.clear();
    this.peers.clear();
  }

  encrypt(group: string, plaintext: Buffer): Buffer {
    const state = this.ownState(group);
    const chainKey = Buffer.from(state.chainKey, "base64");
    const { iv, key } = messageKey(seedOf(chainKey));
    const cipher = createCipheriv("aes-256-cbc", key, iv);
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const body = proto.SenderKeyMessage.encode({ id: state.id, iteration: state.iteration, ciphertext }).finish();
    const signed = Buffer.concat([Buffer.from([VERSION]), body]);
    state.iteration += 1;
    state.chainKey = nextChain(chainKey).toString("base64");
    return Buffer.concat([signed, sign(Buffer.from(state.signingPrivate, "base64"), signed)]);
  }

  /** Takes in a distribution message. Throws when it is malformed. */
  process(group: string, sender: string, message: Uint8Array): void {
    const { id, iteration, chainKey, signingKey } = proto.SenderKeyDistributionMessage.decode(message.subarray(1));
    if (typeof id !== "number" || !chainKey?.length || !signingKey?.length) throw new Error("malformed sender key distribution");
    const name = `${group}::${sender}`;
    const signingPublic = Buffer.from(signingKey).subarray(-32).toString("base64");
    const states = this.peers.get(name) ?? [];
    // A state of the same key can reach every later message itself.
    if (states.some((each) => each.id === id && each.signingPublic === signingPublic)) return;
    const state = { id, iteration: iteration ?? 0, chainKey: Buffer.from(chainKey).toString("base64"), signingPublic, skipped: {} };
    this.peers.delete(name);
    this.peers.set(name, [...states.filter((each) => each.id !== id), state].slice(-MAX_STATES));
    if (this.peers.size <= MAX_SENDERS) return;
    const oldest = this.peers.keys().next();
    if (!oldest.done) this.peers.delete(oldest.value);
  }

  /** Throws when the sender's key is not known, the signature is wrong or the message was read before. */
  decrypt(group: string, sender: string, message: Buffer): Buffer {
    const signed = message.subarray(0, -SIGNATURE_BYTES);
    const { id, iteration, ciphertext } = proto.SenderKeyMessage.decode(signed.subarray(1));
    const state = this.peers.get(`${group}::${sender}`)?.find((each) => each.id === id);
    if (!state || typeof iteration !== "number" || !ciphertext) throw new Error("No sender key for this message");
    if (!verify(Buffer.from(state.signingPublic, "base64"), signed, message.subarray(-SIGNATURE_BYTES))) {
      throw new Error("Invalid sender key signature");
    }
    const { iv, key } = messageKey(advance(state, iteration));
    const decipher = createDecipheriv("aes-256-cbc", key, iv);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  }

  toJSON(): SenderKeyRecord {
    return { own: Object.fromEntries(this.own), peers: Object.fromEntries(this.peers) };
  }

  private ownState(group: string): OwnState {
    const known = this.own.get(group);
    if (known) return known;
    const signing = generateKeyPair();
    const state: OwnState = {
      id: randomBytes(4).readUInt32BE() >>> 1,
      iteration: 0,
      chainKey: randomBytes(32).toString("base64"),
      signingPrivate: signing.private.toString("base64"),
      signingPublic: signing.public.toString("base64"),
      holders: [],
    };
    this.own.set(group, state);
    if (this.own.size > MAX_GROUPS) {
      const oldest = this.own.keys().next();
      if (!oldest.done) this.own.delete(oldest.value);
    }
    return state;
  }
}

/** The seed for an iteration; keys passed over are kept for messages that come late. */
function advance(state: PeerState, iteration: number): Buffer {
  if (iteration < state.iteration) {
    const late = state.skipped[iteration];
    if (late === undefined) throw new Error("Sender key message was read before");
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain object, because it is stored as JSON
    delete state.skipped[iteration];
    return Buffer.from(late, "base64");
  }
  if (iteration - state.iteration > MAX_SKIPPED) throw new Error("Sender key message is too far ahead");
  let chain = Buffer.from(state.chainKey, "base64");
  for (; state.iteration < iteration; state.iteration++) {
    state.skipped[state.iteration] = seedOf(chain).toString("base64");
    chain = nextChain(chain);
  }
  const excess = Object.keys(state.skipped).length - MAX_SKIPPED;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- see above
  for (const old of Object.keys(state.skipped).slice(0, Math.max(0, excess))) delete state.skipped[old];
  const seed = seedOf(chain);
  state.chainKey = nextChain(chain).toString("base64");
  state.iteration += 1;
  return seed;
}

function seedOf(chainKey: Buffer): Buffer {
  return hmac(chainKey, Buffer.from([1]));
}

function nextChain(chainKey: Buffer): Buffer<ArrayBuffer> {
  return Buffer.from(hmac(chainKey, Buffer.from([2])));
}

/** 16 bytes of IV and 32 of key (Baileys sender-message-key.js). */
function messageKey(seed: Buffer): { iv: Buffer; key: Buffer } {
  const derived = hkdf(seed, 48, "WhisperGroup", Buffer.alloc(32));
  return { iv: derived.subarray(0, 16), key: derived.subarray(16) };
}
