import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { AuthStore, INBOUND, OUTBOUND, type InboundRecord, type OutboundRecord } from "../../../bridge/src/whatsapp/auth-store.js";
import type { SignalDataSet } from "../../../bridge/src/whatsapp/baileys.js";
import { KeyCache } from "../../../bridge/src/whatsapp/key-cache.js";
import { relaying } from "../../../bridge/src/whatsapp/relaying.js";
import { openTestStore, sampleOutgoing } from "../support/test-store.js";

const ID = "5511920000001.0";
const GROUP = "120363000000000000@g.us";

/** The keys of a connection whose frames can be kept back. */
function setUp() {
  const { store, pairing } = openTestStore();
  const holds: Promise<void>[] = [];
  let failures = 0;
  const auth = new AuthStore(store, pairing, new KeyCache(), {
    onStoreFailure: () => (failures += 1),
    holdFrames: (durable) => {
      durable.catch(() => undefined);
      holds.push(durable);
      return true;
    },
  });
  const accept = (messageId: string): number => store.writer.now(() => store.outbox.insert(sampleOutgoing(pairing, messageId)))?.id ?? 0;
  const sending = <T>(outboxId: number, work: () => T, after?: number): T => relaying.run({ outboxId, again: false, recipients: undefined, after }, work);
  const ciphertext = (outboxId: number): SignalDataSet => {
    const record: OutboundRecord = { outboxId, device: "d", cipher: { type: "msg", ciphertext: Buffer.from("c") }, recipients: undefined };
    return { [OUTBOUND]: { [String(outboxId)]: record } } as unknown as SignalDataSet;
  };
  const received = (text: string): { digest: Buffer; data: SignalDataSet } => {
    const record: InboundRecord = { digest: createHash("sha256").update(text).digest(), plaintext: Buffer.from(text), recordEvent: undefined };
    return { digest: record.digest, data: { [INBOUND]: { [text]: record } } as unknown as SignalDataSet };
  };
  return { store, pairing, auth, holds, accept, sending, received, ciphertext, failures: () => failures };
}

const session = (text: string): SignalDataSet => ({ session: { [ID]: { text } as unknown as Uint8Array } });

describe("the keys of a connection", () => {
  it("that sending writes are not waited for, and found by the next message before they are on disk", async () => {
    const { store, pairing, auth, holds, accept, sending } = setUp();
    const id = accept("one");
    const read = async (): Promise<unknown> => (await auth.keys.get("session", [ID]))[ID];
    await sending(id, () => auth.keys.set({ ...session("two"), "sender-key-memory": { [GROUP]: { phone: true } } }));
    assert.equal(store.secrets.key(pairing, "session", ID), undefined, "nothing is written yet");
    assert.deepEqual(await read(), { text: "two" });
    const memory = (await auth.keys.get("sender-key-memory", [GROUP]))[GROUP];
    assert.deepEqual(memory, { phone: true });
    Object.assign(memory as object, { other: true });
    assert.deepEqual((await auth.keys.get("sender-key-memory", [GROUP]))[GROUP], { phone: true }, "what Baileys changes is its own copy");
    await sending(id, () => auth.keys.set({ session: { [ID]: null } }));
    assert.equal(await read(), undefined);
    await Promise.all(holds);
    assert.equal(await read(), undefined);
    store.close();
  });

  it("that receiving writes are not waited for either, and a ciphertext that comes again meanwhile says the same", async () => {
    const { store, pairing, auth, holds, received } = setUp();
    const { digest, data } = received("hello");
    await auth.keys.set({ ...data, ...session("one") });
    assert.deepEqual([store.inbound.plaintext(pairing, digest), auth.plaintextOf(digest)?.toString()], [undefined, "hello"]);
    await Promise.all(holds);
    assert.deepEqual([store.inbound.plaintext(pairing, digest)?.toString(), auth.plaintextOf(digest)?.toString()], ["hello", "hello"]);
    store.close();
  });

  it("that receiving writes are waited for when much is on its way to the disk", async () => {
    const { store, pairing, auth, holds, received } = setUp();
    const many = Array.from({ length: 20 }, (_, i) => received(`message ${i}`));
    await Promise.all(many.map(async ({ data }) => auth.keys.set(data)));
    assert.equal(holds.length, 16);
    assert.ok(many.every(({ digest }) => store.inbound.plaintext(pairing, digest) !== undefined));
    store.close();
  });

  it("that anybody else writes are on disk when the write is done", async () => {
    const { store, pairing, auth, holds } = setUp();
    await auth.keys.set(session("one"));
    assert.deepEqual([holds.length, store.secrets.key(pairing, "session", ID) !== undefined], [0, true]);
    store.close();
  });

  it("say when they could not be written, and hold what the store holds then", async () => {
    const { store, auth, holds, accept, sending, failures } = setUp();
    const id = accept("one");
    await auth.keys.set(session("one"));
    store.writer.close();
    await sending(id, () => auth.keys.set(session("two")));
    await assert.rejects(holds[0] ?? Promise.resolve(), { errorName: "store_unavailable" });
    assert.equal(failures(), 1);
    assert.deepEqual((await auth.keys.get("session", [ID]))[ID], { text: "one" });
  });

  it("hand a message over with its first ciphertext, and one that follows another only after that one", async () => {
    const { store, auth, holds, accept, sending, ciphertext, failures } = setUp();
    const [first, second] = [accept("one"), accept("two")];
    await sending(second, () => auth.keys.set(ciphertext(second)), first);
    await assert.rejects(holds[0] ?? Promise.resolve(), /before it/);
    assert.deepEqual([store.outbox.stageOf(second), failures()], ["queued", 1]);
    await sending(first, () => auth.keys.set(ciphertext(first)));
    await sending(second, () => auth.keys.set(ciphertext(second)), first);
    await Promise.all(holds.slice(1));
    assert.deepEqual([first, second].map((id) => store.outbox.stageOf(id)), ["handed", "handed"]);
    store.close();
  });
});
