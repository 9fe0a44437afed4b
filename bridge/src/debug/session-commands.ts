/** sessions, session, reconnect. */
import { Refused, wholeNumber, type Answer, type Call, type Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import { MEMORY_NOTE, sessionDetail, sessionLines, type SessionLine } from "./session-report.js";
import { age, duration, list, size, table } from "./table.js";

/** Sessions shown at once when nothing else is asked for, and at most. */
const PAGE = 200;
const MAX_PAGE = 1000;

const HEAD = ["TENANT", "STATE", "FOR", "ATTEMPTS", "NEXT TRY", "HEARD", "STIRRED", "WAITING", "UNACKED", "MEMORY"];

function row(line: SessionLine, nowMs: number): string[] {
  return [
    line.tenantId,
    line.reason === undefined ? line.state : `${line.state} (${line.reason})`,
    age(nowMs, line.sinceMs),
    String(line.attempt),
    line.retryAtMs === undefined ? "–" : `in ${duration(Math.max(0, line.retryAtMs - nowMs))}`,
    age(nowMs, line.heardMs),
    age(nowMs, line.stirredMs),
    String(line.waiting),
    String(line.unackedEvents),
    line.memoryBytes === undefined ? "–" : `~${size(line.memoryBytes)}`,
  ];
}

function sessions(deps: DebugDeps, call: Call): Answer {
  const limit = wholeNumber(call, "limit", PAGE, 1, MAX_PAGE);
  const state = call.flag("state");
  const { lines, hasMore } = sessionLines(deps, call.flag("after") ?? "", limit);
  const shown = state === undefined ? lines : lines.filter((line) => line.state === state);
  const last = lines.at(-1)?.tenantId ?? "";
  const nowMs = Date.now();
  const text = [
    shown.length === 0 ? "No sessions." : table(HEAD, shown.map((line) => row(line, nowMs))),
    ...(hasMore ? [`There are more: sessions --after ${last}`] : []),
    MEMORY_NOTE,
  ];
  return { text: text.join("\n"), json: { nowMs, sessions: shown, ...(hasMore ? { after: last } : {}), ...deps.figures.memoryShare() } };
}

function words(value: unknown, name: string, nowMs: number): string {
  if (typeof value === "number" && name.endsWith("Ms")) return value > nowMs ? `in ${duration(value - nowMs)}` : `${duration(nowMs - value)} ago`;
  if (typeof value === "number" && name.endsWith("Bytes")) return `~${size(value)}`;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value).map(([key, inner]) => `${key} ${String(inner)}`).join(", ") || "none";
}

function session(deps: DebugDeps, call: Call): Answer {
  const detail = sessionDetail(deps, call.args[0] ?? "");
  const nowMs = Date.now();
  const entries = Object.entries(detail).map(([name, value]): [string, string] => [name, words(value, name, nowMs)]);
  return { text: `${list(entries)}\n${MEMORY_NOTE}`, json: { nowMs, ...detail } };
}

async function reconnect(deps: DebugDeps, call: Call): Promise<Answer> {
  const tenantId = call.args[0] ?? "";
  const held = deps.sessions.get(tenantId);
  if (!held.shouldRun) throw new Refused("This session is stopped: it is started by the API, and not from here.");
  await held.reconnect();
  const { state, reason } = held.view();
  deps.log.warn({ tenantId, state }, "an operator had a session reconnected");
  return { text: `The connection was closed and is opened again. The session is ${state}${reason === undefined ? "" : ` (${reason})`} now.`, json: { tenantId, state } };
}

export function sessionCommands(deps: DebugDeps): Command[] {
  return [
    {
      name: "sessions",
      usage: "[--state <state>] [--after <tenant>] [--limit <n>]",
      says: "Every session: its state and for how long, failed attempts in a row, when anything was last heard, what waits, its share of memory.",
      changes: false,
      args: { min: 0, max: 0 },
      flags: { state: "value", after: "value", limit: "value" },
      run: (call) => sessions(deps, call),
    },
    {
      name: "session",
      usage: "<tenant>",
      says: "One session with everything that is known of how it is doing.",
      changes: false,
      args: { min: 1, max: 1 },
      flags: {},
      run: (call) => session(deps, call),
    },
    {
      name: "reconnect",
      usage: "<tenant>",
      says: "Closes a session's connection and opens it again. A ban that has not ended is waited for all the same.",
      changes: true,
      args: { min: 1, max: 1 },
      flags: {},
      run: (call) => reconnect(deps, call),
    },
  ];
}
