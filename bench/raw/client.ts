/** Raw Baileys, unmodified, set up as its documentation does it: keys in memory behind `makeCacheableSignalKeyStore`. */
import type { Agent } from "node:https";
import {
  DisconnectReason, initAuthCreds, makeCacheableSignalKeyStore, makeWASocket, proto, WA_CERT_DETAILS,
  type AuthenticationCreds, type BinaryNode, type SignalDataTypeMap, type SignalKeyStore, type WASocket,
} from "baileys";
import { pino } from "pino";
import { Arrivals } from "../receives/arrivals.js";

const ACK_TIMEOUT_MS = 30_000;

const logger = pino({ level: "silent" });

// libsignal prints whole sessions through console.
const nothing = (): void => undefined;
Object.assign(globalThis.console, { log: nothing, info: nothing, warn: nothing, error: nothing });

/** What a client tells of its connection. */
export interface Heard {
  qr: (text: string) => void;
  open: () => void;
  left: () => void;
  failed: (reason: string) => void;
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

export class Client {
  readonly #agent: Agent;
  readonly #url: string;
  readonly #creds: AuthenticationCreds = initAuthCreds();
  readonly #keys = makeCacheableSignalKeyStore(memoryKeys(), logger);
  readonly arrivals = new Arrivals();
  readonly #acks = new Map<string, (error: string | undefined) => void>();
  #socket: WASocket | undefined;
  #leaving = false;

  readonly #heard: Heard;

  /** @param agent that trusts the sandbox. @param rootKey of the sandbox, hex. */
  constructor(url: string, agent: Agent, rootKey: string, heard: Heard) {
    this.#url = url;
    this.#agent = agent;
    this.#heard = heard;
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
      if (qr !== undefined) this.#heard.qr(qr);
      if (connection === "open") this.#heard.open();
      if (connection !== "close") return;
      if (this.#leaving) {
        this.#leaving = false;
        this.#heard.left();
        return;
      }
      const code = (lastDisconnect?.error as { output?: { statusCode?: number } } | undefined)?.output?.statusCode;
      if (code === (DisconnectReason.restartRequired as number)) this.start();
      else this.#heard.failed(`the connection ended with ${code ?? "no code"}`);
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
