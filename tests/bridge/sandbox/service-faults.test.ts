import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { downloadMediaMessage } from "baileys";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Send } from "../../../bridge/sandbox/world/sends.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { waitFor } from "./support/wait.js";

const NUMBER = "+5511910000053";
const CONTACT = "+5511920000053";
const CONTACT_JID = "5511920000053@s.whatsapp.net";
const STRANGER_JID = "5511920000054@s.whatsapp.net";

describe("faults of the service behind the link", () => {
  let harness: Harness;
  let alice: Client;

  before(async () => {
    harness = await Harness.start({ receiptDelayMs: 0 });
    alice = await harness.paired(NUMBER, "Alice", { mediaUploadTimeoutMs: 300, defaultQueryTimeoutMs: 700 } as never);
  });
  afterEach(() => harness.admin.delete("/faults"));
  after(() => harness.stop());

  const fault = (request: object): Promise<unknown> => harness.admin.post("/faults", { number: NUMBER, ...request });
  const record = async (id: string, fits: (send: Send) => boolean = () => true): Promise<Send> =>
    waitFor(`the record of ${id}`, async () => (await harness.admin.get<{ sends: Send[] }>(`/sends?id=${id}`)).sends.find(fits));
  const inbox = async (id: string, wait = 5_000): Promise<InboxMessage[]> =>
    (await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=${wait}&id=${id}`)).messages;
  const acks = async (id: string): Promise<{ time: number; direction: string }[]> =>
    (await harness.admin.get<{ entries: { time: number; direction: string }[] }>(`/ledger?tag=ack&direction=out&id=${id}`)).entries;

  it("acknowledgements can be swallowed for an account until that is lifted", async () => {
    await fault({ kind: "swallow-ack" });
    const silent: string[] = [];
    for (const text of ["one", "two"]) silent.push((await alice.send(CONTACT_JID, { text })).key.id ?? "");
    for (const id of silent) {
      assert.equal((await inbox(id)).length, 1);
      assert.equal((await record(id)).ack, "none");
      assert.deepEqual(await acks(id), []);
    }
    await harness.admin.delete("/faults");
    const heard = (await alice.send(CONTACT_JID, { text: "three" })).key.id ?? "";
    await record(heard, (send) => send.ack === "sent");
  });

  it("acknowledgements can come late while everything else is in time", async () => {
    await fault({ kind: "delay-ack", ms: 250, count: 1 });
    const began = Date.now();
    const id = (await alice.send(CONTACT_JID, { text: "late answer" })).key.id ?? "";
    await inbox(id);
    await alice.sock.fetchBlocklist();
    assert.ok(Date.now() - began < 240, "something else was late too");
    assert.equal((await record(id)).ack, "none");
    await record(id, (send) => send.ack === "sent");
    assert.ok(Date.now() - began >= 250);
  });

  for (const deliver of [true, false]) {
    it(`the link can be cut at the third message, which is ${deliver ? "" : "not "}delivered`, async () => {
      await fault({ kind: "cut-at-message", skip: 2, count: 1, deliver });
      const closes = alice.closes.length;
      const ids: string[] = [];
      for (const text of ["first", "second", "third"]) ids.push((await alice.send(CONTACT_JID, { text })).key.id ?? "");
      await alice.until("the cut", () => alice.closes.length > closes);
      assert.equal(alice.closes[closes], 428);
      const third = await record(ids[2] ?? "");
      assert.equal(third.ack, "none");
      assert.deepEqual(await acks(third.id), []);
      for (const id of ids.slice(0, 2)) assert.equal((await record(id)).ack, "sent");
      await alice.waitOpen();
      assert.equal((await inbox(third.id, deliver ? 5_000 : 0)).length, deliver ? 1 : 0);
    });
  }

  it("refusals can be for new chats only, or for one recipient", async () => {
    await alice.send(CONTACT_JID, { text: "an old chat" });
    await fault({ kind: "error-ack", code: 463, newChats: true });
    const refused = await alice.send(STRANGER_JID, { text: "hello stranger" });
    assert.equal((await alice.until("the refusal", () => alice.errors(refused.key.id ?? "")))[0], "463");
    await record((await alice.send(CONTACT_JID, { text: "still open" })).key.id ?? "", (send) => send.ack === "sent");
    await harness.admin.post("/contacts/+5511920000054/say", { to: NUMBER, text: "I write first" });
    await alice.waitText("I write first");
    await record((await alice.send(STRANGER_JID, { text: "then I may" })).key.id ?? "", (send) => send.ack === "sent");
    await harness.admin.delete("/faults");
    await fault({ kind: "error-ack", code: 479, to: CONTACT_JID });
    await record((await alice.send(STRANGER_JID, { text: "to you" })).key.id ?? "", (send) => send.ack === "sent");
    const other = await record((await alice.send(CONTACT_JID, { text: "not to you" })).key.id ?? "", (send) => send.ack !== "none");
    assert.equal(other.error, "479");
  });

  it("the quota of new chats is told when asked, and pushed", async () => {
    await fault({ kind: "capping", quota: 50, spent: 45, status: "SECOND_WARNING", ms: 60_000 });
    const cap = await alice.sock.fetchNewChatMessageCap();
    assert.deepEqual([cap.total_quota, cap.used_quota, cap.capping_status], [50, 45, "SECOND_WARNING"]);
    assert.ok(Number(cap.cycle_end_timestamp) * 1000 > Date.now());
    await fault({ kind: "capping-notice", quota: 50, spent: 50, status: "CAPPED", ms: 60_000 });
    const pushed = await alice.until("the notice", () => alice.of("message-capping.update")[0]);
    assert.deepEqual([pushed.used_quota, pushed.capping_status], [50, "CAPPED"]);
    await harness.admin.delete("/faults");
    assert.equal((await alice.sock.fetchNewChatMessageCap()).capping_status, "NONE");
  });

  it("the lock on new chats keeps its end, goes on and off, and is pushed", async () => {
    await fault({ kind: "timelock", ms: 60_000 });
    const first = await alice.sock.fetchAccountReachoutTimelock();
    const second = await alice.sock.fetchAccountReachoutTimelock();
    assert.equal(first.isActive, true);
    assert.equal(first.timeEnforcementEnds?.getTime(), second.timeEnforcementEnds?.getTime());
    await harness.admin.delete("/faults");
    assert.equal((await alice.sock.fetchAccountReachoutTimelock()).isActive, false);
    await fault({ kind: "timelock-notice", ms: 60_000 });
    await alice.until("the lock", () => alice.of("connection.update").findLast((each) => each.reachoutTimeLock)?.reachoutTimeLock?.isActive);
    await fault({ kind: "timelock-notice", ms: 0 });
    await alice.until("its end", () => alice.of("connection.update").findLast((each) => each.reachoutTimeLock)?.reachoutTimeLock?.isActive === false);
  });

  it("requests can be refused as too many, by namespace and element", async () => {
    await fault({ kind: "refuse-request", xmlns: "w:g2", tag: "participating", code: 429, count: 1 });
    await assert.rejects(alice.sock.groupFetchAllParticipating(), /rate-overlimit/);
    assert.deepEqual(await alice.sock.groupFetchAllParticipating(), {});
    await fault({ kind: "refuse-request", xmlns: "usync", code: 429, count: 1 });
    await assert.rejects(alice.sock.onWhatsApp(CONTACT), /rate-overlimit/);
    assert.equal((await alice.sock.onWhatsApp(CONTACT))?.[0]?.exists, true);
  });

  it("requests can be slow, or stay without an answer", async () => {
    await fault({ kind: "delay-request", xmlns: "usync", ms: 250, count: 1 });
    const began = Date.now();
    const slow = alice.sock.onWhatsApp(CONTACT);
    await alice.sock.fetchBlocklist();
    assert.ok(Date.now() - began < 240);
    await slow;
    assert.ok(Date.now() - began >= 250);
    await fault({ kind: "swallow-request", xmlns: "usync", count: 1 });
    // Baileys gives up after its timeout and says nothing.
    assert.equal(await alice.sock.onWhatsApp(CONTACT), undefined);
  });

  it("uploads can be refused, slow, or stay without an answer", async () => {
    const document = { document: randomBytes(2_000), mimetype: "application/pdf", fileName: "x.pdf" };
    for (const code of [403, 500]) {
      await fault({ kind: "refuse-upload", code, count: 1 });
      await assert.rejects(alice.send(CONTACT_JID, document), /upload failed/);
    }
    await fault({ kind: "swallow-upload", count: 1 });
    await assert.rejects(alice.sock.sendMessage(CONTACT_JID, document, { mediaUploadTimeoutMs: 200 }), /upload failed/);
    await fault({ kind: "delay-upload", ms: 200, count: 1 });
    const began = Date.now();
    const sent = await alice.send(CONTACT_JID, document);
    assert.ok(Date.now() - began >= 200);
    assert.equal((await inbox(sent.key.id ?? ""))[0]?.media?.ok, true);
    // Somebody else's uploads are not concerned.
    await harness.admin.post("/faults", { kind: "refuse-upload", number: "+5511999990000" });
    await alice.send(CONTACT_JID, document);
  });

  it("a file that is gone is uploaded again by the account's phone when asked, if it has it", async () => {
    const file = randomBytes(2_000);
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: NUMBER, media: { kind: "image", base64: file.toString("base64") } });
    const message = await alice.waitMessage("the file", (each) => each.key.id === id);
    const before = message.message?.imageMessage?.directPath;
    const updated = await alice.sock.updateMediaMessage(message);
    const after = updated.message?.imageMessage?.directPath;
    assert.ok(after && after !== before);
    const host = new URL(harness.listening.adminUrl).host;
    assert.ok(file.equals(await downloadMediaMessage(updated, "buffer", { host })));
    const unknown = { ...message, key: { ...message.key, id: "3A00" } };
    await assert.rejects(alice.sock.updateMediaMessage(unknown), /Failed to re-upload media/);
  });

  it("downloads can be refused or slow", async () => {
    const media = { kind: "document", base64: randomBytes(2_000).toString("base64") };
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: NUMBER, media });
    const message = await alice.waitMessage("the file", (each) => each.key.id === id);
    await harness.admin.post("/faults", { kind: "refuse-download", code: 410, count: 1 });
    await assert.rejects(downloadMediaMessage(message, "buffer", {}), /410|Failed to fetch/);
    await harness.admin.post("/faults", { kind: "delay-download", ms: 200, count: 1 });
    const began = Date.now();
    await downloadMediaMessage(message, "buffer", {});
    assert.ok(Date.now() - began >= 200);
  });
});
