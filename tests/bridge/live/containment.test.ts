import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { makeDirectory } from "../support/places.js";
import type { Sabotage } from "../support/saboteur.js";
import { waitFor } from "../support/wait.js";

const NUMBERS = { one: "+5511910000001", two: "+5511910000002" };
const CONTACT = "+5511920000001";
const SABOTEUR = new URL("../support/saboteur.js", import.meta.url).href;

describe("what fails inside one connection", () => {
  const file = join(makeDirectory(), "way");
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NODE_OPTIONS: `--import=${SABOTEUR}`, SABOTAGE_FILE: file, LOG_LEVEL: "trace" });
    for (const [tenantId, number] of Object.entries(NUMBERS)) await gateway.paired(tenantId, number);
  });
  after(() => gateway.end());

  const contained = (): Record<string, unknown>[] => gateway.bridge.log.filter((line) => line["msg"] === "a connection failed and is closed");

  for (const way of ["rejection", "rejection after a wait", "timer", "next tick", "throw"] satisfies Sabotage[]) {
    it(`ends that connection and no other, and the process lives: ${way}`, async () => {
      const before = contained().length;
      const head = (await gateway.rpc.call("system.health", {})).journal.headPosition;
      writeFileSync(file, way);
      gateway.bridge.child.kill("SIGUSR2");
      const id = await gateway.sandbox.say(CONTACT, NUMBERS.one, `through ${way}`);
      await waitFor("the connection to be closed", () => contained().length > before);
      // Whichever frame came next was the one, and any may come at any time.
      const [victim, ...more] = contained().slice(before).map((line) => String(line["tenantId"]).replace("***", "") as keyof typeof NUMBERS);
      assert.ok(victim !== undefined && more.length === 0, `one connection ended, not ${more.length + 1}`);
      const bystander = victim === "one" ? "two" : "one";
      assert.equal((await gateway.send(bystander, CONTACT, `while ${way}`)).status, "sent");
      await waitFor("the message, and the connection to be back", async () => {
        // Asking for it spares the backoff.
        const { state } = await gateway.rpc.call("session.start", { tenantId: victim, waitMs: 0 });
        return state === "connected" && gateway.follower.of("message").some((event) => event.data.messageId === id);
      }, 30_000);
      assert.deepEqual(gateway.follower.of("session.status").filter((event) => event.tenantId === bystander && event.position > head), []);
    });
  }

  it("never lets libsignal write a session on the console", async () => {
    // A contact that begins anew makes libsignal close a session, which it prints, private keys and all.
    await gateway.sandbox.post(`/contacts/${CONTACT}/forget-keys`);
    const id = await gateway.sandbox.say(CONTACT, NUMBERS.one, "begun anew");
    await waitFor("the message", () => gateway.follower.of("message").some((event) => event.data.messageId === id));
    await gateway.send("one", CONTACT, "and answered");
    const all = JSON.stringify(gateway.bridge.log) + gateway.bridge.stderr;
    for (const word of ["garbage", "SessionEntry", "Closing", "_chains", "rootKey", "privKey", "ephemeralKeyPair"]) assert.equal(all.includes(word), false, word);
    assert.equal(gateway.bridge.stderr, "");
  });
});
