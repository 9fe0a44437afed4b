/**
 * The tree both sides exchange. Same shape as Baileys' `BinaryNode` (lib/WABinary/types.d.ts), kept separate so
 * that the rest of the sandbox depends on one small type. Attribute values are always strings: the client decoder
 * expects every counted attribute to have been written, and a number is counted but not written.
 */
export interface Stanza {
  tag: string;
  attrs: Record<string, string>;
  content?: StanzaContent | undefined;
}

export type StanzaContent = Stanza[] | string | Uint8Array;

/** Builds a stanza; attributes that are undefined are left out. */
export function el(tag: string, attrs: Record<string, string | undefined> = {}, content?: StanzaContent): Stanza {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) kept[name] = value;
  return content === undefined ? { tag, attrs: kept } : { tag, attrs: kept, content };
}

/** Child elements, optionally only those with the given tag. */
export function children(node: Stanza | undefined, tag?: string): Stanza[] {
  if (!node || !Array.isArray(node.content)) return [];
  return tag === undefined ? node.content : node.content.filter((item) => item.tag === tag);
}

/** First child element with the given tag. */
export function child(node: Stanza | undefined, tag: string): Stanza | undefined {
  if (!node || !Array.isArray(node.content)) return undefined;
  return node.content.find((item) => item.tag === tag);
}

/** Content as bytes; a token or packed string counts as its UTF-8 bytes. */
export function bytesOf(node: Stanza | undefined): Buffer | undefined {
  const content = node?.content;
  if (content === undefined || Array.isArray(content)) return undefined;
  return typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content);
}

/** Content as UTF-8 text. */
export function textOf(node: Stanza | undefined): string | undefined {
  return bytesOf(node)?.toString("utf8");
}

export interface StanzaJson {
  tag: string;
  attrs: Record<string, string>;
  content?: StanzaJson[] | string | { base64: string };
}

/** The stanza as plain JSON, bytes as `{ base64 }`. */
export function toJson(node: Stanza): StanzaJson {
  const json: StanzaJson = { tag: node.tag, attrs: node.attrs };
  if (Array.isArray(node.content)) json.content = node.content.map(toJson);
  else if (typeof node.content === "string") json.content = node.content;
  else if (node.content) json.content = { base64: Buffer.from(node.content).toString("base64") };
  return json;
}
