/** `scripts/bench`: measures the gateway on this machine and prints one table. */
import { parseArgs } from "node:util";
import { renderTable } from "./figures.js";
import { FULL, SMOKE, type Plan } from "./sends/plan.js";
import { benchSends, PARTS } from "./sends/sends.js";

const USAGE = `Usage: scripts/bench sends [--json] [--only ${Object.keys(PARTS).join(",")}] [--rounds 3] [--messages 1000] [--smoke]\n`;

interface Wanted {
  plan: Plan;
  only: string[];
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
  if (positionals.length !== 1 || positionals[0] !== "sends") throw new Error("what to measure is missing");
  const only = values.only?.split(",") ?? Object.keys(PARTS);
  const unknown = only.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"`);
  const base = values.smoke ? SMOKE : FULL;
  return { plan: { ...base, rounds: wholeNumber(values.rounds, base.rounds), messages: wholeNumber(values.messages, base.messages) }, only, json: values.json };
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
  const report = await benchSends(wanted.plan, wanted.only, (line) => process.stderr.write(`  ${line}\n`));
  process.stdout.write(wanted.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${renderTable(report)}`);
}

await main();
