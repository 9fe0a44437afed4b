/** `scripts/bench receives`: how fast messages get from WhatsApp to the customer's app, beside raw Baileys in the same run. */
import { tmpdir } from "node:os";
import type { Progress } from "../compare.js";
import type { Report, Section } from "../figures.js";
import { describeMachine } from "../machine.js";
import { withGateway } from "../stack/running.js";
import { backlogBurst, liveBurst } from "./bursts.js";
import { assemble } from "./cast.js";
import { Customer } from "./customer.js";
import type { Hall } from "./hall.js";
import { latency } from "./latency.js";
import type { Plan } from "./plan.js";

type Part = (hall: Hall, plan: Plan, progress: Progress) => Promise<Section>;

/** By the name that --only takes, in the order they run. */
export const PARTS: Readonly<Record<string, Part>> = { latency, live: liveBurst, backlog: backlogBurst };

const CONNECTIONS = 16;

/** A ledger in which the longest burst has room with its receipts and acknowledgements. */
const LEDGER_ENTRIES_PER_MESSAGE = 8;

/** Runs the parts of these names, one after the other, against a gateway started for it. */
export async function benchReceives(plan: Plan, only: readonly string[], progress: Progress): Promise<Report> {
  // Before anything runs that would be in its way.
  const machine = describeMachine(tmpdir());
  const entries = Math.max(1000, LEDGER_ENTRIES_PER_MESSAGE * Math.max(2 * plan.messages, plan.rateMessages));
  const environment = { OUTBOUND_ALLOW_CIDRS: "127.0.0.0/8", SANDBOX_LEDGER_ENTRIES: String(entries) };
  return withGateway(environment, progress, async (gateway) => {
    const customer = await Customer.listen();
    const rest = gateway.rest(CONNECTIONS);
    const sections: Section[] = [];
    try {
      const cast = await assemble(gateway, rest, customer.url, plan, progress);
      try {
        for (const name of only) {
          const part = PARTS[name];
          if (part !== undefined) sections.push(await part({ gateway, rest, cast, customer }, plan, progress));
        }
      } finally {
        await cast.raw.stop();
      }
    } finally {
      await rest.close();
      await customer.close();
    }
    const { repeated } = customer.arrivals;
    if (repeated > 0) progress(`${repeated} events came more than once`);
    return { bench: "receives", machine, sections };
  });
}
