/** Calls the gateway's API over kept-alive connections, as a busy application does. */
import { Pool } from "undici";

export interface RestAnswer {
  status: number;
  body: Record<string, unknown>;
}

export class Rest {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;

  /** @param connections how many requests may be under way at a time; further ones wait. */
  constructor(url: string, apiKey: string, connections: number) {
    this.#pool = new Pool(url, { connections, pipelining: 1, keepAliveTimeout: 60_000, headersTimeout: 60_000 });
    this.#headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  }

  async call(method: "GET" | "POST", path: string, body?: unknown): Promise<RestAnswer> {
    const answer = await this.#pool.request({ method, path, headers: this.#headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  }

  /** Sends a text. @param query such as `?wait=0`. @throws Error unless it was taken. */
  async sendText(tenant: string, to: string, text: string, query = ""): Promise<RestAnswer> {
    const answer = await this.call("POST", `/api/v1/messages/${tenant}/send${query}`, { to, message: text, type: "text" });
    if (answer.status !== 200 && answer.status !== 202) throw new Error(`a send was answered ${answer.status} ${String(answer.body["code"])}`);
    return answer;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
