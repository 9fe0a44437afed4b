import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AuthStore } from "../../../bridge/src/whatsapp/auth-store.js";
import { KeyCache } from "../../../bridge/src/whatsapp/key-cache.js";
import { openTestStore } from "../support/test-store.js";

describe("Signal keys in memory", () => {
  it("of a deleted tenant are not found by the next one, whose pairing takes its place in the store", async () => {
    const { store, pairing } = openTestStore();
    const cache = new KeyCache();
    const fail = (): never => assert.fail("the store failed");
    await new AuthStore(store, pairing, cache, fail).keys.set({ session: { "5511920000001.0": Buffer.from("a ratchet") } });
    store.writer.now(() => {
      store.eraser.shred(pairing.tenantId);
    });
    while (!store.writer.now(() => store.eraser.sweep(pairing.tenantId)));
    const next = store.writer.now(() => store.sessions.newPairing("next", Date.now()));
    assert.equal(next.id, pairing.id, "the row's id comes again");
    assert.deepEqual(await new AuthStore(store, next, cache, fail).keys.get("session", ["5511920000001.0"]), {});
    store.close();
  });
});
