import type { proto } from "baileys/WAProto/index.js";
import type { MediaStore } from "../world/media.js";
import { sealMedia, sha256, type MediaKind } from "./mediacrypto.js";

export interface MediaDetails {
  mimetype?: string | undefined;
  caption?: string | undefined;
  fileName?: string | undefined;
  seconds?: number | undefined;
  ptt?: boolean | undefined;
}

const MIMETYPES: Record<MediaKind, string> = {
  image: "image/jpeg", video: "video/mp4", audio: "audio/ogg; codecs=opus", document: "application/octet-stream", sticker: "image/webp",
};

/** Encrypts and uploads a file as a phone does, and returns the message that points to it. */
export async function mediaMessage(
  store: MediaStore,
  host: string,
  kind: MediaKind,
  file: Buffer,
  details: MediaDetails,
  contextInfo: proto.IContextInfo | undefined,
): Promise<proto.IMessage> {
  const { mediaKey, sealed } = sealMedia(kind, file);
  const directPath = await store.put(sealed);
  const common = {
    url: `https://${host}${directPath}`,
    directPath,
    mediaKey,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    mimetype: details.mimetype ?? MIMETYPES[kind],
    fileSha256: sha256(file),
    fileEncSha256: sha256(sealed),
    fileLength: file.length,
    ...(contextInfo ? { contextInfo } : {}),
  };
  const caption = details.caption === undefined ? {} : { caption: details.caption };
  const seconds = details.seconds === undefined ? {} : { seconds: details.seconds };
  switch (kind) {
    case "image":
      return { imageMessage: { ...common, ...caption } };
    case "video":
      return { videoMessage: { ...common, ...caption, ...seconds } };
    case "audio":
      return { audioMessage: { ...common, ...seconds, ptt: details.ptt ?? false } };
    case "document":
      return { documentMessage: { ...common, ...caption, fileName: details.fileName ?? "file", title: details.fileName ?? "file" } };
    case "sticker":
      return { stickerMessage: common };
  }
}
