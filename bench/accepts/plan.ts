/** How much is measured. */
export interface Plan {
  rounds: number;
  warmUp: number;
  /** Requests of one round, and messages of one where messages are sent. */
  requests: number;
  messages: number;
  tenants: number;
  /** Requests at a low rate, where latency is measured, and how many a second. */
  rateRequests: number;
  perSecond: number;
}

export const FULL: Plan = { rounds: 3, warmUp: 500, requests: 10_000, messages: 4000, tenants: 16, rateRequests: 1000, perSecond: 100 };

/** Only shows that everything works: its figures mean nothing. */
export const SMOKE: Plan = { rounds: 1, warmUp: 2, requests: 16, messages: 8, tenants: 2, rateRequests: 6, perSecond: 50 };
