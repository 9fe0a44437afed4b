import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { MAX_FRAME_BYTES } from "./frames.js";
import type { SandboxKeys } from "./keys.js";

/** Where clients connect; Baileys accepts any path, this is the real one. */
export const CHAT_PATH = "/ws/chat";
const MAX_LINKS = 5_000;
const CLOSE_MS = 700;

export interface ServerHandlers {
  /** HTTP status to refuse a chat connection with, 0 to cut it without an answer, or undefined to let it in. */
  refuse(): number | undefined;
  /** @param host the `Host` header */
  connected(socket: WebSocket, host: string | undefined): void;
  request(request: IncomingMessage, response: ServerResponse): void;
}

/** The HTTPS port: WebSocket chat, media and admin. */
export class ChatServer {
  private readonly https: Server;
  private readonly sockets: WebSocketServer;

  constructor(tls: SandboxKeys["tls"], private readonly handlers: ServerHandlers) {
    this.https = createServer({ key: tls.key, cert: tls.cert }, (request, response) => { handlers.request(request, response); });
    this.sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES + 64 });
    this.https.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => { this.upgrade(request, socket, head); });
    // A client that breaks off its TLS handshake is nobody's error.
    this.https.on("tlsClientError", () => undefined);
  }

  /** @returns the port it listens on */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.https.once("error", reject);
      this.https.listen(port, host, () => {
        this.https.off("error", reject);
        resolve();
      });
    });
    return (this.https.address() as AddressInfo).port;
  }

  /** Closes every connection; those that do not close in time are cut. */
  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.close(1001);
    const cut = setTimeout(() => {
      for (const socket of this.sockets.clients) socket.terminate();
      this.https.closeAllConnections();
    }, CLOSE_MS);
    this.https.closeIdleConnections();
    await new Promise<void>((resolve) => { this.https.close(() => { resolve(); }); });
    clearTimeout(cut);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url?.split("?", 1)[0];
    const status = path !== CHAT_PATH ? 404 : this.sockets.clients.size >= MAX_LINKS ? 503 : this.handlers.refuse();
    if (status === 0) {
      socket.destroy();
      return;
    }
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (client) => { this.handlers.connected(client, request.headers.host); });
  }
}
