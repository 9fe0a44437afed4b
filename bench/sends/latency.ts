/** What the gateway adds to the time a send takes, at a rate that makes nothing queue. */
import type { Progress } from "../compare.js";
import type { Section } from "../figures.js";
import { atRate, median, percentile, type Run } from "../load.js";
import type { Plan } from "./plan.js";
import type { Senders } from "./senders.js";

export async function latency({ cast, rest }: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const [tenant] = cast.tenants;
  const { rateMessages: count, perSecond } = plan;
  const raw: Run[] = [];
  const through: Run[] = [];
  for (let n = 1; n <= plan.rounds; n++) {
    raw.push(await cast.raw.send({ to: cast.rawContact, count, concurrency: 1, perSecond }));
    through.push(await atRate(count, perSecond, (at) => rest.sendText(tenant.id, tenant.contact, `message ${at}`)));
    progress(`${n}/${plan.rounds}  send to acknowledgement at ${perSecond}/s`);
  }
  const at = (runs: Run[], share: number): number => median(runs.map((run) => percentile(run.latenciesMs, share)));
  const added = (share: number): number => median(through.map((run, n) => percentile(run.latenciesMs, share) - percentile(raw[n]?.latenciesMs ?? [], share)));
  const figure = (id: string, what: string, p50: number, p99: number): Section["figures"][number] => ({ id, what, value: p50, unit: "ms", p50Ms: p50, p99Ms: p99 });
  return {
    title: `Send to acknowledgement at ${perSecond} a second`,
    figures: [
      figure("latency.raw", "raw Baileys", at(raw, 0.5), at(raw, 0.99)),
      figure("latency.rest", "REST", at(through, 0.5), at(through, 0.99)),
      figure("latency.added", "the gateway's own share", added(0.5), added(0.99)),
    ],
  };
}
