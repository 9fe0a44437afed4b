/** The admin interface of the running sandbox: phones scan, groups are made, things break. */
import { Pool } from "undici";

/** Requests under way at a time; further ones wait. */
const CONNECTIONS = 16;

/** Entries of the ledger in one answer. */
const PAGE = 5000;

export class Sandbox {
  readonly url: string;
  readonly ca: string;
  readonly rootKey: string;
  readonly #pool: Pool;

  constructor(port: number, ca: string, rootKey: string) {
    this.url = `wss://127.0.0.1:${port}/ws/chat`;
    this.ca = ca;
    this.rootKey = rootKey;
    this.#pool = new Pool(`https://127.0.0.1:${port}`, { connections: CONNECTIONS, connect: { ca } });
  }

  /** The phone of a number (E.164) scans a QR code. */
  async scan(qr: string, number: string): Promise<void> {
    await this.#call("POST", `/mock-phone/scan-qr?number=${encodeURIComponent(number)}`, qr);
  }

  /** Makes a group. @returns its WhatsApp id. */
  async group(by: string, members: readonly string[]): Promise<string> {
    return String((await this.#call("POST", "/groups", JSON.stringify({ by, subject: "Bench", members })))["jid"]);
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    await this.#call("POST", "/faults", JSON.stringify(fault));
  }

  async clearFaults(): Promise<void> {
    await this.#call("DELETE", "/faults");
  }

  /** Somebody (E.164) writes to somebody. @returns the message's id. */
  async say(by: string, to: string, text: string): Promise<string> {
    return String((await this.#call("POST", `/contacts/${by}/say`, JSON.stringify({ to, text })))["id"]);
  }

  async clearLedger(): Promise<void> {
    await this.#call("DELETE", "/ledger");
  }

  /** The connections that have logged in. One that comes again has another id. */
  async connections(): Promise<Set<string>> {
    const { connections } = (await this.#call("GET", "/connections")) as { connections: { id: string | number }[] };
    return new Set(connections.map(({ id }) => String(id)));
  }

  /** When each message was first written to a connection, in unix milliseconds by its id. */
  async frames(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (let after = 0; ; ) {
      const page = await this.#call("GET", `/ledger?direction=out&tag=message&limit=${PAGE}&after=${after}`);
      const entries = page["entries"] as { position: number; time: number; attrs: { id?: string } }[];
      for (const { time, attrs } of entries) if (attrs.id !== undefined && !found.has(attrs.id)) found.set(attrs.id, time);
      const last = entries.at(-1);
      if (last === undefined) return found;
      after = last.position;
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #call(method: "GET" | "POST" | "DELETE", path: string, body?: string): Promise<Record<string, unknown>> {
    const answer = await this.#pool.request({ method, path: `/admin${path}`, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`the sandbox answered ${method} ${path} with ${answer.statusCode} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}
