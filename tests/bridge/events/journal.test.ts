import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { MAX_LINE_BYTES, type EventData } from "../../../bridge/src/rpc/contract.gen.js";
import { checkResult } from "../../../bridge/src/rpc/validate.js";
import { Journal, type JournalOptions } from "../../../bridge/src/events/journal.js";
import { Puller } from "../../../bridge/src/events/pull.js";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import { openStore, type Store } from "../../../bridge/src/store/store.js";
import { openTestStore, sampleEvent, sampleMessage } from "../support/test-store.js";

const HOUR_MS = 3_600_000;

function setUp(options: Partial<JournalOptions> = {}): { store: Store; pairing: Pairing; journal: Journal; say: (text: string) => boolean; places: ReturnType<typeof openTestStore>["places"] } {
  const { store, pairing, places } = openTestStore();
  const journal = new Journal(store.events, store.writer, { maxUnacked: 1000, retentionMs: HOUR_MS, ...options });
  return { store, pairing, journal, places, say: (text) => store.writer.now(() => journal.append(sampleEvent(pairing, text))) };
}

function texts(data: EventData[]): string[] {
  return data.map((each) => (each.type === "message" && each.content.type === "text" ? each.content.text : each.type));
}

describe("the journal", () => {
  it("gives positions over all sessions and sequences within one, both without a gap", () => {
    const { store, pairing, journal } = setUp();
    const other = store.writer.now(() => store.sessions.newPairing("other", Date.now()));
    for (const [who, text] of [[pairing, "a"], [other, "b"], [pairing, "c"]] as const) store.writer.now(() => journal.append(sampleEvent(who, text)));
    assert.throws(() => store.writer.now(() => {
      journal.append(sampleEvent(pairing, "undone"));
      throw new Error("no");
    }));
    store.writer.now(() => journal.append(sampleEvent(pairing, "d")));
    const { events, headPosition } = journal.read(0, 10);
    assert.deepEqual(events.map((event) => [event.position, event.tenantId, event.sequence]), [[1, "t", 1], [2, "other", 1], [3, "t", 2], [4, "t", 3]]);
    assert.equal(headPosition, 4);
    assert.equal(new Set(events.map((event) => event.eventId)).size, 4);
    checkResult("event.pull", { events, headPosition });
  });

  it("takes the same message once", () => {
    const { store, pairing, journal } = setUp();
    const event = sampleEvent(pairing, "once", { dedup: randomBytes(32) });
    assert.equal(store.writer.now(() => journal.append(event)), true);
    assert.equal(store.writer.now(() => journal.append(event)), false);
    assert.equal(journal.read(0, 10).events.length, 1);
    assert.equal(journal.read(0, 10).events[0]?.sequence, 1);
  });

  it("takes nothing that does not match the contract", () => {
    const { store, pairing, journal } = setUp();
    const data = { ...sampleMessage("x"), messageId: "a b" };
    assert.throws(() => store.writer.now(() => journal.append({ pairingId: pairing.id, occurredAtMs: 1, data })), /does not match the contract/);
  });

  it("gives acked events again, as long as they are kept", async () => {
    const { journal, say } = setUp();
    say("a");
    say("b");
    assert.deepEqual(await journal.ack(1), { ackedPosition: 1 });
    assert.deepEqual(texts(journal.read(0, 10).events.map((event) => event.data)), ["a", "b"]);
    assert.deepEqual(texts(journal.read(1, 10).events.map((event) => event.data)), ["b"]);
  });

  it("tells nobody of an event that is written and not yet on the disk", async () => {
    const { store, pairing, journal } = setUp();
    const recorded = store.writer.soon(() => journal.append(sampleEvent(pairing, "a")));
    // After the commit, which comes in the same phase, and before the disk can have answered.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(store.events.after(0, 10).length, 1);
    assert.deepEqual(journal.read(0, 10), { events: [], headPosition: 0 });
    await recorded;
    assert.deepEqual(texts(journal.read(0, 10).events.map((event) => event.data)), ["a"]);
  });

  it("keeps the highest of several acks that come at the same time", async () => {
    const { journal, say, store } = setUp();
    for (const text of ["a", "b", "c"]) say(text);
    const acked = await Promise.all([journal.ack(3), journal.ack(1)]);
    assert.deepEqual(acked.map(({ ackedPosition }) => ackedPosition), [3, 3]);
    assert.equal(store.events.acked(), 3);
  });

  it("acks cumulatively, never back and never beyond the last event", async () => {
    const { journal, say, places, store } = setUp();
    for (const text of ["a", "b", "c"]) say(text);
    assert.equal((await journal.ack(2)).ackedPosition, 2);
    assert.equal((await journal.ack(1)).ackedPosition, 2);
    assert.equal((await journal.ack(99)).ackedPosition, 3);
    assert.deepEqual(journal.health(), { headPosition: 3, ackedPosition: 3, unackedEvents: 0 });
    store.close();
    const again = openStore(places);
    assert.equal(new Journal(again.events, again.writer, { maxUnacked: 1, retentionMs: 1 }).health().ackedPosition, 3);
    again.close();
  });

  it("forgets only what is acked and old", async () => {
    const { store, pairing, journal } = setUp();
    const now = Date.now();
    for (const [text, age] of [["old acked", 2], ["old unacked", 2]] as const) {
      store.writer.now(() => journal.append(sampleEvent(pairing, text, { occurredAtMs: now - age * HOUR_MS })));
    }
    await journal.ack(1);
    journal.prune(now);
    assert.deepEqual(texts(journal.read(0, 10).events.map((event) => event.data)), ["old unacked"]);
    assert.equal(journal.health().headPosition, 2);
    await journal.ack(2);
    journal.prune(now);
    assert.equal(journal.read(0, 10).events.length, 0);
    store.writer.now(() => journal.append(sampleEvent(pairing, "new")));
    assert.deepEqual(journal.read(0, 10).events.map((event) => [event.position, event.sequence]), [[3, 3]]);
  });

  it("is full at its bound, takes what comes all the same, and says when there is room again", async () => {
    const { journal, say } = setUp({ maxUnacked: 10 });
    const said: string[] = [];
    journal.watch(() => said.push("full"), () => said.push("room"));
    for (let i = 0; i < 12; i += 1) assert.equal(say(String(i)), true);
    assert.equal(journal.full, true);
    await journal.ack(2);
    assert.deepEqual(said, ["full"]);
    await journal.ack(3);
    assert.deepEqual(said, ["full", "room"]);
    assert.equal(journal.full, false);
  });

  it("never answers more than a line can hold, and always at least one event", () => {
    const { journal, say } = setUp();
    const long = "\u0001".repeat(60_000);
    for (let i = 0; i < 5; i += 1) say(long);
    const page = journal.read(0, 500);
    assert.equal(page.events.length, 2);
    assert.ok(Buffer.byteLength(JSON.stringify(page)) < MAX_LINE_BYTES);
  });
});

