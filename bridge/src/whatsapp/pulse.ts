/** When a connection last heard of WhatsApp, and when it last heard anything it had not asked for. */
import type { ConnectionHealth } from "../rpc/contract.gen.js";
import type { BinaryNode } from "./baileys.js";

/** Baileys asks every 30 s whether WhatsApp is there and hangs up when nothing came for 35: two missed answers. */
const UNANSWERED_MS = 75_000;

/**
 * What shows that WhatsApp passes messages on. WhatsApp answers keepalives and questions (`iq`) on a connection that gets
 * nothing else any more, so they show only that somebody is there.
 */
const STIRRING: ReadonlySet<string> = new Set(["message", "receipt", "notification", "ack", "call", "presence", "chatstate"]);

export class Pulse {
  /** Anything came, in unix ms; before that, when the connection was begun. */
  heardMs = Date.now();
  /** Something but answers came. */
  stirredMs = this.heardMs;

  note(frame: BinaryNode | Uint8Array): void {
    this.heardMs = Date.now();
    if (!(frame instanceof Uint8Array) && STIRRING.has(frame.tag)) this.stirredMs = this.heardMs;
  }
}

/** What is heard on connections, all in all. @param silentMs from when on a connection that only answers is silent. */
export function healthOf(pulses: readonly Readonly<Pick<Pulse, "heardMs" | "stirredMs">>[], nowMs: number, silentMs: number): ConnectionHealth {
  const silences = pulses.map(({ stirredMs }) => Math.max(0, nowMs - stirredMs));
  return {
    connected: pulses.length,
    unanswered: pulses.filter(({ heardMs }) => nowMs - heardMs > UNANSWERED_MS).length,
    silent: silences.filter((ms) => ms >= silentMs).length,
    ...(silences.length === 0 ? {} : { longestSilenceMs: silences.reduce((longest, ms) => Math.max(longest, ms)) }),
  };
}
