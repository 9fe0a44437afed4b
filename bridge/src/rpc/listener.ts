/**
 * The Unix socket of the RPC: mode 0600 in a directory of mode 0700. A socket file left by a process that died is
 * replaced; one that somebody answers on is not.
 */
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { EXIT, StartupError } from "../errors.js";
import type { Logger } from "../log.js";
import type { Dispatch } from "./dispatch.js";
import { DEFAULT_LIMITS, Peer, type PeerLimits } from "./peer.js";

/** Connections at once. Control uses a handful; more is somebody's mistake. */
const MAX_CONNECTIONS = 64;

const PROBE_TIMEOUT_MS = 1000;

/** True when a process answers on the socket. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const settle = (answered: boolean): void => {
      probe.destroy();
      resolve(answered);
    };
    probe.setTimeout(PROBE_TIMEOUT_MS, () => {
      settle(true);
    });
    probe.once("connect", () => {
      settle(true);
    });
    probe.once("error", () => {
      settle(false);
    });
  });
}

async function makeRoom(path: string): Promise<void> {
  let found;
  try {
    found = lstatSync(path);
  } catch {
    return;
  }
  if (!found.isSocket()) {
    throw new StartupError(`${path} exists and is not a socket. Move it away or set BRIDGE_SOCKET to another path.`, EXIT.badConfig);
  }
  if (await isAnswered(path)) {
    throw new StartupError(`Another bridge is already answering on ${path}. Stop it first, or set BRIDGE_SOCKET and DATA_DIR to other places.`, EXIT.anotherBridge);
  }
  unlinkSync(path);
}

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
    const directory = dirname(path);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The directory may be older than this program, or the umask may have been wider.
    chmodSync(directory, 0o700);
    await makeRoom(path);
    const listener = new Listener(path, dispatch, log, limits);
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        listener.#server.once("error", reject);
        listener.#server.listen(path, () => {
          listener.#server.off("error", reject);
          resolve();
        });
      });
    } catch (error) {
      throw new StartupError(`The socket ${path} cannot be opened. Check that its directory can be written to.`, EXIT.badConfig, { cause: error });
    } finally {
      process.umask(umask);
    }
    chmodSync(path, 0o600);
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
    try {
      unlinkSync(this.#path);
    } catch {
      // Closing the server has removed it already.
    }
  }
}
