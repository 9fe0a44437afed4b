/**
 * How a session reaches WhatsApp, or the sandbox: directly, or through the tenant's proxy. A proxy's address holds its
 * password, so it stays sealed in the store and is opened only to make a connection.
 */
import type { Agent } from "node:https";
import WebSocket from "ws";
import { BridgeError } from "../errors.js";
import type { Logger } from "../log.js";
import type { Store } from "../store/store.js";
import { DEFAULT_CONNECTION_CONFIG } from "./baileys.js";
import { openProxyRoute, type Dispatcher } from "./proxy-agent.js";
import type { ProxyGuard } from "./proxy-guard.js";
import type { Endpoint } from "./sandbox-trust.js";

/** The way of one connection. */
export interface Route {
  /** Undefined for WhatsApp itself. */
  readonly url: string | undefined;
  /** Undefined for a plain connection. */
  readonly agent: Agent | undefined;
  /** For downloads with fetch; undefined for a plain connection. */
  readonly dispatcher: Dispatcher | undefined;
  readonly proxied: boolean;
  /** Ends what still goes this way. */
  close(): void;
}

const PROBE_TIMEOUT_MS = 15_000;
const ORIGIN = "https://web.whatsapp.com";
const SCHEMES = new Set(["http:", "https:", "socks5:"]);

export class Routes {
  readonly #store: Store;
  readonly #endpoint: Endpoint;
  readonly #guard: ProxyGuard;
  readonly #log: Logger;

  constructor(store: Store, endpoint: Endpoint, guard: ProxyGuard, log: Logger) {
    this.#store = store;
    this.#endpoint = endpoint;
    this.#guard = guard;
    this.#log = log;
  }

  /** The way of a tenant's next connection. @throws SealBroken when its proxy cannot be opened. */
  of(tenantId: string): Route {
    return this.#through(this.#store.tenants.proxy(tenantId));
  }

  /**
   * Reaches WhatsApp through a proxy and records it for the tenant; without a proxy the tenant connects directly again.
   * Takes hold with the next connection.
   * @throws BridgeError invalid_params, proxy_unreachable, store_unavailable
   */
  async setProxy(tenantId: string, proxyUrl: string | undefined, signal: AbortSignal): Promise<void> {
    if (proxyUrl !== undefined) {
      checkProxyUrl(proxyUrl);
      await this.#probe(tenantId, proxyUrl, signal);
    }
    this.#store.writer.now(() => {
      if (proxyUrl !== undefined || this.#store.tenants.hasProxy(tenantId)) this.#store.tenants.setProxy(tenantId, proxyUrl);
    });
    // The old address must not be found in the log file either.
    if (proxyUrl === undefined) this.#store.emptyLog();
  }

  #through(proxyUrl: string | undefined): Route {
    const { url, agent, ca } = this.#endpoint;
    if (proxyUrl === undefined) return { url, agent, dispatcher: undefined, proxied: false, close: () => undefined };
    const route = openProxyRoute(proxyUrl, { ca }, this.#guard);
    return {
      url,
      agent: route.agent,
      get dispatcher() {
        return route.dispatcher;
      },
      proxied: true,
      close: () => {
        route.close();
      },
    };
  }

  /** Opens a WebSocket to WhatsApp through the proxy and closes it again. */
  async #probe(tenantId: string, proxyUrl: string, signal: AbortSignal): Promise<void> {
    const route = this.#through(proxyUrl);
    try {
      await openOnce(route, signal);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#log.info({ tenantId, ...(code === undefined ? {} : { code }), said: withoutAddress(message, proxyUrl) }, "a proxy does not reach WhatsApp");
      throw new BridgeError("proxy_unreachable");
    } finally {
      route.close();
    }
  }
}

/** @throws BridgeError invalid_params when the address is none, or of another kind than the three. */
function checkProxyUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !SCHEMES.has(url.protocol) || url.hostname === "" || (url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") {
    throw new BridgeError("invalid_params", { fault: "/proxyUrl is not the address of a proxy" });
  }
}

function openOnce(route: Route, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(route.url ?? DEFAULT_CONNECTION_CONFIG.waWebSocketUrl, {
      origin: ORIGIN,
      handshakeTimeout: PROBE_TIMEOUT_MS,
      ...(route.agent === undefined ? {} : { agent: route.agent }),
    });
    const giveUp = (): void => {
      socket.terminate();
    };
    // The handshake's own time begins when the proxy has answered.
    const timer = setTimeout(giveUp, PROBE_TIMEOUT_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      done();
    };
    socket.once("open", () => {
      settle(resolve);
      socket.terminate();
    });
    socket.on("error", (error) => {
      settle(() => {
        reject(error);
      });
    });
  });
}

/** A library's message without anything of the proxy's address in it. */
function withoutAddress(message: string, proxyUrl: string): string {
  const { username, password, hostname } = new URL(proxyUrl);
  const secrets = [proxyUrl, username, password, decodeURIComponent(username), decodeURIComponent(password), hostname].filter((part) => part !== "");
  return secrets.reduce((text, secret) => text.replaceAll(secret, "***"), message).slice(0, 120);
}
