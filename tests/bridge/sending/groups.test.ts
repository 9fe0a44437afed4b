import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { MessageStatusEvent, OutgoingMessage } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000005";
const MEMBERS = ["+5511920000011", "+5511920000012", "+5511920000013"];
const T = "acme";

describe("a message to a group", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired(T, OWNER, "Acme");
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: MEMBERS[0], subject: "Team", members: [OWNER, ...MEMBERS.slice(1)] })).jid;
  });
  after(() => gateway.end());

  const get = (messageId: string): Promise<OutgoingMessage> => gateway.rpc.call("message.get", { tenantId: T, messageId });
  const events = (messageId: string): MessageStatusEvent[] => gateway.follower.of("message.status").map(({ data }) => data).filter((data) => data.messageId === messageId);

  it("is delivered when all have it and read when all have read it, and says who did what", async () => {
    const sent = await gateway.send(T, group, "hello all");
    assert.deepEqual([sent.status, sent.recipientCount], ["sent", 3]);
    await waitFor("all deliveries", () => events(sent.messageId).length === 3);
    assert.deepEqual(events(sent.messageId).map(({ status }) => status), ["sent", "sent", "delivered"], "the whole is where the last one is");
    assert.deepEqual(new Set(events(sent.messageId).map(({ recipient }) => recipient?.status)), new Set(["delivered"]));
    const [first = "", ...others] = MEMBERS;
    const read = (member: string): Promise<unknown> => gateway.sandbox.post(`/contacts/${member}/receipt`, { type: "read", to: group, ids: [sent.messageId] });
    await read(first);
    await waitFor("the first reading", () => events(sent.messageId).length === 4);
    const one = events(sent.messageId)[3];
    assert.deepEqual([one?.status, one?.recipient?.status], ["delivered", "read"]);
    const partly = await get(sent.messageId);
    assert.deepEqual(partly.recipients?.map(({ status }) => status).sort(), ["delivered", "delivered", "read"]);
    assert.ok(partly.recipients.every(({ phoneNumber }) => phoneNumber === undefined || MEMBERS.includes(phoneNumber)));
    for (const member of others) await read(member);
    await waitFor("all readings", async () => (await get(sent.messageId)).status === "read");
    await read(first);
    const next = await gateway.send(T, group, "another");
    await waitFor("the next delivery", async () => (await get(next.messageId)).status === "delivered");
    assert.equal(events(sent.messageId).length, 6, "a repeated receipt is no step");
  });
});
