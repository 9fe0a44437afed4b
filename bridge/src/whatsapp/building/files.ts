/** Messages that carry a file. */
import type { OutgoingContent, SpoolFile } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import type { MediaFamily } from "../media/sealing.js";
import type { Uploaded } from "../media/uploads.js";
import { picture, sound, type Part } from "./part.js";

/** The contents that carry a file. */
export type FileContent = Extract<OutgoingContent, { file: SpoolFile }>;

const FAMILY: Record<FileContent["type"], MediaFamily> = {
  image: "image",
  sticker: "image",
  video: "video",
  gif: "video",
  video_note: "video",
  audio: "audio",
  voice: "audio",
  document: "document",
};

const VOICE_TYPE = "audio/ogg; codecs=opus";

export function hasFile(content: OutgoingContent): content is FileContent {
  return "file" in content;
}

export function familyOf(content: FileContent): MediaFamily {
  return FAMILY[content.type];
}

/** What all files have in common. */
function fileOf(content: FileContent, { url, directPath, mediaKey, fileEncSha256, fileSha256, fileLength, mediaKeyTimestamp }: Uploaded): proto.Message.IImageMessage & proto.Message.IVideoMessage & proto.Message.IAudioMessage {
  return {
    ...(url === undefined ? {} : { url }),
    directPath,
    fileSha256,
    fileLength,
    ...(mediaKey === undefined ? {} : { mediaKey, mediaKeyTimestamp }),
    ...(fileEncSha256 === undefined ? {} : { fileEncSha256 }),
    mimetype: content.file.mimeType,
  };
}

function shapeOf({ width, height, seconds, thumbnail }: { width?: number; height?: number; seconds?: number; thumbnail?: string }): { width?: number; height?: number; seconds?: number; jpegThumbnail?: Uint8Array } {
  const jpegThumbnail = picture(thumbnail);
  return {
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(jpegThumbnail === undefined ? {} : { jpegThumbnail }),
  };
}

/** @param say makes a caller's text fit to be shown. */
export function filePart(content: FileContent, uploaded: Uploaded, say: (text: string) => string): Part {
  const part = { message: messageOf(content, uploaded, say) };
  const attributes = {
    // Baileys knows round videos for texts.
    ...(content.type === "video_note" ? { type: "media" } : {}),
    ...(uploaded.handle === undefined || uploaded.mediaKey !== undefined ? {} : { media_id: uploaded.handle }),
  };
  return Object.keys(attributes).length === 0 ? part : { ...part, attributes };
}

function messageOf(content: FileContent, uploaded: Uploaded, say: (text: string) => string): proto.IMessage {
  const file = fileOf(content, uploaded);
  const caption = "caption" in content && content.caption !== "" ? { caption: say(content.caption) } : {};
  switch (content.type) {
    case "image":
      return { imageMessage: { ...file, ...shapeOf(content), ...caption } };
    case "video":
      return { videoMessage: { ...file, ...shapeOf(content), ...caption } };
    case "gif":
      return { videoMessage: { ...file, ...shapeOf(content), ...caption, gifPlayback: true } };
    case "video_note":
      return { ptvMessage: { ...file, ...shapeOf(content) } };
    case "audio":
      return { audioMessage: { ...file, ...shapeOf(content), ptt: false } };
    case "voice":
      return { audioMessage: { ...file, ...shapeOf(content), ptt: true, mimetype: VOICE_TYPE, ...(content.waveform === undefined ? {} : { waveform: Buffer.from(content.waveform, "base64") }) } };
    case "sticker":
      return { stickerMessage: { ...file, ...shapeOf(content), isAnimated: content.animated ?? false } };
    case "document": {
      const fileName = sound(content.fileName);
      const message = { documentMessage: { ...file, ...shapeOf(content), ...caption, fileName, title: fileName } };
      // Phones show the caption of a document only inside this.
      return "caption" in caption ? { documentWithCaptionMessage: { message } } : message;
    }
  }
}
