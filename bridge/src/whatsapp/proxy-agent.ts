/**
 * Agents that reach a server through a proxy: http and https ones by CONNECT, socks5 ones by RFC 1928, with the name
 * resolved by the proxy. Their addresses hold passwords: nothing here logs, and no error of theirs is passed on whole.
 */
// Before the agents: with DEBUG set they would print their proxies' addresses.
import "./quiet-console.js";
import { EventEmitter, once } from "node:events";
import type { ClientRequest } from "node:http";
import type { Agent } from "node:https";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";
import { SocksProxyAgent } from "socks-proxy-agent";
import type * as Undici from "undici";
import type { ProxyGuard } from "./proxy-guard.js";

/** What Node's own fetch takes. undici's types and Node's differ in letters only. */
export type Dispatcher = NonNullable<RequestInit["dispatcher"]>;

type Options = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/** What both kinds of agent can do. */
interface Tunnel {
  connect(request: ClientRequest, options: Options): Promise<Socket>;
}

/** How the server behind the proxy is recognised. */
export interface TargetTrust {
  /** In place of the system's certificate authorities; undefined for those. */
  ca: Buffer | undefined;
}

/** A way through a proxy, of one connection and its downloads. */
export interface ProxyRoute {
  /** For WebSockets and Node's https. */
  readonly agent: Agent;
  /** For fetch. */
  readonly dispatcher: Dispatcher;
  /** Ends everything that goes this way. */
  close(): void;
}

/** A proxy that hangs after it accepted the connection. */
const TUNNEL_TIMEOUT_MS = 10_000;

function withTrust(options: Options, { ca }: TargetTrust): Options {
  return ca === undefined ? options : Object.assign({}, options, { ca });
}

class HttpTunnel extends HttpsProxyAgent<string> implements Tunnel {
  readonly #trust: TargetTrust;
  readonly #guard: ProxyGuard;

  constructor(url: string, trust: TargetTrust, guard: ProxyGuard, signal: AbortSignal) {
    // Given to the socket to the proxy: an attempt that is given up leaves no socket behind.
    super(url, { signal, lookup: guard.lookup });
    this.#trust = trust;
    this.#guard = guard;
  }

  override async connect(request: ClientRequest, options: Options): ReturnType<HttpsProxyAgent<string>["connect"]> {
    this.#guard.check(this.proxy.href);
    return super.connect(request, withTrust(options, this.#trust));
  }
}

class SocksTunnel extends SocksProxyAgent {
  readonly #url: string;
  readonly #trust: TargetTrust;
  readonly #guard: ProxyGuard;
  readonly #signal: AbortSignal;

  constructor(url: string, trust: TargetTrust, guard: ProxyGuard, signal: AbortSignal) {
    // socks5h is what the library calls a proxy that resolves names itself.
    super(url.replace(/^socks5:/, "socks5h:"), { socketOptions: { lookup: guard.lookup } });
    this.#url = url;
    this.#trust = trust;
    this.#guard = guard;
    this.#signal = signal;
  }

  override async connect(...[request, options]: Parameters<SocksProxyAgent["connect"]>): ReturnType<SocksProxyAgent["connect"]> {
    this.#guard.check(this.#url);
    const socket = await super.connect(request, withTrust(options, this.#trust));
    const stop = (): void => {
      socket.destroy();
    };
    if (this.#signal.aborted) stop();
    this.#signal.addEventListener("abort", stop, { once: true });
    socket.once("close", () => {
      this.#signal.removeEventListener("abort", stop);
    });
    return socket;
  }
}

/**
 * A way through a proxy.
 * @param url http, https or socks5, checked by the caller.
 * @param guard says where a proxy may be, and finds its name's addresses.
 */
export function openProxyRoute(url: string, trust: TargetTrust, guard: ProxyGuard): ProxyRoute {
  const life = new AbortController();
  const tunnel = url.startsWith("socks5:") ? new SocksTunnel(url, trust, guard, life.signal) : new HttpTunnel(url, trust, guard, life.signal);
  let dispatcher: Undici.Agent | undefined;
  return {
    agent: asAgent(tunnel),
    get dispatcher() {
      return (dispatcher ??= dispatcherThrough(tunnel)) as unknown as Dispatcher;
    },
    close: () => {
      life.abort();
      void dispatcher?.destroy().catch(() => undefined);
    },
  };
}

/** What node:http asks of an agent is the same for both protocols. */
function asAgent(tunnel: unknown): Agent {
  return tunnel as Agent;
}

/** Made only when something is downloaded: undici takes memory that a session without media need not have. */
function dispatcherThrough(tunnel: Tunnel): Undici.Agent {
  const undici = createRequire(import.meta.url)("undici") as typeof Undici;
  return new undici.Agent({
    connect: ({ hostname, port, protocol, servername }, callback) => {
      const secureEndpoint = protocol === "https:";
      const options = { host: hostname, port: Number(port || (secureEndpoint ? 443 : 80)), secureEndpoint, ...(servername === undefined ? {} : { servername }) };
      openTunnel(tunnel, options as Options, secureEndpoint).then(
        (socket) => {
          callback(null, socket);
        },
        (error: unknown) => {
          callback(error instanceof Error ? error : new Error("the proxy failed"), null);
        },
      );
    },
  });
}

async function openTunnel(tunnel: Tunnel, options: Options, secure: boolean): Promise<Socket> {
  const request = new EventEmitter();
  let refusal: number | undefined;
  request.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
    if (statusCode !== 200) refusal = statusCode;
  });
  const inTime = AbortSignal.timeout(TUNNEL_TIMEOUT_MS);
  const socket = await tunnel.connect(Object.assign(request, { destroy: () => undefined }) as unknown as ClientRequest, options);
  if (refusal !== undefined) {
    socket.destroy();
    throw new Error(`the proxy answered ${refusal}`);
  }
  if (secure) await once(socket, "secureConnect", { signal: inTime });
  return socket;
}
