import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeChain, type Forgery } from "../../../bridge/sandbox/wire/certificate.js";
import { generateKeyPair, sign, typed } from "../../../bridge/sandbox/wire/curve.js";
import { libsignalCurve } from "../../../bridge/src/whatsapp/curve.js";
import { proto, WA_CERT_DETAILS } from "../../../bridge/src/whatsapp/baileys.js";
import { signatureHolds } from "../../../bridge/src/whatsapp/signatures.js";
import { Curve } from "baileys";

/** Asks for a chain what Baileys' processHandshake asks, in its order. */
function accepted(chain: Buffer, staticPublic: Buffer): boolean {
  const { intermediate, leaf } = proto.CertChain.decode(chain);
  const details = proto.CertChain.NoiseCertificate.Details.decode(intermediate?.details ?? Buffer.alloc(0));
  Curve.sharedKey(generateKeyPair().private, staticPublic);
  const byIntermediate = Curve.verify(details.key ?? Buffer.alloc(0), leaf?.details ?? Buffer.alloc(0), leaf?.signature ?? Buffer.alloc(0));
  const byRoot = Curve.verify(WA_CERT_DETAILS.PUBLIC_KEY, intermediate?.details ?? Buffer.alloc(0), intermediate?.signature ?? Buffer.alloc(0));
  return byIntermediate && byRoot;
}

describe("signatures", () => {
  const root = generateKeyPair();
  const server = generateKeyPair();
  WA_CERT_DETAILS.PUBLIC_KEY = root.public as Buffer<ArrayBuffer>;

  it("of a chain that leads from the root to the handshake's key are accepted", () => {
    assert.equal(accepted(makeChain(root, server.public), server.public), true);
  });

  for (const forgery of ["root", "leaf", "signature"] satisfies Forgery[]) {
    it(`of a chain forged at its ${forgery} are refused`, () => {
      assert.equal(accepted(makeChain(root, server.public, forgery), server.public), false);
    });
  }

  it("of a good chain shown by somebody else, whose static key is another, are refused", () => {
    assert.equal(accepted(makeChain(root, server.public), generateKeyPair().public), false);
  });

  it("of a good leaf under an intermediate that is not its issuer are refused", () => {
    const { Details } = proto.CertChain.NoiseCertificate;
    const issuer = generateKeyPair();
    const intermediate = Buffer.from(Details.encode({ serial: 7, issuerSerial: 0, key: issuer.public }).finish());
    const leaf = Buffer.from(Details.encode({ serial: 9, issuerSerial: 8, key: server.public }).finish());
    const chain = proto.CertChain.encode({
      intermediate: { details: intermediate, signature: sign(root.private, intermediate) },
      leaf: { details: leaf, signature: sign(issuer.private, leaf) },
    }).finish();
    assert.equal(accepted(Buffer.from(chain), server.public), false);
  });

  it("hold on the message they were made for and on no other, in Baileys' own Curve too", () => {
    const key = generateKeyPair();
    const signature = sign(key.private, Buffer.from("account"));
    for (const verify of [signatureHolds, Curve.verify]) {
      assert.equal(verify(key.public, Buffer.from("account"), signature), true);
      assert.equal(verify(key.public, Buffer.from("another"), signature), false);
      assert.equal(verify(generateKeyPair().public, Buffer.from("account"), signature), false);
      assert.equal(verify(key.public, Buffer.from("account"), Buffer.alloc(64)), false);
      assert.equal(verify(key.public, Buffer.from("account"), Buffer.alloc(10)), false);
      assert.equal(verify(Buffer.alloc(5), Buffer.from("account"), signature), false);
    }
  });

  it("of a key bundle that its owner did not make stop the new session", () => {
    const owner = generateKeyPair();
    const preKey = typed(generateKeyPair().public);
    const good = sign(owner.private, preKey);
    assert.equal(libsignalCurve.verifySignature(owner.public, preKey, good, true), true);
    assert.throws(() => libsignalCurve.verifySignature(owner.public, preKey, sign(generateKeyPair().private, preKey), true), { name: "BadKeyBundle" });
  });
});
