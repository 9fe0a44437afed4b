import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import {
  calculateAgreement,
  calculateSignature,
  generateKeyPair as generate,
  verifySignature,
} from "whatsapp-rust-bridge";

/** An X25519 key pair; both halves are 32 bytes, without the type byte Signal puts in front of public keys. */
export interface KeyPair {
  public: Buffer;
  private: Buffer;
}

/** Type byte 05 in front of a public key (Baileys: KEY_BUNDLE_TYPE). */
export function typed(publicKey: Uint8Array): Buffer {
  return publicKey.length === 33 ? Buffer.from(publicKey) : Buffer.concat([Buffer.from([5]), publicKey]);
}

/** A fresh key pair. */
export function generateKeyPair(): KeyPair {
  const pair = generate();
  return { public: Buffer.from(pair.pubKey.subarray(-32)), private: Buffer.from(pair.privKey) };
}

/** X25519 shared secret, 32 bytes. Throws on a key of the wrong length. */
export function agree(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  return Buffer.from(calculateAgreement(typed(publicKey), privateKey));
}

/** XEdDSA signature, 64 bytes. WebAssembly: 0.1 ms instead of the JavaScript curve's several. */
export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
  return Buffer.from(calculateSignature(privateKey, message));
}

/** Whether an XEdDSA signature (64 bytes) fits; false as well when a key or signature has the wrong length. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(typed(publicKey), message, signature);
  } catch {
    return false;
  }
}

/** HKDF-SHA256; an absent salt is 32 zero bytes, as in RFC 5869. */
export function hkdf(input: Uint8Array, length: number, info: string, salt: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.from(hkdfSync("sha256", input, salt, info, length));
}

/** HMAC-SHA256 over the parts one after another, 32 bytes. */
export function hmac(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export { randomBytes };
