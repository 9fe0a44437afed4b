/**
 * Makes signatures count. Baileys rc14 takes every signature for good: its `Curve.verify` waits for libsignal to throw,
 * and libsignal answers false instead. So neither the server's certificates nor the account's signature on our device
 * were checked, and TLS alone said that the server is WhatsApp. Baileys' modules share the exported object `Curve`, so
 * what is put into it here is what all of them use. Import it after curve.ts and before anything connects.
 *
 * The server's chain is checked as WhatsApp's own clients and whatsmeow (`verifyServerCert`) do: the root signs the
 * intermediate, the intermediate signs the leaf and is its issuer, and the leaf carries the handshake's static key.
 * Baileys compares neither of the last two, so they are checked with the root's signature, the last thing it asks for.
 */
import { Curve, proto, WA_CERT_DETAILS } from "baileys";
import { fastCurve } from "./curve.js";

const { Details } = proto.CertChain.NoiseCertificate;

/** What Baileys had verified before it asks for the root's signature: the leaf, and with which key. */
interface Verified {
  key: Uint8Array;
  message: Uint8Array;
  holds: boolean;
}

// One handshake runs from its key agreement to its last signature without a pause, so these two are always its own.
let lastAgreedWith: Uint8Array | undefined;
let lastVerified: Verified | undefined;

function same(a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean {
  return a !== null && a !== undefined && b !== null && b !== undefined && a.length > 0 && Buffer.compare(a, b) === 0;
}

/** True when a signature is that key's on that message. Never throws. */
export function signatureHolds(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return fastCurve.verifySignature(key, message, signature);
  } catch {
    return false;
  }
}

/**
 * True when a leaf belongs to an intermediate and to the handshake.
 * @param issuer the key the leaf was verified with.
 * @param staticKey the server's static key, as the handshake decrypted it.
 */
export function chainFits(leaf: Uint8Array, issuer: Uint8Array, intermediate: Uint8Array, staticKey: Uint8Array): boolean {
  try {
    const above = Details.decode(intermediate);
    const below = Details.decode(leaf);
    return same(above.key, issuer) && below.issuerSerial === above.serial && same(below.key, staticKey);
  } catch {
    return false;
  }
}

const agree = Curve.sharedKey;

Curve.sharedKey = (privateKey, publicKey) => {
  lastAgreedWith = publicKey;
  return agree(privateKey, publicKey);
};

Curve.verify = (key, message, signature) => {
  const holds = signatureHolds(key, message, signature);
  if (key !== WA_CERT_DETAILS.PUBLIC_KEY) {
    lastVerified = { key, message, holds };
    return holds;
  }
  const leaf = lastVerified;
  const staticKey = lastAgreedWith;
  lastVerified = undefined;
  lastAgreedWith = undefined;
  return holds && leaf?.holds === true && staticKey !== undefined && chainFits(leaf.message, leaf.key, message, staticKey);
};
