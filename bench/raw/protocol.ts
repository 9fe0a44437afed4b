/** What the process with raw Baileys and the benchmark tell each other. */
import type { Run } from "../load.js";

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

export type Command = Connect | SendTexts;

export type Said = { said: "qr"; qr: string } | { said: "open" } | { said: "sent"; run: Run } | { said: "failed"; reason: string };
