import { request } from "node:https";

export interface AdminAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** The sandbox's admin interface as a test uses it. */
export class Admin {
  constructor(
    private readonly url: string,
    private readonly ca: string,
  ) {}

  /** Any request; never throws on an HTTP error status. */
  call(method: string, path: string, body?: unknown): Promise<AdminAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, { method, ca: this.ca, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const json = response.headers["content-type"] === "application/json";
          resolve({ status: response.statusCode ?? 0, body: json ? (JSON.parse(text) as Record<string, unknown>) : { text } });
        });
      });
      sent.on("error", reject);
      sent.end(typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async get<T>(path: string): Promise<T> {
    return this.expect<T>("GET", path);
  }

  async post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<T> {
    return this.expect<T>("POST", path, body);
  }

  async delete<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.expect<T>("DELETE", path);
  }

  private async expect<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} → ${status} ${JSON.stringify(answer)}`);
    return answer as T;
  }
}
