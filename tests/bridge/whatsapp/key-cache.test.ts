import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AuthStore } from "../../../bridge/src/whatsapp/auth-store.js";
import type { SignalDataSet } from "../../../bridge/src/whatsapp/baileys.js";
import { KeyCache } from "../../../bridge/src/whatsapp/key-cache.js";
import { openTestStore } from "../support/test-store.js";

/** Without a connection: there are no frames to keep back, so every write is waited for. */
const UNLINKED = { onStoreFailure: () => undefined, holdFrames: () => false };
const ID = "5511920000001.0";
const session = (text: string): SignalDataSet => ({ session: { [ID]: { text } as unknown as Uint8Array } });

function setUp() {
  const { store, pairing } = openTestStore();
  const cache = new KeyCache();
  const open = (): AuthStore => new AuthStore(store, pairing, cache, UNLINKED);
  const read = async (auth: AuthStore): Promise<unknown> => (await auth.keys.get("session", [ID]))[ID];
  return { store, pairing, cache, open, read };
}

describe("the cache of keys", () => {
  it("gives what was written, without reading the store again, and to a later connection too", async () => {
    const { store, pairing, open, read } = setUp();
    await open().keys.set(session("one"));
    const first = await read(open());
    assert.deepEqual(first, { text: "one" });
    store.writer.now(() => { store.secrets.deleteKey(pairing, "session", ID); });
    assert.equal(await read(open()), first);
    store.close();
  });

  it("holds what the store holds when a write fails", async () => {
    const { store, open, read } = setUp();
    const auth = open();
    await auth.keys.set(session("one"));
    store.writer.close();
    await assert.rejects(Promise.resolve(auth.keys.set(session("two"))), { errorName: "store_unavailable" });
    assert.deepEqual(await read(auth), { text: "one" });
  });

  it("forgets what is deleted", async () => {
    const { store, open, read } = setUp();
    const auth = open();
    await auth.keys.set(session("one"));
    await auth.keys.set({ session: { [ID]: null } });
    assert.equal(await read(auth), undefined);
    store.close();
  });

  it("never gives one pairing what belongs to another", () => {
    const { cache, pairing } = setUp();
    cache.put(pairing.sessionId, "session", ID, { text: "one" });
    assert.equal(cache.get(`${pairing.sessionId}0`, "session", ID), undefined);
  });

  it("keeps nothing that Baileys changes in place", () => {
    const { cache, pairing } = setUp();
    cache.put(pairing.sessionId, "sender-key-memory", "1@g.us", {});
    assert.equal(cache.get(pairing.sessionId, "sender-key-memory", "1@g.us"), undefined);
  });

  it("finds nothing of a deleted tenant for the next one, whose pairing takes its row in the store", async () => {
    const { store, pairing, cache, open } = setUp();
    await open().keys.set(session("theirs"));
    store.writer.now(() => { store.eraser.shred(pairing.tenantId); });
    while (!store.writer.now(() => store.eraser.sweep(pairing.tenantId)));
    const next = store.writer.now(() => store.sessions.newPairing("next", Date.now()));
    assert.equal(next.id, pairing.id, "the row's id comes again");
    assert.deepEqual(await new AuthStore(store, next, cache, UNLINKED).keys.get("session", [ID]), {});
    store.close();
  });
});
