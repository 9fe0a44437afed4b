/** Whether credentials that came from elsewhere are whole, belong together and to a linked device. */
import { lidJid, phoneNumberOf } from "../jid.js";
import { proto, type AuthenticationCreds } from "../baileys.js";
import { libsignalCurve } from "../curve.js";
import { signatureHolds } from "../signatures.js";
import { importInvalid, type ImportedKey } from "./folder.js";

/** What the phone's account signs and what a hosted one signs: Baileys' WA_ADV_ACCOUNT_SIG_PREFIX and …HOSTED…. */
const ACCOUNT_PREFIXES = [Buffer.from([6, 0]), Buffer.from([6, 5])];

/** Public keys with their type, as they are signed. */
const TYPE_BYTE = Buffer.from([5]);

interface Pair {
  public: Uint8Array;
  private: Uint8Array;
}

function isPair(value: unknown): value is Pair {
  const pair = value as Partial<Pair> | null | undefined;
  return pair?.public instanceof Uint8Array && pair.private instanceof Uint8Array && pair.public.length === 32 && pair.private.length === 32;
}

function belongsTogether(pair: Pair): boolean {
  return Buffer.compare(libsignalCurve.getPublicFromPrivateKey(pair.private).subarray(-32), pair.public) === 0;
}

/**
 * Checks credentials.
 * @returns them, with the counter of pre-keys past every key of the folder: a crash between writing the keys and the
 *   counter makes Baileys give out numbers twice.
 * @throws BridgeError import_invalid
 */
export function checkCredentials(value: unknown, keys: readonly ImportedKey[]): AuthenticationCreds {
  if (typeof value !== "object" || value === null) throw importInvalid("file_damaged", "creds.json");
  const creds = value as Partial<AuthenticationCreds>;
  // An account's name without its signature is half of a pairing by code.
  if (creds.me?.id === undefined || creds.account === undefined) throw importInvalid("not_paired");
  if (phoneNumberOf(creds.me.id) === undefined || (creds.me.lid !== undefined && lidJid(creds.me.lid) === undefined)) throw importInvalid("file_damaged", "creds.json");
  const { noiseKey, signedIdentityKey: identity, signedPreKey, registrationId, advSecretKey, nextPreKeyId, firstUnuploadedPreKeyId } = creds;
  if (!isPair(noiseKey) || !isPair(identity) || !isPair(signedPreKey?.keyPair) || !(signedPreKey.signature instanceof Uint8Array)) throw importInvalid("file_damaged", "creds.json");
  if (![registrationId, nextPreKeyId, firstUnuploadedPreKeyId, signedPreKey.keyId].every(Number.isSafeInteger) || typeof advSecretKey !== "string") throw importInvalid("file_damaged", "creds.json");
  if (![noiseKey, identity, signedPreKey.keyPair].every(belongsTogether)) throw importInvalid("keys_do_not_match");
  if (!signatureHolds(identity.public, Buffer.concat([TYPE_BYTE, signedPreKey.keyPair.public]), signedPreKey.signature)) throw importInvalid("signature_wrong");
  checkAccount(creds.account, identity.public);
  for (const key of keys) if (key.type === "pre-key" && !isPair(key.value)) throw importInvalid("file_damaged", `pre-key-${key.id}.json`);
  const highest = Math.max(0, ...keys.filter((key) => key.type === "pre-key").map((key) => Number(key.id)).filter(Number.isSafeInteger));
  return { ...(creds as AuthenticationCreds), nextPreKeyId: Math.max(Number(nextPreKeyId), highest + 1) };
}

/** The account's signature on this device's identity, as the phone gave it when it linked the device. */
function checkAccount(account: NonNullable<AuthenticationCreds["account"]>, identity: Uint8Array): void {
  const { details, accountSignatureKey, accountSignature } = proto.ADVSignedDeviceIdentity.fromObject(account);
  if (!details?.length || !accountSignatureKey?.length || !accountSignature?.length) throw importInvalid("not_paired");
  const holds = ACCOUNT_PREFIXES.some((prefix) => signatureHolds(accountSignatureKey, Buffer.concat([prefix, details, identity]), accountSignature));
  if (!holds) throw importInvalid("signature_wrong");
}
