import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { MessageSendParams, OutgoingMessage } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";
import { arrived, assertReadOnce, sendsOf } from "./sends.js";

const OWNER = "+5511910000003";
const CONTACT = "+5511920000001";
const MEMBERS = ["+5511920000011", "+5511920000012", "+5511920000013"];
const T = "acme";

describe("a message whose fate is not known", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start({ SEND_ANSWER_TIMEOUT_SECONDS: "1" });
    await gateway.paired(T, OWNER, "Acme");
    await gateway.send(T, CONTACT, "first");
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: MEMBERS[0], subject: "Team", members: [OWNER, ...MEMBERS.slice(1)] })).jid;
    await gateway.send(T, group, "first");
  });
  after(() => gateway.end());
  afterEach(() => gateway.sandbox.delete("/faults"));

  const send = (to: string, text: string, more: Partial<MessageSendParams> = {}): Promise<OutgoingMessage> => gateway.send(T, to, text, { waitMs: 0, ...more });
  const fault = (kind: string, more: object = {}): Promise<unknown> => gateway.sandbox.post("/faults", { kind, number: OWNER, ...more });
  const status = (messageId: string, ...wanted: string[]): Promise<OutgoingMessage> =>
    waitFor(`${messageId} to be ${wanted.join(" or ")}`, async () => {
      const message = await gateway.rpc.call("message.get", { tenantId: T, messageId });
      // A session that lost its link several times waits longer each time.
      await gateway.rpc.call("session.start", { tenantId: T, waitMs: 0 });
      return wanted.includes(message.status) ? message : undefined;
    }, 20_000);

  for (const deliver of [true, false]) {
    it(`is sent again when the link was cut as it ${deliver ? "had reached" : "was on its way to"} WhatsApp, in order, and read once`, async () => {
      const ids: string[] = [];
      for (let point = 0; point < 3; point += 1) {
        await fault("cut-at-message", { deliver, skip: point, count: 1 });
        const messages = [0, 1, 2, 3].map((i) => send(i % 2 === 0 ? CONTACT : group, `cut ${deliver} ${point} ${i}`));
        for (const message of messages) ids.push((await message).messageId);
        for (const id of ids) await status(id, "sent", "delivered");
      }
      for (const id of ids) await arrived(gateway, OWNER, id);
      const sends = await sendsOf(gateway, OWNER);
      assertReadOnce(sends, ids);
      for (const chat of new Set(sends.map((each) => each.chat))) {
        const order = sends.filter((each) => each.chat === chat && ids.includes(each.id)).sort((a, b) => a.chatPosition - b.chatPosition).map(({ id }) => id);
        assert.deepEqual(order, ids.filter((id) => order.includes(id)));
      }
    });
  }

  for (const deliver of [true, false]) {
    it(`is in a channel once when the link was cut as it ${deliver ? "had reached" : "was on its way to"} WhatsApp`, async () => {
      const { channelId } = await gateway.rpc.call("channel.create", { tenantId: T, name: `News ${deliver}` });
      await send(channelId, "before").then(({ messageId }) => status(messageId, "sent"));
      await fault("cut-at-message", { deliver, count: 1, to: channelId });
      const { messageId } = await send(channelId, "once");
      const next = await send(channelId, "after");
      for (const id of [messageId, next.messageId]) await status(id, "sent");
      const { messages } = await gateway.rpc.call("channel.messages", { tenantId: T, channelId, limit: 50 });
      assert.deepEqual(messages.map(({ text }) => text), ["after", "once", "before"]);
    });
  }

  it("is settled by a receipt that waited for the session, and then not sent again", async () => {
    await fault("swallow-ack");
    await fault("delay", { tag: "receipt", ms: 600_000 });
    const sent = await send(CONTACT, "settled by a receipt");
    await arrived(gateway, OWNER, sent.messageId);
    await gateway.bridge.kill();
    await gateway.sandbox.delete("/faults");
    await gateway.restart();
    await status(sent.messageId, "delivered");
    const [found] = (await sendsOf(gateway, OWNER)).filter(({ id }) => id === sent.messageId);
    assert.equal(found?.arrivals, 1);
  });

  it("is sent again, the same bytes, when WhatsApp is silent on a link that stands, and refused by who read it", async () => {
    await fault("swallow-ack", { count: 1 });
    await fault("delay", { tag: "receipt", ms: 4000 });
    const sent = await send(CONTACT, "silence");
    const found = await arrived(gateway, OWNER, sent.messageId, 2);
    assert.deepEqual(found.devices.filter(({ device }) => device === 0).map(({ copies, readable, identical }) => [copies, readable, identical]), [[2, 1, true], [2, 1, true]]);
    await status(sent.messageId, "sent", "delivered");
  });

  it("reaches everybody in a group when the message that was to bring our key to them was lost", async () => {
    const fresh = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: MEMBERS[0], subject: "New", members: [OWNER, ...MEMBERS.slice(1)] })).jid;
    await fault("cut-at-message", { deliver: false, count: 1, to: fresh });
    const first = await send(fresh, "brings the key");
    const second = await send(fresh, "needs the key");
    for (const { messageId } of [first, second]) await status(messageId, "sent", "delivered");
    for (const { messageId } of [first, second]) await arrived(gateway, OWNER, messageId);
    const sends = await sendsOf(gateway, OWNER);
    assertReadOnce(sends, [first.messageId, second.messageId]);
    assert.ok(sends.filter(({ chat }) => chat === fresh).every(({ devices }) => devices.every(({ retries }) => retries === 0)), "nobody had to ask for a copy");
  });

  it("brings the key again with the next message when WhatsApp refused the one that was to bring it", async () => {
    const fresh = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: MEMBERS[0], subject: "Refused", members: [OWNER, ...MEMBERS.slice(1)] })).jid;
    await fault("error-ack", { code: 420, count: 1, to: fresh });
    const first = await send(fresh, "refused");
    assert.deepEqual((await status(first.messageId, "failed")).failure, { code: "rejected", whatsappError: 420 });
    const second = await send(fresh, "brings the key");
    const found = await arrived(gateway, OWNER, second.messageId);
    assert.ok(found.devices.every(({ retries }) => retries === 0));
  });

  it("stays unknown when its sender asked for that, and is not sent again", async () => {
    await fault("swallow-ack", { count: 1 });
    await fault("delay", { tag: "receipt", ms: 600_000 });
    const sent = await send(CONTACT, "a payment", { whenUncertain: "hold" });
    await status(sent.messageId, "unknown");
    await waitFor("the event", () => gateway.follower.of("message.status").some(({ data }) => data.messageId === sent.messageId && data.status === "unknown"));
    await gateway.sandbox.delete("/faults");
    await gateway.sandbox.post(`/contacts/${CONTACT}/receipt`, { type: "delivered", to: OWNER, ids: [sent.messageId] });
    await status(sent.messageId, "delivered");
    assert.equal((await sendsOf(gateway, OWNER)).find(({ id }) => id === sent.messageId)?.arrivals, 1);
  });

  it("is given up as unknown after some tries, and is not lost from sight", async () => {
    await fault("swallow-ack");
    await fault("delay", { tag: "receipt", ms: 600_000 });
    const sent = await send(CONTACT, "never answered");
    await status(sent.messageId, "unknown");
    const found = await arrived(gateway, OWNER, sent.messageId, 4);
    assert.equal(found.arrivals, 4);
    assertReadOnce([found], [sent.messageId]);
  });

  it("becomes unknown when it expires, though its session stays stopped", async () => {
    await fault("swallow-ack");
    await fault("delay", { tag: "receipt", ms: 600_000 });
    const sent = await send(CONTACT, "and then it was stopped", { expiresAtMs: Date.now() + 1500 });
    await arrived(gateway, OWNER, sent.messageId);
    await gateway.rpc.call("session.stop", { tenantId: T });
    const message = await waitFor("it to be unknown", async () => {
      const found = await gateway.rpc.call("message.get", { tenantId: T, messageId: sent.messageId });
      return found.status === "accepted" ? undefined : found;
    }, 10_000);
    assert.equal(message.status, "unknown");
    await waitFor("the event", () => gateway.follower.of("message.status").some(({ data }) => data.messageId === sent.messageId && data.status === "unknown"));
    await gateway.sandbox.delete("/faults");
    await gateway.rpc.call("session.start", { tenantId: T, waitMs: 10_000 });
  });

  it("is never tried again once WhatsApp said 463", async () => {
    await fault("error-ack", { code: 463, count: 1 });
    const sent = await send(CONTACT, "restricted");
    assert.deepEqual((await status(sent.messageId, "failed")).failure, { code: "restricted", whatsappError: 463 });
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState(T, "connected");
    const next = await gateway.send(T, CONTACT, "another");
    await arrived(gateway, OWNER, next.messageId);
    assert.equal((await sendsOf(gateway, OWNER)).find(({ id }) => id === sent.messageId)?.arrivals, 1);
  });

  it("is tried again when WhatsApp does not say which devices somebody has, and its chat waits", async () => {
    const somebody = "+5511920000031";
    await gateway.sandbox.post("/contacts", { number: somebody });
    await fault("refuse-request", { xmlns: "usync", code: 503, count: 2 });
    const first = await send(`${somebody.slice(1)}@s.whatsapp.net`, "one");
    const second = await send(`${somebody.slice(1)}@s.whatsapp.net`, "two");
    for (const { messageId } of [first, second]) await arrived(gateway, OWNER, messageId);
    const sends = await sendsOf(gateway, OWNER);
    assert.ok((sends.find(({ id }) => id === first.messageId)?.position ?? 0) < (sends.find(({ id }) => id === second.messageId)?.position ?? 0));
  });

  it("fails when nobody has the address", async () => {
    const sent = await send("5511999999999999@s.whatsapp.net", "nobody");
    assert.equal((await status(sent.messageId, "failed")).failure?.code, "recipient_not_on_whatsapp");
  });
});

