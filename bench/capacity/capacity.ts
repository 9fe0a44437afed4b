/** `scripts/bench capacity`: memory of the whole gateway with so many connected idle sessions, beside raw Baileys with as many. */
import { tmpdir } from "node:os";
import type { Progress } from "../compare.js";
import type { Figure, Report, Section } from "../figures.js";
import { describeMachine } from "../machine.js";
import { aloneOf, footprintOf, treeOf } from "../memory.js";
import { RawCrowd } from "../raw/crowd.js";
import { NO_LIMIT } from "../stack/installation.js";
import { whileRunning } from "../stack/running.js";
import { Stack } from "../stack/stack.js";
import { fit, type Line } from "./line.js";
import type { Plan } from "./plan.js";
import { settled } from "./rest.js";

const LINKS_AT_ONCE = 4;

const MACHINE_MIB = 1024;

/**
 * What processes take for granted on a machine of 1 GiB: Node half of it, after which its collector goes (on a large
 * machine it lets garbage lie), and the bridge 60 % (bridge/src/config.ts).
 */
const HEAP = `--max-old-space-size=${MACHINE_MIB / 2}`;
const SMALL_MACHINE = { MEMORY_LIMIT_MB: String(Math.floor(0.6 * MACHINE_MIB)), NODE_OPTIONS: HEAP };

/** Memory with so many sessions, in MiB. */
interface Point {
  sessions: number;
  /** The sum of PSS. */
  total: number;
  /** What it would be with nothing else on the machine. */
  alone: number;
  byProcess: Record<string, number>;
  atRest: boolean;
}

const number = (prefix: string, n: number): string => `+55119${prefix}${String(n).padStart(6, "0")}`;

async function growTo(count: number, from: number, link: (n: number) => Promise<void>): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < count) await link(next++);
  };
  await Promise.all(Array.from({ length: Math.min(LINKS_AT_ONCE, count - from) }, worker));
}

async function lookAt(sessions: number, byName: Record<string, number>, all: () => readonly number[], plan: Plan): Promise<Point> {
  const sum = (): number => all().reduce((total, pid) => total + footprintOf(pid).pss, 0);
  const { value, atRest } = await settled(sum, plan.restMs, plan.settleMs);
  const byProcess = Object.fromEntries(Object.entries(byName).map(([name, pid]) => [name, footprintOf(pid).pss]));
  return { sessions, total: value, alone: aloneOf(all()), byProcess, atRest };
}

function toFigures(who: "stack" | "raw", what: string, points: readonly Point[], raw: readonly Point[] = []): Figure[] {
  return points.map(({ sessions, total, alone, byProcess, atRest }, n) => {
    const before = points[n - 1];
    const beside = raw.find((each) => each.sessions === sessions);
    const parts = Object.entries(byProcess).map(([name, mib]) => `${name} ${mib.toFixed(1)}`);
    const notes = [
      ...(parts.length > 1 ? [parts.join(" ")] : []),
      ...(before === undefined ? [] : [`${((total - before.total) / (sessions - before.sessions)).toFixed(2)} each more`]),
      `${alone.toFixed(0)} alone`,
      ...(atRest ? [] : ["still changing"]),
    ];
    return { id: `${who}.${sessions}`, what: `${what}, ${sessions} ${sessions === 1 ? "session" : "sessions"}`, value: total, unit: "MiB", ...(beside === undefined ? {} : { toRaw: total / beside.total }), note: notes.join(", ") };
  });
}

/** What a session takes, and how many fit. */
function summary(stack: readonly Point[], raw: readonly Point[], restarted: Point): Figure[] {
  const line = fit(stack.map(({ sessions, alone }) => [sessions, alone]));
  const rawLine = fit(raw.map(({ sessions, alone }) => [sessions, alone]));
  const each = (id: string, what: string, { slope }: Line): Figure => ({ id, what, value: slope, unit: "MiB", note: "by a straight line through all of the points" });
  const last = stack.at(-1) ?? restarted;
  const fits = Math.floor((MACHINE_MIB - line.base) / line.slope);
  const measured = stack.some(({ sessions }) => sessions >= 1000);
  return [
    { ...each("each.stack", "each session of the whole gateway", line), toRaw: line.slope / rawLine.slope },
    each("each.raw", "each session of raw Baileys", rawLine),
    { id: "stack.restarted", what: `whole gateway, ${restarted.sessions} sessions, all restarted`, value: restarted.total, unit: "MiB", note: `${restarted.alone.toFixed(0)} alone` },
    { id: "most.measured", what: "most sessions connected at a time", value: last.sessions, unit: "sessions", mib: last.alone, note: `in ${last.alone.toFixed(0)} MiB` },
    { id: "fit", what: "sessions that fit in 1 GiB", value: Math.max(0, fits), unit: "sessions", note: measured && fits <= last.sessions ? "interpolated" : "extrapolated, not measured" },
  ];
}

export async function benchCapacity(plan: Plan, progress: Progress): Promise<Report> {
  // Before anything runs that would be in its way.
  const machine = describeMachine(tmpdir());
  const most = Math.max(...plan.sessions);
  progress("starting the gateway and the sandbox");
  const stack = await Stack.start({ ...NO_LIMIT, ...SMALL_MACHINE, MAX_SESSIONS: String(Math.max(500, most)) });
  return whileRunning(stack, progress, async () => {
    const crowd = new RawCrowd(stack.sandbox, [HEAP]);
    try {
      const points: Point[] = [];
      const raw: Point[] = [];
      const tell = (who: string, { sessions, total, atRest }: Point): void => {
        progress(`${who}, ${sessions} sessions: ${total.toFixed(1)} MiB${atRest ? "" : ", still changing"}`);
      };
      const pids = await stack.pids();
      const root = pids.supervisord;
      for (const sessions of plan.sessions) {
        await growTo(sessions, points.at(-1)?.sessions ?? 0, (n) => stack.link(`bench-${n}`, number("7", n)));
        points.push(await lookAt(sessions, pids, () => treeOf(root), plan));
        tell("whole gateway", points.at(-1) as Point);
        if (sessions > plan.rawSessions) continue;
        await growTo(sessions, raw.at(-1)?.sessions ?? 0, (n) => crowd.link(number("8", n)));
        raw.push(await lookAt(sessions, { raw: crowd.pid }, () => [crowd.pid], plan));
        tell("raw Baileys", raw.at(-1) as Point);
      }
      await crowd.stop();
      const restarted = await afterRestart(stack, most, plan);
      tell("whole gateway, all restarted", restarted);
      const sections: Section[] = [
        { title: "Connected idle sessions, all processes of the gateway together", figures: toFigures("stack", "whole gateway", points, raw) },
        { title: "The same in one process of raw Baileys", figures: toFigures("raw", "raw Baileys", raw) },
        { title: "A session", figures: summary(points, raw, restarted) },
      ];
      return { bench: "capacity", machine, sections };
    } finally {
      await crowd.stop();
    }
  });
}

/** As they are after an update or a crash: every session comes back from the disk. */
async function afterRestart(stack: Stack, sessions: number, plan: Plan): Promise<Point> {
  await stack.killAll();
  stack.serve();
  await stack.ready();
  await stack.allConnected(sessions);
  const pids = await stack.pids();
  return lookAt(sessions, pids, () => treeOf(pids.supervisord), plan);
}
