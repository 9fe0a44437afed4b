/** People who write: so many at a time as the sandbox takes, or so many a second. */
import { atOnce, atRate, percentile, type Run } from "../load.js";
import type { Sandbox } from "../stack/sandbox.js";
import type { Arrival } from "./arrivals.js";
import type { Receiver } from "./cast.js";

/** Requests to the sandbox under way at a time. */
export const SPEAKERS = 16;

function speech(sandbox: Sandbox, receivers: readonly Receiver[]): (n: number) => Promise<void> {
  return async (n) => {
    const receiver = receivers[n % receivers.length];
    const contact = receiver?.contacts[Math.floor(n / receivers.length) % receiver.contacts.length];
    if (receiver !== undefined && contact !== undefined) await sandbox.say(contact, receiver.number, `message ${n}`);
  };
}

/** Everybody writes in turns, as fast as the sandbox encrypts. */
export function speakAtOnce(sandbox: Sandbox, receivers: readonly Receiver[], count: number): Promise<Run> {
  return atOnce(count, SPEAKERS, speech(sandbox, receivers));
}

export function speakAtRate(sandbox: Sandbox, receivers: readonly Receiver[], count: number, perSecond: number): Promise<Run> {
  return atRate(count, perSecond, speech(sandbox, receivers));
}

/**
 * What became of messages: from the moment the first of them was written to WhatsApp's side of a connection until the
 * last had arrived. The sandbox notes whole milliseconds, so a latency is up to one too long.
 */
export function measured(arrivals: readonly Arrival[], frames: ReadonlyMap<string, number>): Run {
  const latenciesMs: number[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const [messageId, at] of arrivals) {
    const written = frames.get(messageId);
    if (written === undefined) throw new Error(`message ${messageId} arrived but is not in the sandbox's ledger`);
    latenciesMs.push(at - written);
    [first, last] = [Math.min(first, written), Math.max(last, at)];
  }
  return { count: arrivals.length, elapsedMs: last - first, latenciesMs };
}

export function atShare(runs: readonly Run[], share: number): number[] {
  return runs.map((run) => percentile(run.latenciesMs, share));
}
