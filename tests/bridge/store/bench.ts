/**
 * `node build/tests/bridge/store/bench.js [sessions]`: how long the event loop stands still while a store with so many
 * paired sessions is copied, and what sealing costs an event and a message of the outbox.
 */
import { rmSync } from "node:fs";
import { makeDirectory } from "../support/places.js";
import { openTestStore, sampleEvent } from "../support/test-store.js";

const PRE_KEYS = 812;

const directory = makeDirectory();
const { store, pairing } = openTestStore(directory);
const sessions = Number(process.argv[2] ?? 200);
for (let i = 0; i < sessions; i += 1) {
  store.writer.now(() => {
    const tenantId = `tenant-${i}`;
    const mine = store.sessions.newPairing(tenantId, Date.now());
    store.secrets.saveCredentials(mine, Buffer.alloc(3000, i));
    for (let key = 0; key < PRE_KEYS; key += 1) store.secrets.saveKey(mine, "pre-key", String(key), Buffer.alloc(65, key));
    for (let peer = 0; peer < 30; peer += 1) store.secrets.saveKey(mine, "session", `${peer}.0`, Buffer.alloc(3000, peer));
    for (let event = 0; event < 100; event += 1) store.events.append(sampleEvent(mine, "x".repeat(200)));
  });
}
/** The longest time between two turns of the event loop while something runs, in milliseconds. */
async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  let running = true;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setTimeout(turn, 1);
  };
  turn();
  await work();
  running = false;
  return longest;
}
const idle = await longestGap(() => new Promise((resolve) => setTimeout(resolve, 1000)));
const began = performance.now();
let writes = 0;
let slowest = 0;
let sizeBytes = 0;
const gap = await longestGap(async () => {
  const copy = store.backups.run("bench", new AbortController().signal).then((result) => {
    ({ sizeBytes } = result);
  });
  while (sizeBytes === 0) {
    const start = performance.now();
    await store.writer.soon(() => store.events.append(sampleEvent(pairing, "meanwhile")));
    slowest = Math.max(slowest, performance.now() - start);
    writes += 1;
  }
  await copy;
});
const tookMs = performance.now() - began;
const messages = 5000;
const cpu = performance.now();
store.writer.now(() => {
  for (let i = 0; i < messages; i += 1) store.events.append(sampleEvent(pairing, "x".repeat(100)));
});
const perEventUs = ((performance.now() - cpu) * 1000) / messages;
const readBegan = performance.now();
store.events.after(0, messages);
const perReadUs = ((performance.now() - readBegan) * 1000) / messages;
process.stdout.write(`${JSON.stringify({ sessions, sizeMiB: Math.round(sizeBytes / 2 ** 20), tookMs: Math.round(tookMs), longestGapMs: Math.round(gap), idleGapMs: Math.round(idle), writesMeanwhile: writes, slowestWriteMs: Math.round(slowest), appendUs: Math.round(perEventUs), readUs: Math.round(perReadUs) })}\n`);
store.close();
rmSync(directory, { recursive: true, force: true });
