/** The files of messages: which fields hold one, and what their senders say about them. */
import type { IncomingMedia } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import type { MediaFamily } from "../media/sealing.js";
import { said, whole, wellFormed, words } from "./values.js";

/** What the fields of files have in common; which of them has what, only its kind tells. */
export interface FilePart {
  mimetype?: string | null;
  fileLength?: unknown;
  fileSha256?: Uint8Array | null;
  fileEncSha256?: Uint8Array | null;
  fileName?: string | null;
  title?: string | null;
  caption?: string | null;
  width?: number | null;
  height?: number | null;
  seconds?: number | null;
  waveform?: Uint8Array | null;
  isAnimated?: boolean | null;
  isLottie?: boolean | null;
  viewOnce?: boolean | null;
  mediaKey?: Uint8Array | null;
  directPath?: string | null;
  url?: string | null;
}

/** What the file in a field is encrypted as. */
const FAMILIES = {
  imageMessage: "image",
  videoMessage: "video",
  ptvMessage: "video",
  audioMessage: "audio",
  documentMessage: "document",
  stickerMessage: "image",
} as const satisfies Partial<Record<keyof proto.IMessage, MediaFamily>>;

export type FileField = keyof typeof FAMILIES;

const NO_TYPE = "application/octet-stream";
const MAX_PIXELS = 1_000_000;
const WAVEFORM_BYTES = 64;

export function isFileField(name: string): name is FileField {
  return Object.hasOwn(FAMILIES, name);
}

/** The file of a message, inside all its wrappers; undefined when it has none. */
export function fileIn(inner: proto.IMessage): { field: FileField; family: MediaFamily; part: FilePart } | undefined {
  for (const [field, family] of Object.entries(FAMILIES) as [FileField, MediaFamily][]) {
    const part: FilePart | null | undefined = inner[field];
    if (part !== null && part !== undefined) return { field, family, part };
  }
  return undefined;
}

/** A file's name as its sender says: nothing of it can be taken for a path. */
export function safeFileName(name: unknown): string | undefined {
  return words(typeof name === "string" ? name.replace(/[/\\\u0000-\u001f\u007f]/g, "_") : undefined, 1024);
}

export function describeFile(part: FilePart, mediaId: string): IncomingMedia {
  const { fileSha256: digest, waveform } = part;
  return said({
    mediaId,
    mimeType: wellFormed(part.mimetype ?? NO_TYPE, 256),
    sizeBytes: whole(part.fileLength),
    sha256: digest?.length === 32 ? Buffer.from(digest).toString("hex") : undefined,
    fileName: safeFileName(part.fileName ?? part.title),
    width: positive(part.width, MAX_PIXELS),
    height: positive(part.height, MAX_PIXELS),
    seconds: positive(part.seconds, MAX_PIXELS),
    waveform: waveform !== null && waveform !== undefined && waveform.length > 0 ? Buffer.from(waveform.subarray(0, WAVEFORM_BYTES)).toString("base64") : undefined,
    animated: part.isAnimated === true || part.isLottie === true ? true : undefined,
  });
}

function positive(value: unknown, max: number): number | undefined {
  const number = whole(value, max);
  return number === 0 ? undefined : number;
}
