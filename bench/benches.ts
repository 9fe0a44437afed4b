/** What can be measured, by the name `scripts/bench` takes. */
import { benchAccepts, PARTS as ACCEPTS } from "./accepts/accepts.js";
import * as accepting from "./accepts/plan.js";
import { benchCapacity } from "./capacity/capacity.js";
import * as holding from "./capacity/plan.js";
import type { Progress } from "./compare.js";
import type { Report } from "./figures.js";
import * as receiving from "./receives/plan.js";
import { benchReceives, PARTS as RECEIVES } from "./receives/receives.js";
import * as recovering from "./recovery/plan.js";
import { benchRecovery, PARTS as RECOVERY } from "./recovery/recovery.js";
import * as sending from "./sends/plan.js";
import { benchSends, PARTS as SENDS } from "./sends/sends.js";

/** What the command line can change of a plan. */
export interface Change {
  rounds?: number;
  messages?: number;
  /** Rising. */
  sessions?: [number, ...number[]];
}

export interface Asked {
  /** The names of its parts to run. */
  only: readonly string[];
  /** Only to see that everything works. */
  smoke: boolean;
  change: Change;
}

export interface Bench {
  parts: readonly string[];
  /** What of a plan can be changed. */
  options: readonly (keyof Change)[];
  run: (asked: Asked, progress: Progress) => Promise<Report>;
}

function amount({ rounds, messages }: Change): { rounds?: number; messages?: number } {
  return { ...(rounds === undefined ? {} : { rounds }), ...(messages === undefined ? {} : { messages }) };
}

export const BENCHES: Readonly<Record<string, Bench>> = {
  sends: {
    parts: Object.keys(SENDS),
    options: ["rounds", "messages"],
    run: ({ only, smoke, change }, progress) => benchSends({ ...(smoke ? sending.SMOKE : sending.FULL), ...amount(change) }, only, progress),
  },
  accepts: {
    parts: Object.keys(ACCEPTS),
    options: ["rounds", "messages"],
    run: ({ only, smoke, change }, progress) => benchAccepts({ ...(smoke ? accepting.SMOKE : accepting.FULL), ...amount(change) }, only, progress),
  },
  receives: {
    parts: Object.keys(RECEIVES),
    options: ["rounds", "messages"],
    run: ({ only, smoke, change }, progress) => benchReceives({ ...(smoke ? receiving.SMOKE : receiving.FULL), ...amount(change) }, only, progress),
  },
  capacity: {
    parts: [],
    options: ["sessions"],
    run: ({ smoke, change: { sessions } }, progress) => benchCapacity({ ...(smoke ? holding.SMOKE : holding.FULL), ...(sessions === undefined ? {} : { sessions }) }, progress),
  },
  recovery: {
    parts: Object.keys(RECOVERY),
    options: ["rounds", "sessions"],
    run: ({ only, smoke, change: { rounds, sessions } }, progress) => {
      const plan = smoke ? recovering.SMOKE : recovering.FULL;
      return benchRecovery({ sessions: sessions?.at(-1) ?? plan.sessions, rounds: rounds ?? plan.rounds }, only, progress);
    },
  },
};
