/** How much is measured. */
export interface Plan {
  /** Linked numbers that are all connected before anything is killed. */
  sessions: number;
  /** How often each thing is done; the median counts. */
  rounds: number;
}

export const FULL: Plan = { sessions: 100, rounds: 3 };

/** Only shows that everything works: its figures mean nothing. */
export const SMOKE: Plan = { sessions: 2, rounds: 1 };
