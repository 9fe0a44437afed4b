import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { KeptMessage } from "../../../bridge/src/store/messages.js";
import { openStore, type Store } from "../../../bridge/src/store/store.js";
import { makeDirectory } from "../support/places.js";
import { openTestStore, placesIn } from "../support/test-store.js";

const SECRET = "what they said to each other";

function message(more: Partial<KeptMessage> = {}): KeptMessage {
  return {
    id: "3A01",
    remoteJid: "503357950726539@lid",
    participant: "503357950726539:2@lid",
    chat: { phone: "5511920000001@s.whatsapp.net", lid: "503357950726539@lid" },
    sender: { phone: "5511920000001@s.whatsapp.net" },
    fromMe: false,
    sentAtMs: 1_795_442_599_093,
    encoded: Buffer.from(SECRET),
    ...more,
  };
}

function keep(store: Store, tenantId: string, kept: KeptMessage, nowMs = Date.now()): void {
  store.writer.now(() => {
    store.messages.record(tenantId, kept.id, createHash("sha256").update(`${tenantId} ${kept.id} ${kept.remoteJid}`).digest(), kept, nowMs);
  });
}

describe("kept messages", () => {
  it("are found by tenant and id with all that was known of them, also by the next process", () => {
    const { store, places } = openTestStore();
    keep(store, "t", message());
    assert.deepEqual(store.messages.find("other", "3A01"), []);
    store.close();
    const again = openStore(places);
    const [found] = again.messages.find("t", "3A01");
    assert.deepEqual({ ...found, encoded: Buffer.from(found?.encoded ?? []).toString() }, { ...message(), encoded: SECRET });
    again.close();
  });

  it("with the same id are told apart, newest first, and the same one stands once", () => {
    const { store } = openTestStore();
    keep(store, "t", message());
    keep(store, "t", message({ encoded: Buffer.from("changed") }));
    keep(store, "t", message({ remoteJid: "999999999@lid" }));
    assert.deepEqual(store.messages.find("t", "3A01").map((each) => each.remoteJid), ["999999999@lid", "503357950726539@lid"]);
    assert.equal(Buffer.from(store.messages.find("t", "3A01")[1]?.encoded ?? []).toString(), SECRET);
    store.close();
  });

  it("with an id somebody uses over and over do not grow an answer without end", () => {
    const { store } = openTestStore();
    for (let i = 0; i < 40; i += 1) keep(store, "t", message({ remoteJid: `${1_000_000 + i}@lid` }));
    assert.equal(store.messages.find("t", "3A01").length, 16);
    store.close();
  });

  it("are sealed: neither words nor numbers are in the file", () => {
    const { store, places } = openTestStore();
    keep(store, "t", message());
    store.close();
    for (const path of [places.storePath]) {
      const file = readFileSync(path);
      for (const text of [SECRET, "5511920000001", "503357950726539"]) assert.equal(file.includes(text), false, text);
    }
  });

  it("go when they are too old or too many, and with their tenant", () => {
    const directory = makeDirectory();
    const store = openStore({ ...placesIn(directory), keptMessages: 100 });
    store.writer.now(() => {
      for (let i = 0; i < 1100; i += 1) keep(store, "big", message({ id: `M${i}` }), i);
    });
    keep(store, "small", message({ id: "S" }), 5000);
    const known = (tenantId: string, prefix: string, count: number): number => Array.from({ length: count }, (_, i) => store.messages.find(tenantId, `${prefix}${i}`).length).reduce((a, b) => a + b, 0);
    assert.ok(known("big", "M", 1100) <= 600, "the bound is kept, give or take what comes between two looks");
    assert.equal(store.messages.find("big", "M1099").length, 1);
    assert.ok(store.writer.now(() => store.messages.prune(1090, 10_000)) > 0);
    assert.equal(known("big", "M", 1100), 10);
    assert.equal(store.messages.find("small", "S").length, 1);
    store.writer.now(() => {
      store.eraser.shred("small");
    });
    assert.deepEqual(store.messages.find("small", "S"), [], "unreadable at once");
    while (!store.writer.now(() => store.eraser.sweep("small")));
    assert.equal(store.writer.now(() => store.messages.prune(10_000, 10_000)), 10, "only the others' are left");
    store.close();
  });
});

describe("uploads that are remembered", () => {
  it("open for their pairing only, until they are too old", () => {
    const { store, pairing } = openTestStore();
    const name = { family: "image", sha256: "aa".repeat(32) };
    const json = JSON.stringify({ mediaKey: randomBytes(32).toString("base64") });
    store.writer.now(() => {
      store.uploads.record(pairing, name, json, 1000);
    });
    assert.equal(store.uploads.get(pairing, name, 999), json);
    assert.equal(store.uploads.get(pairing, name, 1000), undefined);
    assert.equal(store.uploads.get(pairing, { ...name, family: "document" }, 0), undefined);
    const other = store.writer.now(() => store.sessions.newPairing("u", Date.now()));
    assert.equal(store.uploads.get(other, name, 0), undefined);
    assert.equal(store.writer.now(() => store.uploads.prune(1001, 10)), 1);
    store.close();
  });
});
