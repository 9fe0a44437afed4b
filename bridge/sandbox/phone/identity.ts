import { createCipheriv, createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { proto } from "baileys/WAProto/index.js";
import { agree, generateKeyPair, hkdf, hmac, randomBytes, sign, verify, type KeyPair } from "../wire/curve.js";

const derive = promisify(pbkdf2);
/** Prefixes of what account and device sign (Baileys: WA_ADV_ACCOUNT_SIG_PREFIX, WA_ADV_DEVICE_SIG_PREFIX). */
const ACCOUNT_PREFIX = Buffer.from([6, 0]);
const DEVICE_PREFIX = Buffer.from([6, 1]);
/** `2 << 16` in Baileys' derivePairingCodeKey. */
const CODE_ROUNDS = 131_072;

export interface LinkedIdentity {
  /** ADVSignedDeviceIdentityHMAC, for `<pair-success>`. */
  sealed: Buffer;
  details: Buffer;
}

/**
 * The phone vouches for a companion's identity key; the HMAC proves to the companion that the phone saw its secret.
 * @param forged the account signature is somebody else's, while the HMAC is right.
 */
export function vouch(account: KeyPair, companion: Buffer, keyIndex: number, advSecret: Buffer, forged = false): LinkedIdentity {
  const details = Buffer.from(
    proto.ADVDeviceIdentity.encode({
      rawId: randomBytes(4).readUInt32BE() >>> 1,
      timestamp: Math.floor(Date.now() / 1000),
      keyIndex,
      accountType: proto.ADVEncryptionType.E2EE,
      deviceType: proto.ADVEncryptionType.E2EE,
    }).finish(),
  );
  const accountSignature = sign(forged ? generateKeyPair().private : account.private, Buffer.concat([ACCOUNT_PREFIX, details, companion]));
  const signed = Buffer.from(
    proto.ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: account.public, accountSignature }).finish(),
  );
  const sealed = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac: hmac(advSecret, signed) }).finish();
  return { sealed: Buffer.from(sealed), details };
}

/** Whether the companion's answer carries its own signature over the same identity. */
export function accepted(answer: Buffer, vouched: LinkedIdentity, account: KeyPair, companion: Buffer): boolean {
  const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(answer);
  if (deviceSignature?.length !== 64) return false;
  return verify(companion, Buffer.concat([DEVICE_PREFIX, vouched.details, companion, account.public]), deviceSignature);
}

/** The phone's half of linking by an eight-character code (Baileys messages-recv.js, link_code_companion_reg). */
export class CodeLink {
  private readonly ephemeral = generateKeyPair();

  private constructor(
    private readonly companionEphemeral: Buffer,
    /** salt, IV and the encrypted public key, for `primary_hello` */
    readonly wrapped: Buffer,
  ) {}

  /** @param wrappedCompanion 32 bytes of salt, 16 of IV, 32 of encrypted public key */
  static async begin(code: string, wrappedCompanion: Buffer): Promise<CodeLink> {
    const opened = createDecipheriv("aes-256-ctr", await codeKey(code, wrappedCompanion.subarray(0, 32)), wrappedCompanion.subarray(32, 48));
    const companionEphemeral = Buffer.concat([opened.update(wrappedCompanion.subarray(48, 80)), opened.final()]);
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const link = new CodeLink(companionEphemeral, Buffer.alloc(80));
    const cipher = createCipheriv("aes-256-ctr", await codeKey(code, salt), iv);
    Buffer.concat([salt, iv, cipher.update(link.ephemeral.public), cipher.final()]).copy(link.wrapped);
    return link;
  }

  /**
   * Opens the companion's key bundle.
   * @returns the secret of the pairing HMAC
   * @throws when the code typed in was another one
   */
  finish(bundle: Buffer, account: KeyPair, companion: Buffer): Buffer {
    const shared = agree(this.ephemeral.private, this.companionEphemeral);
    const key = hkdf(shared, 32, "link_code_pairing_key_bundle_encryption_key", bundle.subarray(0, 32));
    const decipher = createDecipheriv("aes-256-gcm", key, bundle.subarray(32, 44));
    decipher.setAuthTag(bundle.subarray(-16));
    const opened = Buffer.concat([decipher.update(bundle.subarray(44, -16)), decipher.final()]);
    if (!opened.subarray(0, 32).equals(companion)) throw new Error("the bundle is another companion's");
    return hkdf(Buffer.concat([shared, agree(account.private, companion), opened.subarray(64, 96)]), 32, "adv_secret");
  }
}

function codeKey(code: string, salt: Buffer): Promise<Buffer> {
  return derive(code, salt, CODE_ROUNDS, 32, "sha256");
}
