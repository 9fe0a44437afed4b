/**
 * Where a connection may upload files to, as WhatsApp says. Baileys has this too, but a question that failed once fails
 * it for the rest of the connection.
 */
import type { BinaryNode } from "../baileys.js";
import type { Link } from "../link.js";

export interface MediaConnection {
  hosts: readonly string[];
  auth: string;
}

interface Known {
  answer: Promise<MediaConnection>;
  untilMs: number;
}

const SHORTEST_MS = 60_000;
const LONGEST_MS = 12 * 60 * 60_000;

/** So many hosts are tried. */
const HOST_LIMIT = 4;

/** A name or address, with a port or without. */
const HOST = /^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$/;

export class MediaHosts {
  readonly #known = new WeakMap<Link, Known>();

  /** @param fresh ask again, because the last answer was refused. */
  of(link: Link, fresh = false): Promise<MediaConnection> {
    const known = this.#known.get(link);
    if (known !== undefined && !fresh && known.untilMs > Date.now()) return known.answer;
    // Until the answer says how long it lasts, everybody waits for this one.
    const entry: Known = { answer: ask(link, (ttlMs) => (entry.untilMs = Date.now() + ttlMs)), untilMs: Number.POSITIVE_INFINITY };
    entry.answer.catch(() => {
      if (this.#known.get(link) === entry) this.#known.delete(link);
    });
    this.#known.set(link, entry);
    return entry.answer;
  }
}

async function ask(link: Link, lasts: (ttlMs: number) => void): Promise<MediaConnection> {
  const answer = (await link.sock.query({ tag: "iq", attrs: { type: "set", xmlns: "w:m", to: "s.whatsapp.net" }, content: [{ tag: "media_conn", attrs: {} }] })) as BinaryNode;
  const connection = childrenOf(answer).find((child) => child.tag === "media_conn");
  const auth = connection?.attrs["auth"];
  const hosts = childrenOf(connection).flatMap((child) => (child.tag === "host" && HOST.test(child.attrs["hostname"] ?? "") ? (child.attrs["hostname"] ?? []) : []));
  if (auth === undefined || hosts.length === 0) throw new Error("WhatsApp named no media host");
  const ttlMs = Number(connection?.attrs["ttl"]) * 1000;
  lasts(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Number.isFinite(ttlMs) ? ttlMs : 0)));
  return { hosts: hosts.slice(0, HOST_LIMIT), auth };
}

function childrenOf(node: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : [];
}
