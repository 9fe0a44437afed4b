/** Requests taken in a second when nobody waits for WhatsApp. */
import { compare, type Progress } from "../compare.js";
import type { Section } from "../figures.js";
import { atOnce } from "../load.js";
import type { Plan } from "./plan.js";
import { pidsOf, type Senders } from "./senders.js";

const CONCURRENCY = 32;

export async function accepted({ cast, rest, gateway }: Senders, plan: Plan, progress: Progress): Promise<Section> {
  const { tenants } = cast;
  let waited = 0;
  const send = async (n: number): Promise<void> => {
    const tenant = tenants[n % tenants.length] ?? tenants[0];
    const { status } = await rest.sendText(tenant.id, tenant.contact, `message ${n}`, "?wait=0");
    if (status === 200) waited += 1;
  };
  const run = (count: number): ReturnType<typeof atOnce> => atOnce(count, CONCURRENCY, send);
  const what = `REST with ?wait=0, ${CONCURRENCY} at a time`;
  const figures = await compare([{ id: "accepted.rest", what, count: plan.manyMessages, run, pids: pidsOf(gateway, ["bridge", "control"]) }], plan.rounds, plan.warmUp, progress);
  const note = waited === 0 ? undefined : `${waited} were answered only after the server had the message`;
  return { title: `Requests accepted, of ${tenants.length} tenants`, figures: figures.map((figure) => (note === undefined ? figure : { ...figure, note })) };
}
