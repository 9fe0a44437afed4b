/** What a connection tells the session it belongs to. */
import type { Self } from "./incoming.js";
import type { Ending } from "./reconnect.js";

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
  /** WhatsApp restricts the account, until a time if it said one; or not any more. */
  restricted(restriction: { active: boolean; untilMs: number | undefined }): void;
  closed(ending: Ending): void;
}
