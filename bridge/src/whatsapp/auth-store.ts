/**
 * A session's credentials and Signal keys as Baileys wants them, kept in the store. Sets of keys commit as one;
 * a received plaintext and its event commit with the ratchet step that opened it. What a message writes, sent or received, is
 * not waited for: until it is on disk the next message finds it here, and every frame that comes after it is kept back.
 */
import type { Cipher } from "../store/ciphers.js";
import type { Store } from "../store/store.js";
import type { Pairing } from "../store/sessions.js";
import { BufferJSON, initAuthCreds, proto, type AuthenticationCreds, type SignalDataSet, type SignalDataTypeMap, type SignalKeyStore } from "./baileys.js";
import { userOf } from "./jid.js";
import { deviceNames, relaying, type Relaying } from "./relaying.js";
import type { KeyCache } from "./key-cache.js";

/** A type of its own among the Signal keys: what a ciphertext, named by its digest, said. See signal-repository.ts. */
export const INBOUND = "inbound";

/** A decrypted message on its way into the store. */
export interface InboundRecord {
  digest: Buffer;
  plaintext: Uint8Array;
  /** Records the event, if there is one. Runs in the same transaction. */
  recordEvent: (() => void) | undefined;
}

/** Another: what a device is sent. See signal-repository.ts. */
export const OUTBOUND = "outbound";

/** A ciphertext on its way into the store. */
export interface OutboundRecord {
  outboxId: number;
  /** The device's name, or a group's. */
  device: string;
  cipher: Cipher;
  /** People in the group or story. */
  recipients: number | undefined;
}

/** What the rest of a connection does for its keys. */
export interface AuthStoreDeps {
  /** Called at once, before Baileys hears of it, when a write failed: nothing may be receipted then. */
  onStoreFailure: () => void;
  /** Keeps back every frame made from now on until something is on disk; false when it cannot. */
  holdFrames: (durable: Promise<void>) => boolean;
}

/** A value on its way to the disk; without bytes it is deleted. */
interface Put {
  type: string;
  id: string;
  value: unknown;
  bytes: Buffer | undefined;
}

/**
 * While so much is on its way to the disk, whoever receives waits for it: thousands of messages that waited at WhatsApp would
 * otherwise be taken in before anybody is told of the first.
 */
const RECEIVED_UNDER_WAY = 16;

const RAW = 0;
const KEY_PAIR = 1;
const JSON_VALUE = 2;

/** A value in bytes: keys and key pairs as they are, because there are 812 pre-keys a session; the rest as JSON. */
export function encodeKey(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from([RAW]), value]);
  const pair = value as { public?: unknown; private?: unknown };
  if (pair.public instanceof Uint8Array && pair.private instanceof Uint8Array && pair.public.length === 32 && pair.private.length === 32 && Object.keys(pair).length === 2) {
    return Buffer.concat([Buffer.from([KEY_PAIR]), pair.public, pair.private]);
  }
  return Buffer.concat([Buffer.from([JSON_VALUE]), Buffer.from(JSON.stringify(value, BufferJSON.replacer))]);
}

/** The value of some bytes. */
export function decodeKey(bytes: Buffer): unknown {
  const body = bytes.subarray(1);
  if (bytes[0] === RAW) return body;
  if (bytes[0] === KEY_PAIR) return { public: body.subarray(0, 32), private: body.subarray(32) };
  return JSON.parse(body.toString(), BufferJSON.reviver) as unknown;
}

export class AuthStore {
  readonly creds: AuthenticationCreds;
  readonly keys: SignalKeyStore;
  readonly #store: Store;
  readonly #pairing: Pairing;
  readonly #cache: KeyCache;
  readonly #deps: AuthStoreDeps;
  /** What is written and not known to be on disk, by type and id. */
  readonly #underWay = new Map<string, Put>();
  /** Likewise what was received, by the digests of its ciphertexts. */
  readonly #arriving = new Map<string, Uint8Array>();
  #closed = false;

  /**
   * Reads the credentials, or makes new ones that are saved once a phone has linked them.
   * @param cache shared by all sessions of the store.
   * @throws SealBroken
   */
  constructor(store: Store, pairing: Pairing, cache: KeyCache, deps: AuthStoreDeps) {
    this.#store = store;
    this.#cache = cache;
    this.#pairing = pairing;
    this.#deps = deps;
    const saved = store.secrets.credentials(pairing);
    this.creds = saved === undefined ? initAuthCreds() : (JSON.parse(saved.toString(), BufferJSON.reviver) as AuthenticationCreds);
    this.keys = { get: (type, ids) => this.#get(type, ids), set: (data) => this.#set(data) };
  }

  /**
   * True once a phone has linked this device. `creds.me` does not say it: asking for a pairing code sets it at once,
   * and whoever logs in with it before the code was typed in is told 401, logged out.
   */
  get isLinked(): boolean {
    return this.creds.account !== undefined && this.creds.me !== undefined;
  }

  /** What a ciphertext said when it came before. @throws SealBroken */
  plaintextOf(digest: Buffer): Uint8Array | undefined {
    return this.#arriving.get(digest.toString("hex")) ?? this.#store.inbound.plaintext(this.#pairing, digest);
  }

  /** From here on nothing is written: another connection of the session, or its end, may come next. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Saves the credentials before it returns: Baileys does not wait for its listeners. Those no phone has linked are
   * of no use to the next connection, and half of a pairing by code would do harm there, so they are not saved.
   * @throws BridgeError store_unavailable
   */
  saveCreds(): void {
    if (this.#closed || !this.isLinked) return;
    const plaintext = Buffer.from(JSON.stringify(this.creds, BufferJSON.replacer));
    try {
      this.#store.writer.now(() => {
        this.#store.secrets.saveCredentials(this.#pairing, plaintext);
      });
    } catch (error) {
      this.#deps.onStoreFailure();
      throw error;
    }
  }

