/**
 * A session's credentials and Signal keys as Baileys wants them, kept in the store. Sets of keys commit as one;
 * a received plaintext and its event commit with the ratchet step that opened it.
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
  readonly #onStoreFailure: () => void;
  #closed = false;

  /**
   * Reads the credentials, or makes new ones that are saved once a phone has linked them.
   * @param cache shared by all sessions of the store.
   * @param onStoreFailure called at once, before Baileys hears of it, when a write failed: nothing may be receipted then.
   * @throws SealBroken
   */
  constructor(store: Store, pairing: Pairing, cache: KeyCache, onStoreFailure: () => void) {
    this.#store = store;
    this.#cache = cache;
    this.#pairing = pairing;
    this.#onStoreFailure = onStoreFailure;
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
      this.#onStoreFailure();
      throw error;
    }
  }

  #get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Record<string, SignalDataTypeMap[T]> {
    const found: Record<string, SignalDataTypeMap[T]> = {};
    for (const id of ids) {
      const cached = this.#cache.get(this.#pairing.sessionId, type, id);
      if (cached !== undefined) {
        found[id] = cached as SignalDataTypeMap[T];
        continue;
      }
      const bytes = this.#store.secrets.key(this.#pairing, type, id);
      if (bytes === undefined) continue;
      const value = decodeKey(bytes) as SignalDataTypeMap[T];
      this.#cache.put(this.#pairing.sessionId, type, id, value);
      if (type === "sender-key-memory") found[id] = this.#keyHolders(value as Record<string, boolean>) as unknown as SignalDataTypeMap[T];
      else found[id] = type === "app-state-sync-key" ? (proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T]) : value;
    }
    const holders = type === "sender-key-memory" ? relaying.getStore()?.keyHolders : undefined;
    // Baileys forgets who has the key when a device asks; only the asker is to get it again.
    for (const id of holders === undefined ? [] : ids) found[id] = { ...holders } as unknown as SignalDataTypeMap[T];
    return found;
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
    const puts: { type: string; id: string; value: unknown; bytes: Buffer | undefined }[] = [];
    for (const [type, values] of Object.entries(keys)) {
      for (const [id, given] of Object.entries(values)) {
        const value = given ?? undefined;
        puts.push({ type, id, value, bytes: value === undefined ? undefined : encodeKey(value) });
        // Until the new value is on disk, and for good if that fails.
        this.#cache.put(this.#pairing.sessionId, type, id, undefined);
      }
    }
    const records = Object.values(inbound ?? {}) as InboundRecord[];
    const sent = Object.values(outbound ?? {}) as OutboundRecord[];
    const nowMs = Date.now();
    try {
      await this.#store.writer.soon(() => {
        for (const { type, id, bytes } of puts) {
          if (bytes === undefined) this.#store.secrets.deleteKey(this.#pairing, type, id);
          else this.#store.secrets.saveKey(this.#pairing, type, id, bytes);
        }
        for (const { outboxId, device, cipher, recipients } of sent) {
          this.#store.ciphers.record(this.#pairing, outboxId, device, cipher);
          this.#store.outbox.hand(outboxId, recipients);
        }
        for (const record of records) {
          this.#store.inbound.record(this.#pairing, record.digest, record.plaintext, nowMs);
          record.recordEvent?.();
        }
        this.#store.writer.afterCommit(() => {
          for (const { type, id, value } of puts) this.#cache.put(this.#pairing.sessionId, type, id, value);
        });
      });
    } catch (error) {
      this.#onStoreFailure();
      throw error;
    }
  }
}
