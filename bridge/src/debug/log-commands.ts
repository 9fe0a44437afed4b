/** log: what is logged, changed for a while. */
import { isLogLevel, LOG_LEVELS } from "../log-levels.js";
import { Refused, wholeNumber, type Answer, type Call, type Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import { shownStanza } from "./stanza-redaction.js";
import { duration } from "./table.js";

const DEFAULT_MINUTES = 15;
const MAX_MINUTES = 24 * 60;

function show(deps: DebugDeps): Answer {
  const { levels } = deps.desk;
  const { whole, tenants } = levels.changes;
  const nowMs = Date.now();
  const text = [
    `configured  ${levels.configured}`,
    ...(whole === undefined ? [] : [`now         ${whole.level}, for ${duration(whole.untilMs - nowMs)}`]),
    ...Object.entries(tenants).map(([tenantId, { level, untilMs }]) => `${tenantId}  ${level}, for ${duration(untilMs - nowMs)}`),
  ];
  return { text: text.join("\n"), json: { configured: levels.configured, whole: whole ?? null, tenants } };
}

function change(deps: DebugDeps, call: Call): Answer {
  const { desk, log, sessions, taps } = deps;
  const { levels } = desk;
  const [level = ""] = call.args;
  const given = call.flag("tenant");
  if (level === "reset") {
    if (given === undefined) levels.resetAll();
    else levels.resetTenant(given);
    return show(deps);
  }
  if (!isLogLevel(level)) throw new Refused(`A level is one of ${LOG_LEVELS.join(", ")}, or reset.`);
  const forMs = wholeNumber(call, "minutes", DEFAULT_MINUTES, 1, MAX_MINUTES) * 60_000;
  if (given === undefined) levels.set(level, forMs);
  else {
    const { tenantId } = sessions.get(given);
    // At trace a session's log has its stanzas too, redacted as everything in the log.
    const stop = level !== "trace" ? undefined : taps.open(tenantId, ({ direction, xml }) => {
      log.trace({ tenantId, direction, stanza: shownStanza(xml, false) }, "stanza");
    });
    if (!levels.setTenant(tenantId, level, forMs, stop)) {
      stop?.();
      throw new Refused("Too many sessions have a level of their own: log reset --write");
    }
  }
  log.warn({ level, minutes: forMs / 60_000, ...(given === undefined ? {} : { tenantId: given }) }, "an operator changed the log level");
  return show(deps);
}

export function logCommands(deps: DebugDeps): Command[] {
  return [
    {
      name: "levels",
      usage: "",
      says: "What is logged: the configured level and what was changed for a while.",
      changes: false,
      args: { min: 0, max: 0 },
      flags: {},
      run: () => show(deps),
    },
    {
      name: "log",
      usage: "<level>|reset [--tenant <tenant>] [--minutes <n>]",
      says: `Changes what is logged, of everything or of one session, for ${DEFAULT_MINUTES} minutes or as many as given; then it goes back by itself.`,
      changes: true,
      args: { min: 1, max: 1 },
      flags: { tenant: "value", minutes: "value" },
      run: (call) => change(deps, call),
    },
  ];
}
