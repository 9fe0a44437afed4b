/** The admin interface of the running sandbox: phones scan, groups are made, things break. */
import { Pool } from "undici";

export class Sandbox {
  readonly url: string;
  readonly ca: string;
  readonly rootKey: string;
  readonly #pool: Pool;

  constructor(port: number, ca: string, rootKey: string) {
    this.url = `wss://127.0.0.1:${port}/ws/chat`;
    this.ca = ca;
    this.rootKey = rootKey;
    this.#pool = new Pool(`https://127.0.0.1:${port}`, { connections: 1, connect: { ca } });
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

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #call(method: "POST" | "DELETE", path: string, body?: string): Promise<Record<string, unknown>> {
    const answer = await this.#pool.request({ method, path: `/admin${path}`, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`the sandbox answered ${method} ${path} with ${answer.statusCode} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}
