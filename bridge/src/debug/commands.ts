/** All commands of the debug socket. */
import { LoopWatch } from "../figures/engine.js";
import { bundleCommands } from "./bundle-command.js";
import { usageOf, type Answer, type Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import { EventFeed } from "./event-feed.js";
import { liveCommands } from "./live-commands.js";
import { logCommands } from "./log-commands.js";
import { processCommands } from "./process-commands.js";
import { sessionCommands } from "./session-commands.js";

function help(commands: readonly Command[]): Answer {
  const text = [
    "One command a line. --json answers in one line of JSON. What changes something needs --write.",
    "",
    ...commands.map((command) => `${usageOf(command)}\n    ${command.says}`),
    "quit\n    Closes the connection.",
  ];
  return { text: text.join("\n"), json: { commands: commands.map((command) => ({ name: command.name, usage: usageOf(command), says: command.says, changes: command.changes })) } };
}

/** The commands by name. */
export function makeCommands(deps: DebugDeps): ReadonlyMap<string, Command> {
  const watch = new LoopWatch();
  const commands: Command[] = [
    ...sessionCommands(deps),
    ...liveCommands(deps, new EventFeed(deps.store, deps.journal)),
    ...processCommands(deps, watch),
    ...logCommands(deps),
    ...bundleCommands(deps, watch),
  ];
  commands.unshift({ name: "help", usage: "", says: "This list.", changes: false, args: { min: 0, max: 0 }, flags: {}, run: () => help(commands) });
  return new Map(commands.map((command) => [command.name, command]));
}
