/** The Unix socket of the RPC (socket-file.ts) and the peers connected to it. */
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "../log.js";
import type { Dispatch } from "./dispatch.js";
import { DEFAULT_LIMITS, Peer, type PeerLimits } from "./peer.js";
import { listenOn, removeSocket } from "./socket-file.js";

/** Connections at once. Control uses a handful; more is somebody's mistake. */
const MAX_CONNECTIONS = 64;

export class Listener {
  readonly #server: Server;
  readonly #path: string;
  readonly #peers = new Set<Peer>();

  private constructor(path: string, dispatch: Dispatch, log: Logger, limits: PeerLimits) {
    this.#path = path;
    this.#server = createServer((socket: Socket) => {
      const peer = new Peer(socket, dispatch, log, limits);
      this.#peers.add(peer);
      socket.on("close", () => this.#peers.delete(peer));
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Begins to listen.
   * @throws StartupError when another bridge answers there or the path is taken by something else.
   */
  static async open(path: string, dispatch: Dispatch, log: Logger, limits: PeerLimits = DEFAULT_LIMITS): Promise<Listener> {
    const listener = new Listener(path, dispatch, log, limits);
    await listenOn(listener.#server, path, "BRIDGE_SOCKET");
    return listener;
  }

  /** How many peers are connected. */
  get size(): number {
    return this.#peers.size;
  }

  /** Takes no new connection or call, and lets waiting calls end. */
  drain(): void {
    this.#server.close();
    for (const peer of this.#peers) peer.drain();
  }

  /** Closes every connection once its answers are out, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    for (const peer of this.#peers) peer.end();
    const deadline = Date.now() + graceMs;
    while (this.#peers.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const peer of this.#peers) peer.destroy();
    removeSocket(this.#path);
  }
}
