import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { randomBytes } from "node:crypto";
import { openTestStore, sampleEvent } from "../support/test-store.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

/** Where a text occurs in the files of a store: the database, its write-ahead log and its index. */
function found(storePath: string, needles: readonly string[]): string[] {
  return ["", "-wal", "-shm"].flatMap((suffix) => {
    const path = `${storePath}${suffix}`;
    if (!existsSync(path)) return [];
    const bytes = readFileSync(path);
    return needles.filter((needle) => bytes.includes(needle)).map((needle) => `${needle} in store${suffix}`);
  });
}

describe("a deleted tenant", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());

  it("is nowhere in the store's files any more: no id, no number, no message, not even in free pages", async () => {
    const [tenantId, owner, contact] = ["canary-tenant", "+5511910000601", "+5511920000601"];
    const texts = Array.from({ length: 40 }, (_, i) => `canary ${i} ${"x".repeat(3000)}`);
    await gateway.paired(tenantId, owner, "Canary Name");
    await gateway.paired("neighbour", "+5511910000602", "Neighbour");
    for (const text of texts) await gateway.sandbox.say(contact, owner, text);
    await waitFor("the messages", () => gateway.follower.texts(tenantId).length === texts.length);
    await gateway.send(tenantId, contact, "canary sent");
    const storePath = join(gateway.dataDir, "bridge", "store.sqlite");
    const needles = [tenantId, owner.slice(1), "Canary Name", "canary 1 ", "canary sent"];
    assert.notDeepEqual(found(storePath, needles), [], "what is looked for is there before");
    const { journal } = await gateway.rpc.call("system.health", {});
    assert.ok(journal.unackedEvents > texts.length);
    assert.deepEqual(await gateway.rpc.call("session.delete", { tenantId }), { deleted: true });
    assert.deepEqual(found(storePath, needles), []);
    const { devices } = await gateway.sandbox.get<{ devices: number[] }>(`/contacts/${owner}`);
    assert.deepEqual(devices, [0], "the phone lists the device no more");
  });

  it("takes its unacked events with it, and nobody else's", async () => {
    const page = await gateway.rpc.call("event.pull", { after: 0, max: 500, waitMs: 0 });
    assert.ok(page.events.length > 0);
    assert.ok(page.events.every((event) => event.tenantId === "neighbour"));
    assert.equal((await gateway.send("neighbour", "+5511920000601", "still here")).status, "sent");
  });

  it("is deleted in batches, and what a crash left is found at the next start", () => {
    const { store, pairing } = openTestStore();
    store.writer.now(() => {
      store.sessions.save({ tenantId: "t", pairingId: pairing.id, shouldRun: false, state: "disconnected", reason: undefined, sinceMs: 1, phoneNumber: undefined, lid: undefined, name: undefined, lastActivityMs: undefined, whatsappCode: undefined, restrictedUntilMs: undefined });
      for (let i = 0; i < 2500; i += 1) store.events.append(sampleEvent(pairing, `text ${i}`));
      store.secrets.saveCredentials(pairing, randomBytes(32));
    });
    store.writer.now(() => {
      store.eraser.shred("t");
    });
    assert.equal(store.sessions.get("t"), undefined);
    assert.equal(store.sessions.pairing(pairing.id), undefined, "its keys are gone at once");
    assert.deepEqual(store.eraser.unfinished(), ["t"]);
    let batches = 1;
    while (!store.writer.now(() => store.eraser.sweep("t"))) batches += 1;
    assert.equal(batches, 3);
    assert.deepEqual(store.eraser.unfinished(), []);
    assert.deepEqual(store.events.after(0, 10), []);
    store.close();
  });
});
