import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { refused, RpcFailure } from "../support/rpc-client.js";

const OWNER = "+5511910000071";
const MARIA = "+5511920000071";

interface SandboxChannel {
  jid: string;
  invite: string;
  followers: string[];
  messages: { serverId: number }[];
}

describe("channels", () => {
  let gateway: Gateway;
  let foreign: SandboxChannel;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "60000" });
    await gateway.paired("acme", OWNER, "Acme");
    foreign = await gateway.sandbox.post<SandboxChannel>("/channels", { by: MARIA, name: "Maria's cakes", description: "Every day" });
  });
  after(() => gateway.end());

  const tenantId = "acme";

  it("are made and posted to", async () => {
    const made = await gateway.rpc.call("channel.create", { tenantId, name: "News", description: "What is new" });
    assert.deepEqual([made.name, made.description, made.role, made.followers, made.verified], ["News", "What is new", "owner", 0, false]);
    assert.ok(Math.abs(Date.now() - (made.createdAtMs ?? 0)) < 60_000);
    const sent = await gateway.send(tenantId, made.channelId, "the first post");
    assert.equal(sent.status, "sent");
    const { messages } = await gateway.rpc.call("channel.messages", { tenantId, channelId: made.channelId, limit: 10 });
    assert.deepEqual(messages.map(({ messageId, text, type }) => [messageId, text, type]), [[sent.messageId, "the first post", "extendedTextMessage"]]);
  });

  it("are found by id and by the code of their link", async () => {
    const byId = await gateway.rpc.call("channel.get", { tenantId, channelId: foreign.jid });
    assert.deepEqual([byId.name, byId.description, byId.role, byId.inviteCode], ["Maria's cakes", "Every day", "guest", foreign.invite]);
    assert.deepEqual(await gateway.rpc.call("channel.get", { tenantId, inviteCode: foreign.invite }), byId);
    await assert.rejects(gateway.rpc.call("channel.get", { tenantId, channelId: "120363000000000000@newsletter" }), refused("channel_not_found"));
    await assert.rejects(gateway.rpc.call("channel.get", { tenantId, inviteCode: "NoSuchCode" }), refused("channel_not_found"));
    await assert.rejects(gateway.rpc.call("channel.get", { tenantId }), refused("invalid_params"));
  });

  it("are followed, listed and no longer followed", async () => {
    const listed = async (): Promise<[string, string | undefined][]> => (await gateway.rpc.call("channel.list", { tenantId })).channels.map(({ name, role }) => [name, role]);
    const before = await listed();
    await gateway.rpc.call("channel.follow", { tenantId, channelId: foreign.jid });
    assert.deepEqual((await gateway.sandbox.get<SandboxChannel>(`/channels/${foreign.jid}`)).followers, [OWNER]);
    assert.deepEqual(await listed(), [...before, ["Maria's cakes", "follower"]].sort());
    await gateway.rpc.call("channel.unfollow", { tenantId, channelId: foreign.jid });
    assert.deepEqual(await listed(), before);
    await assert.rejects(gateway.rpc.call("channel.follow", { tenantId, channelId: "120363000000000000@newsletter" }), refused("channel_not_found"));
  });

  it("have posts with reactions, a page at a time, newest first", async () => {
    const ids: number[] = [];
    for (const text of ["one", "two", "three"]) {
      const { messages } = await gateway.sandbox.post<SandboxChannel>(`/channels/${foreign.jid}/say`, { by: MARIA, text });
      ids.push(messages.at(-1)?.serverId ?? 0);
    }
    await gateway.sandbox.post(`/channels/${foreign.jid}/react`, { by: MARIA, serverId: ids[2], emoji: "🎂" });
    const read = async (limit: number, before?: number): Promise<(string | undefined)[]> => {
      const page = await gateway.rpc.call("channel.messages", { tenantId, channelId: foreign.jid, limit, ...(before === undefined ? {} : { before: String(before) }) });
      return page.messages.map(({ text }) => text);
    };
    assert.deepEqual(await read(2), ["three", "two"]);
    assert.deepEqual(await read(2, ids[1]), ["one"]);
    const [newest] = (await gateway.rpc.call("channel.messages", { tenantId, channelId: foreign.jid, limit: 1 })).messages;
    assert.deepEqual(newest?.reactions, { "🎂": 1 });
    await assert.rejects(gateway.rpc.call("channel.messages", { tenantId, channelId: "120363000000000000@newsletter", limit: 1 }), refused("channel_not_found"));
  });

  it("refuse posts of those who do not own them", async () => {
    const sent = await gateway.send(tenantId, foreign.jid, "spam").catch((error: unknown) => error);
    assert.ok(sent instanceof RpcFailure && sent.data.name === "send_rejected" && sent.data["whatsappError"] === 403);
  });

  it("are not asked about any more once WhatsApp was asked too much", async () => {
    await gateway.sandbox.post("/faults", { kind: "refuse-request", xmlns: "w:mex", code: 429, count: 1 });
    await assert.rejects(gateway.rpc.call("channel.list", { tenantId }), refused("whatsapp_rate_limited"));
  });
});
