import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Event } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

/** What somebody did to a message, in the order it was told. */
const DONE = ["said", "edited", "reacted", "voted", "deleted"];

describe("what is about another message", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Team", members: [OWNER] })).jid;
  });
  after(() => gateway.end());
  beforeEach(() => gateway.sandbox.delete("/faults"));

  const say = async (what: Record<string, unknown>, who = `contacts/${CONTACT}`): Promise<string> => (await gateway.sandbox.post<{ id: string }>(`/${who}/say`, what)).id;

  /** Says something and does everything that can be done to it, the bridge being wherever it is. */
  const doEverything = async (to: Record<string, string>): Promise<{ id: string; poll: string }> => {
    const id = await say({ ...to, text: "one" });
    const poll = await say({ ...to, poll: { name: "Well?", options: ["Yes", "No"] } });
    await say({ ...to, edit: { id, text: "two" } });
    await say({ ...to, reaction: { id, emoji: "👍" } });
    await waitFor("the phone to have the poll", async () => (await gateway.sandbox.get<{ messages: unknown[] }>(`/mock-phone/${OWNER}/messages?id=${poll}`)).messages.length > 0);
    await say({ to: CONTACT, vote: { id: poll, options: ["No"] } }, `mock-phone/${OWNER}`);
    await say({ ...to, delete: { id } });
    return { id, poll };
  };

  const told = ({ id, poll }: { id: string; poll: string }): string[] => gateway.follower.events.flatMap(({ data }: Event) => {
    if (data.type === "message" && data.content.type === "poll_vote" && data.content.pollMessageId === poll) return data.content.known && data.content.options.join() === "No" && data.fromMe ? ["voted"] : ["voted wrongly"];
    if (!("messageId" in data) || data.messageId !== id) return [];
    return data.type === "message" ? ["said"] : data.type === "message.edited" ? ["edited"] : data.type === "message.reaction" ? ["reacted"] : data.type === "message.deleted" ? ["deleted"] : [data.type];
  });
  const whole = (ids: { id: string; poll: string }): Promise<unknown> => waitFor("all of it", () => told(ids).length >= DONE.length, 30_000);
  const settled = async (): Promise<void> => {
    const id = await say({ to: OWNER, text: "after that" });
    await waitFor("what came after", () => gateway.follower.of("message").some(({ data }) => data.messageId === id), 20_000);
  };

  it("is told once when every message comes twice", async () => {
    await gateway.sandbox.post("/faults", { kind: "duplicate", number: OWNER });
    const all = [await doEverything({ to: OWNER }), await doEverything({ group })];
    for (const ids of all) await whole(ids);
    await gateway.sandbox.delete("/faults");
    await settled();
    for (const ids of all) assert.deepEqual(told(ids).sort(), [...DONE].sort());
  });

  it("is told once, in its order, when it waited at WhatsApp and the bridge is killed while it comes", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    const all: { id: string; poll: string }[] = [];
    for (let i = 0; i < 6; i += 1) all.push(await doEverything(i % 2 === 0 ? { to: OWNER } : { group }));
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 0 });
    for (const [at, ids] of all.entries()) {
      if (at === 4) continue;
      await waitFor("some of it", () => told(ids).length > at % DONE.length, 30_000);
      await gateway.bridge.kill();
      await gateway.restart();
    }
    for (const ids of all) await whole(ids);
    await settled();
    // In one chat by one sender; the vote is the phone's.
    for (const ids of all) assert.deepEqual(told(ids).filter((what) => what !== "voted"), DONE.filter((what) => what !== "voted"));
    for (const ids of all) assert.equal(told(ids).filter((what) => what === "voted").length, 1);
  });

  it("is labelled as the number's own when its phone did it, and not told when the gateway did it", async () => {
    const phone = `mock-phone/${OWNER}`;
    const id = await say({ to: CONTACT, text: "from my phone" }, phone);
    await say({ to: CONTACT, edit: { id, text: "from my own phone" } }, phone);
    await say({ to: CONTACT, reaction: { id, emoji: "👀" } }, phone);
    await say({ to: CONTACT, delete: { id } }, phone);
    const about = (): Event["data"][] => gateway.follower.events.map(({ data }) => data).filter((data) => "messageId" in data && data.messageId === id);
    await waitFor("all of it", () => about().length === 4, 20_000).catch((error: unknown) => { throw new Error(JSON.stringify(about()), { cause: error }); });
    for (const data of about()) assert.deepEqual("fromMe" in data ? [data.fromMe, data.chatId, data.sender.phoneNumber] : data, [true, "5511920000001@s.whatsapp.net", OWNER]);
    const sent = await gateway.send("acme", CONTACT, "by the gateway");
    for (const content of [{ type: "edit", messageId: sent.messageId, text: "edited" }, { type: "reaction", messageId: sent.messageId, emoji: "👍" }, { type: "delete", messageId: sent.messageId }] as const) {
      await gateway.rpc.call("message.send", { tenantId: "acme", to: CONTACT, content, waitMs: 5000 });
    }
    await settled();
    assert.deepEqual(gateway.follower.events.filter(({ data }) => data.type !== "message.status" && "messageId" in data && data.messageId === sent.messageId), []);
  });
});
