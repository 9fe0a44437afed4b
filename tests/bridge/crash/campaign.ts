/**
 * `npm run crash-campaign [points] [step] [traffic]`: kills the bridge at every n-th durable write, during pairing until it
 * survives (left out with "traffic") and during traffic for so many points (default 100) of each system call, and looks
 * at everything after each.
 * Ends with one line of result; exit code 1 when a promise was broken, 2 when the campaign cannot run here.
 */
import { pairAndKill } from "./pairing.js";
import { openGround } from "./places.js";
import { Traffic } from "./traffic.js";
import { whyNot, type WriteCall } from "./victim.js";

const CALLS: readonly WriteCall[] = ["fsync", "pwrite64"];
/** Between two points; pages are written about four times as often as they are made durable. */
const STEPS: Record<WriteCall, number> = { fsync: 1, pwrite64: 4 };

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Tally {
  points: number;
  killed: number;
  broken: string[];
}

async function attempt(tally: Tally, name: string, point: () => Promise<boolean>): Promise<boolean> {
  tally.points += 1;
  try {
    const died = await point();
    if (died) tally.killed += 1;
    say(`${name}: ${died ? "killed, all is well" : "not killed"}`);
    return died;
  } catch (error) {
    tally.killed += 1;
    const words = `${name}: BROKEN ${error instanceof Error ? error.message : String(error)}`;
    tally.broken.push(words);
    say(words);
    return true;
  }
}

async function campaign(points: number, step: number, pairing: boolean): Promise<Tally> {
  const tally: Tally = { points: 0, killed: 0, broken: [] };
  const ground = await openGround();
  try {
    for (const call of pairing ? CALLS : []) {
      let nth = 1;
      while (nth <= 4000 && (await attempt(tally, `pairing, ${call} ${nth}`, async () => (await pairAndKill(ground, call, nth)) !== "survived"))) nth += step * STEPS[call];
    }
    const traffic = await Traffic.open(ground);
    for (const call of CALLS) {
      for (let i = 0; i < points; i += 1) {
        const nth = 1 + i * step * STEPS[call];
        if (!(await attempt(tally, `traffic, ${call} ${nth}`, () => traffic.talkAndKill(call, nth)))) break;
      }
    }
  } finally {
    await ground.end();
  }
  return tally;
}

const reason = whyNot();
if (reason !== undefined) {
  say(reason);
  process.exitCode = 2;
} else {
  const began = Date.now();
  const { points, killed, broken } = await campaign(Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 1), process.argv[4] !== "traffic");
  for (const words of broken) say(words);
  say(`RESULT ${broken.length === 0 ? "ok" : "BROKEN"}: ${points} points, ${killed} kills, ${broken.length} broken promises, ${Math.round((Date.now() - began) / 1000)} s`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
