/**
 * Replaces the elliptic-curve functions of libsignal, which signs and verifies in plain JavaScript, by the
 * WebAssembly ones Baileys already ships: a hundred times faster, and most of what a group message costs. The
 * signatures are the same XEdDSA ones, each side verifies the other's. Import it before Baileys, which copies
 * the functions when it is loaded.
 */
import { createRequire } from "node:module";
import { calculateAgreement, calculateSignature, generateKeyPair, verifySignature } from "whatsapp-rust-bridge";

/** The functions of libsignal/src/curve.js; all but the first are replaced. Public keys may carry the type byte 5 in front. */
export interface Curve {
  getPublicFromPrivateKey: (privateKey: Uint8Array) => Buffer;
  generateKeyPair: () => { pubKey: Buffer; privKey: Buffer };
  calculateAgreement: (publicKey: Uint8Array, privateKey: Uint8Array) => Buffer;
  calculateSignature: (privateKey: Uint8Array, message: Uint8Array) => Buffer;
  verifySignature: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, isInit?: boolean) => boolean;
}

/** The signed pre-key of a device is not signed by that device's identity. */
export class BadKeyBundle extends Error {
  constructor() {
    super("a key bundle is not signed by its owner");
    this.name = "BadKeyBundle";
  }
}

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TYPE_BYTE = 5;

function checkPrivateKey(key: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) throw new Error("a private key has 32 bytes");
  return key;
}

/** With its type byte, as the WebAssembly functions want it. */
function typed(key: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array)) throw new Error("a public key is bytes");
  if (key.length === KEY_BYTES) return Buffer.concat([Buffer.from([TYPE_BYTE]), key]);
  if (key.length !== KEY_BYTES + 1 || key[0] !== TYPE_BYTE) throw new Error("a public key has 32 bytes, or 33 with its type");
  return key;
}

// Without getPublicFromPrivateKey: the WebAssembly one (0.5.4) answers something else than the key's public half.
export const fastCurve: Omit<Curve, "getPublicFromPrivateKey"> = {
  generateKeyPair: () => {
    const pair = generateKeyPair();
    return { pubKey: Buffer.from(typed(pair.pubKey)), privKey: Buffer.from(pair.privKey) };
  },
  calculateAgreement: (publicKey, privateKey) => Buffer.from(calculateAgreement(typed(publicKey), checkPrivateKey(privateKey))),
  calculateSignature: (privateKey, message) => Buffer.from(calculateSignature(checkPrivateKey(privateKey), message)),
  verifySignature: (publicKey, message, signature, isInit) => {
    if (signature.length !== SIGNATURE_BYTES) throw new Error("a signature has 64 bytes");
    const holds = verifySignature(typed(publicKey), message, signature);
    // libsignal asks so for the key bundle of a new session, then does not look at the answer.
    if (isInit === true && !holds) throw new BadKeyBundle();
    return holds;
  },
};

/** libsignal's own module: CommonJS, so what is assigned here is what everybody gets. */
export const libsignalCurve = createRequire(import.meta.url)("libsignal/src/curve.js") as Curve;

/** As libsignal brought them, for comparison. */
export const slowCurve: Curve = { ...libsignalCurve };

Object.assign(libsignalCurve, fastCurve);