describe("a device that could not read a message", () => {
  let gateway: Gateway;
  let group = "";
  const OWN = "+5511910000004";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired(T, OWN, "Acme");
    await gateway.send(T, CONTACT, "first");
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: MEMBERS[0], subject: "Team", members: [OWN, ...MEMBERS.slice(1)] })).jid;
    await gateway.send(T, group, "first");
  });
  after(() => gateway.end());

  it("gets a copy of its own, and nobody else reads it twice", async () => {
    // Until the contact answers, each message brings the keys that open it.
    const said = await gateway.sandbox.say(CONTACT, OWN, "hello");
    await waitFor("what was said", () => gateway.follower.of("message").some(({ data }) => data.messageId === said));
    await gateway.send(T, CONTACT, "on a session");
    await gateway.sandbox.post(`/contacts/${CONTACT}/forget-keys`);
    const sent = await gateway.send(T, CONTACT, "once more please");
    const found = await arrived(gateway, OWN, sent.messageId);
    const asker = found.devices.find(({ number }) => number === CONTACT.slice(1));
    assert.deepEqual([asker?.readable, asker?.retries], [1, 1]);
    assertReadOnce([found], [sent.messageId]);
  });

  it("of a group gets our key and a copy, and the others nothing they can read again", async () => {
    await gateway.sandbox.post(`/contacts/${MEMBERS[1]}/forget-keys`);
    const sent = await gateway.send(T, group, "once more, all");
    const found = await arrived(gateway, OWN, sent.messageId);
    assertReadOnce([found], [sent.messageId]);
    const next = await gateway.send(T, group, "and on");
    const after = await arrived(gateway, OWN, next.messageId);
    assertReadOnce([after], [next.messageId]);
    assert.ok(after.devices.every(({ retries }) => retries === 0), "the key is with everybody");
  });

  it("of a story gets a copy too, and nobody else is shown it twice", async () => {
    const audience: [string, ...string[]] = [CONTACT, MEMBERS[1] ?? ""];
    const story = (text: string): Promise<OutgoingMessage> => gateway.send(T, "status@broadcast", text, { audience });
    await arrived(gateway, OWN, (await story("first")).messageId);
    const said = await gateway.sandbox.say(CONTACT, OWN, "nice");
    await waitFor("what was said", () => gateway.follower.of("message").some(({ data }) => data.messageId === said));
    await arrived(gateway, OWN, (await story("on a session")).messageId);
    await gateway.sandbox.post(`/contacts/${CONTACT}/forget-keys`);
    const sent = await story("once more for one of you");
    const found = await arrived(gateway, OWN, sent.messageId);
    const asker = found.devices.find(({ number, device }) => number === CONTACT.slice(1) && device === 0);
    assert.deepEqual([asker?.readable, asker?.retries], [1, 1]);
    assertReadOnce([found], [sent.messageId]);
  });
});
