/** The customer's app: an HTTP server that notes each message and says it has taken it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Arrivals } from "./arrivals.js";

export class Customer {
  readonly arrivals = new Arrivals();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Customer> {
    const server = createServer();
    const customer = new Customer(server);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      customer.#take(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return customer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/whatsapp`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { event, data } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { event: string; data: { messageId?: string } };
      if (event === "message" && data.messageId !== undefined) this.arrivals.note(data.messageId);
      response.writeHead(200).end();
    });
  }
}
