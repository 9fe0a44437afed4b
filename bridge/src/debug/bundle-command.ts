/** bundle: what somebody needs who is asked for help, and nothing about anybody's customers. */
import { writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { basename } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Config } from "../config.js";
import type { LoopWatch } from "../figures/engine.js";
import { mask } from "../log.js";
import type { Answer, Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import { newOperatorFile } from "./operator-files.js";
import { processReport } from "./process-commands.js";
import { anonymous, sessionLines } from "./session-report.js";
import { size } from "./table.js";
import { tar } from "./tar.js";

const MAX_SESSIONS = 1000;

/** Larger than any bundle: 500 log lines and 1,000 sessions. */
const ROOM_BYTES = 16 * 1024 * 1024;

const README = `A diagnostic bundle of a WhatsApp gateway's bridge.

versions.json   of the bridge, of what it is made of, and of the machine
config.json     settings; of secrets only whether they are set
process.json    memory, heap, event loop, garbage collection, handles, queues
sessions.json   every session without its number; tenants by the first letters of their ids
log.jsonl       the last log lines, masked

It has no message, no name, no key, no QR code and no whole phone number in it.
`;

/** Settings that are secrets: only whether there is one. */
const SECRETS: readonly (keyof Config)[] = ["masterKey", "masterKeyPrevious"];

function settings(config: Config): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, SECRETS.includes(name as keyof Config) ? (value === undefined ? "not set" : "set") : (value as unknown)]));
}

/** Once more, as whoever logs may have forgotten something: no long number stays in any text of a line. */
function maskLine(line: string): string {
  const masked = (value: unknown): unknown => {
    if (typeof value === "string") return mask(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner)]));
    return value;
  };
  try {
    return `${JSON.stringify(masked(JSON.parse(line)))}\n`;
  } catch {
    return `${JSON.stringify({ unreadable: line.length })}\n`;
  }
}

function contents(deps: DebugDeps, watch: LoopWatch): [string, string][] {
  const { config, desk, versions } = deps;
  const { lines, hasMore } = sessionLines(deps, "", MAX_SESSIONS);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return [
    ["README.txt", README],
    ["versions.json", json({ ...versions, node: process.versions, os: `${platform()} ${release()} ${arch()}`, processors: cpus().length, memoryBytes: totalmem() })],
    ["config.json", json(settings(config))],
    ["process.json", json(processReport(deps, watch))],
    ["sessions.json", json({ nowMs: Date.now(), hasMore, sessions: lines.map(anonymous) })],
    ["log.jsonl", desk.lines.last().map(maskLine).join("")],
  ];
}

async function bundle(deps: DebugDeps, watch: LoopWatch): Promise<Answer> {
  const path = newOperatorFile(deps.config.debugDir, "bundle", "tar.gz", ROOM_BYTES);
  const folder = basename(path, ".tar.gz");
  const packed = await promisify(gzip)(tar(contents(deps, watch).map(([name, text]) => [`${folder}/${name}`, text]), Date.now()));
  writeFileSync(path, packed, { mode: 0o600, flag: "wx" });
  deps.log.info({ bytes: packed.length }, "an operator had a diagnostic bundle written");
  return { text: `${path}: ${size(packed.length)}. No messages, keys, names or whole numbers are in it; look through it before you pass it on.`, json: { path, bytes: packed.length } };
}

export function bundleCommands(deps: DebugDeps, watch: LoopWatch): Command[] {
  return [
    {
      name: "bundle",
      usage: "",
      says: "Writes what somebody needs who is asked for help to a file in DATA_DIR/debug: versions, settings without secrets, sessions without numbers, figures, the last log lines.",
      changes: true,
      args: { min: 0, max: 0 },
      flags: {},
      run: () => bundle(deps, watch),
    },
  ];
}
