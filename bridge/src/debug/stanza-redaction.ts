/**
 * A stanza without contents and names. It comes as text in which attributes are not escaped, so whoever writes to us can
 * make it look like anything: only what has the shape of a word of the protocol stays, whatever it stands next to.
 */
import { maskJid } from "../log.js";

/** Attributes of the protocol that say what a stanza is. */
const SHOWN: ReadonlySet<string> = new Set(["type", "xmlns", "v", "e", "count", "class", "code", "reason", "offline", "edit", "mediatype", "category", "error", "version", "encoding", "key-index", "index", "device_hash", "addressing_mode", "verified_level"]);

const WORD = /^[A-Za-z0-9_.:-]{1,80}$/;
const JID = /^[0-9A-Za-z.:_-]{0,64}@[a-z.]{1,20}$/;
const TAG = /^(\t*)<([A-Za-z][A-Za-z0-9_:-]{0,40}) (.*?)(\/?)>$/;
const END = /^\t*<\/[A-Za-z][A-Za-z0-9_:-]{0,40}>$/;
const ATTRIBUTE = /([A-Za-z][A-Za-z0-9_:-]{0,40})='([^']*)'/g;

/** No stanza is shown beyond this, however it is asked for. */
export const MAX_SHOWN_CHARACTERS = 8192;

const IDS: ReadonlySet<string> = new Set(["id", "stanza-id", "call-id"]);

/** True for a value that is no phone number, whatever its attribute is called. */
function isInnocent(name: string, value: string): boolean {
  if (!WORD.test(value)) return false;
  if (name === "t") return /^\d{1,10}$/.test(value);
  return IDS.has(name) ? !/^\d{7,}$/.test(value) : SHOWN.has(name) && !/\d{7}/.test(value);
}

function attribute(name: string, value: string): string {
  if (JID.test(value)) return `${name}='${maskJid(value)}'`;
  return isInnocent(name, value) ? `${name}='${value}'` : `${name}='[${value.length} characters]'`;
}

function line(text: string): string {
  if (END.test(text)) return text;
  const tag = TAG.exec(text);
  if (tag === null) return `${/^\t*/.exec(text)?.[0] ?? ""}[${text.trim().length} characters]`;
  const [, indent = "", name = "", attributes = "", empty = ""] = tag;
  const shown = [...attributes.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => attribute(key, value));
  return `${indent}<${[name, ...shown].join(" ")}${empty}>`;
}

/** What an operator sees of a stanza. */
export function shownStanza(xml: string, unredacted: boolean): string {
  // A carriage return or an escape sequence would be obeyed by a terminal.
  const clean = xml.slice(0, 4 * MAX_SHOWN_CHARACTERS).replace(/[^\P{C}\n\t]/gu, "?");
  const shown = unredacted ? clean : clean.split("\n").map(line).join("\n");
  return shown.length <= MAX_SHOWN_CHARACTERS && clean.length === xml.length ? shown : `${shown.slice(0, MAX_SHOWN_CHARACTERS)}\n[cut: ${xml.length} characters in all]`;
}
