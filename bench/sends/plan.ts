/** How much is measured. */
export interface Plan {
  rounds: number;
  warmUp: number;
  /** Messages of one round to a person, and to a group. */
  messages: number;
  groupMessages: number;
  /** Tenants where many send. */
  tenants: number;
  /** Messages of a round where many send, and where requests are counted. */
  manyMessages: number;
  /** Messages at a low rate, where latency is measured, and how many a second. */
  rateMessages: number;
  perSecond: number;
  /** Members of a group beside the sender. */
  others: number;
}

export const FULL: Plan = { rounds: 3, warmUp: 200, messages: 1000, groupMessages: 300, tenants: 16, manyMessages: 2000, rateMessages: 200, perSecond: 20, others: 10 };

/** Only shows that everything works: its figures mean nothing. */
export const SMOKE: Plan = { rounds: 1, warmUp: 2, messages: 4, groupMessages: 2, tenants: 2, manyMessages: 8, rateMessages: 4, perSecond: 20, others: 3 };
