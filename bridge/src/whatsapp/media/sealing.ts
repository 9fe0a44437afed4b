/**
 * Encrypts a file for WhatsApp's media server, piece by piece, so that none has to fit into memory.
 * AES-256-CBC, then ten bytes of an HMAC over IV and ciphertext; keys by HKDF from the media key. Source: Baileys
 * `encryptedStream`, whatsmeow `upload.go`.
 */
import { createCipheriv, createHash, createHmac, hkdfSync } from "node:crypto";

/** What a file is encrypted and stored as. Stickers are stored as images. */
export type MediaFamily = "image" | "video" | "audio" | "document";

const KEY_INFO: Record<MediaFamily, string> = {
  image: "WhatsApp Image Keys",
  video: "WhatsApp Video Keys",
  audio: "WhatsApp Audio Keys",
  document: "WhatsApp Document Keys",
};

const BLOCK_BYTES = 16;
export const MAC_BYTES = 10;
const EXPANDED_BYTES = 112;

/** The size of what `sealPieces` makes of so many bytes. */
export function sealedLength(bytes: number): number {
  return (Math.floor(bytes / BLOCK_BYTES) + 1) * BLOCK_BYTES + MAC_BYTES;
}

/** What a file is encrypted and authenticated with. */
export function fileKeys(mediaKey: Uint8Array, family: MediaFamily): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const expanded = Buffer.from(hkdfSync("sha256", mediaKey, Buffer.alloc(0), KEY_INFO[family], EXPANDED_BYTES));
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48), macKey: expanded.subarray(48, 80) };
}

/** The encrypted bytes of a file. */
export async function* sealPieces(pieces: AsyncIterable<Buffer>, mediaKey: Uint8Array, family: MediaFamily): AsyncGenerator<Buffer> {
  const { iv, cipherKey, macKey } = fileKeys(mediaKey, family);
  const cipher = createCipheriv("aes-256-cbc", cipherKey, iv);
  const mac = createHmac("sha256", macKey).update(iv);
  for await (const piece of pieces) {
    const sealed = cipher.update(piece);
    mac.update(sealed);
    yield sealed;
  }
  const last = cipher.final();
  mac.update(last);
  yield Buffer.concat([last, mac.digest().subarray(0, MAC_BYTES)]);
}

/** Copies: the reader of a file uses its piece again. */
export async function* copiedPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

/** SHA-256 of a file and of its encrypted form, in one pass. */
export async function digestsOf(pieces: AsyncIterable<Buffer>, mediaKey: Uint8Array, family: MediaFamily): Promise<{ plain: Buffer; sealed: Buffer; bytes: number }> {
  const plain = createHash("sha256");
  const sealed = createHash("sha256");
  let bytes = 0;
  const watched = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      plain.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  for await (const piece of sealPieces(watched(), mediaKey, family)) sealed.update(piece);
  return { plain: plain.digest(), sealed: sealed.digest(), bytes };
}
