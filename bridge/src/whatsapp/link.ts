/**
 * One connection of a session to WhatsApp: a Baileys socket, set up so that nothing is receipted that is not on
 * disk, that costs as little memory as it can, and that harms only itself when a frame cannot be read.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { AccountStanding, endOf, type AccountSignals } from "./account-standing.js";
import { AuthStore } from "./auth-store.js";
import { makeWASocket, proto, type BinaryNode, type ConnectionState, type WASocket } from "./baileys.js";
import type { BaileysLoggers } from "./baileys-logger.js";
import type { Ringing } from "./call-events.js";
import type { Deliveries } from "./deliveries.js";
import { DeviceTaken, type Devices } from "./devices.js";
import { isDistrust, readEnding } from "./ending.js";
import { FrameGate } from "./frame-gate.js";
import { containFrames } from "./frames.js";
import { GroupMembers, NO_GROUP } from "./group-members.js";
import { finishHandshakeEarly } from "./handshake.js";
import type { AddressBook, Self } from "./incoming.js";
import type { LinkEvents } from "./link-events.js";
import { askPairingCode } from "./pairing-code.js";
import type { KeyCache } from "./key-cache.js";
import { onPasskeyDemand } from "./passkey.js";
import { PhoneResend } from "./phone-resend.js";
import { Pulse } from "./pulse.js";
import { QrSeries } from "./qr-series.js";
import type { Questions } from "./questions.js";
import { rawSocket } from "./raw-socket.js";
import { Receiver, type RecordedMessage } from "./receiver.js";
import { relaying, type Relaying } from "./relaying.js";
import type { Route, Routes } from "./routes.js";
import { secondCopy } from "./second-copy.js";
import { storiesAgain } from "./story-copy.js";
import { crashSafeSignal } from "./signal-repository.js";
import { socketConfig } from "./socket-config.js";
import { StanzaEvents } from "./stanza-events.js";
import { recordFirst, type Guard } from "./stanzas.js";
import { UserDevices } from "./user-devices.js";

/** What all links share. */
export interface LinkDeps {
  store: Store;
  journal: Journal;
  deliveries: Deliveries;
  routes: Routes;
  log: Logger;
  baileysLogger: BaileysLoggers;
  /** How long each QR code is shown, in milliseconds; undefined for Baileys' 60 s, then 20 s. */
  qrTimeoutMs?: number;
  devices: Devices;
  signals: AccountSignals;
  keyCache: KeyCache;
  /** True when a history sync of so many bytes may be read into memory now. */
  mayReadHistory: (bytes: number) => boolean;
  questions: Questions;
  /** Called when a message was recorded. */
  onMessage: (link: Link, message: RecordedMessage) => void;
  /** Called when somebody calls. */
  onRinging: (link: Link, call: Ringing) => void;
  /** Called with every new connection, before anything was received over it: time to listen to its socket. */
  onLink: (link: Link) => void;
}

/** How long Baileys may take to report the end of a WebSocket that was cut. */
const CUT_GRACE_MS = 2000;

/** What Baileys puts in the place of a message it could not decrypt. */
const UNREADABLE = proto.WebMessageInfo.StubType.CIPHERTEXT;

/** What WhatsApp answers a message with that a restricted account may not send. */
const RESTRICTED = 463;

/** Which link code runs on behalf of: Baileys leaves promises unhandled, and this tells whose they were. */
const currentLink = new AsyncLocalStorage<Link>();

/** The link whose work is failing right now, if it is any. */
export function failingLink(): Link | undefined {
  return currentLink.getStore();
}

