import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { LedgerEntry } from "../../../bridge/sandbox/world/ledger.js";
import { Harness } from "./support/harness.js";

const NUMBER = "+5511910000101";

describe("the admin interface", () => {
  let harness: Harness;
  before(async () => { harness = await Harness.start({ ledgerEntries: 300 }); });
  after(() => harness.stop());

  const refused = async (status: number, code: string, method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await harness.admin.call(method, path, body);
    assert.deepEqual([answer.status, (answer.body["error"] as { code: string }).code], [status, code], path);
  };

  it("says why it refuses something", async () => {
    await refused(404, "not_found", "GET", "/nothing");
    await refused(405, "method_not_allowed", "PUT", "/contacts");
    await refused(400, "bad_json", "POST", "/contacts", "{");
    await refused(400, "bad_json", "POST", "/contacts", "[]");
    await refused(413, "body_too_large", "POST", "/contacts", { name: "x".repeat(2 << 20) });
    await refused(422, "field_missing", "POST", "/contacts", {});
    await refused(422, "field_invalid", "POST", "/contacts", { number: NUMBER, exists: "yes" });
    await refused(422, "number_invalid", "POST", "/contacts", { number: "abc" });
    await refused(404, "number_absent", "GET", "/contacts/abc/messages");
    await refused(422, "field_invalid", "GET", "/ledger?limit=many");
    await refused(404, "recipient_absent", "POST", `/contacts/${NUMBER}/say`, { to: "abc", text: "x" });
    await refused(404, "device_absent", "POST", `/mock-phone/${NUMBER}/remove-device`, { device: 7 });
    await refused(404, "group_absent", "GET", "/groups/1");
    await refused(400, "bad_path", "GET", "/contacts/%ZZ");
  });

  it("shows what a client must trust", async () => {
    const { body } = await harness.admin.call("GET", "/ca.pem");
    assert.equal(body["text"], harness.listening.ca);
    assert.deepEqual(await harness.admin.get("/root-key"), { rootKey: harness.listening.rootKey });
  });

  it("lets one wait for stanzas, filter them, and keeps no more than it is told to", async () => {
    const { cursor } = await harness.admin.get<{ cursor: number }>("/ledger?limit=1");
    const waiting = harness.admin.get<{ entries: LedgerEntry[] }>(`/ledger?after=${cursor}&tag=success&wait=10000`);
    const client = await harness.paired(NUMBER);
    const [success] = (await waiting).entries;
    assert.equal(success?.tag, "success");
    assert.equal(success.direction, "out");
    assert.equal(success.jid, "5511910000101:1@s.whatsapp.net");
    assert.equal(success.attrs["lid"], client.auth.creds.me?.lid);
    for (let i = 0; i < 200; i++) await client.sock.fetchBlocklist();
    const { entries } = await harness.admin.get<{ entries: LedgerEntry[] }>("/ledger?limit=5000");
    assert.equal(entries.length, 300);
    assert.deepEqual(entries.map((each) => each.position), entries.map((_, i) => (entries[0]?.position ?? 0) + i));
    const answers = entries.filter((each) => each.attrs["type"] === "result");
    const { entries: filtered } = await harness.admin.get<{ entries: LedgerEntry[] }>(`/ledger?type=result&direction=out&number=${NUMBER.slice(1)}&limit=5000`);
    assert.deepEqual(filtered, answers);
    await harness.admin.delete("/ledger");
    assert.equal((await harness.admin.get<{ entries: LedgerEntry[] }>("/ledger")).entries.length, 0);
  });

  it("knows who is connected", async () => {
    const { connections } = await harness.admin.get<{ connections: { jid: string }[] }>("/connections");
    assert.deepEqual(connections.map((each) => each.jid), ["5511910000101:1@s.whatsapp.net"]);
    const { status, connections: count } = await harness.admin.get<{ status: string; connections: number }>("/health");
    assert.deepEqual([status, count], ["ok", 1]);
  });

  it("forgets everything but its keys when told to", async () => {
    await harness.admin.post("/groups", { by: "+5511920000101", subject: "Gone soon", members: [NUMBER] });
    await harness.admin.post("/reset");
    assert.deepEqual(await harness.admin.get("/accounts"), { accounts: [] });
    assert.deepEqual(await harness.admin.get("/groups"), { groups: [] });
    assert.deepEqual(await harness.admin.get("/contacts"), { contacts: [] });
    assert.deepEqual(await harness.admin.get("/root-key"), { rootKey: harness.listening.rootKey });
    await harness.paired(NUMBER);
  });
});
