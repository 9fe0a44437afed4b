/** Reading the nodes of a stanza. What WhatsApp sends may lack anything. */
import type { BinaryNode } from "./baileys.js";

export function childrenOf(node: BinaryNode | undefined, tag?: string): BinaryNode[] {
  if (!Array.isArray(node?.content)) return [];
  return tag === undefined ? node.content : node.content.filter((child) => child.tag === tag);
}

export function childOf(node: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return childrenOf(node, tag)[0];
}

/** The text inside a node; undefined when it holds other nodes or nothing. */
export function textOf(node: BinaryNode | undefined): string | undefined {
  const content = node?.content;
  return typeof content === "string" || content instanceof Uint8Array ? Buffer.from(content).toString() : undefined;
}

/** A time in Unix seconds, in milliseconds; undefined when it is none. */
export function secondsToMs(seconds: string | number | undefined): number | undefined {
  const value = Number(seconds);
  return Number.isSafeInteger(value) && value > 0 && value < 1e11 ? value * 1000 : undefined;
}
