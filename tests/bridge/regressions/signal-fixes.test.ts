import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { slowCurve } from "../../../bridge/src/whatsapp/curve.js";
import "../../../bridge/src/whatsapp/baileys.js";

interface KeyPair {
  pubKey: Buffer;
  privKey: Buffer;
}

interface Cipher {
  encrypt(data: Buffer): Promise<{ type: number; body: string | Buffer }>;
  decryptPreKeyWhisperMessage(data: Buffer): Promise<Buffer>;
  decryptWhisperMessage(data: Buffer): Promise<Buffer>;
}

interface Libsignal {
  ProtocolAddress: new (name: string, device: number) => object;
  SessionBuilder: new (storage: object, address: object) => { initOutgoing(device: object): Promise<void> };
  SessionCipher: new (storage: object, address: object) => Cipher;
  SessionRecord: { deserialize(data: object): { serialize(): object } };
}

const libsignal = createRequire(import.meta.url)("libsignal") as Libsignal;

/** Somebody with an identity, a signed pre-key and sessions in memory, as libsignal wants it. */
class Person {
  readonly identity = slowCurve.generateKeyPair();
  readonly signed = slowCurve.generateKeyPair();
  readonly #sessions = new Map<string, object>();
  readonly storage = {
    loadSession: (id: string) => {
      const data = this.#sessions.get(id);
      return Promise.resolve(data === undefined ? undefined : libsignal.SessionRecord.deserialize(data));
    },
    storeSession: (id: string, record: { serialize(): object }) => {
      this.#sessions.set(id, record.serialize());
      return Promise.resolve();
    },
    isTrustedIdentity: () => true,
    loadPreKey: () => Promise.resolve(undefined),
    removePreKey: () => undefined,
    loadSignedPreKey: (): KeyPair => this.signed,
    getOurRegistrationId: () => 1,
    getOurIdentity: (): KeyPair => this.identity,
  };

  bundle(): object {
    return { registrationId: 1, identityKey: this.identity.pubKey, signedPreKey: { keyId: 1, publicKey: this.signed.pubKey, signature: slowCurve.calculateSignature(this.identity.privKey, this.signed.pubKey) } };
  }
}

const ADDRESS = new libsignal.ProtocolAddress("other", 0);

async function send(cipher: Cipher, text: string): Promise<{ type: number; body: Buffer }> {
  const { type, body } = await cipher.encrypt(Buffer.from(text));
  return { type, body: Buffer.from(body as string, "binary") };
}

async function read(cipher: Cipher, { type, body }: { type: number; body: Buffer }): Promise<string> {
  return (type === 3 ? await cipher.decryptPreKeyWhisperMessage(body) : await cipher.decryptWhisperMessage(body)).toString();
}

describe("a Signal session that was renewed while an answer on the old one was under way", () => {
  it("can still be read by the other side afterwards", async () => {
    const [we, they] = [new Person(), new Person()];
    const ours = new libsignal.SessionCipher(we.storage, ADDRESS);
    const theirs = new libsignal.SessionCipher(they.storage, ADDRESS);
    const begin = (): Promise<void> => new libsignal.SessionBuilder(we.storage, ADDRESS).initOutgoing(they.bundle());
    await begin();
    assert.equal(await read(theirs, await send(ours, "one")), "one");
    const late = await send(theirs, "answer on the first session");
    await begin();
    assert.equal(await read(ours, late), "answer on the first session");
    assert.equal(await read(theirs, await send(ours, "two")), "two");
  });
});

describe("Baileys", () => {
  it("signs with the fast curve", async () => {
    const { Curve } = await import("baileys");
    const { private: key } = Curve.generateKeyPair();
    const time = (sign: () => void): number => {
      const begun = performance.now();
      for (let i = 0; i < 10; i += 1) sign();
      return performance.now() - begun;
    };
    const privateKey = Buffer.from(key);
    const slow = time(() => slowCurve.calculateSignature(privateKey, privateKey));
    assert.ok(time(() => Curve.sign(privateKey, privateKey)) < slow / 3);
  });
});
