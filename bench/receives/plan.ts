/** How much is measured. */
export interface Plan {
  rounds: number;
  /** Messages of one round to one number, at once; to all tenants together twice as many. */
  messages: number;
  tenants: number;
  /** People who write to each number: each is a chat of its own. */
  contacts: number;
  /** Messages at a low rate, where latency is measured, and how many a second. */
  rateMessages: number;
  perSecond: number;
  /** Messages of the round that does not count. */
  warmUp: number;
}

export const FULL: Plan = { rounds: 3, messages: 1000, tenants: 8, contacts: 8, rateMessages: 200, perSecond: 20, warmUp: 100 };

/** Only shows that everything works: its figures mean nothing. */
export const SMOKE: Plan = { rounds: 1, messages: 6, tenants: 2, contacts: 2, rateMessages: 4, perSecond: 20, warmUp: 2 };