  #get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Record<string, SignalDataTypeMap[T]> {
    const found: Record<string, SignalDataTypeMap[T]> = {};
    for (const id of ids) {
      const value = this.#read(type, id);
      if (value === undefined) continue;
      if (type === "sender-key-memory") found[id] = this.#keyHolders(value as Record<string, boolean>) as unknown as SignalDataTypeMap[T];
      else found[id] = (type === "app-state-sync-key" ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value) as SignalDataTypeMap[T];
    }
    const holders = type === "sender-key-memory" ? relaying.getStore()?.keyHolders : undefined;
    // Baileys forgets who has the key when a device asks; only the asker is to get it again.
    for (const id of holders === undefined ? [] : ids) found[id] = { ...holders } as unknown as SignalDataTypeMap[T];
    return found;
  }

  #read(type: string, id: string): unknown {
    const { sessionId } = this.#pairing;
    const underWay = this.#underWay.get(`${type} ${id}`);
    if (underWay?.bytes !== undefined) return this.#cache.holds(type) ? underWay.value : decodeKey(underWay.bytes);
    if (underWay !== undefined) return undefined;
    const cached = this.#cache.get(sessionId, type, id);
    if (cached !== undefined) return cached;
    const bytes = this.#store.secrets.key(this.#pairing, type, id);
    if (bytes === undefined) return undefined;
    const value = decodeKey(bytes);
    this.#cache.put(sessionId, type, id, value);
    return value;
  }

  /**
   * Who has our key of a group. Whom a message brought it to has it only if that message arrived: sent again, the message
   * brings it again.
   */
  #keyHolders(holders: Record<string, boolean>): Record<string, boolean> {
    const work = relaying.getStore();
    if (work?.again !== true) return holders;
    return Object.fromEntries(Object.entries(holders).filter(([jid]) => !this.#wasBrought(work, jid)));
  }

  #wasBrought(work: Relaying, jid: string): boolean {
    const user = userOf(jid) ?? "";
    const lid = this.#store.secrets.key(this.#pairing, "lid-mapping", user);
    const people = lid === undefined ? [] : [`${String(decodeKey(lid))}@lid`];
    return deviceNames(people, jid).some((name) => this.#store.ciphers.get(this.#pairing, work.outboxId, name) !== undefined);
  }

  async #set(data: SignalDataSet): Promise<void> {
    if (this.#closed) throw new Error("the connection has ended");
    const { [INBOUND]: inbound, [OUTBOUND]: outbound, ...keys } = data as Record<string, Record<string, unknown>>;
    // Encoded before anything waits, because Baileys goes on changing some of these objects.
    const puts: Put[] = [];
    for (const [type, values] of Object.entries(keys)) {
      for (const [id, given] of Object.entries(values)) {
        const value = given ?? undefined;
        puts.push({ type, id, value, bytes: value === undefined ? undefined : encodeKey(value) });
        // Until the new value is on disk, and for good if that fails.
        this.#cache.put(this.#pairing.sessionId, type, id, undefined);
      }
    }
    const work = relaying.getStore();
    const waits = inbound === undefined ? work === undefined : this.#store.writer.pending >= RECEIVED_UNDER_WAY;
    const written = this.#write(puts, Object.values(inbound ?? {}) as InboundRecord[], Object.values(outbound ?? {}) as OutboundRecord[], work?.after);
    if (waits || !this.#deps.holdFrames(written)) await written;
  }

  async #write(puts: readonly Put[], received: readonly InboundRecord[], sent: readonly OutboundRecord[], after: number | undefined): Promise<void> {
    const nowMs = Date.now();
    for (const put of puts) this.#underWay.set(`${put.type} ${put.id}`, put);
    for (const { digest, plaintext } of received) this.#arriving.set(digest.toString("hex"), plaintext);
    try {
      await this.#store.writer.soon(() => {
        for (const { type, id, bytes } of puts) {
          if (bytes === undefined) this.#store.secrets.deleteKey(this.#pairing, type, id);
          else this.#store.secrets.saveKey(this.#pairing, type, id, bytes);
        }
        for (const { outboxId, device, cipher, recipients } of sent) {
          this.#store.ciphers.record(this.#pairing, outboxId, device, cipher);
          if (after !== undefined && this.#store.outbox.isWaiting(after)) throw new Error("the message before it in its chat was not recorded");
          this.#store.outbox.hand(outboxId, recipients);
        }
        for (const record of received) {
          this.#store.inbound.record(this.#pairing, record.digest, record.plaintext, nowMs);
          record.recordEvent?.();
        }
        this.#store.writer.afterCommit(() => {
          for (const put of puts) if (this.#settle(put)) this.#cache.put(this.#pairing.sessionId, put.type, put.id, put.value);
        });
      });
    } catch (error) {
      for (const put of puts) this.#settle(put);
      this.#deps.onStoreFailure();
      throw error;
    } finally {
      for (const { digest } of received) this.#arriving.delete(digest.toString("hex"));
    }
  }

  /** A value is on disk, or never will be. @returns false when the next one is under way already. */
  #settle(put: Put): boolean {
    const name = `${put.type} ${put.id}`;
    return this.#underWay.get(name) === put && this.#underWay.delete(name);
  }
}
