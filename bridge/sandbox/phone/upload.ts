import type { proto } from "baileys/WAProto/index.js";
import type { MediaStore } from "../world/media.js";
import { sealMedia, sha256, type MediaKind } from "./mediacrypto.js";

/** What somebody may send as a file; some differ from a kind of media only in how it is shown. */
export const FILE_KINDS = ["image", "video", "gif", "video_note", "audio", "voice_note", "document", "sticker"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface MediaDetails {
  mimetype?: string | undefined;
  caption?: string | undefined;
  fileName?: string | undefined;
  seconds?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  /** 64 loudness values of 0 to 100, base64. */
  waveform?: string | undefined;
  /** JPEG shown before the file is loaded, base64. */
  thumbnail?: string | undefined;
  /** The older way to say `voice_note`. */
  ptt?: boolean | undefined;
  viewOnce?: boolean | undefined;
  /** Not encrypted, as in channels. */
  open?: boolean | undefined;
}

const SEALED_AS: Record<FileKind, MediaKind> = {
  image: "image", video: "video", gif: "video", video_note: "video", audio: "audio", voice_note: "audio", document: "document", sticker: "sticker",
};
const MIMETYPES: Record<MediaKind, string> = {
  image: "image/jpeg", video: "video/mp4", audio: "audio/ogg; codecs=opus", document: "application/octet-stream", sticker: "image/webp",
};

/** Encrypts and uploads a file as a phone does, and returns the message that points to it. */
export async function mediaMessage(
  store: MediaStore,
  host: string,
  kind: FileKind,
  file: Buffer,
  details: MediaDetails,
  contextInfo: proto.IContextInfo | undefined,
): Promise<proto.IMessage> {
  const secret = details.open ? undefined : sealMedia(SEALED_AS[kind], file);
  const directPath = await store.put(secret?.sealed ?? file);
  const common = {
    url: `https://${host}${directPath}`,
    directPath,
    ...(secret ? { mediaKey: secret.mediaKey, mediaKeyTimestamp: Math.floor(Date.now() / 1000), fileEncSha256: sha256(secret.sealed) } : {}),
    mimetype: details.mimetype ?? MIMETYPES[SEALED_AS[kind]],
    fileSha256: sha256(file),
    fileLength: file.length,
    ...(contextInfo ? { contextInfo } : {}),
    ...(details.viewOnce ? { viewOnce: true } : {}),
  };
  const message = shown(kind, common, details);
  if (!details.viewOnce) return message;
  return message.audioMessage ? { viewOnceMessageV2Extension: { message } } : { viewOnceMessageV2: { message } };
}

function shown(kind: FileKind, common: proto.Message.IVideoMessage, details: MediaDetails): proto.IMessage {
  const { caption, seconds, width, height, waveform, fileName, thumbnail } = details;
  const bytes = (base64: string): Buffer => Buffer.from(base64, "base64");
  const framed = given({ caption, width, height, jpegThumbnail: thumbnail === undefined ? undefined : bytes(thumbnail) });
  switch (kind) {
    case "image":
      return { imageMessage: { ...common, ...framed } };
    case "video":
    case "gif":
      return { videoMessage: { ...common, ...framed, ...given({ seconds }), ...(kind === "gif" ? { gifPlayback: true } : {}) } };
    case "video_note":
      return { ptvMessage: { ...common, ...framed, ...given({ seconds }) } };
    case "audio":
    case "voice_note": {
      const sound = given({ seconds, waveform: waveform === undefined ? undefined : bytes(waveform) });
      return { audioMessage: { ...common, ...sound, ptt: kind === "voice_note" || (details.ptt ?? false) } };
    }
    case "document":
      return { documentMessage: { ...common, ...framed, fileName: fileName ?? "file", title: fileName ?? "file" } };
    case "sticker":
      return { stickerMessage: { ...common, ...given({ width, height }) } };
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
