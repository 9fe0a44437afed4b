import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { libsignalCrypto, slowDeriveSecrets, slowNode } from "../../../bridge/src/whatsapp/fast-crypto.js";

describe("the faster cryptography", () => {
  it("is what everybody gets, also who imported it by name", () => {
    assert.notEqual(createHmac, slowNode.createHmac);
    assert.notEqual(createCipheriv, slowNode.createCipheriv);
    assert.notEqual(createDecipheriv, slowNode.createDecipheriv);
    assert.notEqual(libsignalCrypto.deriveSecrets, slowDeriveSecrets);
  });

  it("derives the same keys as libsignal, however many and from whatever", () => {
    for (const info of ["WhisperText", "WhisperRatchet", "WhisperMessageKeys", "WhisperGroup"].map((text) => Buffer.from(text))) {
      for (const chunks of [undefined, 1, 2, 3]) {
        for (const length of [1, 32, 33, 64, 128]) {
          const input = randomBytes(length);
          for (const salt of [randomBytes(32), Buffer.alloc(32)]) {
            assert.deepEqual(libsignalCrypto.deriveSecrets(input, salt, info, chunks), slowDeriveSecrets(input, salt, info, chunks));
          }
        }
      }
    }
  });

  it("derives from buffers only, with a salt of 32 bytes, one to three keys", () => {
    const key = randomBytes(32);
    assert.throws(() => libsignalCrypto.deriveSecrets(new Uint8Array(32) as Buffer, key, key), TypeError);
    assert.throws(() => libsignalCrypto.deriveSecrets(key, randomBytes(31), key), /32 bytes/);
    assert.throws(() => libsignalCrypto.deriveSecrets(key, key, key, 4), /one to three/);
  });

  it("makes the same HMAC from every form of a key, also an empty one and one longer than a block", () => {
    const data = randomBytes(100);
    for (const key of [randomBytes(32), new Uint8Array(randomBytes(20)), randomBytes(200), Buffer.alloc(0), "text", createSecretKey(randomBytes(32))]) {
      assert.deepEqual(createHmac("sha256", key).update(data).digest(), slowNode.createHmac("sha256", key).update(data).digest());
    }
    const key = randomBytes(32);
    assert.deepEqual(libsignalCrypto.calculateMAC(key, data), slowNode.createHmac("sha256", key).update(data).digest());
  });

  it("encrypts the same, and each side opens what the other encrypted", () => {
    const key = randomBytes(32);
    const data = randomBytes(77);
    const cbc = (make: typeof createCipheriv, iv: Buffer): Buffer => {
      const cipher = make("aes-256-cbc", key, iv);
      return Buffer.concat([cipher.update(data), cipher.final()]);
    };
    const iv = randomBytes(16);
    assert.deepEqual(cbc(createCipheriv, iv), cbc(slowNode.createCipheriv, iv));
    const nonce = randomBytes(12);
    const seal = (make: typeof createCipheriv): Buffer => {
      const cipher = make("aes-256-gcm", key, nonce);
      cipher.setAAD(Buffer.from("place"));
      return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
    };
    const open = (make: typeof createDecipheriv, sealed: Buffer): Buffer => {
      const decipher = make("aes-256-gcm", key, nonce, { authTagLength: 16 });
      decipher.setAAD(Buffer.from("place"));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    };
    assert.deepEqual(open(slowNode.createDecipheriv, seal(createCipheriv)), data);
    assert.deepEqual(open(createDecipheriv, seal(slowNode.createCipheriv)), data);
    const forged = seal(createCipheriv);
    forged[0] = (forged[0] ?? 0) ^ 1;
    assert.throws(() => open(createDecipheriv, forged));
  });

  it("refuses a key of the wrong length as before", () => {
    assert.throws(() => createCipheriv("aes-256-cbc", randomBytes(31), randomBytes(16)), { code: "ERR_CRYPTO_INVALID_KEYLEN" });
    assert.throws(() => createDecipheriv("aes-256-gcm", randomBytes(16), randomBytes(12)), { code: "ERR_CRYPTO_INVALID_KEYLEN" });
  });
});
