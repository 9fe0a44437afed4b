import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from "node:crypto";
import { agree, generateKeyPair, hkdf, type KeyPair } from "./curve.js";

/** 32 bytes with the four NULs, therefore used unhashed as the first hash and key (Noise spec, §5.2). */
const PROTOCOL = Buffer.from("Noise_XX_25519_AESGCM_SHA256\0\0\0\0", "latin1");
const EMPTY = Buffer.alloc(0);
const TAG_BYTES = 16;

function iv(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(counter, 8);
  return nonce;
}

function seal(key: KeyObject, counter: number, plaintext: Uint8Array, aad: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv(counter));
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function open(key: KeyObject, counter: number, ciphertext: Uint8Array, aad: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, iv(counter));
  decipher.setAAD(aad);
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** Keys of an open connection. Counters start at 0 and the additional data is empty (Baileys noise-handler.js). */
export class NoiseTransport {
  private received = 0;
  private sent = 0;

  constructor(
    private readonly receiveKey: KeyObject,
    private readonly sendKey: KeyObject,
  ) {}

  encrypt(plaintext: Uint8Array): Buffer {
    return seal(this.sendKey, this.sent++, plaintext, EMPTY);
  }

  /** Throws when the frame was not made with this connection's keys and counter. */
  decrypt(ciphertext: Uint8Array): Buffer {
    return open(this.receiveKey, this.received++, ciphertext, EMPTY);
  }

  /** Uses up a sending counter, as a frame that nobody can read does. */
  skip(): void {
    this.sent += 1;
  }
}

/** The answering side of Noise_XX_25519_AESGCM_SHA256 (Noise spec, pattern XX). */
export class NoiseResponder {
  private hash: Buffer = PROTOCOL;
  private chain: Buffer = PROTOCOL;
  private key = createSecretKey(PROTOCOL);
  private counter = 0;
  private readonly ephemeral = generateKeyPair();
  private peerEphemeral: Buffer = EMPTY;

  constructor(
    private readonly staticKey: KeyPair,
    header: Buffer,
  ) {
    this.mixHash(header);
  }

  /**
   * Answers the client's first message.
   * @param clientEphemeral 32 bytes
   * @param certificates encoded CertChain
   */
  hello(clientEphemeral: Uint8Array, certificates: Uint8Array): { ephemeral: Buffer; static: Buffer; payload: Buffer } {
    this.peerEphemeral = Buffer.from(clientEphemeral);
    this.mixHash(this.peerEphemeral);
    this.mixHash(this.ephemeral.public);
    this.mixKey(agree(this.ephemeral.private, this.peerEphemeral));
    const encryptedStatic = this.encrypt(this.staticKey.public);
    this.mixKey(agree(this.staticKey.private, this.peerEphemeral));
    const payload = this.encrypt(certificates);
    return { ephemeral: this.ephemeral.public, static: encryptedStatic, payload };
  }

  /** Reads the client's last message. Throws when it does not decrypt. */
  finish(encryptedStatic: Uint8Array, encryptedPayload: Uint8Array): {
    clientStatic: Buffer;
    payload: Buffer;
    transport: NoiseTransport;
  } {
    const clientStatic = this.decrypt(encryptedStatic);
    this.mixKey(agree(this.ephemeral.private, clientStatic));
    const payload = this.decrypt(encryptedPayload);
    const keys = hkdf(EMPTY, 64, "", this.chain);
    return { clientStatic, payload, transport: new NoiseTransport(createSecretKey(keys.subarray(0, 32)), createSecretKey(keys.subarray(32))) };
  }

  private encrypt(plaintext: Uint8Array): Buffer {
    const result = seal(this.key, this.counter++, plaintext, this.hash);
    this.mixHash(result);
    return result;
  }

  private decrypt(ciphertext: Uint8Array): Buffer {
    const result = open(this.key, this.counter++, ciphertext, this.hash);
    this.mixHash(ciphertext);
    return result;
  }

  private mixHash(data: Uint8Array): void {
    this.hash = createHash("sha256").update(this.hash).update(data).digest();
  }

  private mixKey(input: Uint8Array): void {
    const keys = hkdf(input, 64, "", this.chain);
    this.chain = keys.subarray(0, 32);
    this.key = createSecretKey(keys.subarray(32));
    this.counter = 0;
  }
}
