import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import { textOf, type Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { waitFor } from "./support/wait.js";

const NUMBER = "+5511910000051";
const CONTACT = "+5511920000051";
const CONTACT_JID = "5511920000051@s.whatsapp.net";

describe("faults", () => {
  let harness: Harness;
  let alice: Client;

  before(async () => {
    harness = await Harness.start();
    alice = await harness.paired(NUMBER, "Alice");
  });
  afterEach(() => harness.admin.delete("/faults"));
  after(() => harness.stop());

  const fault = (request: object): Promise<unknown> => harness.admin.post("/faults", { number: NUMBER, ...request });
  const closedWith = async (code: number, request: object): Promise<void> => {
    const before = alice.closes.length;
    await fault(request);
    await alice.until(`the close ${code}`, () => alice.closes.length > before);
    assert.equal(alice.closes[before], code);
  };
  const inbox = async (query: string): Promise<InboxMessage[]> =>
    (await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=5000${query}`)).messages;

  const ends: [code: number, kind: string][] = [
    [428, "drop"], [428, "drop-mid-frame"], [428, "close"], [515, "restart"], [503, "unavailable"], [500, "bad-session"], [411, "multi-device"],
  ];
  for (const [code, kind] of ends) {
    it(`"${kind}" ends the link with ${code}, and the client comes back`, async () => {
      await closedWith(code, { kind });
      await alice.waitOpen();
      await alice.send(CONTACT_JID, { text: `after ${kind}` });
      assert.equal((await inbox(`&text=${encodeURIComponent(`after ${kind}`)}`)).length, 1);
    });
  }

  for (const [code, kind] of [[401, "logged-out"], [403, "forbidden"], [440, "replaced"]] as const) {
    it(`"${kind}" ends the link with ${code}, and so does the next login when asked to`, async () => {
      await closedWith(code, { kind });
      await fault({ kind, on: "login" });
      alice.comeBack();
      await alice.until("the refused login", () => alice.closes.at(-1) === code && alice.state.connection === "close");
      await alice.comeBack().waitOpen();
    });
  }

  it("a second login of the same device replaces the first", async () => {
    const twin = harness.client({}, false, alice.auth).start();
    await alice.until("being replaced", () => alice.closes.at(-1) === 440);
    await twin.waitOpen();
    await twin.goOffline();
    await alice.comeBack().waitOpen();
  });

  it("refused messages carry their error code to the sender and reach nobody", async () => {
    for (const code of [463, 479]) {
      await fault({ kind: "error-ack", code, count: 1 });
      const sent = await alice.send(CONTACT_JID, { text: `refused ${code}` });
      // The error comes so soon that Baileys may fold it into the echo of the message.
      const parameters = await alice.until("the error", () => alice.errors(sent.key.id ?? ""));
      assert.equal(parameters[0], String(code));
    }
    await alice.send(CONTACT_JID, { text: "accepted again" });
    await inbox(`&text=${encodeURIComponent("accepted again")}`);
    assert.ok(!(await inbox("")).some((each) => each.text?.startsWith("refused")));
  });

  it("a swallowed acknowledgement leaves the message delivered and the sender without an answer", async () => {
    await fault({ kind: "swallow-ack", count: 1 });
    const sent = await alice.send(CONTACT_JID, { text: "no answer" });
    const id = sent.key.id ?? "";
    assert.equal((await inbox(`&id=${id}`)).length, 1);
    const { entries } = await harness.admin.get<{ entries: unknown[] }>(`/ledger?tag=ack&id=${id}&direction=out`);
    assert.equal(entries.length, 0);
    await alice.send(CONTACT_JID, { text: "answered" });
  });

  it("the link can be cut right after a message got through", async () => {
    await fault({ kind: "swallow-ack", count: 1 });
    await fault({ kind: "drop", on: "message" });
    const before = alice.closes.length;
    await alice.send(CONTACT_JID, { text: "last words" });
    await alice.until("the cut", () => alice.closes.length > before);
    assert.equal((await inbox(`&text=${encodeURIComponent("last words")}`)).length, 1);
    await alice.waitOpen();
  });

  it("duplicated messages arrive twice on the wire and once for the user", async () => {
    await fault({ kind: "duplicate", count: 1 });
    // Somebody she never wrote to: with several sessions Baileys cannot tell a copy and asks for a resend.
    const stranger = "+5511920000052";
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${stranger}/say`, { to: NUMBER, text: "twice" });
    await alice.waitText("twice");
    await waitFor("both copies on the wire", async () => {
      const { entries } = await harness.admin.get<{ entries: unknown[] }>(`/ledger?tag=message&id=${id}&direction=out`);
      return entries.length === 2;
    });
    await harness.admin.post(`/contacts/${stranger}/say`, { to: NUMBER, text: "and then" });
    await alice.waitText("and then");
    assert.equal(alice.received.filter((each) => textOf(each) === "twice").length, 1);
  });

  it("a stalled link answers nothing until the stall is over", async () => {
    await fault({ kind: "stall", forMs: 400 });
    const began = Date.now();
    await alice.sock.fetchBlocklist();
    assert.ok(Date.now() - began >= 350, "the answer came during the stall");
  });

  it("delays hold back all stanzas, or those of one kind", async () => {
    await fault({ kind: "delay", ms: 300, count: 1 });
    let began = Date.now();
    await alice.sock.fetchBlocklist();
    assert.ok(Date.now() - began >= 290);
    await fault({ kind: "delay", ms: 300, tag: "message" });
    began = Date.now();
    await alice.sock.fetchBlocklist();
    assert.ok(Date.now() - began < 250);
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: NUMBER, text: "late" });
    began = Date.now();
    await alice.waitText("late");
    assert.ok(Date.now() - began >= 200);
  });

  it("connections can be refused for a while", async () => {
    await harness.admin.post("/faults", { kind: "refuse", count: 2 });
    const before = alice.closes.length;
    await fault({ kind: "drop" });
    await alice.until("two refusals", () => alice.closes.length >= before + 3);
    assert.deepEqual(alice.closes.slice(before, before + 3), [428, 408, 408]);
    await alice.waitOpen();
  });

  it("a login can go without `ib offline`", async () => {
    await fault({ kind: "withhold-offline", count: 1 });
    await fault({ kind: "drop" });
    await alice.until("the link to drop", () => alice.state.connection === "close");
    await alice.waitOpen();
    assert.notEqual(alice.state.receivedPendingNotifications, true);
    await fault({ kind: "drop" });
    await alice.until("the announcement", () => alice.state.receivedPendingNotifications === true);
  });

  it("the certificate chain is properly signed unless it is forged", async () => {
    const { verifyChain } = await import("./support/handshake.js");
    const rootKey = Buffer.from((await harness.admin.get<{ rootKey: string }>("/root-key")).rootKey, "hex");
    assert.equal(rootKey.toString("hex"), harness.listening.rootKey);
    assert.deepEqual(await verifyChain(harness.listening, rootKey), { root: true, leaf: true, bound: true, issuerSerial: 0 });
    const expected = { root: [false, true, true], leaf: [true, true, false], signature: [false, false, true] };
    for (const [forgery, [root, leaf, bound]] of Object.entries(expected)) {
      await harness.admin.post("/faults", { kind: "forged-certificate", forgery, count: 1 });
      assert.deepEqual(await verifyChain(harness.listening, rootKey), { root, leaf, bound, issuerSerial: 0 });
    }
  });

  it("are checked before they are taken in", async () => {
    assert.equal((await harness.admin.call("POST", "/faults", { kind: "earthquake" })).status, 422);
    assert.equal((await harness.admin.call("POST", "/faults", { kind: "stall", number: "x" })).status, 422);
    assert.equal((await harness.admin.call("POST", "/faults", { kind: "stall", on: "login" })).status, 422);
    assert.equal((await harness.admin.call("DELETE", "/faults/12345")).status, 404);
  });
});
