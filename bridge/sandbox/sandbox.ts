import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import type { AdminRouter } from "./admin/http.js";
import { makeLog, silenceConsole, type Log } from "./log.js";
import type { Uplink } from "./phone/parts.js";
import type { MediaHost } from "./service/mediahttp.js";
import type { Settings } from "./settings.js";
import { makeAdmin, makeServices, makeWorld, restoreWorld, type Services, type World } from "./wiring.js";
import { makeChain } from "./wire/certificate.js";
import { Connection, type ConnectionEvents } from "./wire/connection.js";
import { loadKeys, makeKeys, type SandboxKeys } from "./wire/keys.js";
import { CHAT_PATH, ChatServer } from "./wire/server.js";

/** Where a running sandbox is found, and what clients must trust. */
export interface Listening {
  port: number;
  /** For Baileys' `waWebSocketUrl`. */
  url: string;
  adminUrl: string;
  /** PEM certificate to trust. */
  ca: string;
  /** Hex of the key that signs the handshake's certificate chain. */
  rootKey: string;
}

/** A WhatsApp server with its mock phones, on one HTTPS port. */
export class Sandbox {
  private readonly log: Log;
  private readonly world: World;
  private readonly services: Services;
  private readonly admin: AdminRouter;
  private readonly server: ChatServer;
  private readonly events: ConnectionEvents;
  private nextConnection = 1;
  private chain: Buffer | undefined;
  private host = "";

  private constructor(
    private readonly settings: Settings,
    private readonly keys: SandboxKeys,
  ) {
    this.log = makeLog(settings.logLevel);
    const mediaHost: MediaHost = (asked) => settings.mediaHost ?? asked ?? this.host;
    const uplink: Uplink = {
      message: (person, stanza) => { services.uplink.message(person, stanza); },
      receipt: (person, stanza) => { services.uplink.receipt(person, stanza); },
    };
    this.world = makeWorld(settings, mediaHost, uplink, this.log);
    const services = makeServices(this.world, settings, mediaHost, this.log);
    this.services = services;
    this.admin = makeAdmin(this.world, services, keys, mediaHost, () => this.reset(), this.log);
    this.events = this.makeEvents();
    this.server = new ChatServer(keys.tls, {
      refuse: () => this.refusal(),
      connected: (socket, host) => { this.connected(socket, host); },
      request: (request, response) => { this.request(request, response); },
    });
  }

  /** Makes or loads keys and state; nothing listens yet. */
  static async open(settings: Settings): Promise<Sandbox> {
    silenceConsole();
    const keys = settings.dir === undefined ? await makeKeys(settings.tlsNames) : await loadKeys(settings.dir, settings.tlsNames);
    const sandbox = new Sandbox(settings, keys);
    await restoreWorld(sandbox.world);
    return sandbox;
  }

  async listen(): Promise<Listening> {
    const port = await this.server.listen(this.settings.port, this.settings.host);
    const name = this.settings.host === "0.0.0.0" || this.settings.host === "::" ? "127.0.0.1" : this.settings.host;
    this.host = `${name.includes(":") ? `[${name}]` : name}:${port}`;
    return {
      port,
      url: `wss://${this.host}${CHAT_PATH}`,
      adminUrl: `https://${this.host}/admin`,
      ca: this.keys.tls.cert,
      rootKey: this.keys.root.public.toString("hex"),
    };
  }

  /** Closes every link and saves the state; takes less than a second. */
  async close(): Promise<void> {
    await this.server.close();
    this.world.phones.settle();
    await this.world.state.flush();
  }

  /** Forgets everything but its own keys. */
  private async reset(): Promise<void> {
    for (const connection of this.services.logins.connections()) connection.destroy();
    const { directory, groups, channels, faults, ledger, sends, media, phones, state } = this.world;
    const { delivery, messages, presences, grouping, channeling } = this.services;
    for (const part of [directory, groups, channels, faults, ledger, sends, phones, delivery, messages, presences, grouping, channeling]) part.clear();
    await media.clear();
    await state.clear();
  }

  private refusal(): number | undefined {
    const fault = this.world.faults.take("refuse", undefined);
    return fault ? (fault.code ?? 0) : undefined;
  }

  private certificates(): Buffer {
    const forged = this.world.faults.take("forged-certificate", undefined);
    if (forged) return makeChain(this.keys.root, this.keys.static.public, forged.forgery ?? "root");
    return (this.chain ??= makeChain(this.keys.root, this.keys.static.public));
  }

  private makeEvents(): ConnectionEvents {
    const { logins, pairing, dispatch } = this.services;
    return {
      certificates: () => this.certificates(),
      authenticated: (connection, payload, staticKey) => {
        if (payload.username) logins.login(connection, payload, staticKey);
        else if (!pairing.register(connection, payload, staticKey)) connection.destroy();
      },
      received: (connection, stanza) => {
        const session = logins.session(connection);
        if (session) dispatch.received(session, stanza);
        else pairing.received(connection, stanza);
      },
      recorded: (connection, direction, stanza, plain) => {
        this.world.ledger.record(direction, connection.id, connection.jid, stanza, plain);
        if (direction === "out") this.services.messages.left(connection.jid, stanza);
      },
      closed: (connection) => {
        logins.leave(connection);
        pairing.forget(connection);
      },
    };
  }

  private connected(socket: WebSocket, host: string | undefined): void {
    new Connection(this.nextConnection++, socket, host, this.keys.static, this.world.faults, this.events, this.log);
  }

  private request(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "https://sandbox");
    if (url.pathname.startsWith("/admin/")) {
      void this.admin.handle(request, response, url.pathname.slice("/admin".length), url.searchParams);
    } else if (!this.services.mediaHttp.handle(request, response, url.pathname)) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"code":"not_found","message":"nothing is here"}}');
    }
  }
}
