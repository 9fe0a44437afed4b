/** What went through since the process started: messages both ways, connections that came and went. */
import type { SendFigures, SessionReason } from "../rpc/contract.gen.js";
import type { OutboxRow } from "../store/outbox-row.js";
import { Distribution, SEND_BOUNDS_MS } from "./distribution.js";
import { Tally } from "./tally.js";

/** A message of ours that got somewhere. */
export type Moved = Pick<OutboxRow, "status" | "failure" | "acceptedAtMs" | "sendAtMs">;

export class Traffic {
  readonly #latency = new Distribution(SEND_BOUNDS_MS);
  readonly #failed = new Tally();
  readonly #ended = new Tally();
  #accepted = 0;
  #sent = 0;
  #delivered = 0;
  #read = 0;
  #unknown = 0;
  #opened = 0;
  #received = 0;

  /** Messages were recorded to be sent. */
  accepted(count: number): void {
    this.#accepted += count;
  }

  /**
   * A message got a new status.
   * @param before the one it had. Whoever has read it has got it, and WhatsApp took it, whether that was told or not.
   */
  moved(row: Moved, before: OutboxRow["status"], nowMs: number): void {
    const reached = (statuses: readonly OutboxRow["status"][]): boolean => statuses.includes(row.status) && !statuses.includes(before);
    if (reached(["sent", "delivered", "read", "played"])) {
      this.#sent += 1;
      this.#latency.note(nowMs - Math.max(row.acceptedAtMs, row.sendAtMs ?? 0));
    }
    if (reached(["delivered", "read", "played"])) this.#delivered += 1;
    if (reached(["read", "played"])) this.#read += 1;
    if (row.status === "unknown") this.#unknown += 1;
    if (row.status === "failed") this.#failed.note(row.failure ?? "internal_error");
  }

  /** A message was recorded as received. */
  received(): void {
    this.#received += 1;
  }

  /** A session logged in. */
  opened(): void {
    this.#opened += 1;
  }

  /** A connection, or an attempt at one, ended without being asked to. */
  ended(reason: SessionReason): void {
    this.#ended.note(reason);
  }

  get sends(): SendFigures {
    return { accepted: this.#accepted, sent: this.#sent, delivered: this.#delivered, read: this.#read, unknown: this.#unknown, failed: this.#failed.view(), latency: this.#latency.view() };
  }

  get connections(): { connectionsOpened: number; connectionsEnded: Record<string, number> } {
    return { connectionsOpened: this.#opened, connectionsEnded: this.#ended.view() };
  }

  get receivedMessages(): number {
    return this.#received;
  }
}
