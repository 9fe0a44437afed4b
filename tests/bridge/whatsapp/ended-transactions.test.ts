import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, it } from "node:test";
import { addTransactionCapability, type SignalDataSet } from "../../../bridge/src/whatsapp/baileys.js";
import { MemoryKeys } from "../support/memory-keys.js";
import { silentLogger } from "../support/silent-logger.js";

const token = (id: string, senderTimestamp: number): SignalDataSet => ({ tctoken: { [id]: { token: Buffer.alloc(0), senderTimestamp } } });

function layered(): { stored: MemoryKeys; keys: ReturnType<typeof addTransactionCapability> } {
  const stored = new MemoryKeys();
  return { stored, keys: addTransactionCapability(stored, silentLogger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 }) };
}

describe("a transaction of Baileys' key store", () => {
  it("lets what it started and did not wait for write after its end", async () => {
    const { stored, keys } = layered();
    let release: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (release = resolve));
    let later: Promise<void> = Promise.resolve();
    await keys.transaction(() => {
      later = answered.then(() => keys.set(token("a", 7)));
      return Promise.resolve();
    }, "me");
    assert.equal(stored.all("tctoken").has("a"), false);
    release();
    await later;
    assert.equal((stored.all("tctoken").get("a") as { senderTimestamp: number }).senderTimestamp, 7);
  });

  it("writes all at its end and not before, also what was nested in it", async () => {
    const { stored, keys } = layered();
    await keys.transaction(async () => {
      await keys.set(token("a", 1));
      await keys.transaction(() => Promise.resolve(keys.set(token("b", 2))), "me");
      assert.equal(stored.all("tctoken").size, 0);
      assert.equal((await keys.get("tctoken", ["a"]))["a"]?.senderTimestamp, 1);
    }, "me");
    assert.deepEqual([...stored.all("tctoken").keys()], ["a", "b"]);
  });

  it("writes nothing when it fails", async () => {
    const { stored, keys } = layered();
    await assert.rejects(
      keys.transaction(async () => {
        await keys.set(token("a", 1));
        throw new Error("failed inside");
      }, "me"),
      /failed inside/,
    );
    assert.equal(stored.all("tctoken").size, 0);
  });

  it("is the only thing that ends: other storages keep what they hold", async () => {
    const storage = new AsyncLocalStorage<{ name: string }>();
    let later: Promise<string | undefined> = Promise.resolve(undefined);
    await storage.run({ name: "kept" }, () => {
      later = Promise.resolve().then(() => storage.getStore()?.name);
      return Promise.resolve();
    });
    assert.equal(await later, "kept");
  });
});
