/**
 * `scripts/bench accepts`: requests a second, and what the gateway adds to a request before it does anything: its key,
 * its limits, its headers and its log line, beside an aiohttp server with nothing in it.
 */
import { tmpdir } from "node:os";
import { compare, type Case, type Progress } from "../compare.js";
import type { Report, Section } from "../figures.js";
import { atOnce, atRate, median, percentile, type Run, type Send } from "../load.js";
import { describeMachine } from "../machine.js";
import type { Gateway } from "../stack/gateway.js";
import { NO_LIMIT } from "../stack/installation.js";
import { Rest } from "../stack/rest.js";
import { withGateway } from "../stack/running.js";
import { Bare } from "./bare.js";
import type { Plan } from "./plan.js";

const CONCURRENCY = 32;

/** An address that nothing is at: authenticated, limited and logged as any, and then answered 404. */
const NOWHERE = "/api/v1/nowhere";

interface Tenant {
  id: string;
  number: string;
  contact: string;
}

/** One way of asking. */
interface Way {
  id: string;
  what: string;
  ask: Send;
  pids: Record<string, number>;
  /** Requests of a round. */
  count: number;
}

interface Measured {
  plan: Plan;
  ways: readonly Way[];
  progress: Progress;
}

type Part = (measured: Measured) => Promise<Section>;

async function throughput({ plan, ways, progress }: Measured): Promise<Section> {
  const cases: Case[] = ways.map(({ id, what, ask, pids, count }) => ({ id: `rate.${id}`, what, count, pids, run: (n) => atOnce(n, CONCURRENCY, ask) }));
  return { title: `Requests answered, ${CONCURRENCY} at a time`, figures: await compare(cases, plan.rounds, plan.warmUp, progress) };
}

async function latency({ plan, ways, progress }: Measured): Promise<Section> {
  const runs = new Map<string, Run[]>(ways.map(({ id }) => [id, []]));
  for (let n = 1; n <= plan.rounds; n++) {
    for (const { id, ask } of ways) runs.get(id)?.push(await atRate(plan.rateRequests, plan.perSecond, ask));
    progress(`${n}/${plan.rounds}  requests at ${plan.perSecond}/s`);
  }
  const at = (id: string, share: number): number[] => (runs.get(id) ?? []).map(({ latenciesMs }) => percentile(latenciesMs, share));
  // Round by round, because both of a round saw the same machine.
  const between = (id: string, less: string, share: number): number => median(at(id, share).map((ms, n) => ms - (at(less, share)[n] ?? Number.NaN)));
  const figure = (id: string, what: string, p50: number, p99: number): Section["figures"][number] => ({ id: `latency.${id}`, what, value: p50, unit: "ms", p50Ms: p50, p99Ms: p99 });
  return {
    title: `Latency at ${plan.perSecond} a second`,
    figures: [
      ...ways.map(({ id, what }) => figure(id, what, median(at(id, 0.5)), median(at(id, 0.99)))),
      figure("added", "key and limits add", between("key", "plain", 0.5), between("key", "plain", 0.99)),
    ],
  };
}

/** By the name that --only takes, in the order they run. */
export const PARTS: Readonly<Record<string, Part>> = { rate: throughput, latency };

/** @throws Error unless the answer has the status that is meant. */
function get(rest: Rest, path: string, wanted: number): Send {
  return async () => {
    const { status } = await rest.call("GET", path);
    if (status !== wanted) throw new Error(`${path} was answered ${status}`);
  };
}

async function linked(gateway: Gateway, count: number): Promise<Tenant[]> {
  const tenants = Array.from({ length: count }, (_, n) => ({ id: `bench-${n}`, number: `+55119${String(20_000_000 + n)}`, contact: `+55119${String(30_000_000 + n)}` }));
  for (const { id, number, contact } of tenants) {
    await gateway.link(id, number);
    await gateway.greeted(id, number, contact);
  }
  return tenants;
}

/** Makes a key of these tenants. */
async function newKey(rest: Rest, tenants: readonly Tenant[]): Promise<string> {
  const { status, body } = await rest.call("POST", "/api/v1/keys", { name: "bench", tenants: tenants.map(({ id }) => id), scopes: ["messages:send"] });
  if (status !== 201 || typeof body["key"] !== "string") throw new Error(`a key was answered ${status} ${String(body["code"])}`);
  return body["key"];
}

/** Runs the parts of these names, one after the other, against a gateway started for it. */
export async function benchAccepts(plan: Plan, only: readonly string[], progress: Progress): Promise<Report> {
  // Before anything runs that would be in its way.
  const machine = describeMachine(tmpdir());
  return withGateway(NO_LIMIT, progress, async (gateway) => {
    progress(`linking ${plan.tenants} tenants`);
    const tenants = await linked(gateway, plan.tenants);
    const bare = await Bare.start();
    const operator = gateway.rest(CONCURRENCY);
    const byKey = gateway.rest(CONCURRENCY, await newKey(operator, tenants));
    const nothing = new Rest(bare.url, "", CONCURRENCY);
    const send = (rest: Rest): Send => async (n) => {
      const tenant = tenants[n % tenants.length];
      if (tenant !== undefined) await rest.sendText(tenant.id, tenant.contact, `message ${n}`, "?wait=0");
    };
    const { control = 0, bridge = 0, redis = 0 } = gateway.pids;
    const { requests, messages } = plan;
    const ways: Way[] = [
      { id: "bare", what: "aiohttp with nothing in it", ask: get(nothing, "/", 200), pids: { aiohttp: bare.pid }, count: requests },
      { id: "plain", what: "GET /health/live: no key, no limits", ask: get(operator, "/health/live", 200), pids: { control }, count: requests },
      { id: "operator", what: "an address with nothing at it, the operator's key", ask: get(operator, NOWHERE, 404), pids: { control, redis }, count: requests },
      { id: "key", what: "the same with a key made by API", ask: get(byKey, NOWHERE, 404), pids: { control, redis }, count: requests },
      { id: "send", what: "POST …/send?wait=0, the operator's key", ask: send(operator), pids: { control, bridge, redis }, count: messages },
      { id: "send.key", what: "POST …/send?wait=0, a key made by API", ask: send(byKey), pids: { control, bridge, redis }, count: messages },
    ];
    try {
      const sections: Section[] = [];
      for (const name of only) {
        const part = PARTS[name];
        if (part !== undefined) sections.push(await part({ plan, ways, progress }));
      }
      return { bench: "accepts", machine, sections };
    } finally {
      await Promise.all([operator.close(), byKey.close(), nothing.close()]);
      await bare.stop();
    }
  });
}