export class Link {
  readonly #deps: LinkDeps;
  readonly #events: LinkEvents;
  readonly #pairing: Pairing;
  readonly #auth: AuthStore;
  /** What leaves waits here for the disk. */
  readonly #gate = new FrameGate();
  /** The way of this connection, for files as well. */
  readonly route: Route;
  readonly #sock: WASocket;
  readonly #resend = new PhoneResend();
  readonly #qrs: QrSeries;
  /** Its groups, as their members are wanted. */
  readonly groups = new GroupMembers((jid) =>
    this.#deps.questions.ask(this.#pairing.tenantId, "groups", this, () => this.run((sock) => sock.groupMetadata(jid)), NO_GROUP));
  readonly userDevices = new UserDevices();
  /** When anything was last received. */
  readonly pulse = new Pulse();
  readonly #standing: AccountStanding;
  #opened = false;
  #storeFailed = false;
  #passkeyAsked = false;
  #closed = false;
  #cutTimer: NodeJS.Timeout | undefined;
  /** Finds the other address of a person among what the session has learnt. */
  readonly addressBook: AddressBook;
  readonly #over = new AbortController();
  /** Aborted when the WebSocket is gone and nothing is written any more; `ended` resolves then. */
  readonly gone = this.#over.signal;
  readonly ended = once(this.gone, "abort").then(() => undefined);
  #settleCaughtUp: () => void = () => undefined;
  /** Resolves when everything WhatsApp kept for this session while it was away has come; never on a link that ends before. */
  readonly caughtUp = new Promise<void>((resolve) => (this.#settleCaughtUp = resolve));

  /**
   * Begins to connect.
   * @throws SealBroken when the session's credentials cannot be opened, DeviceTaken when its device runs already.
   */
  constructor(deps: LinkDeps, pairing: Pairing, events: LinkEvents) {
    this.#deps = deps;
    this.#events = events;
    this.#pairing = pairing;
    this.#qrs = new QrSeries(deps.qrTimeoutMs);
    this.#standing = new AccountStanding({ pairing, signals: deps.signals, log: deps.log, within: (work) => currentLink.run(this, work), phone: () => this.self.phone });
    this.#auth = new AuthStore(deps.store, pairing, deps.keyCache, {
      onStoreFailure: () => {
        this.#cutForStore();
      },
      holdFrames: (durable) => this.#gate.hold(durable),
    });
    const device = this.#auth.isLinked ? this.#auth.creds.me?.id : undefined;
    if (device !== undefined && !deps.devices.claim(device, pairing.tenantId)) throw new DeviceTaken();
    this.route = deps.routes.of(pairing.tenantId);
    const receiver = new Receiver({
      store: deps.store,
      journal: deps.journal,
      log: deps.log,
      pairing,
      self: () => this.self,
      onMessage: (message) => {
        this.#tell("active");
        deps.signals.heard(pairing.tenantId);
        deps.onMessage(this, message);
      },
    });
    const logger = deps.baileysLogger(pairing.tenantId);
    const signal = crashSafeSignal(
      {
        store: deps.store,
        pairing,
        auth: this.#auth,
        prepareEvent: (ciphertext, plaintext) => receiver.prepareEvent(ciphertext, plaintext, signal.addressBook),
        recordFailure: (ciphertext, error) => this.#orCut(receiver.recordFailure(ciphertext, error, signal.addressBook)),
      },
      logger,
    );
    this.addressBook = signal.addressBook;
    const config = socketConfig({
      auth: this.#auth,
      route: this.route,
      placeholderResendCache: this.#resend,
      logger,
      makeSignalRepository: signal.makeRepository,
      userDevicesCache: this.userDevices,
      secondCopy: (key) => secondCopy({ store: deps.store, pairing, self: () => this.self, storyAgain: storiesAgain(this, deps.log) }, key),
      groupMetadata: (jid) => this.groups.audienceOf(jid),
      qrTimeoutMs: deps.qrTimeoutMs,
      mayReadHistory: deps.mayReadHistory,
    });
    this.#sock = currentLink.run(this, () => makeWASocket(config));
    const raw = rawSocket(this.#sock);
    if (raw !== null) this.#gate.install(raw);
    if (raw !== null) finishHandshakeEarly(raw);
    currentLink.run(this, () => {
      containFrames(this.#sock.ws, (error) => {
        this.contain(error);
      });
      this.#listen(receiver, (messages) => receiver.takeEmitted(messages, signal.addressBook));
      deps.onLink(this);
    });
  }

  /** What the connection belongs to. */
  get pairing(): Pairing {
    return this.#pairing;
  }

  /** Uses Baileys' socket on behalf of this link: what Baileys leaves broken ends this link and no other. */
  run<T>(work: (sock: WASocket) => T): T {
    return currentLink.run(this, () => work(this.#sock));
  }

  /** The account of this session, as far as it is known. */
  get self(): Self {
    const me = this.#auth.creds.me;
    return { phone: me?.id, lid: me?.lid, name: me?.name };
  }

  /** True once the session has an account. */
  get isPaired(): boolean {
    return this.#auth.isLinked;
  }

  /** True before the second QR code of this connection. */
  get showsFirstQr(): boolean {
    return this.#qrs.isFirst;
  }

  /** Until when the QR codes WhatsApp gave for this connection last, in unix ms; 0 before the first. */
  get qrsLastUntilMs(): number {
    return this.#qrs.lastUntilMs;
  }

  /** A pairing code for a phone number. Ask only while a QR code is shown. @throws BridgeError pairing_code_refused */
  async askPairingCode(phoneNumber: string): Promise<string> {
    return currentLink.run(this, () => askPairingCode(this.#sock, phoneNumber));
  }

  /** Baileys' socket, for sending. */
  get sock(): WASocket {
    return this.#sock;
  }

  /** Hands a message to Baileys; resolves when its stanza stands in the line of what leaves over the connection. */
  async relay(work: Relaying, chatId: string, message: proto.IMessage, options: Omit<Parameters<WASocket["relayMessage"]>[2], "participant">): Promise<void> {
    await this.run((sock) => relaying.run(work, () => sock.relayMessage(chatId, message, options)));
  }

  /** Resolves when every stanza made so far was written to the connection. @throws Error when one cannot be */
  written(): Promise<void> {
    return this.#gate.written();
  }

  /** Asks WhatsApp, in a while if it was asked just now, how far the account may write to strangers. */
  askStanding(): void {
    this.#standing.doubt();
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
    await this.ended;
    clearTimeout(timer);
  }

  /** Unlinks this device at WhatsApp. Answers when the request is on its way. */
  async logout(): Promise<void> {
    await this.#sock.logout();
  }

  /** Ends the connection at once, without a word to WhatsApp. */
  cut(): void {
    if (this.#closed || this.#cutTimer !== undefined) return;
    // Baileys reports the end when the WebSocket does; should it not, this does.
    this.#cutTimer = setTimeout(() => {
      this.#end(undefined);
    }, CUT_GRACE_MS);
    rawSocket(this.#sock)?.terminate();
  }

  /** An error nobody handled while working for this link: the link ends, the process does not. */
  contain(error: unknown): void {
    this.#deps.log.warn({ tenantId: this.#pairing.tenantId, err: error }, "a connection failed and is closed");
    this.cut();
  }

  #listen(receiver: Receiver, takeEmitted: (messages: Parameters<Receiver["takeEmitted"]>[0]) => Promise<void>): void {
    const { ws, ev } = this.#sock;
    const { tenantId } = this.#pairing;
    ws.on("frame", (frame: BinaryNode | Uint8Array) => {
      this.pulse.note(frame);
    });
    ws.on("open", () => {
      this.#opened = true;
      this.#tell("opened");
    });
    const guard: Guard = {
      isOpen: () => this.isOpen,
      onFailure: () => {
        this.#cutForStore();
      },
    };
    recordFirst(ws, "message", guard, (stanza) => {
      receiver.noteStanza(stanza);
      const { id } = stanza.attrs;
      if (id !== undefined && Array.isArray(stanza.content) && stanza.content.some((child) => child.tag === "enc")) this.#resend.noteEncrypted(id);
      // Baileys queues what was sent while we were away and handles the rest at once, so that a new message would
      // overtake a backlog. Marked alike, everything goes through that queue in the order it came.
      stanza.attrs["offline"] ??= "0";
      return receiver.recordPlain(stanza, this.addressBook);
    });
    const told = new StanzaEvents(this.#deps, { pairing: this.#pairing, self: () => this.self, book: this.addressBook });
    recordFirst(ws, "notification", guard, (stanza) => told.recordNotification(stanza));
    recordFirst(ws, "call", guard, (stanza) => told.recordCall(stanza, (call) => {
      this.#deps.onRinging(this, call);
    }));
    recordFirst(ws, "receipt", guard, (stanza) => this.#deps.deliveries.receipted(tenantId, stanza, this.self));
    ws.prependListener("CB:notification,type:w:gp2", (stanza: BinaryNode) => {
      this.groups.forget(stanza.attrs["from"] ?? "");
    });
    ws.on("CB:ack,class:message", (stanza: BinaryNode) => {
      const { id, error } = stanza.attrs;
      if (id === undefined) return;
      const code = error === undefined ? undefined : Number(error);
      this.#deps.deliveries.acked(tenantId, id, code !== undefined && !Number.isSafeInteger(code) ? 0 : code).then(
        () => {
          // Asked last, so that the answer comes after what it is about.
          if (code === RESTRICTED) this.askStanding();
        },
        () => {
          this.#cutForStore();
        },
      );
    });
    onPasskeyDemand(ws, () => {
      if (this.isPaired) return;
      this.#passkeyAsked = true;
      this.cut();
    });
    ev.on("creds.update", () => {
      this.#auth.saveCreds();
      this.#tell("account", this.self);
    });
    ev.on("messages.upsert", ({ messages }) => {
      for (const message of messages) {
        if (message.messageStubType === UNREADABLE) this.#resend.askLater(this.#sock, message, () => receiver.hasRecorded(message.key.id));
      }
      takeEmitted(messages).catch((error: unknown) => {
        this.#deps.log.error({ tenantId, err: error }, "a received message could not be recorded");
        this.#cutForStore();
      });
    });
    this.#standing.listen(this.#sock);
    ev.on("connection.update", (update) => {
      this.#onUpdate(update);
    });
  }

  #onUpdate(update: Partial<ConnectionState>): void {
    if (typeof update.qr === "string") this.#tell("qr", update.qr, this.#qrs.next(Date.now()));
    if (update.isNewLogin === true) this.#tell("paired");
    if (update.connection === "open") this.#tell("connected");
    if (update.receivedPendingNotifications === true) this.#settleCaughtUp();
    const lock = update.reachoutTimeLock;
    if (lock !== undefined) this.#tell("restricted", { active: lock.isActive === true, untilMs: endOf(lock) });
    if (update.connection === "close") this.#end(update.lastDisconnect?.error);
  }

  /** What cannot be recorded now is left at WhatsApp. */
  async #orCut(recorded: Promise<void>): Promise<void> {
    try {
      await recorded;
    } catch (error) {
      this.#cutForStore();
      throw error;
    }
  }

  #cutForStore(): void {
    this.#storeFailed = true;
    this.cut();
  }

  #tell<K extends Exclude<keyof LinkEvents, "closed">>(event: K, ...args: Parameters<LinkEvents[K]>): void {
    if (!this.#closed) (this.#events[event] as (...values: Parameters<LinkEvents[K]>) => void)(...args);
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    if (isDistrust(error)) this.#deps.log.error({ tenantId: this.#pairing.tenantId }, "the server could not prove that it is WhatsApp");
    clearTimeout(this.#cutTimer);
    // What Baileys still has under way would write into a ratchet that belongs to the next connection.
    this.#auth.close();
    this.#standing.close();
    this.route.close();
    this.#over.abort();
    this.#events.closed({
      ...readEnding(error),
      opened: this.#opened,
      paired: this.isPaired,
      viaProxy: this.route.proxied,
      passkeyAsked: this.#passkeyAsked,
      storeFailed: this.#storeFailed,
    });
  }
}
