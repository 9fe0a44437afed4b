/**
 * One connection of a session to WhatsApp: a Baileys socket, set up so that nothing is receipted that is not on
 * disk, that costs as little memory as it can, and that harms only itself when a frame cannot be read.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { AuthStore } from "./auth-store.js";
import { makeWASocket, proto, type BinaryNode, type ConnectionState, type GroupMetadata, type SocketConfig, type WASocket } from "./baileys.js";
import type { Deliveries } from "./deliveries.js";
import type { Self } from "./incoming.js";
import { Receiver } from "./receiver.js";
import type { Route, Routes } from "./routes.js";
import { crashSafeSignal } from "./signal-repository.js";
import { SmallCache } from "./small-cache.js";

/** What all links share. */
export interface LinkDeps {
  store: Store;
  journal: Journal;
  deliveries: Deliveries;
  routes: Routes;
  log: Logger;
  baileysLogger: SocketConfig["logger"];
  /** How long each QR code is shown, in milliseconds; undefined for Baileys' 60 s, then 20 s. */
  qrTimeoutMs?: number;
}

/** How a link ended. */
export interface LinkEnding {
  /** False when the WebSocket never opened. */
  opened: boolean;
  statusCode: number | undefined;
  storeFailed: boolean;
  /** The link went through the tenant's proxy and never got through. */
  proxyFailed: boolean;
}

/** What a link tells its session. After `closed` it tells nothing more. */
export interface LinkEvents {
  /** The WebSocket is open: WhatsApp can be reached. */
  opened(): void;
  qr(text: string, expiresAtMs: number): void;
  /** A phone has scanned the code. */
  paired(): void;
  connected(): void;
  /** Number, LID or name of the account may have changed. */
  account(self: Self): void;
  /** Something was received or sent. */
  active(): void;
  closed(ending: LinkEnding): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 30_000;
const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;

/** How long Baileys may take to report the end of a WebSocket that was cut. */
const CUT_GRACE_MS = 2000;

const INITIAL_HISTORY: number = proto.HistorySync.HistorySyncType.INITIAL_BOOTSTRAP;

/** Only the first history sync is looked at, for the addresses in it, and only when it is small. */
const MAX_HISTORY_BYTES = 4 * 1024 * 1024;

const GROUP_LIMIT = 64;
const GROUP_TTL_MS = 5 * 60_000;
const DEVICE_LIMIT = 500;
const DEVICE_TTL_MS = 5 * 60_000;
const COUNTER_LIMIT = 500;
const COUNTER_TTL_MS = 60 * 60_000;

/** Which link code runs on behalf of: Baileys leaves promises unhandled, and this tells whose they were. */
const currentLink = new AsyncLocalStorage<Link>();

/** The link whose work is failing right now, if it is any. */
export function failingLink(): Link | undefined {
  return currentLink.getStore();
}

/** The raw WebSocket inside Baileys' client, which it keeps to itself. */
function rawSocket(sock: WASocket): { terminate(): void } | null {
  return (sock.ws as unknown as { socket: { terminate(): void } | null }).socket;
}

/** Baileys downloads with fetch. What that takes to go through a proxy is only made when something is downloaded. */
function downloadsBy(route: Route): RequestInit {
  return {
    get dispatcher() {
      return route.dispatcher;
    },
  } as RequestInit;
}

export class Link {
  readonly #deps: LinkDeps;
  readonly #events: LinkEvents;
  readonly #pairing: Pairing;
  readonly #auth: AuthStore;
  readonly #route: Route;
  readonly #sock: WASocket;
  readonly #groups = new SmallCache(GROUP_LIMIT, GROUP_TTL_MS);
  #opened = false;
  #storeFailed = false;
  #closed = false;
  #qrCount = 0;
  #settleClosed: () => void = () => undefined;
  readonly #closedPromise = new Promise<void>((resolve) => (this.#settleClosed = resolve));

