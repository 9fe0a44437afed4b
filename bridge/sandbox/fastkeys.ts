import crypto, { createSecretKey, type BinaryLike, type CipherKey, type KeyObject } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/**
 * Lets every HMAC and cipher of this process take its key as a KeyObject. Node 24.19 spends some 20 µs on finding out
 * that a buffer is none, and libsignal needs about ten keys per message; making the object takes 1 µs. Only for a
 * process of the sandbox's own, because it replaces functions of node:crypto for everybody in it.
 */
export function useKeyObjects(): void {
  const wrap = <T>(key: T): T | KeyObject => (key instanceof Uint8Array ? createSecretKey(key) : key);
  const { createHmac, createCipheriv, createDecipheriv } = crypto;
  const replaced = {
    createHmac: (algorithm: string, key: BinaryLike | KeyObject, options?: object) => createHmac(algorithm, wrap(key), options),
    createCipheriv: (algorithm: string, key: CipherKey, iv: BinaryLike | null, options?: object) =>
      createCipheriv(algorithm, wrap(key), iv, options),
    createDecipheriv: (algorithm: string, key: CipherKey, iv: BinaryLike | null, options?: object) =>
      createDecipheriv(algorithm, wrap(key), iv, options),
  };
  Object.assign(crypto, replaced);
  syncBuiltinESMExports();
}
