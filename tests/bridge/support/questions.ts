/** What a bridge asked WhatsApp, read from the sandbox's ledger. */
import type { SandboxProcess } from "./processes.js";

interface NodeJson {
  tag: string;
  attrs: Record<string, string>;
  content?: NodeJson[] | string | { base64: string };
}

/** The IQs of a namespace that hold an element with the tag, at any depth; with an empty tag, those that hold none. */
export async function questions(sandbox: SandboxProcess, xmlns: string, tag: string): Promise<NodeJson[]> {
  const { entries } = await sandbox.get<{ entries: { node: NodeJson }[] }>("/ledger?tag=iq&direction=in&limit=5000");
  return entries.map(({ node }) => node).filter((node) => node.attrs["xmlns"] === xmlns && (tag === "" ? node.content === undefined : holds(node, tag)));
}

function holds(node: NodeJson, tag: string): boolean {
  return Array.isArray(node.content) && node.content.some((child) => child.tag === tag || holds(child, tag));
}