  /** Begins to connect. @throws SealBroken when the session's credentials cannot be opened. */
  constructor(deps: LinkDeps, pairing: Pairing, events: LinkEvents) {
    this.#deps = deps;
    this.#events = events;
    this.#pairing = pairing;
    this.#auth = new AuthStore(deps.store, pairing, () => {
      this.#cutForStore();
    });
    this.#route = deps.routes.of(pairing.tenantId);
    const receiver = new Receiver({
      store: deps.store,
      journal: deps.journal,
      log: deps.log,
      pairing,
      self: () => this.self,
      onMessage: () => {
        this.#tell("active");
      },
    });
    const signal = crashSafeSignal(
      {
        store: deps.store,
        pairing,
        keys: this.#auth.keys,
        prepareEvent: (ciphertext, plaintext) => receiver.prepareEvent(ciphertext, plaintext, signal.addressBook),
      },
      deps.baileysLogger,
    );
    this.#sock = currentLink.run(this, () => makeWASocket(this.#config(signal.makeRepository)));
    currentLink.run(this, () => {
      this.#containFrames();
      this.#listen(receiver, (messages) => receiver.takeEmitted(messages, signal.addressBook));
    });
  }

  /** The account of this session, as far as it is known. */
  get self(): Self {
    const me = this.#auth.creds.me;
    return { phone: me?.id, lid: me?.lid, name: me?.name };
  }

  /** True once the session has an account. */
  get isPaired(): boolean {
    return this.#auth.creds.me !== undefined;
  }

  /** Baileys' socket, for sending. */
  get sock(): WASocket {
    return this.#sock;
  }

  get isOpen(): boolean {
    return !this.#closed && this.#sock.ws.isOpen;
  }

  /** Closes without logging out: what is under way is cut, WhatsApp keeps what was not receipted. */
  async close(graceMs: number): Promise<void> {
    if (this.#closed) return;
    this.#sock.ev.flush();
    void this.#sock.end(undefined).catch(() => undefined);
    const timer = setTimeout(() => {
      this.cut();
    }, graceMs);
    await this.#closedPromise;
    clearTimeout(timer);
  }

  /** Unlinks this device at WhatsApp. Answers when the request is on its way. */
  async logout(): Promise<void> {
    await this.#sock.logout();
  }

  /** Ends the connection at once, without a word to WhatsApp. */
  cut(): void {
    if (this.#closed) return;
    rawSocket(this.#sock)?.terminate();
    // Baileys reports the end when the WebSocket does; should it not, this does.
    setTimeout(() => {
      this.#end(undefined);
    }, CUT_GRACE_MS).unref();
  }

  /** An error nobody handled while working for this link: the link ends, the process does not. */
  contain(error: unknown): void {
    this.#deps.log.warn({ tenantId: this.#pairing.tenantId, err: error }, "a connection failed and is closed");
    this.cut();
  }

  #config(makeSignalRepository: SocketConfig["makeSignalRepository"]): Parameters<typeof makeWASocket>[0] {
    const { baileysLogger, qrTimeoutMs } = this.#deps;
    const route = this.#route;
    const { url, agent } = route;
    return {
      auth: { creds: this.#auth.creds, keys: this.#auth.keys },
      logger: baileysLogger,
      makeSignalRepository,
      ...(url === undefined ? {} : { waWebSocketUrl: url }),
      ...(agent === undefined ? {} : { agent, fetchAgent: agent }),
      ...(route.proxied ? { options: downloadsBy(route) } : {}),
      ...(qrTimeoutMs === undefined ? {} : { qrTimeout: qrTimeoutMs }),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      defaultQueryTimeoutMs: QUERY_TIMEOUT_MS,
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: (history) =>
        (history.syncType as number | null | undefined) === INITIAL_HISTORY && Number(history.fileLength ?? 0) <= MAX_HISTORY_BYTES,
      enableRecentMessageCache: false,
      getMessage: (key) => Promise.resolve(this.#sentMessage(key.id)),
      cachedGroupMetadata: (jid) => this.#groupMetadata(jid),
      userDevicesCache: new SmallCache(DEVICE_LIMIT, DEVICE_TTL_MS),
      msgRetryCounterCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
      callOfferCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
      placeholderResendCache: new SmallCache(COUNTER_LIMIT, COUNTER_TTL_MS),
    };
  }

  /** What a device that could not read a message of ours gets again. */
  #sentMessage(id: string | null | undefined): proto.IMessage | undefined {
    const row = id === null || id === undefined ? undefined : this.#deps.store.outbox.get(this.#pairing.tenantId, id);
    return row === undefined ? undefined : proto.Message.decode(row.encoded);
  }

  /** Members of a group, asked for once in a while instead of with every message. */
  async #groupMetadata(jid: string): Promise<GroupMetadata | undefined> {
    const known = this.#groups.get<GroupMetadata>(jid);
    if (known !== undefined) return known;
    const fresh = await this.#sock.groupMetadata(jid);
    this.#groups.set(jid, fresh);
    return fresh;
  }

  /** Baileys reads frames in a promise nobody holds: one it cannot read would end the process. */
  #containFrames(): void {
    const ws = this.#sock.ws;
    for (const read of ws.listeners("message") as ((data: unknown) => unknown)[]) {
      ws.off("message", read);
      ws.on("message", (data: unknown) => {
        try {
          Promise.resolve(read(data)).catch((error: unknown) => {
            this.contain(error);
          });
        } catch (error) {
          this.contain(error);
        }
      });
    }
  }

  #listen(receiver: Receiver, takeEmitted: (messages: Parameters<Receiver["takeEmitted"]>[0]) => Promise<void>): void {
    const { ws, ev } = this.#sock;
    const { tenantId } = this.#pairing;
    ws.on("open", () => {
      this.#opened = true;
      this.#tell("opened");
    });
    // Before Baileys' own listeners: it acknowledges receipts when it has handled them.
    ws.prependListener("CB:message", (stanza: BinaryNode) => {
      receiver.noteStanza(stanza);
      // Baileys queues what was sent while we were away and handles the rest at once, so that a new message would
      // overtake a backlog. Marked alike, everything goes through that queue in the order it came.
      stanza.attrs["offline"] ??= "0";
    });
    ws.prependListener("CB:receipt", (stanza: BinaryNode) => {
      this.#guarded(() => {
        this.#deps.deliveries.receipted(tenantId, stanza, this.self);
      });
    });
    ws.prependListener("CB:notification,type:w:gp2", (stanza: BinaryNode) => {
      this.#groups.del(stanza.attrs["from"] ?? "");
    });
    ws.on("CB:ack,class:message", (stanza: BinaryNode) => {
      const { id, error } = stanza.attrs;
      if (id === undefined) return;
      const code = error === undefined ? undefined : Number(error);
      this.#deps.deliveries.acked(tenantId, id, code !== undefined && !Number.isSafeInteger(code) ? 0 : code).catch(() => {
        this.#cutForStore();
      });
    });
    ev.on("creds.update", () => {
      this.#auth.saveCreds();
      this.#tell("account", this.self);
    });
    ev.on("messages.upsert", ({ messages }) => {
      takeEmitted(messages).catch((error: unknown) => {
        this.#deps.log.error({ tenantId, err: error }, "a received message could not be recorded");
        this.#cutForStore();
      });
    });
    ev.on("connection.update", (update) => {
      this.#onUpdate(update);
    });
  }

  #onUpdate(update: Partial<ConnectionState>): void {
    if (typeof update.qr === "string") {
      const shownMs = this.#deps.qrTimeoutMs ?? (this.#qrCount === 0 ? FIRST_QR_MS : NEXT_QR_MS);
      this.#qrCount += 1;
      this.#tell("qr", update.qr, Date.now() + shownMs);
    }
    if (update.isNewLogin === true) this.#tell("paired");
    if (update.connection === "open") this.#tell("connected");
    if (update.connection === "close") {
      const cause = update.lastDisconnect?.error as (Error & { output?: { statusCode?: number } }) | undefined;
      // Baileys' words for a chain that does not hold; a proxy or a stranger in between, and nothing was said to it.
      if (cause !== undefined && /certifica/.test(cause.message)) this.#deps.log.error({ tenantId: this.#pairing.tenantId }, "the server could not prove that it is WhatsApp");
      this.#end(cause?.output?.statusCode);
    }
  }

  /** Runs what must be on disk before Baileys goes on; when it cannot be, the connection ends instead. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch {
      this.#cutForStore();
    }
  }

  #cutForStore(): void {
    this.#storeFailed = true;
    this.cut();
  }

  #tell<K extends Exclude<keyof LinkEvents, "closed">>(event: K, ...args: Parameters<LinkEvents[K]>): void {
    if (!this.#closed) (this.#events[event] as (...values: Parameters<LinkEvents[K]>) => void)(...args);
  }

  #end(statusCode: number | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#route.close();
    this.#settleClosed();
    this.#events.closed({ opened: this.#opened, statusCode, storeFailed: this.#storeFailed, proxyFailed: this.#route.proxied && !this.#opened });
  }
}
