/** A server that answers as it is told, one answer after the other, and keeps what it was asked. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer; "drop" closes the connection without one, "hang" never answers. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | "drop" | "hang";

export interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export class AnsweringServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  #answers: Answer[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
        const answer = this.#answers.shift() ?? { status: 500 };
        if (answer === "drop") request.socket.destroy();
        else if (answer !== "hang") response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers }).end(JSON.stringify(answer.body ?? {}));
      });
    });
  }

  static async start(): Promise<AnsweringServer> {
    const server = new AnsweringServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Says what comes next, and forgets what was asked before. */
  will(...answers: Answer[]): void {
    this.#answers = answers;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