describe("the text of a QR code", () => {
  const qr = (text: string, expiresAtMs: number): EventData => ({ type: "session.qr", qr: { text, expiresAtMs } });
  const show = ({ store, pairing, journal }: ReturnType<typeof setUp>, text: string, expiresAtMs: number): void => {
    store.writer.now(() => journal.append({ pairingId: pairing.id, occurredAtMs: Date.now(), data: qr(text, expiresAtMs), qrExpiresMs: expiresAtMs }));
  };

  it("is in the event until it is acked, and then nowhere", async () => {
    const all = setUp();
    const expiresAtMs = Date.now() + 60_000;
    show(all, "secret-code-1", expiresAtMs);
    assert.deepEqual(all.journal.read(0, 10).events[0]?.data, qr("secret-code-1", expiresAtMs));
    await all.journal.ack(1);
    assert.deepEqual(all.journal.read(0, 10).events[0]?.data, { type: "session.qr" });
    all.store.close();
    assert.equal(readFileSync(all.places.storePath).includes("secret-code-1"), false);
  });

  it("is erased when it expired, acked or not", () => {
    const all = setUp();
    show(all, "secret-code-2", Date.now() - 1);
    assert.deepEqual(all.journal.read(0, 10).events[0]?.data, { type: "session.qr" });
    all.journal.prune(Date.now());
    all.store.close();
    assert.equal(readFileSync(all.places.storePath).includes("secret-code-2"), false);
  });
});

describe("a long poll", () => {
  const never = new AbortController().signal;

  it("is answered at once when there is something", async () => {
    const { journal, say } = setUp();
    say("a");
    assert.equal((await new Puller(journal).pull({ after: 0, max: 10, waitMs: 60_000 }, {}, never)).events.length, 1);
  });

  it("is woken by the next event", async () => {
    const { journal, say } = setUp();
    const pulled = new Puller(journal).pull({ after: 0, max: 10, waitMs: 60_000 }, {}, never);
    say("a");
    assert.deepEqual(texts((await pulled).events.map((event) => event.data)), ["a"]);
  });

  it("is woken only by an event after its position", async () => {
    const { journal, say } = setUp();
    const pulled = new Puller(journal).pull({ after: 2, max: 10, waitMs: 60_000 }, {}, never);
    for (const text of ["a", "b", "c"]) say(text);
    assert.deepEqual(texts((await pulled).events.map((event) => event.data)), ["c"]);
  });

  it("answers with nothing when its time is over", async () => {
    const { journal } = setUp();
    assert.deepEqual(await new Puller(journal).pull({ after: 0, max: 10, waitMs: 10 }, {}, never), { events: [], headPosition: 0 });
  });

  it("gives way to a newer one of the same connection, not of another", async () => {
    const { journal, say } = setUp();
    const puller = new Puller(journal);
    const connection = {};
    const params = { after: 0, max: 10, waitMs: 60_000 };
    const [older, elsewhere] = [puller.pull(params, connection, never), puller.pull(params, {}, never)];
    const newer = puller.pull(params, connection, never);
    assert.deepEqual((await older).events, []);
    say("a");
    assert.deepEqual([(await newer).events.length, (await elsewhere).events.length], [1, 1]);
  });

  it("ends when the caller is gone", async () => {
    const { journal } = setUp();
    const gone = new AbortController();
    const pulled = new Puller(journal).pull({ after: 0, max: 10, waitMs: 60_000 }, {}, gone.signal);
    gone.abort();
    assert.deepEqual((await pulled).events, []);
  });
});
