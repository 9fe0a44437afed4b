/** `scripts/bench all`: every bench one after the other, and one table with what the design promises. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { BENCHES } from "../benches.js";
import type { Progress } from "../compare.js";
import type { Report } from "../figures.js";
import { describeMachine } from "../machine.js";
import { ROOT } from "../stack/installation.js";
import { runCampaign } from "./campaign.js";
import type { AllReport } from "./summary.js";
import { judge, type Campaign } from "./targets.js";

/** After this nothing more is begun. */
const LONGEST_MINUTES = 28;

const CAMPAIGN_SECONDS = 60;
const SMOKE_CAMPAIGN_SECONDS = 5;

/** In this order: what needs a quiet machine most comes first, and what leaves the disk busy last. */
const ORDER = ["recovery", "accepts", "receives", "sends", "capacity"] as const;

async function pythonVersion(): Promise<string> {
  return (await promisify(execFile)(join(ROOT, ".venv/bin/python"), ["-c", "import platform; print(platform.python_version())"])).stdout.trim();
}

/** Runs everything. What fails is left out and said, and the others go on. */
export async function benchAll(smoke: boolean, progress: Progress): Promise<AllReport> {
  const date = new Date().toISOString();
  const machine = describeMachine(tmpdir());
  const python = await pythonVersion();
  const began = performance.now();
  const minutes = (): number => (performance.now() - began) / 60_000;
  const reports: Report[] = [];
  const failed: Record<string, string> = {};
  const attempt = async (name: string, run: (progress: Progress) => Promise<void>): Promise<void> => {
    progress(`${name}, ${minutes().toFixed(0)} minutes in`);
    try {
      if (minutes() > LONGEST_MINUTES) throw new Error(`${LONGEST_MINUTES} minutes were over`);
      await run((line) => {
        progress(`${name}: ${line}`);
      });
    } catch (error) {
      failed[name] = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
      progress(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const name of ORDER) {
    const bench = BENCHES[name];
    if (bench !== undefined) {
      await attempt(name, async (tell) => {
        reports.push(await bench.run({ only: bench.parts, smoke, change: {} }, tell));
      });
    }
  }
  const campaigns: Campaign[] = [];
  await attempt("campaign", async (tell) => {
    campaigns.push(await runCampaign(smoke ? SMOKE_CAMPAIGN_SECONDS : CAMPAIGN_SECONDS, tell));
  });
  const [campaign] = campaigns;
  return { bench: "all", date, machine, python, minutes: minutes(), smoke, rows: judge({ reports, ...(campaign === undefined ? {} : { campaign }) }), failed, reports };
}
