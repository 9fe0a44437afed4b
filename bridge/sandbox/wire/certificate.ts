import { proto } from "baileys/WAProto/index.js";
import { generateKeyPair, randomBytes, sign, type KeyPair } from "./curve.js";

/** How the chain shown in the handshake deviates from a valid one. */
export type Forgery = "root" | "leaf" | "signature";
export const FORGERIES: readonly Forgery[] = ["root", "leaf", "signature"];

/**
 * The chain a client checks in the handshake: the root key signs the intermediate (issuerSerial 0, the number Baileys
 * has in WA_CERT_DETAILS.SERIAL), the intermediate signs the leaf, and the leaf carries the handshake's static key.
 *
 * Forgeries: `root` is signed by another root key, `leaf` carries another key than the handshake's, `signature` has
 * random bytes in place of both signatures.
 * @returns encoded CertChain
 */
export function makeChain(root: KeyPair, staticPublic: Buffer, forgery?: Forgery): Buffer {
  const signer = forgery === "root" ? generateKeyPair() : root;
  const intermediateKey = generateKeyPair();
  const Details = proto.CertChain.NoiseCertificate.Details;
  const intermediate = Buffer.from(
    Details.encode({ serial: 1, issuerSerial: 0, key: intermediateKey.public, ...validity() }).finish(),
  );
  const leafKey = forgery === "leaf" ? generateKeyPair().public : staticPublic;
  const leaf = Buffer.from(Details.encode({ serial: 2, issuerSerial: 1, key: leafKey, ...validity() }).finish());
  const signature = (key: KeyPair, details: Buffer): Buffer =>
    forgery === "signature" ? randomBytes(64) : sign(key.private, details);
  return Buffer.from(
    proto.CertChain.encode({
      intermediate: { details: intermediate, signature: signature(signer, intermediate) },
      leaf: { details: leaf, signature: signature(intermediateKey, leaf) },
    }).finish(),
  );
}

/** Ten years around now, in seconds. */
function validity(): { notBefore: number; notAfter: number } {
  const now = Math.floor(Date.now() / 1000);
  return { notBefore: now - 86_400, notAfter: now + 10 * 365 * 86_400 };
}
