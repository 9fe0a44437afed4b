import { inflateSync } from "node:zlib";
import * as constants from "baileys/lib/WABinary/constants.js";
import { decodeDecompressedBinaryNode } from "baileys/lib/WABinary/decode.js";
import type { Stanza } from "./stanza.js";

const { TAGS, TOKEN_MAP } = constants;
const JID = /^([0-9A-Za-z.-]*)(?::(\d{1,3}))?@(s\.whatsapp\.net|lid|g\.us|c\.us|broadcast|newsletter|call|bot|hosted|hosted\.lid)$/;
/** Domain byte of a device address (Baileys lib/WABinary/jid-utils.js, WAJIDDomains). */
const DOMAIN: Partial<Record<string, number>> = { "s.whatsapp.net": 0, lid: 1, hosted: 128, "hosted.lid": 129 };

/** Growing output buffer; shared between encodes because encoding is synchronous. */
class Writer {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;

  reset(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value & 0xff;
  }

  bytes(data: Uint8Array): void {
    this.reserve(data.length);
    this.buffer.set(data, this.length);
    this.length += data.length;
  }

  copy(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length));
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + extra));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

const out = new Writer();

/**
 * Encodes a stanza in WhatsApp's binary format, with the leading zero byte of an uncompressed frame.
 * Unlike Baileys' encoder it writes a text that merely contains `@` as text, so names like "10:30 @ office" survive.
 */
export function encodeStanza(node: Stanza): Buffer {
  out.reset();
  out.byte(0);
  writeNode(node);
  return out.copy();
}

/** Decodes a frame body as Baileys does. Throws when it is no stanza. */
export function decodeStanza(frame: Buffer): Stanza {
  const flags = frame[0];
  if (flags === undefined) throw new Error("empty frame");
  const body = flags & 2 ? inflateSync(frame.subarray(1)) : frame.subarray(1);
  return decodeDecompressedBinaryNode(body, constants);
}

function writeNode(node: Stanza): void {
  const names = Object.keys(node.attrs);
  writeListStart(2 * names.length + 1 + (node.content === undefined ? 0 : 1));
  writeString(node.tag);
  for (const name of names) {
    writeString(name);
    writeString(node.attrs[name] ?? "");
  }
  if (node.content === undefined) return;
  if (typeof node.content === "string") writeString(node.content);
  else if (Array.isArray(node.content)) {
    writeListStart(node.content.length);
    for (const item of node.content) writeNode(item);
  } else writeBytes(node.content);
}

function writeListStart(size: number): void {
  if (size === 0) out.byte(TAGS.LIST_EMPTY);
  else if (size < 256) {
    out.byte(TAGS.LIST_8);
    out.byte(size);
  } else {
    out.byte(TAGS.LIST_16);
    out.byte(size >> 8);
    out.byte(size);
  }
}

function writeBytes(data: Uint8Array): void {
  if (data.length < 256) {
    out.byte(TAGS.BINARY_8);
    out.byte(data.length);
  } else if (data.length < 1 << 20) {
    out.byte(TAGS.BINARY_20);
    out.byte((data.length >> 16) & 0x0f);
    out.byte(data.length >> 8);
    out.byte(data.length);
  } else {
    out.byte(TAGS.BINARY_32);
    for (const shift of [24, 16, 8, 0]) out.byte(data.length >>> shift);
  }
  out.bytes(data);
}

function writeString(text: string): void {
  const token = TOKEN_MAP[text];
  if (token && text !== "") {
    if (token.dict !== undefined) out.byte(TAGS.DICTIONARY_0 + token.dict);
    out.byte(token.index);
    return;
  }
  if (text.length > 0 && text.length <= TAGS.PACKED_MAX) {
    if (/^[0-9.-]+$/.test(text)) {
      writePacked(text, TAGS.NIBBLE_8);
      return;
    }
    if (/^[0-9A-F]+$/.test(text)) {
      writePacked(text, TAGS.HEX_8);
      return;
    }
  }
  if (!text.includes("@") || !writeJid(text)) writeBytes(Buffer.from(text, "utf8"));
}

function writeJid(text: string): boolean {
  const match = JID.exec(text);
  if (!match) return false;
  const [, user = "", device, server = ""] = match;
  if (device === undefined) {
    out.byte(TAGS.JID_PAIR);
    if (user) writeString(user);
    else out.byte(TAGS.LIST_EMPTY);
    writeString(server);
    return true;
  }
  const domain = DOMAIN[server];
  if (domain === undefined || Number(device) > 255) return false;
  out.byte(TAGS.AD_JID);
  out.byte(domain);
  out.byte(Number(device));
  writeString(user);
  return true;
}

function writePacked(text: string, tag: number): void {
  out.byte(tag);
  out.byte(Math.ceil(text.length / 2) | (text.length % 2 ? 128 : 0));
  for (let i = 0; i < text.length; i += 2) {
    const low = i + 1 < text.length ? nibble(text.charCodeAt(i + 1)) : 15;
    out.byte((nibble(text.charCodeAt(i)) << 4) | low);
  }
}

/** 0-9 as themselves, A-F as 10-15 (hex), `-` 10 and `.` 11 (nibble); the two alphabets never mix. */
function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code === 45) return 10;
  if (code === 46) return 11;
  return code - 55;
}
