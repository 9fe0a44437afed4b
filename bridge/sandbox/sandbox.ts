import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import { AdminRouter } from "./admin/http.js";
import { ledgerRoutes } from "./admin/ledger.js";
import { pairingRoutes } from "./admin/pairing.js";
import { peopleRoutes } from "./admin/people.js";
import { statusRoutes } from "./admin/status.js";
import { accountHandlers } from "./iq/account.js";
import { appStateHandler } from "./iq/appstate.js";
import { deviceHandlers } from "./iq/device.js";
import { encryptHandler } from "./iq/encrypt.js";
import { mexHandler } from "./iq/mex.js";
import type { IqHandler } from "./iq/request.js";
import { usyncHandler } from "./iq/usync.js";
import { makeLog, silenceConsole, type Log } from "./log.js";
import type { Uplink } from "./phone/parts.js";
import { Phones } from "./phone/phones.js";
import { Delivery } from "./service/delivery.js";
import { Dispatch } from "./service/dispatch.js";
import { Logins } from "./service/login.js";
import { MediaHttp } from "./service/mediahttp.js";
import { Messages } from "./service/messages.js";
import { Pairing } from "./service/pairing.js";
import { Presences } from "./service/presence.js";
import { Receipts } from "./service/receipts.js";
import { Unlinker } from "./service/unlink.js";
import type { Settings } from "./settings.js";
import { makeChain } from "./wire/certificate.js";
import { Connection, type ConnectionEvents } from "./wire/connection.js";
import { loadKeys, makeKeys, type SandboxKeys } from "./wire/keys.js";
import { CHAT_PATH, ChatServer } from "./wire/server.js";
import { Directory } from "./world/directory.js";
import { Faults } from "./world/faults.js";
import { Groups } from "./world/groups.js";
import { Ledger } from "./world/ledger.js";
import { MediaStore } from "./world/media.js";

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

/** The whole sandbox: every part is made here and handed what it uses. */
export class Sandbox {
  private readonly log: Log;
  private readonly ledger: Ledger;
  private readonly faults = new Faults();
  private readonly directory: Directory;
  private readonly groups: Groups;
  private readonly media: MediaStore;
  private readonly logins: Logins;
  private readonly pairing: Pairing;
  private readonly dispatch: Dispatch;
  private readonly mediaHttp: MediaHttp;
  private readonly admin: AdminRouter;
  private readonly server: ChatServer;
  private nextConnection = 1;
  private chain: Buffer | undefined;
  private host = "";

  private constructor(
    private readonly settings: Settings,
    private readonly keys: SandboxKeys,
  ) {
    const log = (this.log = makeLog(settings.logLevel));
    this.ledger = new Ledger({ entries: settings.ledgerEntries, bytes: settings.ledgerBytes });
    const faults = this.faults;
    const directory = (this.directory = new Directory(() => undefined));
    const groups = (this.groups = new Groups(() => undefined));
    const media = (this.media = new MediaStore(settings.dir === undefined ? undefined : `${settings.dir}/media`));
    const mediaHost = (): string => settings.mediaHost ?? this.host;
    const uplink: Uplink = {
      message: (person, stanza) => void messages.relay({ person, device: 0 }, stanza),
      receipt: (person, stanza) => { receipts.forward({ person, device: 0 }, stanza); },
    };
    const phones = new Phones({ directory, groups, media, mediaHost, uplink, receiptDelayMs: settings.receiptDelayMs, log });
    const delivery = new Delivery(phones, directory, faults);
    const messages = new Messages(directory, groups, delivery, faults);
    const receipts = new Receipts(directory, groups, delivery);
    const presences = new Presences(directory, groups, delivery);
    this.logins = new Logins(directory, phones, faults, (person) => { presences.announce(person); }, log);
    this.pairing = new Pairing(directory, phones, delivery, faults, settings, log);
    const unlinker = new Unlinker(this.logins, delivery);
    const handlers = new Map<string, IqHandler>([
      ["encrypt", encryptHandler(directory, phones, settings.claimFullPreKeyStock)],
      ["usync", usyncHandler(directory, delivery)],
      ["w:sync:app:state", appStateHandler(delivery)],
      ["w:mex", mexHandler],
      ...accountHandlers(directory, delivery),
      ...deviceHandlers(directory, this.logins, (person, device) => unlinker.unlink(person, device), mediaHost),
    ]);
    this.dispatch = new Dispatch(handlers, messages, receipts, presences, faults, log);
    this.mediaHttp = new MediaHttp(media, mediaHost, log);
    this.admin = new AdminRouter(log);
    pairingRoutes(this.admin, this.pairing);
    peopleRoutes(this.admin, { directory, phones, media, mediaHost });
    ledgerRoutes(this.admin, this.ledger);
    statusRoutes(this.admin, {
      directory, logins: this.logins, ledger: this.ledger,
      rootKey: keys.root.public.toString("hex"), certificate: keys.tls.cert, reset: () => this.reset(),
    });
    this.server = new ChatServer(keys.tls, {
      refuse: () => this.refusal(),
      connected: (socket) => { this.connected(socket); },
      request: (request, response) => { this.request(request, response); },
    });
  }

  /** Makes or loads keys and state; nothing listens yet. */
  static async open(settings: Settings): Promise<Sandbox> {
    silenceConsole();
    const keys = settings.dir === undefined ? await makeKeys(settings.tlsNames) : await loadKeys(settings.dir, settings.tlsNames);
    const sandbox = new Sandbox(settings, keys);
    await sandbox.media.open();
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

  /** Closes every link. */
  async close(): Promise<void> {
    await this.server.close();
  }

  private async reset(): Promise<void> {
    for (const connection of this.logins.connections()) connection.destroy();
    this.directory.clear();
    this.groups.clear();
    this.faults.clear();
    this.ledger.clear();
    await this.media.clear();
  }

  private refusal(): number | undefined {
    const fault = this.faults.take("refuse", undefined);
    return fault ? (fault.code ?? 503) : undefined;
  }

  private certificates(): Buffer {
    const forged = this.faults.take("forged-certificate", undefined);
    if (forged) return makeChain(this.keys.root, this.keys.static.public, forged.forgery ?? "root");
    return (this.chain ??= makeChain(this.keys.root, this.keys.static.public));
  }

  private connected(socket: WebSocket): void {
    const events: ConnectionEvents = {
      certificates: () => this.certificates(),
      authenticated: (connection, payload, staticKey) => {
        if (payload.username) this.logins.login(connection, payload, staticKey);
        else if (!this.pairing.register(connection, payload, staticKey)) connection.destroy();
      },
      received: (connection, stanza) => {
        const session = this.logins.session(connection);
        if (session) this.dispatch.received(session, stanza);
        else this.pairing.received(connection, stanza);
      },
      recorded: (connection, direction, stanza, plain) => {
        this.ledger.record(direction, connection.id, connection.jid, stanza, plain);
      },
      closed: (connection) => {
        this.logins.leave(connection);
        this.pairing.forget(connection);
      },
    };
    new Connection(this.nextConnection++, socket, this.keys.static, this.faults, events, this.log);
  }

  private request(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "https://sandbox");
    if (url.pathname.startsWith("/admin/")) {
      void this.admin.handle(request, response, url.pathname.slice("/admin".length), url.searchParams);
    } else if (!this.mediaHttp.handle(request, response, url.pathname)) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"code":"not_found","message":"nothing is here"}}');
    }
  }
}
