/** What a file is, looked up in its first bytes. What its sender says counts only where the bytes allow it. */

interface Signature {
  /** Where the bytes stand, and what they are (latin1). */
  marks: readonly (readonly [offset: number, bytes: string])[];
  type: string;
  /** Kinds of files that begin the same: of these the sender may choose. */
  or?: RegExp;
}

const ZIP_KINDS = /^application\/(zip|epub\+zip|java-archive|vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint)\.|android\.package-archive)[\w.+-]*|x-zip-compressed)$/;
const OLE_KINDS = /^application\/(msword|vnd\.ms-(excel|powerpoint|outlook|project)|vnd\.visio)$/;
const MP4_KINDS = /^(video\/(mp4|quicktime|3gpp2?|x-m4v)|audio\/(mp4|m4a|x-m4a|aac|3gpp2?))$/;
const OGG_KINDS = /^(audio|video|application)\/ogg(; ?codecs=[\w,]+)?$/;

const SIGNATURES: readonly Signature[] = [
  { marks: [[0, "\xff\xd8\xff"]], type: "image/jpeg" },
  { marks: [[0, "\x89PNG\r\n\x1a\n"]], type: "image/png" },
  { marks: [[0, "GIF87a"]], type: "image/gif" },
  { marks: [[0, "GIF89a"]], type: "image/gif" },
  { marks: [[0, "RIFF"], [8, "WEBP"]], type: "image/webp" },
  { marks: [[0, "RIFF"], [8, "WAVE"]], type: "audio/wav" },
  { marks: [[0, "RIFF"], [8, "AVI "]], type: "video/x-msvideo" },
  { marks: [[4, "ftypheic"]], type: "image/heic" },
  { marks: [[4, "ftypheix"]], type: "image/heic" },
  { marks: [[4, "ftypmif1"]], type: "image/heif" },
  { marks: [[4, "ftypavif"]], type: "image/avif" },
  { marks: [[4, "ftypqt"]], type: "video/quicktime" },
  { marks: [[4, "ftypM4A"]], type: "audio/mp4" },
  { marks: [[4, "ftyp"]], type: "video/mp4", or: MP4_KINDS },
  { marks: [[0, "OggS"]], type: "audio/ogg", or: OGG_KINDS },
  { marks: [[0, "ID3"]], type: "audio/mpeg" },
  { marks: [[0, "\xff\xfb"]], type: "audio/mpeg" },
  { marks: [[0, "\xff\xf3"]], type: "audio/mpeg" },
  { marks: [[0, "\xff\xf1"]], type: "audio/aac" },
  { marks: [[0, "\xff\xf9"]], type: "audio/aac" },
  { marks: [[0, "#!AMR"]], type: "audio/amr" },
  { marks: [[0, "fLaC"]], type: "audio/flac" },
  { marks: [[0, "\x1a\x45\xdf\xa3"]], type: "video/webm", or: /^(video|audio)\/(webm|x-matroska)$/ },
  { marks: [[0, "%PDF-"]], type: "application/pdf" },
  { marks: [[0, "PK\x03\x04"]], type: "application/zip", or: ZIP_KINDS },
  { marks: [[0, "PK\x05\x06"]], type: "application/zip", or: ZIP_KINDS },
  { marks: [[0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]], type: "application/x-ole-storage", or: OLE_KINDS },
  { marks: [[0, "{\\rtf"]], type: "application/rtf" },
  { marks: [[0, "\x1f\x8b"]], type: "application/gzip" },
  { marks: [[0, "7z\xbc\xaf\x27\x1c"]], type: "application/x-7z-compressed" },
  { marks: [[0, "Rar!\x1a\x07"]], type: "application/vnd.rar" },
  { marks: [[0, "BM"]], type: "image/bmp" },
  { marks: [[0, "II*\x00"]], type: "image/tiff" },
  { marks: [[0, "MM\x00*"]], type: "image/tiff" },
];

const UNKNOWN = "application/octet-stream";
const TEXT = "text/plain";

/** @param head the first bytes, a few hundred. @param claimed what the sender says. */
export function fileType(head: Buffer, claimed: string): string {
  const text = head.toString("latin1");
  const found = SIGNATURES.find(({ marks }) => marks.every(([offset, bytes]) => text.startsWith(bytes, offset)));
  if (found !== undefined) return found.or?.test(claimed) === true ? claimed.split(";", 1)[0] ?? found.type : found.type;
  return head.length > 0 && isText(head) ? TEXT : UNKNOWN;
}

/** Valid UTF-8 without control characters, as far as the first bytes tell. Markup is text too: nobody is to run it. */
function isText(head: Buffer): boolean {
  // The last character may have been cut in two.
  const text = new TextDecoder("utf-8", { fatal: false }).decode(head).replace(/\ufffd{1,3}$/, "");
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(text);
}
