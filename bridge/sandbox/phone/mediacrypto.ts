import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { hkdf, hmac, randomBytes } from "../wire/curve.js";

export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

const MAC_BYTES = 10;
/** Word in the key derivation (Baileys: MEDIA_HKDF_KEY_MAPPING). */
const WORD: Record<MediaKind, string> = { image: "Image", video: "Video", audio: "Audio", document: "Document", sticker: "Image" };

function keys(kind: MediaKind, mediaKey: Buffer): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const expanded = hkdf(mediaKey, 112, `WhatsApp ${WORD[kind]} Keys`);
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48), macKey: expanded.subarray(48, 80) };
}

/** 32 bytes. */
export function sha256(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

/** Encrypts a file for upload: AES-256-CBC, then the first 10 bytes of HMAC-SHA256 over IV and ciphertext. */
export function sealMedia(kind: MediaKind, file: Buffer): { mediaKey: Buffer; sealed: Buffer } {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = keys(kind, mediaKey);
  const cipher = createCipheriv("aes-256-cbc", cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(file), cipher.final()]);
  return { mediaKey, sealed: Buffer.concat([ciphertext, hmac(macKey, iv, ciphertext).subarray(0, MAC_BYTES)]) };
}

/** The reverse. Throws when the MAC is wrong. */
export function openMedia(kind: MediaKind, mediaKey: Buffer, sealed: Buffer): Buffer {
  const { iv, cipherKey, macKey } = keys(kind, mediaKey);
  const ciphertext = sealed.subarray(0, -MAC_BYTES);
  if (!hmac(macKey, iv, ciphertext).subarray(0, MAC_BYTES).equals(sealed.subarray(-MAC_BYTES))) throw new Error("media MAC is wrong");
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}
