/**
 * The socket for operators: mode 0600 in a directory of mode 0700, so that only the user the bridge runs as, and root, can
 * connect. Who that is in person Node cannot ask the kernel (SO_PEERCRED).
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "../log.js";
import { listenOn, removeSocket } from "../rpc/socket-file.js";
import type { Command } from "./command.js";
import { DEBUG_LIMITS, DebugConnection, type DebugLimits } from "./debug-connection.js";

/** Operators at once. */
const MAX_CONNECTIONS = 8;

export class DebugServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #connections = new Set<DebugConnection>();

  private constructor(path: string, commands: ReadonlyMap<string, Command>, log: Logger, limits: DebugLimits) {
    this.#path = path;
    this.#server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
      const connection = new DebugConnection(socket, commands, log, limits);
      this.#connections.add(connection);
      socket.on("close", () => this.#connections.delete(connection));
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Begins to listen. @throws StartupError when the path cannot be used. */
  static async open(path: string, commands: ReadonlyMap<string, Command>, log: Logger, limits: DebugLimits = DEBUG_LIMITS): Promise<DebugServer> {
    const server = new DebugServer(path, commands, log, limits);
    await listenOn(server.#server, path, "BRIDGE_DEBUG_SOCKET");
    return server;
  }

  /** How many are connected. */
  get size(): number {
    return this.#connections.size;
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    removeSocket(this.#path);
  }
}
