/** Whether a tenant whose messages hang slows down the others. */
import type { Progress } from "../compare.js";
import type { Section } from "../figures.js";
import { atRate, percentile, type Run } from "../load.js";
import type { Plan } from "./plan.js";
import type { Senders } from "./senders.js";

/** Messages of the slow tenant under way while the others are measured. */
const HANGING = 16;

/** How late the slow tenant's acknowledgements come: later than a request waits. */
const DELAY_MS = 30_000;

export async function fairness({ cast, rest, gateway }: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const [slow, ...healthy] = cast.tenants;
  const load = (): Promise<Run> =>
    atRate(plan.rateMessages, plan.perSecond, (n) => {
      const tenant = healthy[n % healthy.length] ?? slow;
      return rest.sendText(tenant.id, tenant.contact, `message ${n}`);
    });
  progress("healthy tenants alone");
  const alone = await load();
  await gateway.sandbox.fault({ kind: "delay", number: slow.number, ms: DELAY_MS, tag: "ack" });
  const hanging = gateway.rest(HANGING);
  const hung = Promise.all(Array.from({ length: HANGING }, (_, n) => hanging.sendText(slow.id, slow.contact, `slow ${n}`).catch(() => undefined)));
  progress(`healthy tenants beside one with ${HANGING} messages nobody acknowledges`);
  const beside = await load();
  await gateway.sandbox.clearFaults();
  await hung;
  await hanging.close();
  const figure = (id: string, what: string, run: Run): Section["figures"][number] => {
    const p50Ms = percentile(run.latenciesMs, 0.5);
    return { id, what, value: p50Ms, unit: "ms", p50Ms, p99Ms: percentile(run.latenciesMs, 0.99) };
  };
  return {
    title: `${healthy.length} healthy tenants at ${plan.perSecond} a second`,
    figures: [figure("fairness.alone", "alone", alone), figure("fairness.beside", `beside one with ${HANGING} sends hanging`, beside)],
  };
}
