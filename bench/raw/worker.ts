/**
 * Raw Baileys, unmodified, in a process of its own, set up as its documentation does it: keys in memory behind
 * `makeCacheableSignalKeyStore`. A message counts as sent when WhatsApp's server acknowledged it, as in the gateway.
 */
import { Agent } from "node:https";
import {
  DisconnectReason, initAuthCreds, makeCacheableSignalKeyStore, makeWASocket, proto, WA_CERT_DETAILS,
  type AuthenticationCreds, type BinaryNode, type SignalDataTypeMap, type SignalKeyStore, type WASocket,
} from "baileys";
import { pino } from "pino";
import { atOnce, atRate } from "../load.js";
import { Arrivals } from "../receives/arrivals.js";
import type { Command, Connect, Receive, Said, SendTexts } from "./protocol.js";

const ACK_TIMEOUT_MS = 30_000;

const logger = pino({ level: "silent" });

// libsignal prints whole sessions through console.
const nothing = (): void => undefined;
Object.assign(globalThis.console, { log: nothing, info: nothing, warn: nothing, error: nothing });

function say(said: Said): void {
  process.send?.(said);
}

function memoryKeys(): SignalKeyStore {
  const kept = new Map<string, unknown>();
  return {
    get: (type, ids) => {
      const found: Record<string, SignalDataTypeMap[typeof type]> = {};
      for (const id of ids) {
        const value = kept.get(`${type} ${id}`);
        if (value === undefined || value === null) continue;
        found[id] = (type === "app-state-sync-key" ? proto.Message.AppStateSyncKeyData.fromObject(value) : value) as SignalDataTypeMap[typeof type];
      }
      return found;
    },
    set: (data) => {
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values)) {
          if (value === null || value === undefined) kept.delete(`${type} ${id}`);
          else kept.set(`${type} ${id}`, value);
        }
      }
    },
  };
}

class Client {
  readonly #agent: Agent;
  readonly #url: string;
  readonly #creds: AuthenticationCreds = initAuthCreds();
  readonly #keys = makeCacheableSignalKeyStore(memoryKeys(), logger);
  readonly arrivals = new Arrivals();
  readonly #acks = new Map<string, (error: string | undefined) => void>();
  #socket: WASocket | undefined;
  #leaving = false;

  constructor({ url, ca, rootKey }: Connect) {
    this.#url = url;
    this.#agent = new Agent({ ca });
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, "hex");
  }

  start(): void {
    const socket = makeWASocket({ auth: { creds: this.#creds, keys: this.#keys }, waWebSocketUrl: this.#url, agent: this.#agent, fetchAgent: this.#agent, logger });
    this.#socket = socket;
    socket.ws.on("CB:ack,class:message", ({ attrs }: BinaryNode) => {
      this.#acks.get(attrs["id"] ?? "")?.(attrs["error"]);
    });
    socket.ev.on("messages.upsert", ({ messages }) => {
      for (const { key, message } of messages) if (key.fromMe !== true && typeof message?.conversation === "string") this.arrivals.note(key.id ?? "");
    });
    socket.ev.on("creds.update", (update) => Object.assign(this.#creds, update));
    socket.ev.on("connection.update", ({ connection, qr, lastDisconnect }) => {
      if (qr !== undefined) say({ said: "qr", qr });
      if (connection === "open") say({ said: "open" });
      if (connection !== "close") return;
      if (this.#leaving) {
        this.#leaving = false;
        say({ said: "left" });
        return;
      }
      const code = (lastDisconnect?.error as { output?: { statusCode?: number } } | undefined)?.output?.statusCode;
      if (code === (DisconnectReason.restartRequired as number)) this.start();
      else say({ said: "failed", reason: `the connection ended with ${code ?? "no code"}` });
    });
  }

  async leave(): Promise<void> {
    this.#leaving = true;
    await this.#socket?.end(undefined);
  }

  async send(to: string, text: string): Promise<void> {
    if (this.#socket === undefined) throw new Error("not connected");
    // The id is chosen before, so that no acknowledgement can come before it is known.
    const messageId = `3EB0${Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString("hex").toUpperCase()}`;
    const acked = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error("no acknowledgement came"));
      }, ACK_TIMEOUT_MS);
      this.#acks.set(messageId, (error) => {
        clearTimeout(timer);
        this.#acks.delete(messageId);
        if (error === undefined) resolve();
        else reject(new Error(`the server refused a message: ${error}`));
      });
    });
    await Promise.all([this.#socket.sendMessage(to, { text }, { messageId }), acked]);
  }
}

let client: Client | undefined;

async function sendTexts({ to, count, concurrency, perSecond }: SendTexts): Promise<void> {
  const send = async (n: number): Promise<void> => client?.send(to, `message ${n}`);
  const run = perSecond === undefined ? await atOnce(count, concurrency, send) : await atRate(count, perSecond, send);
  say({ said: "sent", run });
}

async function receive({ count, timeoutMs }: Receive): Promise<void> {
  if (client !== undefined) say({ said: "received", arrivals: await client.arrivals.next(count, timeoutMs) });
}

async function obey(command: Command): Promise<void> {
  switch (command.command) {
    case "connect":
      client = new Client(command);
      client.start();
      return;
    case "send":
      return sendTexts(command);
    case "receive":
      return receive(command);
    case "leave":
      return client?.leave();
    case "come back":
      client?.start();
  }
}

process.on("message", (command: Command) => {
  obey(command).catch((error: unknown) => {
    say({ said: "failed", reason: error instanceof Error ? error.message : String(error) });
  });
});
process.on("disconnect", () => process.exit());
