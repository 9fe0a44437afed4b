/** The figures the design promises, what each must reach, and where it is found in what was measured. */
import type { Figure, Report } from "../figures.js";

/** Everything that was measured. What is missing was not. */
export interface Measured {
  reports: readonly Report[];
  campaign?: Campaign;
}

/** What `scripts/campaign sends` counted. */
export interface Campaign {
  seconds: number;
  messages: number;
  kills: number;
  /** Broken promises. */
  broken: number;
}

/** One line of the table. */
export interface Row {
  figure: string;
  reach: string;
  /** In words; what is missing when it was not measured. */
  measured: string;
  reached: boolean | undefined;
}

interface Target {
  figure: string;
  reach: string;
  /** Undefined when it was not measured. */
  look: (find: Find, measured: Measured) => { measured: string; reached: boolean } | undefined;
}

/** A figure of a bench by its id. */
type Find = (bench: string, id: string) => Figure | undefined;

const MACHINE_MIB = 1024;
const MANY = 1000;

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const share = (value: number): string => `${Math.round(value * 100)} %`;

function held(find: Find): ReturnType<Target["look"]> {
  const most = find("capacity", "most.measured");
  const fit = find("capacity", "fit");
  if (most === undefined || fit === undefined) return undefined;
  const measured = most.value >= MANY;
  const words = measured ? `${whole(most.value)} connected at a time, ${most.note ?? ""}` : `${whole(fit.value)} (extrapolated from ${whole(most.value)})`;
  return { measured: words, reached: measured ? (most.mib ?? Number.POSITIVE_INFINITY) <= MACHINE_MIB : fit.value >= MANY };
}

function ratio(bench: string, id: string, least: number): Target["look"] {
  return (find) => {
    const figure = find(bench, id);
    if (figure?.toRaw === undefined) return undefined;
    return { measured: `${share(figure.toRaw)} of raw Baileys: ${whole(figure.value)} a second`, reached: figure.toRaw >= least };
  };
}

function latency(bench: string, id: string, most: { p50: number; p99?: number }): Target["look"] {
  return (find) => {
    const { p50Ms, p99Ms } = find(bench, id) ?? {};
    if (p50Ms === undefined || p99Ms === undefined) return undefined;
    return { measured: `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`, reached: p50Ms <= most.p50 && p99Ms <= (most.p99 ?? Number.POSITIVE_INFINITY) };
  };
}

function seconds(id: string, most: number): Target["look"] {
  return (find) => {
    const figure = find("recovery", id);
    return figure === undefined ? undefined : { measured: `${figure.value.toFixed(1)} s`, reached: figure.value <= most };
  };
}

export const TARGETS: readonly Target[] = [
  { figure: "connected idle sessions in 1 GiB, all processes", reach: "≥ 1,000", look: held },
  {
    figure: "memory of each session",
    reach: "≤ 0.4 MiB",
    look: (find) => {
      const each = find("capacity", "each.stack");
      const raw = find("capacity", "each.raw");
      return each === undefined || raw === undefined ? undefined : { measured: `${each.value.toFixed(2)} MiB (raw Baileys ${raw.value.toFixed(2)})`, reached: each.value <= 0.4 };
    },
  },
  { figure: "sends of one tenant, by REST", reach: "≥ 80 % of raw Baileys", look: ratio("sends", "one.rest.16", 0.8) },
  { figure: "sends to a group of 11, by REST", reach: "≥ 250 % of raw Baileys", look: ratio("sends", "group.rest.16", 2.5) },
  {
    figure: "requests accepted",
    reach: "≥ 1,000 a second, p99 ≤ 50 ms",
    look: (find) => {
      const figure = find("accepts", "rate.send");
      if (figure?.p99Ms === undefined) return undefined;
      return { measured: `${whole(figure.value)} a second, p99 ${figure.p99Ms.toFixed(1)} ms`, reached: figure.value >= 1000 && figure.p99Ms <= 50 };
    },
  },
  { figure: "the gateway's share of a send's latency", reach: "p50 ≤ 3 ms, p99 ≤ 20 ms", look: latency("sends", "latency.added", { p50: 3, p99: 20 }) },
  { figure: "WhatsApp's frame to the customer's app", reach: "p50 ≤ 10 ms", look: latency("receives", "latency.app", { p50: 10 }) },
  {
    figure: "events to the customer's app",
    reach: "≥ 1,000 a second",
    look: (find) => {
      const figure = find("receives", "backlog.many");
      return figure === undefined ? undefined : { measured: `${whole(figure.value)} a second (${share(figure.toRaw ?? Number.NaN)} of raw Baileys)`, reached: figure.value >= 1000 };
    },
  },
  {
    figure: "control restarted: WhatsApp connections dropped",
    reach: "0",
    look: (find) => {
      const figure = find("recovery", "control.dropped");
      return figure === undefined ? undefined : { measured: `${whole(figure.value)} ${figure.note ?? ""}`.trim(), reached: figure.value === 0 };
    },
  },
  { figure: "everything killed, 100 sessions: API ready", reach: "≤ 3 s", look: seconds("all.api", 3) },
  { figure: "everything killed, 100 sessions: all connected", reach: "≤ 15 s", look: seconds("all.open", 15) },
  {
    figure: "messages lost or sent twice under kill -9",
    reach: "0",
    look: (_find, { campaign }) =>
      campaign === undefined
        ? undefined
        : { measured: `${whole(campaign.broken)} broken promises, ${whole(campaign.messages)} messages, ${whole(campaign.kills)} kills in ${whole(campaign.seconds)} s`, reached: campaign.broken === 0 },
  },
];

/** Holds what was measured against what is promised. */
export function judge(measured: Measured): Row[] {
  const find: Find = (bench, id) => measured.reports.find((report) => report.bench === bench)?.sections.flatMap(({ figures }) => figures).find((figure) => figure.id === id);
  return TARGETS.map(({ figure, reach, look }) => {
    const found = look(find, measured);
    // A figure that is no number was not measured either.
    return found === undefined || found.measured.includes("NaN") ? { figure, reach, measured: "not measured", reached: undefined } : { figure, reach, ...found };
  });
}
