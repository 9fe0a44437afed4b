/** Runs the campaign of kills, which looks for messages that were lost, doubled or lied about. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Progress } from "../compare.js";
import { ROOT } from "../stack/installation.js";
import type { Campaign } from "./targets.js";

/** What is used of its figures (tests/campaign/report.py). */
interface Told {
  seconds: number;
  messages: number;
  kills: number;
  broken: Record<string, number>;
}

/** To settle after the faults, to start and to stop. */
const MORE_MS = 6 * 60_000;

/** @throws Error when it did not tell its figures. */
export async function runCampaign(seconds: number, progress: Progress): Promise<Campaign> {
  const child = spawn(join(ROOT, "scripts/campaign"), ["sends", "--seconds", String(seconds), "--json"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], timeout: seconds * 1000 + MORE_MS });
  createInterface({ input: child.stderr }).on("line", progress);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve();
    });
  });
  if (printed === "") throw new Error("the campaign ended without figures");
  const told = JSON.parse(printed) as Told;
  return { seconds: told.seconds, messages: told.messages, kills: told.kills, broken: Object.values(told.broken).reduce((sum, count) => sum + count, 0) };
}
