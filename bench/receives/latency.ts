/** From WhatsApp's frame to the customer's app at a rate that makes nothing queue, beside raw Baileys' own event. */
import type { Progress } from "../compare.js";
import type { Section } from "../figures.js";
import { median, type Run } from "../load.js";
import type { Plan } from "./plan.js";
import type { Hall } from "./hall.js";
import { atShare, measured, speakAtRate } from "./speaking.js";

const PATIENCE_MS = 60_000;

export async function latency({ gateway, cast, customer }: Hall, plan: Plan, progress: Progress): Promise<Section> {
  const { sandbox } = gateway;
  const { rateMessages: count, perSecond } = plan;
  const [tenant] = cast.tenants;
  const toRaw = async (): Promise<Run> => {
    await sandbox.clearLedger();
    const received = cast.raw.receive(count, PATIENCE_MS);
    await speakAtRate(sandbox, [cast.rawReceiver], count, perSecond);
    return measured(await received, await sandbox.frames());
  };
  const toApp = async (): Promise<Run> => {
    await sandbox.clearLedger();
    const received = customer.arrivals.next(count, PATIENCE_MS);
    await speakAtRate(sandbox, [tenant], count, perSecond);
    return measured(await received, await sandbox.frames());
  };
  const raw: Run[] = [];
  const app: Run[] = [];
  for (let n = 1; n <= plan.rounds; n++) {
    raw.push(await toRaw());
    app.push(await toApp());
    progress(`${n}/${plan.rounds}  frame to the customer's app at ${perSecond}/s`);
  }
  const at = (runs: Run[], share: number): number => median(atShare(runs, share));
  const added = (share: number): number => {
    const less = atShare(raw, share);
    return median(atShare(app, share).map((value, n) => value - (less[n] ?? Number.NaN)));
  };
  const figure = (id: string, what: string, p50: number, p99: number): Section["figures"][number] => ({ id, what, value: p50, unit: "ms", p50Ms: p50, p99Ms: p99 });
  return {
    title: `WhatsApp's frame to the app at ${perSecond} a second`,
    figures: [
      figure("latency.raw", "raw Baileys, its event", at(raw, 0.5), at(raw, 0.99)),
      figure("latency.app", "gateway, the customer's app", at(app, 0.5), at(app, 0.99)),
      figure("latency.added", "the gateway's own share", added(0.5), added(0.99)),
    ],
  };
}
