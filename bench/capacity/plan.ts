/** How much is measured. */
export interface Plan {
  /** Connected sessions at which memory is looked at, rising. */
  sessions: readonly number[];
  /** Up to so many sessions, as many clients of raw Baileys are measured beside them. */
  rawSessions: number;
  /** How long memory may take to come to rest, and how long it must not change to count as at rest. */
  settleMs: number;
  restMs: number;
}

export const FULL: Plan = { sessions: [1, 10, 50, 100, 200, 1000], rawSessions: 200, settleMs: 90_000, restMs: 10_000 };

/** Only shows that everything works: its figures mean nothing. */
export const SMOKE: Plan = { sessions: [1, 2], rawSessions: 2, settleMs: 1000, restMs: 250 };
