/** `scripts/bench`: measures the gateway on this machine and prints one table. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchAll } from "./all/all.js";
import { writeFigures } from "./all/page.js";
import { renderAll, renderPage } from "./all/summary.js";
import { BENCHES, type Bench, type Change } from "./benches.js";
import type { Progress } from "./compare.js";
import { renderTable } from "./figures.js";
import { ROOT } from "./stack/installation.js";

const EXAMPLES: Readonly<Record<keyof Change, string>> = { rounds: "3", messages: "1000", sessions: "1,10,100" };

const PAGE = join(ROOT, "docs/benchmarks.md");

const USAGE = `${Object.entries(BENCHES)
  .map(([name, { parts, options }], n) => {
    const only = parts.length > 1 ? ` [--only ${parts.join(",")}]` : "";
    const others = options.map((option) => ` [--${option} ${EXAMPLES[option]}]`).join("");
    return `${n === 0 ? "Usage:" : "      "} scripts/bench ${name} [--json]${only}${others} [--smoke]\n`;
  })
  .join("")}       scripts/bench all [--json] [--write] [--smoke]\n`;

/** What a run tells: for programs, and for people. */
interface Told {
  report: unknown;
  text: string;
}

interface Wanted {
  run: (progress: Progress) => Promise<Told>;
  json: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`"${text}" is not a number of 1 or more`);
  return value;
}

/** Numbers with commas between them, each once and rising. */
function wholeNumbers(text: string): [number, ...number[]] {
  const [first = 1, ...others] = [...new Set(text.split(",").map(wholeNumber))].sort((a, b) => a - b);
  return [first, ...others];
}

async function all(smoke: boolean, write: boolean, progress: Progress): Promise<Told> {
  const report = await benchAll(smoke, progress);
  if (write) writeFigures(PAGE, renderPage(report));
  if (Object.keys(report.failed).length > 0) process.exitCode = 1;
  return { report, text: renderAll(report) };
}

/** @throws Error that says what is wrong with the arguments. */
function readArguments(args: string[]): Wanted {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ json: { type: "boolean", default: false }, write: { type: "boolean", default: false }, smoke: { type: "boolean", default: false }, only: { type: "string" } },
      ...{ rounds: { type: "string" }, messages: { type: "string" }, sessions: { type: "string" } },
    },
  });
  const { json, smoke, write } = values;
  if (positionals.join() === "all") {
    const given = (["only", "rounds", "messages", "sessions"] as const).find((name) => values[name] !== undefined);
    if (given !== undefined) throw new Error(`--${given} changes nothing here`);
    // A page with figures that mean nothing would be read as one with figures.
    if (smoke && write) throw new Error("--smoke measures nothing that could be written down");
    return { run: (progress) => all(smoke, write, progress), json };
  }
  if (write) throw new Error("--write is for all");
  const bench: Bench | undefined = positionals.length === 1 ? BENCHES[positionals[0] ?? ""] : undefined;
  if (bench === undefined) throw new Error("what to measure is missing");
  const only = values.only?.split(",") ?? bench.parts;
  const unknown = only.find((name) => !bench.parts.includes(name));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"`);
  const { rounds, messages, sessions } = values;
  const change: Change = {
    ...(rounds === undefined ? {} : { rounds: wholeNumber(rounds) }),
    ...(messages === undefined ? {} : { messages: wholeNumber(messages) }),
    ...(sessions === undefined ? {} : { sessions: wholeNumbers(sessions) }),
  };
  const useless = Object.keys(change).find((name) => !bench.options.includes(name as keyof Change));
  if (useless !== undefined) throw new Error(`--${useless} changes nothing here`);
  const run = async (progress: Progress): Promise<Told> => {
    const report = await bench.run({ only, smoke, change }, progress);
    return { report, text: renderTable(report) };
  };
  return { run, json };
}

async function main(): Promise<void> {
  let wanted: Wanted;
  try {
    wanted = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const { report, text } = await wanted.run((line) => process.stderr.write(`  ${line}\n`));
  process.stdout.write(wanted.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${text}`);
}

await main();
