import type { proto } from "baileys/WAProto/index.js";
import type { MediaStore } from "../world/media.js";
import { MEDIA_FIELDS, mediaField, unwrap } from "./content.js";
import type { InboxMedia } from "./inbox.js";
import { openMedia, sha256, type MediaKind } from "./mediacrypto.js";

interface MediaMessage {
  mediaKey?: Uint8Array | null;
  directPath?: string | null;
  fileSha256?: Uint8Array | null;
  fileEncSha256?: Uint8Array | null;
  mimetype?: string | null;
  fileName?: string | null;
}

/** The media part of a message and its kind; undefined for other messages. */
export function mediaIn(message: proto.IMessage): { kind: MediaKind; part: MediaMessage } | undefined {
  const field = mediaField(message);
  const part = field && unwrap(message)[field];
  return part ? { kind: MEDIA_FIELDS[field], part } : undefined;
}

/** The decrypted file of a media message. Throws when it is not on the media server, or was tampered with. */
export async function readMedia(message: proto.IMessage, store: MediaStore): Promise<Buffer> {
  const media = mediaIn(message);
  if (!media?.part.directPath) throw new Error("the message names no media file");
  const sealed = await store.read(media.part.directPath);
  if (!sealed) throw new Error("no such file on the media server");
  const { fileEncSha256, fileSha256 } = media.part;
  if (fileEncSha256 && !sha256(sealed).equals(fileEncSha256)) throw new Error("hash of the encrypted file differs");
  // In channels files are not encrypted, and have no key.
  const file = media.part.mediaKey?.length ? openMedia(media.kind, Buffer.from(media.part.mediaKey), sealed) : sealed;
  if (fileSha256 && !sha256(file).equals(fileSha256)) throw new Error("hash of the file differs");
  return file;
}

/** Fetches a message's media and says what came of it; undefined for messages without media. */
export async function fetchMedia(message: proto.IMessage, store: MediaStore): Promise<InboxMedia | undefined> {
  const media = mediaIn(message);
  if (!media) return undefined;
  const { mimetype, fileName } = media.part;
  const about = { kind: media.kind, ...(mimetype ? { mimetype } : {}), ...(fileName ? { fileName } : {}) };
  try {
    const file = await readMedia(message, store);
    return { ...about, ok: true, bytes: file.length, sha256: sha256(file).toString("hex") };
  } catch (err) {
    return { ...about, ok: false, error: err instanceof Error ? err.message : String(err) };
  }
}
