import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord, type SignalStorage } from "libsignal";
import { generateKeyPair, randomBytes, sign, typed, type KeyPair } from "../wire/curve.js";
import type { KeyBundle } from "../world/prekeys.js";
import { leaveOtherSessionsUntouched } from "./untouched.js";

leaveOtherSessionsUntouched();

/** Peers one phone keeps sessions with; the one made first goes when there are more. */
const MAX_SESSIONS = 10_000;
/** Receiving chains kept per session: libsignal keeps one per turn of the conversation for ever. */
const MAX_CHAINS = 40;

interface SerializedSession {
  indexInfo: { closed: number; remoteIdentityKey: string };
  _chains: Record<string, { chainKey: { key?: string } }>;
}

/** What libsignal's SessionRecord.serialize really returns (src/session_record.js); its typing says bytes. */
interface SerializedRecord {
  _sessions: Record<string, SerializedSession>;
  version: string;
}

export interface SignalRecord {
  identity: string;
  registrationId: number;
  signed: { id: number; private: string; public: string; signature: string };
  sessions: Record<string, SerializedRecord>;
}

export type EncType = "pkmsg" | "msg";

/**
 * A mock phone's Signal identity and its pairwise sessions, on libsignal as the client uses it. Sessions are named by
 * LID and device, whichever domain a message travelled in, because the client moves its sessions there as well.
 */
export class SignalUser {
  readonly identity: KeyPair;
  readonly registrationId: number;
  private readonly signed: { id: number; pair: KeyPair; signature: Buffer };
  private readonly sessions = new Map<string, SerializedRecord>();
  private readonly storage: SignalStorage;

  constructor(saved?: SignalRecord) {
    if (saved) {
      const privateKey = Buffer.from(saved.identity, "base64");
      this.identity = { private: privateKey.subarray(0, 32), public: privateKey.subarray(32) };
      this.registrationId = saved.registrationId;
      const { id, private: secret, public: open, signature } = saved.signed;
      const pair = { private: Buffer.from(secret, "base64"), public: Buffer.from(open, "base64") };
      this.signed = { id, pair, signature: Buffer.from(signature, "base64") };
      for (const [address, record] of Object.entries(saved.sessions)) this.sessions.set(address, record);
    } else {
      this.identity = generateKeyPair();
      this.registrationId = randomBytes(2).readUInt16BE() & 0x3fff;
      const pair = generateKeyPair();
      this.signed = { id: 1, pair, signature: sign(this.identity.private, typed(pair.public)) };
    }
    this.storage = this.makeStorage();
  }

  /** The phone's bundle; it has no one-time keys, which the protocol allows. */
  bundle(): KeyBundle {
    const { id, pair, signature } = this.signed;
    return { registrationId: this.registrationId, identity: this.identity.public, signed: { id, public: pair.public, signature } };
  }

  /** The identity key (32 bytes) the open session with an address is bound to. */
  sessionIdentity(address: string): Buffer | undefined {
    const record = this.sessions.get(address);
    const session = record && Object.values(record._sessions).find((each) => each.indexInfo.closed === -1);
    return session && Buffer.from(session.indexInfo.remoteIdentityKey, "base64").subarray(-32);
  }

  /** Begins a session from a bundle, putting aside an older one. */
  async begin(address: string, bundle: KeyBundle): Promise<void> {
    const { registrationId, identity, signed, oneTime } = bundle;
    const device = {
      registrationId,
      identityKey: typed(identity),
      signedPreKey: { keyId: signed.id, publicKey: typed(signed.public), signature: signed.signature },
      ...(oneTime ? { preKey: { keyId: oneTime.id, publicKey: typed(oneTime.public) } } : {}),
    };
    // libsignal accepts a missing one-time key (src/session_builder.js) though its typing does not.
    await new SessionBuilder(this.storage, protocolAddress(address)).initOutgoing(device as Parameters<SessionBuilder["initOutgoing"]>[0]);
  }

  async encrypt(address: string, plaintext: Buffer): Promise<{ type: EncType; ciphertext: Buffer }> {
    const { type, body } = await new SessionCipher(this.storage, protocolAddress(address)).encrypt(plaintext);
    return { type: type === 3 ? "pkmsg" : "msg", ciphertext: Buffer.from(body, "binary") };
  }

  /** Throws when no session opens the message; the sessions are then as before. */
  async decrypt(address: string, type: EncType, ciphertext: Buffer): Promise<Buffer> {
    const cipher = new SessionCipher(this.storage, protocolAddress(address));
    return type === "pkmsg" ? cipher.decryptPreKeyWhisperMessage(ciphertext) : cipher.decryptWhisperMessage(ciphertext);
  }

  /** Forgets the sessions with an address, or all of them, as a reinstalled app does. */
  forget(address?: string): void {
    if (address === undefined) this.sessions.clear();
    else this.sessions.delete(address);
  }

  toJSON(): SignalRecord {
    const text = (bytes: Buffer): string => bytes.toString("base64");
    const { id, pair, signature } = this.signed;
    return {
      identity: text(Buffer.concat([this.identity.private, this.identity.public])),
      registrationId: this.registrationId,
      signed: { id, private: text(pair.private), public: text(pair.public), signature: text(signature) },
      sessions: Object.fromEntries(this.sessions),
    };
  }

  private makeStorage(): SignalStorage {
    const pair = (keys: KeyPair): { privKey: Buffer; pubKey: Buffer } => ({ privKey: keys.private, pubKey: typed(keys.public) });
    return {
      loadSession: (id) => {
        const record = this.sessions.get(id);
        return Promise.resolve(record && SessionRecord.deserialize(record as unknown as Uint8Array));
      },
      storeSession: (id, session) => {
        const record = session.serialize() as unknown as SerializedRecord;
        for (const each of Object.values(record._sessions)) prune(each);
        if (!this.sessions.has(id) && this.sessions.size >= MAX_SESSIONS) {
          const oldest = this.sessions.keys().next();
          if (!oldest.done) this.sessions.delete(oldest.value);
        }
        this.sessions.set(id, record);
        return Promise.resolve();
      },
      isTrustedIdentity: () => true,
      loadPreKey: () => Promise.resolve(undefined),
      removePreKey: () => undefined,
      loadSignedPreKey: () => pair(this.signed.pair),
      getOurRegistrationId: () => this.registrationId,
      getOurIdentity: () => pair(this.identity),
    };
  }
}

/** Session name of a device: LID digits and device id. */
export function addressOf(lid: string, device: number): string {
  return `${lid}.${device}`;
}

function protocolAddress(address: string): ProtocolAddress {
  const [name = "", device] = address.split(".");
  return new ProtocolAddress(name, Number(device));
}

/** Drops the oldest closed receiving chains; a chain that still has its key is in use. */
function prune(session: SerializedSession): void {
  const chains = Object.entries(session._chains);
  let excess = chains.length - MAX_CHAINS;
  if (excess <= 0) return;
  const kept: SerializedSession["_chains"] = {};
  for (const [id, chain] of chains) {
    if (excess > 0 && chain.chainKey.key === undefined) excess -= 1;
    else kept[id] = chain;
  }
  session._chains = kept;
}
