/** `scripts/bench sends`: how fast messages leave, beside raw Baileys doing the same work in the same run. */
import { tmpdir } from "node:os";
import type { Progress } from "../compare.js";
import type { Report, Section } from "../figures.js";
import { describeMachine } from "../machine.js";
import { withGateway } from "../stack/running.js";
import { accepted } from "./accepted.js";
import { assemble } from "./cast.js";
import { fairness } from "./fairness.js";
import { latency } from "./latency.js";
import type { Plan } from "./plan.js";
import type { Senders } from "./senders.js";
import { manyTenants, oneTenant, toGroup } from "./throughput.js";

type Part = (senders: Senders, plan: Plan, progress: Progress) => Promise<Section>;

/** By the name that --only takes, in the order they run. */
export const PARTS: Readonly<Record<string, Part>> = { one: oneTenant, group: toGroup, many: manyTenants, latency, accepted, fairness };

/** Requests under way at a time at most. */
const CONNECTIONS = 64;

/** Runs the parts of these names, one after the other, against a gateway started for it. */
export async function benchSends(plan: Plan, only: readonly string[], progress: Progress): Promise<Report> {
  // Before anything runs that would be in its way.
  const machine = describeMachine(tmpdir());
  return withGateway({}, progress, async (gateway) => {
    const sections: Section[] = [];
    const cast = await assemble(gateway, plan, progress);
    const senders: Senders = { gateway, cast, rest: gateway.rest(CONNECTIONS), rpc: await gateway.rpc() };
    try {
      for (const name of only) {
        const part = PARTS[name];
        if (part !== undefined) sections.push(await part(senders, plan, progress));
      }
    } finally {
      senders.rpc.close();
      await senders.rest.close();
      await cast.raw.stop();
    }
    return { bench: "sends", machine, sections };
  });
}
