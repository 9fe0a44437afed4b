import { EventEmitter } from "node:events";
import { Agent } from "node:https";
import {
  makeWASocket, type BaileysEventMap, type ConnectionState, type UserFacingSocketConfig, type WAMessage, type WASocket, type proto,
} from "baileys";
import { pino } from "pino";
import { silenceConsole } from "../../../../bridge/sandbox/log.js";
import { memoryAuth, type MemoryAuth } from "./memory-auth.js";
import { waitFor } from "./wait.js";

silenceConsole();

// Baileys leaves timers behind (key uploads, queries whose link ended), which would keep the process of every test file alive.
globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
  apply(target, self: typeof globalThis, args: Parameters<typeof setTimeout>) {
    const timer = target.apply(self, args);
    return (args[1] ?? 0) >= 5_000 ? timer.unref() : timer;
  },
});

export interface SandboxAddress {
  url: string;
  ca: string;
}

/** One logged event of a client. */
type Recorded = { [E in keyof BaileysEventMap]: { name: E; data: BaileysEventMap[E] } }[keyof BaileysEventMap];

/** A plain Baileys client that remembers every event, so that a test can wait for what may have happened already. */
export class Client {
  readonly events: Recorded[] = [];
  readonly closes: number[] = [];
  /** Messages this client knows, for retries. */
  readonly known = new Map<string, proto.IMessage>();
  private readonly changed = new EventEmitter();
  private socket: WASocket | undefined;
  private stopped = false;
  state: Partial<ConnectionState> = {};

  constructor(
    private readonly sandbox: SandboxAddress,
    readonly auth: MemoryAuth = memoryAuth(),
    private readonly config: Partial<UserFacingSocketConfig> = {},
    /** Reconnect after 515 and lost links, as every application does. */
    private readonly reconnect = true,
  ) {
    this.changed.setMaxListeners(0);
  }

  get sock(): WASocket {
    if (!this.socket) throw new Error("the client was not started");
    return this.socket;
  }

  get jid(): string {
    return `${this.number}@s.whatsapp.net`;
  }

  get number(): string {
    return this.auth.creds.me?.id.split(/[:@]/, 1)[0] ?? "";
  }

  get lid(): string {
    return `${this.auth.creds.me?.lid?.split(/[:@]/, 1)[0] ?? ""}@lid`;
  }

  start(): this {
    const agent = new Agent({ ca: this.sandbox.ca, keepAlive: false });
    const socket = makeWASocket({
      auth: this.auth,
      waWebSocketUrl: this.sandbox.url,
      agent,
      fetchAgent: agent,
      logger: pino({ level: "silent" }),
      retryRequestDelayMs: 10,
      defaultQueryTimeoutMs: 15_000,
      getMessage: (key) => Promise.resolve(this.known.get(key.id ?? "")),
      ...this.config,
    });
    this.socket = socket;
    this.state = {};
    socket.ev.process((events) => {
      for (const [name, data] of Object.entries(events)) this.record(socket, { name, data } as Recorded);
    });
    return this;
  }

  stop(): void {
    this.stopped = true;
    void this.socket?.end(undefined);
  }

  /** Drops the link and stays away until `start`. */
  async goOffline(): Promise<void> {
    this.stopped = true;
    void this.socket?.end(undefined);
    await this.waitClosed();
  }

  comeBack(): this {
    this.stopped = false;
    return this.start();
  }

  async waitOpen(timeoutMs = 15_000): Promise<this> {
    await waitFor("the client to be open", () => this.state.connection === "open", timeoutMs);
    return this;
  }

  async waitClosed(): Promise<void> {
    await waitFor("the client to be closed", () => this.state.connection === "close");
  }

  /** The QR code on show now. */
  async qr(): Promise<string> {
    return waitFor("a QR code", () => this.state.qr);
  }

  /** Data of every event of one kind so far. */
  of<E extends keyof BaileysEventMap>(name: E): BaileysEventMap[E][] {
    return this.events.filter((each) => each.name === name).map((each) => each.data as BaileysEventMap[E]);
  }

  /** Messages that arrived live or as backlog, in order. */
  get received(): WAMessage[] {
    return this.of("messages.upsert").flatMap((each) => each.messages).filter((each) => !each.key.fromMe);
  }

  async waitMessage(what: string, fits: (message: WAMessage) => boolean, timeoutMs = 10_000): Promise<WAMessage> {
    return this.until(what, () => this.of("messages.upsert").flatMap((each) => each.messages).find(fits), timeoutMs);
  }

  async waitText(text: string): Promise<WAMessage> {
    return this.waitMessage(`the text "${text}"`, (message) => textOf(message) === text && !message.key.fromMe);
  }

  /** Waits until an event makes the probe true. */
  async until<T>(what: string, probe: () => T, timeoutMs = 10_000): Promise<NonNullable<T>> {
    return waitFor(what, probe, timeoutMs);
  }

  /** Highest status an own message has reached, from echo and updates (3 delivered, 4 read, 0 error). */
  statuses(id: string): number[] {
    const updates = this.of("messages.update").flat().filter((each) => each.key.id === id).map((each) => each.update.status);
    const echoes = this.of("messages.upsert").flatMap((each) => each.messages).filter((each) => each.key.id === id).map((each) => each.status);
    return [...updates, ...echoes].filter((each) => typeof each === "number");
  }

  /** Codes an own message was refused with; undefined while it was not. */
  errors(id: string): string[] | undefined {
    const updates = this.of("messages.update").flat().filter((each) => each.key.id === id).map((each) => each.update);
    const echoes = this.of("messages.upsert").flatMap((each) => each.messages).filter((each) => each.key.id === id);
    const refused = [...updates, ...echoes].find((each) => Number(each.status) === 0 && each.messageStubParameters);
    return refused?.messageStubParameters as string[] | undefined;
  }

  async send(to: string, content: Parameters<WASocket["sendMessage"]>[1], options?: Parameters<WASocket["sendMessage"]>[2]): Promise<WAMessage> {
    const sent = await this.sock.sendMessage(to, content, options);
    if (!sent?.key.id) throw new Error("nothing was sent");
    if (sent.message) this.known.set(sent.key.id, sent.message);
    return sent;
  }

  private record(socket: WASocket, event: Recorded): void {
    if (socket !== this.socket) return;
    this.events.push(event);
    if (event.name === "creds.update") Object.assign(this.auth.creds, event.data);
    if (event.name === "connection.update") this.connection(event.data);
    this.changed.emit("event");
  }

  private connection(update: Partial<ConnectionState>): void {
    Object.assign(this.state, update);
    if (update.connection !== "close") return;
    const code = statusOf(update.lastDisconnect?.error);
    this.closes.push(code);
    if (this.stopped || !this.reconnect || code === 401 || code === 403 || code === 440) return;
    setTimeout(() => { if (!this.stopped) this.start(); }, code === 515 ? 0 : 50);
  }
}

function statusOf(error: unknown): number {
  return (error as { output?: { statusCode?: number } } | undefined)?.output?.statusCode ?? 0;
}

export function textOf(message: WAMessage): string | undefined {
  const content = message.message;
  return content?.conversation ?? content?.extendedTextMessage?.text ?? undefined;
}
