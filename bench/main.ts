/** `scripts/bench`: measures the gateway on this machine and prints one table. */
import { parseArgs } from "node:util";
import { benchAccepts, PARTS as ACCEPTS } from "./accepts/accepts.js";
import * as accepting from "./accepts/plan.js";
import type { Progress } from "./compare.js";
import { renderTable, type Report } from "./figures.js";
import * as receiving from "./receives/plan.js";
import { benchReceives, PARTS as RECEIVES } from "./receives/receives.js";
import * as sending from "./sends/plan.js";
import { benchSends, PARTS as SENDS } from "./sends/sends.js";

/** What the command line can change of a plan. */
interface Amount {
  rounds: number;
  messages: number;
}

/** Something that can be measured: the names of its parts, and how it is done. */
interface Bench {
  parts: readonly string[];
  run: (only: readonly string[], smoke: boolean, change: (plan: Amount) => Amount, progress: Progress) => Promise<Report>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  sends: {
    parts: Object.keys(SENDS),
    run: (only, smoke, change, progress) => {
      const plan = smoke ? sending.SMOKE : sending.FULL;
      return benchSends({ ...plan, ...change(plan) }, only, progress);
    },
  },
  accepts: {
    parts: Object.keys(ACCEPTS),
    run: (only, smoke, change, progress) => {
      const plan = smoke ? accepting.SMOKE : accepting.FULL;
      return benchAccepts({ ...plan, ...change(plan) }, only, progress);
    },
  },
  receives: {
    parts: Object.keys(RECEIVES),
    run: (only, smoke, change, progress) => {
      const plan = smoke ? receiving.SMOKE : receiving.FULL;
      return benchReceives({ ...plan, ...change(plan) }, only, progress);
    },
  },
};

const USAGE = Object.entries(BENCHES)
  .map(([name, { parts }], n) => `${n === 0 ? "Usage:" : "      "} scripts/bench ${name} [--json] [--only ${parts.join(",")}] [--rounds 3] [--messages 1000] [--smoke]\n`)
  .join("");

interface Wanted {
  run: (progress: Progress) => Promise<Report>;
  json: boolean;
}

function wholeNumber(text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`"${text ?? ""}" is not a number of 1 or more`);
  return value;
}

/** @throws Error that says what is wrong with the arguments. */
function readArguments(args: string[]): Wanted {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, smoke: { type: "boolean", default: false }, only: { type: "string" }, rounds: { type: "string" }, messages: { type: "string" } },
  });
  const bench = positionals.length === 1 ? BENCHES[positionals[0] ?? ""] : undefined;
  if (bench === undefined) throw new Error("what to measure is missing");
  const only = values.only?.split(",") ?? bench.parts;
  const unknown = only.find((name) => !bench.parts.includes(name));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"`);
  for (const given of [values.rounds, values.messages]) wholeNumber(given, 1);
  const change = (plan: Amount): Amount => ({ rounds: wholeNumber(values.rounds, plan.rounds), messages: wholeNumber(values.messages, plan.messages) });
  return { run: (progress) => bench.run(only, values.smoke, change, progress), json: values.json };
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
  const report = await wanted.run((line) => process.stderr.write(`  ${line}\n`));
  process.stdout.write(wanted.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${renderTable(report)}`);
}

await main();
