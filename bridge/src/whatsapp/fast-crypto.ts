/**
 * Makes the symmetric cryptography of libsignal and Baileys cheap. Import it before both.
 *
 * 1. Node 24 spends some 13 µs on finding out that a key given as a buffer is no key object, and a message takes
 *    about thirty keys; making the object takes 1 µs. So every HMAC and cipher of this process gets its key as one. The
 *    functions of node:crypto are replaced for everybody in the process, because Baileys copies them when it is loaded.
 * 2. libsignal derives keys by four HMACs; the WebAssembly library that Baileys ships does it in one call.
 */
import crypto, { createSecretKey, type BinaryLike, type CipherKey, type KeyObject } from "node:crypto";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { hkdf } from "whatsapp-rust-bridge";

/** The functions of libsignal/src/crypto.js that are measured against each other or replaced. */
export interface LibsignalCrypto {
  calculateMAC: (key: Buffer, data: Buffer) => Buffer;
  /** RFC 5869 with SHA-256: the first one to three blocks (32 bytes each; three when not told). */
  deriveSecrets: (input: Buffer, salt: Buffer, info: Buffer, chunks?: number) => Buffer[];
}

const BLOCK_BYTES = 32;

/** The same key in the form that costs nothing to recognise. An empty one is left as it is: not every version makes an object of it. */
function asObject<T>(key: T): T | KeyObject {
  return key instanceof Uint8Array && key.length > 0 ? createSecretKey(key) : key;
}

const { createHmac, createCipheriv, createDecipheriv } = crypto;

Object.assign(crypto, {
  createHmac: (algorithm: string, key: BinaryLike | KeyObject, options?: object) => createHmac(algorithm, asObject(key), options),
  createCipheriv: (algorithm: string, key: CipherKey, iv: BinaryLike | null, options?: object) => createCipheriv(algorithm, asObject(key), iv, options),
  createDecipheriv: (algorithm: string, key: CipherKey, iv: BinaryLike | null, options?: object) => createDecipheriv(algorithm, asObject(key), iv, options),
});
syncBuiltinESMExports();

/** Node's own, for comparison. */
export const slowNode = { createHmac, createCipheriv, createDecipheriv };

function deriveSecrets(input: Buffer, salt: Buffer, info: Buffer, chunks = 3): Buffer[] {
  for (const part of [input, salt, info]) if (!Buffer.isBuffer(part)) throw new TypeError("what keys are derived from is in buffers");
  if (salt.length !== BLOCK_BYTES) throw new Error("a salt has 32 bytes");
  if (chunks < 1 || chunks > 3) throw new Error("one to three keys are derived");
  const bytes = Buffer.from(hkdf(input, chunks * BLOCK_BYTES, { salt, info: info.toString("latin1") }));
  return Array.from({ length: chunks }, (_, n) => bytes.subarray(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES));
}

/** libsignal's own module: CommonJS, so what is assigned here is what everybody gets. */
export const libsignalCrypto = createRequire(import.meta.url)("libsignal/src/crypto.js") as LibsignalCrypto;

/** As libsignal brought it, for comparison. */
export const slowDeriveSecrets = libsignalCrypto.deriveSecrets;

libsignalCrypto.deriveSecrets = deriveSecrets;
