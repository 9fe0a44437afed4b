import type { BinaryNode } from "baileys";
import type { StanzaJson } from "../../../../bridge/sandbox/wire/stanza.js";
import type { Admin } from "./admin.js";

/** A message as a client put it on the wire, to be sent once more byte for byte. */
export async function sentStanza(admin: Admin, id: string): Promise<BinaryNode> {
  const { entries } = await admin.get<{ entries: { node: StanzaJson }[] }>(`/ledger?tag=message&direction=in&id=${id}`);
  const node = entries[0]?.node;
  if (!node) throw new Error(`message ${id} is not in the ledger`);
  return fromJson(node);
}

function fromJson({ tag, attrs, content }: StanzaJson): BinaryNode {
  if (content === undefined) return { tag, attrs };
  if (Array.isArray(content)) return { tag, attrs, content: content.map(fromJson) };
  return { tag, attrs, content: typeof content === "string" ? content : Buffer.from(content.base64, "base64") };
}
