import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import Sqlite from "better-sqlite3";
import { MIGRATIONS } from "../../../bridge/src/store/migrations.js";
import { openStore } from "../../../bridge/src/store/store.js";
import { makeDirectory } from "../support/places.js";
import { openTestStore, placesIn, sampleEvent, sampleOutgoing } from "../support/test-store.js";

const CANARIES = ["canary-credential", "canary-key", "canary-inbound", "canary-event", "canary-outbox", "canary-encoded", "canary-audience", "canary-cipher", "canary-idempotency", "canary-answer", "canary-qr", "canary-proxy", "5511977777777"];

/** Every byte of every file of a store. */
function bytesOf(directory: string): Buffer {
  const folder = join(directory, "bridge");
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

describe("the store at rest", () => {
  it("shows none of what is told it in any of its files", () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    store.writer.now(() => {
      store.secrets.saveCredentials(pairing, Buffer.from("canary-credential"));
      store.secrets.saveKey(pairing, "session", "x", Buffer.from("canary-key"));
      store.inbound.record(pairing, Buffer.alloc(32), Buffer.from("canary-inbound"), Date.now());
      store.events.append(sampleEvent(pairing, "canary-event"));
      store.events.append({ pairingId: pairing.id, occurredAtMs: 1, data: { type: "session.qr", qr: { text: "canary-qr", expiresAtMs: 9 } }, qrExpiresMs: 9 });
      const row = store.outbox.insert(sampleOutgoing(pairing, "M", {
        request: { recipient: "+5511977777777", content: { type: "text", text: "canary-outbox" }, audience: ["canary-audience"] },
        built: { chatId: "5511977777777@s.whatsapp.net", encoded: Buffer.from("canary-encoded") },
        addresses: ["+5511977777777", "5511977777777@s.whatsapp.net"],
      }));
      store.ciphers.record(pairing, row?.id ?? 0, "5511977777777@s.whatsapp.net:0", { type: "msg", ciphertext: Buffer.from("canary-cipher") });
      if (row !== undefined) store.receipts.record(row, "5511977777777@s.whatsapp.net", 0, "read", 1);
      store.idempotency.claim("t", "canary-idempotency", { fingerprint: "00", kind: "message", subject: "M", answer: { text: "canary-answer" } });
      store.tenants.setProxy("t", "http://user:canary-proxy@example");
    });
    const written = bytesOf(directory);
    for (const canary of CANARIES) assert.equal(written.includes(canary), false, canary);
    store.close();
    const closed = bytesOf(directory);
    for (const canary of CANARIES) assert.equal(closed.includes(canary), false, canary);
    assert.deepEqual(readdirSync(join(directory, "bridge")).map((name) => statSync(join(directory, "bridge", name)).mode & 0o777), [0o600, 0o600]);
  });

  it("gives back what it was told, also after it was closed", () => {
    const { store, pairing, places } = openTestStore();
    const request = { recipient: "+1234567", content: { type: "text" as const, text: "é" }, context: { replyTo: "X" } };
    const built = { chatId: "1234567@lid", encoded: Buffer.from([0, 255, 7]), attributes: { edit: "1" } };
    store.writer.now(() => {
      store.events.append(sampleEvent(pairing, "hello"));
      store.outbox.insert(sampleOutgoing(pairing, "M", { request, built, sendAtMs: 7, acceptedAtMs: 5, expiresAtMs: 9 }));
      store.tenants.setProxy("t", "socks5://a:b@c:1");
    });
    store.close();
    const again = openStore(places);
    const row = again.outbox.get("t", "M");
    assert.deepEqual([row?.request, row?.built, row?.stage, row?.acceptedAtMs, row?.sendAtMs, row?.expiresAtMs], [request, built, "scheduled", 5, 7, 9]);
    assert.equal((again.events.after(0, 9)[0]?.event.data as { content: { text: string } }).content.text, "hello");
    assert.equal(again.tenants.proxy("t"), "socks5://a:b@c:1");
    again.close();
  });

  it("leaves out what belongs to a tenant whose key was destroyed, and goes on", () => {
    const { store, pairing } = openTestStore();
    const other = store.writer.now(() => store.sessions.newPairing("u", Date.now()));
    store.writer.now(() => {
      store.events.append(sampleEvent(pairing, "gone"));
      store.events.append(sampleEvent(other, "there"));
      store.outbox.insert(sampleOutgoing(pairing, "M"));
      store.tenants.destroy("t");
    });
    assert.deepEqual(store.events.after(0, 1).map(({ event }) => event.tenantId), ["u"]);
    assert.equal(store.outbox.get("t", "M"), undefined);
    assert.deepEqual(store.outboxLists.newest("t", undefined, undefined, 9), []);
    store.writer.now(() => {
      store.events.append(sampleEvent(pairing, "anew"));
    });
    assert.deepEqual(store.events.after(0, 9).map(({ event }) => event.position), [2, 3]);
    store.close();
  });

  it("of an older version is sealed when it is opened, and what stood in the clear is wiped from the file", () => {
    const directory = makeDirectory();
    const places = placesIn(directory);
    mkdirSync(join(directory, "bridge"));
    const old = new Sqlite(places.storePath);
    old.pragma("journal_mode = WAL");
    old.exec(MIGRATIONS[0] as string);
    old.pragma("user_version = 1");
    old.exec(`
      INSERT INTO pairing (id, session_id, tenant_id, last_sequence) VALUES (1, 't_1', 't', 2);
      INSERT INTO event (event_id, pairing_id, sequence, occurred_ms, data) VALUES ('evt_1', 1, 1, 5, '{"type":"session.qr","qr":{"text":"canary-old","expiresAtMs":1}}'), ('evt_2', 1, 2, 6, '{"type":"session.qr"}');
      INSERT INTO outbox (tenant_id, message_id, pairing_id, recipient, chat_id, content, encoded, status, accepted_ms) VALUES ('t', 'M', 1, '+1', '1@lid', '{"type":"text","text":"canary-old"}', x'6162', 'sent', 7), ('t', 'N', 1, '+1', '1@lid', '{"type":"text","text":"open"}', x'63', 'accepted', 8);
    `);
    old.close();
    const store = openStore(places);
    assert.deepEqual(store.events.after(0, 9).map(({ event }) => event.data), [{ type: "session.qr", qr: { text: "canary-old", expiresAtMs: 1 } }, { type: "session.qr" }]);
    const kept = store.outbox.get("t", "M");
    assert.deepEqual([kept?.request, kept?.built, kept?.status, kept?.stage], [{ recipient: "+1", content: { type: "text", text: "canary-old" } }, { chatId: "1@lid", encoded: Buffer.from("ab") }, "sent", undefined]);
    assert.deepEqual(store.outbox.stranded(9).map(({ messageId }) => messageId), ["N"], "what was being sent is told as unknown");
    assert.equal(store.events.head(), 2);
    assert.equal(bytesOf(directory).includes("canary-old"), false);
    store.close();
  });
});
