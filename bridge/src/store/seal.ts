/**
 * Secrets at rest. Every pairing has its own random key, and every tenant one more for what outlives a pairing; the
 * master key only seals those keys. A sealed value is bound to its place (tenant, session, type, id), so a row copied
 * elsewhere does not open. Dropping a key makes everything sealed with it unreadable for good.
 *
 * Record: version (1 byte) | nonce (12) | ciphertext | tag (16). AES-256-GCM, NIST SP 800-38D.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { randomSlice } from "../random.js";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const DIGEST_BYTES = 16;

/** A value that is not what was sealed here: damaged, moved, or sealed with another key. */
export class SealBroken extends Error {
  constructor(options?: ErrorOptions) {
    super("a sealed value does not open at this place with this key", options);
    this.name = "SealBroken";
  }
}

function seal(key: KeyObject, place: string, plaintext: Uint8Array): Buffer {
  const nonce = randomSlice(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, body, cipher.getAuthTag()]);
}

function open(key: KeyObject, place: string, sealed: Uint8Array): Buffer {
  const record = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (record.length < 1 + NONCE_BYTES + TAG_BYTES || record[0] !== VERSION) throw new SealBroken();
  const nonce = record.subarray(1, 1 + NONCE_BYTES);
  const body = record.subarray(1 + NONCE_BYTES, -TAG_BYTES);
  try {
    // Without authTagLength Node takes a tag of four bytes for a whole one.
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(record.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (error) {
    throw new SealBroken({ cause: error });
  }
}

/** Seals and opens the values of one pairing, or those of a tenant that outlive a pairing. */
export class Vault {
  readonly #key: KeyObject;
  readonly #place: string;

  constructor(key: KeyObject, tenantId: string, scope: string) {
    this.#key = key;
    this.#place = `${tenantId}|${scope}`;
  }

  seal(type: string, id: string, plaintext: Uint8Array): Buffer {
    return seal(this.#key, `${this.#place}|${type}|${id}`, plaintext);
  }

  /** @throws SealBroken */
  open(type: string, id: string, sealed: Uint8Array): Buffer {
    return open(this.#key, `${this.#place}|${type}|${id}`, sealed);
  }

  /** Names a value without telling it: 16 bytes that are the same each time, and mean nothing without this key. */
  digest(type: string, value: string): Buffer {
    return createHmac("sha256", this.#key).update(`digest|${this.#place}|${type}|${value}`).digest().subarray(0, DIGEST_BYTES);
  }
}

/** Names a master key without telling it: lets a store say that it was given another one. */
export function masterKeyId(master: Uint8Array): string {
  return createHash("sha256").update("master key id").update(master).digest("hex").slice(0, 16);
}

/** What a key belongs to: one pairing, by its sessionId, or everything else of the tenant. */
export const WHOLE_TENANT = "*";

/** Makes and opens vaults. Holds the master key, which never touches a value itself. */
export class Vaults {
  #master: KeyObject;
  #keyId: string;

  /** @param master 32 bytes. */
  constructor(master: Uint8Array) {
    if (master.length !== KEY_BYTES) throw new Error("a master key has 32 bytes");
    this.#master = createSecretKey(master);
    this.#keyId = masterKeyId(master);
  }

  get keyId(): string {
    return this.#keyId;
  }

  /** A new vault and its key as it is stored. The scope is a sessionId or WHOLE_TENANT. */
  create(tenantId: string, scope: string): { vault: Vault; wrappedKey: Buffer } {
    const key = randomBytes(KEY_BYTES);
    const wrappedKey = seal(this.#master, wrapPlace(tenantId, scope), key);
    return { vault: new Vault(createSecretKey(key), tenantId, scope), wrappedKey };
  }

  /** @throws SealBroken */
  open(tenantId: string, scope: string, wrappedKey: Uint8Array): Vault {
    const key = open(this.#master, wrapPlace(tenantId, scope), wrappedKey);
    return new Vault(createSecretKey(key), tenantId, scope);
  }

  /** The same key, wrapped by another master key. @throws SealBroken */
  rewrap(tenantId: string, scope: string, wrappedKey: Uint8Array, next: Vaults): Buffer {
    const place = wrapPlace(tenantId, scope);
    return seal(next.#master, place, open(this.#master, place, wrappedKey));
  }

  /** From now on everything is wrapped by another's master key. Call it once the rewrapped keys are on disk. */
  become(next: Vaults): void {
    this.#master = next.#master;
    this.#keyId = next.#keyId;
  }
}

function wrapPlace(tenantId: string, scope: string): string {
  return `${tenantId}|${scope}|session-key`;
}
