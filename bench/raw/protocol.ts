/** What the process with raw Baileys and the benchmark tell each other. */
import type { Run } from "../load.js";
import type { Arrival } from "../receives/arrivals.js";

/** Where the sandbox is: URL, certificate authority (PEM) and root key (hex). */
export interface Connect {
  command: "connect";
  url: string;
  ca: string;
  rootKey: string;
}

/** Sends `count` texts to a chat, `concurrency` at a time, or `perSecond` when that is given. */
export interface SendTexts {
  command: "send";
  to: string;
  count: number;
  concurrency: number;
  perSecond?: number;
}

/** Says when the next `count` texts have arrived. */
export interface Receive {
  command: "receive";
  count: number;
  timeoutMs: number;
}

/** Ends the connection, or begins it again. */
export interface Presence {
  command: "leave" | "come back";
}

export type Command = Connect | SendTexts | Receive | Presence;

export type Said = { said: "qr"; qr: string } | { said: "open" } | { said: "sent"; run: Run } | { said: "received"; arrivals: Arrival[] } | { said: "left" } | { said: "failed"; reason: string };
