/** `scripts/bench recovery`: what a restart or a kill -9 costs, with many sessions connected. */
import { tmpdir } from "node:os";
import type { Progress } from "../compare.js";
import type { Figure, Report, Section } from "../figures.js";
import { median } from "../load.js";
import { describeMachine } from "../machine.js";
import { NO_LIMIT } from "../stack/installation.js";
import { whileRunning } from "../stack/running.js";
import { Stack } from "../stack/stack.js";
import { waitFor } from "../wait.js";
import type { Plan } from "./plan.js";

const LINKS_AT_ONCE = 4;
const SOON_MS = 90_000;

type Part = (stack: Stack, plan: Plan, progress: Progress) => Promise<Section>;

/** By the name that --only takes, in the order they run. */
export const PARTS: Readonly<Record<string, Part>> = { control: controlRestarted, bridge: bridgeKilled, all: everythingKilled };

/** Times of several rounds, in milliseconds. */
function seconds(id: string, what: string, timesMs: readonly number[]): Figure {
  const all = timesMs.map((ms) => (ms / 1000).toFixed(2)).join(" ");
  return { id, what, value: median(timesMs) / 1000, unit: "s", ...(timesMs.length > 1 ? { note: `rounds: ${all}` } : {}) };
}

/** Looks at the API without a pause, and tells when it was away. */
async function watchApi(stack: Stack, meanwhile: () => Promise<void>): Promise<number> {
  const meanwhileDone = { yes: false };
  let lastMs = performance.now();
  let longestMs = 0;
  const watching = (async (): Promise<void> => {
    for (;;) {
      // Asked before it is looked at, so that one more answer comes after the end.
      const { yes: wasOver } = meanwhileDone;
      const answered = (await stack.admin.call("GET", "/health/ready").catch(() => undefined))?.status === 200;
      const now = performance.now();
      if (answered) {
        longestMs = Math.max(longestMs, now - lastMs);
        lastMs = now;
        if (wasOver) return;
      } else if (now - lastMs > SOON_MS) throw new Error("the API did not come back");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await meanwhile();
  meanwhileDone.yes = true;
  await watching;
  return longestMs;
}

async function controlRestarted(stack: Stack, plan: Plan, progress: Progress): Promise<Section> {
  const away: number[] = [];
  const before = await stack.sandbox.connections();
  for (let n = 1; n <= plan.rounds; n++) {
    away.push(await watchApi(stack, () => stack.restart("control")));
    progress(`${n}/${plan.rounds}  control restarted: API away for ${((away.at(-1) ?? 0) / 1000).toFixed(2)} s`);
  }
  await stack.allConnected(plan.sessions);
  const after = await stack.sandbox.connections();
  const dropped = [...before].filter((id) => !after.has(id)).length;
  return {
    title: "Control restarted by scripts/ctl restart control",
    figures: [
      { id: "control.dropped", what: "WhatsApp connections dropped", value: dropped, unit: "connections", note: `of ${before.size}, restarted ${plan.rounds === 1 ? "once" : `${plan.rounds} times`}` },
      seconds("control.away", "API away", away),
    ],
  };
}

/** Waits until every number has a connection that was not there before, and the API says so, too. @returns when, by performance.now(). */
async function allNew(stack: Stack, sessions: number, before: ReadonlySet<string>): Promise<number> {
  const what = `${sessions} sessions to be connected again`;
  await waitFor(what, async () => [...(await stack.sandbox.connections())].filter((id) => !before.has(id)).length === sessions, SOON_MS);
  await stack.allConnected(sessions);
  return performance.now();
}

async function bridgeKilled(stack: Stack, plan: Plan, progress: Progress): Promise<Section> {
  const open: number[] = [];
  for (let n = 1; n <= plan.rounds; n++) {
    const before = await stack.sandbox.connections();
    const { bridge } = await stack.pids();
    const began = performance.now();
    process.kill(bridge, "SIGKILL");
    open.push((await allNew(stack, plan.sessions, before)) - began);
    progress(`${n}/${plan.rounds}  bridge killed: ${plan.sessions} sessions open after ${((open.at(-1) ?? 0) / 1000).toFixed(2)} s`);
  }
  return { title: `Bridge killed with kill -9, ${plan.sessions} sessions`, figures: [seconds("bridge.open", "all sessions connected again", open)] };
}

async function everythingKilled(stack: Stack, plan: Plan, progress: Progress): Promise<Section> {
  const ready: number[] = [];
  const open: number[] = [];
  for (let n = 1; n <= plan.rounds; n++) {
    const before = await stack.sandbox.connections();
    await stack.killAll();
    const began = performance.now();
    stack.serve();
    await stack.ready();
    ready.push(performance.now() - began);
    open.push((await allNew(stack, plan.sessions, before)) - began);
    const said = [ready, open].map((times) => ((times.at(-1) ?? 0) / 1000).toFixed(2));
    progress(`${n}/${plan.rounds}  everything killed: API after ${said[0] ?? ""} s, ${plan.sessions} sessions open after ${said[1] ?? ""} s`);
  }
  return {
    title: `Everything killed with kill -9 and started again, ${plan.sessions} sessions`,
    figures: [seconds("all.api", "API ready", ready), seconds("all.open", "all sessions connected", open)],
  };
}

/** Runs the parts of these names, one after the other, against a gateway started for it. */
export async function benchRecovery(plan: Plan, only: readonly string[], progress: Progress): Promise<Report> {
  // Before anything runs that would be in its way.
  const machine = describeMachine(tmpdir());
  progress("starting the gateway and the sandbox");
  return whileRunning(await Stack.start({ ...NO_LIMIT, MAX_SESSIONS: String(Math.max(500, plan.sessions)) }), progress, async (stack) => {
    progress(`linking ${plan.sessions} tenants`);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < plan.sessions) {
        const n = next++;
        await stack.link(`bench-${n}`, `+5511990${String(n).padStart(6, "0")}`);
      }
    };
    await Promise.all(Array.from({ length: LINKS_AT_ONCE }, worker));
    const sections: Section[] = [];
    for (const name of only) {
      const part = PARTS[name];
      if (part !== undefined) sections.push(await part(stack, plan, progress));
    }
    return { bench: "recovery", machine, sections };
  });
}
