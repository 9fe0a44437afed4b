/** Run as a process: writes events in groups of three, prints each group's number once it is answered, and is killed by itself. */
import { writeSync } from "node:fs";
import { openStore } from "../../../bridge/src/store/store.js";
import { placesIn, sampleEvent } from "./test-store.js";

const [, , directory = "", lifetimeMs = "50"] = process.argv;
const store = openStore(placesIn(directory));
const pairing = store.writer.now(() => store.sessions.newPairing("t", Date.now()));
const start = store.events.head();

setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(lifetimeMs));

for (let number = start + 1; ; number += 1) {
  await store.writer.soon(() => {
    for (let i = 0; i < 3; i += 1) store.events.append(sampleEvent(pairing, String(number)));
  });
  writeSync(1, `${number}\n`);
}
