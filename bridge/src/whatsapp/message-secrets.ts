/**
 * What is encrypted with the secret of another message: votes, answers to events, edits, reactions in large groups.
 * The key is made of that message's secret, its id, its author's address, the changer's address and a word for the use.
 * Source: whatsmeow `msgsecret.go`; Baileys `decryptPollVote`.
 */
import { createDecipheriv, hkdfSync } from "node:crypto";

export type SecretUse = "Poll Vote" | "Event Response" | "Enc Reaction" | "Message Edit" | "Event Edit";

/** These bind the message and the changer once more. */
const BOUND: readonly SecretUse[] = ["Poll Vote", "Event Response"];

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_BYTES = 256 * 1024;

export interface Sealed {
  encPayload?: Uint8Array | null;
  encIv?: Uint8Array | null;
}

export interface SecretOf {
  secret: Uint8Array;
  /** The id of the message the secret belongs to, as WhatsApp has it. */
  messageId: string;
  /** Its author, and who changes something about it, by every address known: nothing says which of them were used. */
  authors: readonly string[];
  changers: readonly string[];
}

/** What was encrypted; undefined when it does not open. */
export function openSecret(use: SecretUse, { encPayload, encIv }: Sealed, { secret, messageId, authors, changers }: SecretOf): Buffer | undefined {
  if (!encPayload || encPayload.length < TAG_BYTES || encPayload.length > MAX_BYTES || encIv?.length !== IV_BYTES) return undefined;
  for (const author of authors) {
    for (const changer of changers) {
      const key = Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `${messageId}${author}${changer}${use}`, KEY_BYTES));
      const bound = BOUND.includes(use) ? Buffer.from(`${messageId}\0${changer}`) : undefined;
      const opened = open(key, Buffer.from(encPayload), encIv, bound);
      if (opened !== undefined) return opened;
    }
  }
  return undefined;
}

function open(key: Buffer, sealed: Buffer, iv: Uint8Array, bound: Buffer | undefined): Buffer | undefined {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
    if (bound !== undefined) decipher.setAAD(bound);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    // Another address, or not what it claims to be.
    return undefined;
  }
}
