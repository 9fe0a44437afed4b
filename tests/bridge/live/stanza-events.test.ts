import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Event, GroupUpdateEvent, SessionSettings } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";
const CHAT = "5511920000001@s.whatsapp.net";

type Of<T extends Event["data"]["type"]> = Extract<Event["data"], { type: T }>;

describe("what WhatsApp tells beside messages", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla" });
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Team", members: [OWNER] })).jid;
  });
  after(() => gateway.end());
  beforeEach(() => gateway.sandbox.delete("/faults"));

  const all = <T extends Event["data"]["type"]>(type: T): Of<T>[] => gateway.follower.of(type).map((event) => event.data);
  const of = <T extends Event["data"]["type"]>(type: T, fits: (data: Of<T>) => boolean): Promise<Of<T>> => waitFor(`a ${type}`, () => all(type).find(fits), 20_000);
  const groupEvent = (action: GroupUpdateEvent["action"], fits: (data: GroupUpdateEvent) => boolean = () => true): Promise<GroupUpdateEvent> =>
    of("group.update", (data) => data.groupId === group && data.action === action && fits(data));
  const change = (what: string, body: Record<string, unknown> = {}): Promise<unknown> => gateway.sandbox.post(`/groups/${group}/${what}`, { by: CONTACT, ...body });
  const settings = (some: Partial<SessionSettings>): Promise<SessionSettings> => gateway.rpc.call("session.setSettings", { tenantId: "acme", ...some });
  const say = async (what: Record<string, unknown>, who = CONTACT): Promise<string> => (await gateway.sandbox.post<{ id: string }>(`/contacts/${who}/say`, what)).id;
  /** Something that comes after everything before it. */
  const settled = async (): Promise<void> => {
    const id = await say({ to: OWNER, text: "after that" });
    await of("message", (data) => data.messageId === id);
  };

  it("tells each change of a group, by whom and about whom", async () => {
    const created = await groupEvent("created");
    assert.deepEqual([created.subject, created.actor?.phoneNumber, created.actor?.name], ["Team", CONTACT, "Carla"]);
    await change("subject", { subject: "Team \u{1f389}" });
    assert.equal((await groupEvent("subject")).subject, "Team \u{1f389}");
    await change("description", { description: "All about it" });
    assert.equal((await groupEvent("description")).description, "All about it");
    await change("add", { members: [OTHER] });
    assert.deepEqual((await groupEvent("participants_added")).participants?.map(({ phoneNumber }) => phoneNumber), [OTHER]);
    await change("promote", { members: [OTHER] });
    await groupEvent("participants_promoted");
    await change("demote", { members: [OTHER] });
    await groupEvent("participants_demoted");
    await change("settings", { announce: true, locked: true, approval: true, ephemeral: 86_400, memberAddMode: "admin_add" });
    await groupEvent("settings", (data) => data.onlyAdminsSend === true);
    await groupEvent("settings", (data) => data.onlyAdminsEdit === true);
    await groupEvent("settings", (data) => data.joinApproval === true);
    await groupEvent("settings", (data) => data.disappearingSeconds === 86_400);
    await groupEvent("settings", (data) => data.memberAddMode === "admins");
    await change("settings", { announce: false, locked: false, approval: false, ephemeral: 0 });
    await groupEvent("settings", (data) => data.disappearingSeconds === 0);
    await change("invite");
    await groupEvent("invite");
    await change("picture", { base64: "AAAA" });
    assert.match((await groupEvent("picture")).actor?.lid ?? "", /@lid$/);
    await change("remove", { members: [OTHER] });
    const removed = await groupEvent("participants_removed");
    assert.deepEqual([removed.participants?.[0]?.phoneNumber, removed.actor?.phoneNumber], [OTHER, CONTACT]);
    await change("add", { members: [OTHER] });
    await waitFor("the second joining", () => all("group.update").filter(({ action }) => action === "participants_added").length === 2);
    await gateway.sandbox.post(`/groups/${group}/leave`, { by: OTHER });
    assert.equal((await groupEvent("participant_left")).participants?.[0]?.phoneNumber, OTHER);
  });

  it("tells who asks to come in, to admins, and when they are turned down", async () => {
    await change("promote", { members: [OWNER] });
    await change("settings", { approval: true });
    const { inviteCode } = await gateway.sandbox.get<{ inviteCode: string }>(`/groups/${group}`);
    await gateway.sandbox.post(`/contacts/${OTHER}/join`, { code: inviteCode });
    assert.equal((await groupEvent("join_requested")).participants?.[0]?.phoneNumber, OTHER);
    await change("reject", { members: [OTHER] });
    await groupEvent("join_request_withdrawn");
  });

  it("loses none of many changes that come together, and tells each once when they come again", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    const subjects = Array.from({ length: 40 }, (_, i) => `Subject ${i}`);
    for (const subject of subjects) await change("subject", { subject });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 0 });
    const told = (): (string | undefined)[] => all("group.update").filter(({ action, subject }) => action === "subject" && subject?.startsWith("Subject ") === true).map(({ subject }) => subject);
    await waitFor("some of them", () => told().length > 5);
    await gateway.bridge.kill();
    await gateway.restart();
    await waitFor("the last", () => told().includes("Subject 39"), 20_000);
    await settled();
    assert.deepEqual(told(), subjects);
  });

  it("tells being added to an older group, and being removed", async () => {
    const other = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: OTHER, subject: "Older", members: [CONTACT] })).jid;
    await gateway.sandbox.post(`/groups/${other}/promote`, { by: OTHER, members: [CONTACT] });
    await gateway.sandbox.post(`/groups/${other}/add`, { by: CONTACT, members: [OWNER] });
    assert.equal((await of("group.update", (data) => data.groupId === other)).action, "joined");
    await gateway.sandbox.post(`/groups/${other}/remove`, { by: CONTACT, members: [OWNER] });
    await of("group.update", (data) => data.groupId === other && data.action === "left");
  });

  it("tells another picture of somebody, and another name", async () => {
    await gateway.sandbox.post(`/contacts/${CONTACT}/picture`, { base64: "AAAA" });
    const picture = await of("contact.update", (data) => data.pictureChanged === true);
    assert.equal(picture.contact.phoneNumber, CONTACT);
    await settled();
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla Dias" });
    await settled();
    const renamed = await of("contact.update", (data) => data.contact.name === "Carla Dias" && data.pictureChanged === undefined);
    assert.equal(renamed.contact.phoneNumber, CONTACT);
    await settled();
    assert.equal(all("contact.update").filter(({ contact, pictureChanged }) => contact.name === "Carla Dias" && pictureChanged === undefined).length, 1);
  });

  it("tells a call from its ringing to its end, and leaves it alone", async () => {
    const { id } = await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/call`, { to: OWNER, video: true });
    const ringing = await of("call", (data) => data.callId === id);
    assert.deepEqual([ringing.status, ringing.isVideo, ringing.isGroup, ringing.caller.phoneNumber, ringing.chatId], ["ringing", true, false, CONTACT, CHAT]);
    await gateway.sandbox.post(`/contacts/${CONTACT}/call`, { to: OWNER, id, state: "timeout" });
    const missed = await of("call", (data) => data.callId === id && data.status === "missed");
    assert.equal(missed.isVideo, true);
    assert.equal(all("call").length, 2);
  });

  it("turns calls down and writes to the caller once, when the tenant wants that", async () => {
    await settings({ rejectCalls: true, rejectCallsMessage: "We do not take calls" });
    const { id } = await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/call`, { to: OWNER });
    const rejected = await of("call", (data) => data.callId === id && data.status === "rejected");
    assert.equal(rejected.rejectedByGateway, true);
    const { entries } = await gateway.sandbox.get<{ entries: { node: { content?: { tag: string; attrs: Record<string, string> }[] } }[] }>("/ledger?direction=in&tag=call&limit=10");
    assert.deepEqual(entries.map(({ node }) => [node.content?.[0]?.tag, node.content?.[0]?.attrs["call-id"]]), [["reject", id]]);
    const inbox = (): Promise<{ messages: unknown[] }> => gateway.sandbox.get(`/contacts/${CONTACT}/messages?wait=5000&text=${encodeURIComponent("We do not take calls")}`);
    assert.equal((await inbox()).messages.length, 1);
    await gateway.sandbox.post(`/contacts/${CONTACT}/call`, { to: OWNER, id });
    await settled();
    assert.equal((await inbox()).messages.length, 1);
    await settings({ rejectCalls: false });
  });

  it("tells presences of followed chats only, and asks for them again after a connection", async () => {
    const presence = (state: string): Promise<unknown> => gateway.sandbox.post(`/contacts/${CONTACT}/presence`, { state, to: OWNER });
    await presence("composing");
    await settled();
    assert.equal(all("presence").length, 0);
    await gateway.rpc.call("chat.followPresence", { tenantId: "acme", chatId: CONTACT });
    await presence("composing");
    const composing = await of("presence", (data) => data.presence === "composing");
    assert.deepEqual([composing.chatId, composing.person.phoneNumber], [CHAT, CONTACT]);
    for (let i = 0; i < 20; i += 1) await presence(i % 2 === 0 ? "paused" : "recording");
    await of("presence", (data) => data.presence === "recording");
    assert.ok(all("presence").length <= 4, `they are not worth ${all("presence").length} events`);
    await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    const subscriptions = async (): Promise<number> => (await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>("/ledger?direction=in&tag=presence&limit=100")).entries.filter(({ attrs }) => attrs["type"] === "subscribe").length;
    await waitFor("the second subscription", async () => (await subscriptions()) === 2, 20_000);
    await gateway.sandbox.post(`/contacts/${CONTACT}/presence`, { state: "available" });
    await of("presence", (data) => data.presence === "available");
    await gateway.bridge.kill();
    await gateway.restart();
    await waitFor("the third subscription, after a restart", async () => (await subscriptions()) === 3, 20_000);
    await presence("recording");
    await of("presence", (data) => data.presence === "recording");
    await assert.rejects(gateway.rpc.call("chat.followPresence", { tenantId: "nobody", chatId: CONTACT }), refused("session_not_found"));
  });

  it("follows chats somebody writes in, when the tenant wants that", async () => {
    await settings({ followPresence: true });
    await say({ to: OWNER, text: "hello" }, OTHER);
    await waitFor("the subscription", async () => (await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>("/ledger?direction=in&tag=presence&limit=100")).entries.some(({ attrs }) => attrs["to"]?.startsWith("5511920000002") === true));
    await gateway.sandbox.post(`/contacts/${OTHER}/presence`, { state: "recording", to: OWNER });
    await of("presence", (data) => data.person.phoneNumber === OTHER && data.presence === "recording");
    await settings({ followPresence: false });
  });

  it("keeps what a tenant chose, over restarts and logouts", async () => {
    assert.deepEqual(await gateway.rpc.call("session.getSettings", { tenantId: "acme" }), {
      media: "on_demand", rejectCalls: false, rejectCallsMessage: "We do not take calls", followPresence: false, groupEvents: true, statusMessages: false, channelMessages: false,
    });
    await settings({ media: "none", automaticMaxBytes: 5 });
    await gateway.bridge.kill();
    await gateway.restart();
    const kept = await gateway.rpc.call("session.getSettings", { tenantId: "acme" });
    assert.deepEqual([kept.media, kept.automaticMaxBytes], ["none", 5]);
    await assert.rejects(gateway.rpc.call("session.getSettings", { tenantId: "nobody" }), refused("session_not_found"));
    await assert.rejects(gateway.rpc.call("session.setSettings", { tenantId: "nobody", media: "none" }), refused("session_not_found"));
    await gateway.waitState("acme", "connected");
  });

  it("tells stories and channels only to tenants that want them", async () => {
    const story = await say({ to: "status@broadcast", text: "my day", audience: [OWNER] });
    const channel = (await gateway.sandbox.post<{ jid: string }>("/channels", { by: CONTACT, name: "Cakes" })).jid;
    await gateway.sandbox.post(`/channels/${channel}/follow`, { by: OWNER });
    const post = (text: string): Promise<unknown> => gateway.sandbox.post(`/channels/${channel}/say`, { by: CONTACT, text });
    await post("unheard");
    await settled();
    assert.equal(all("message").some(({ messageId, chatType }) => messageId === story || chatType === "channel"), false);
    await settings({ statusMessages: true, channelMessages: true });
    const next = await say({ to: "status@broadcast", text: "my evening", audience: [OWNER] });
    const told = await of("message", (data) => data.messageId === next);
    assert.deepEqual([told.chatType, told.chatId, told.sender.phoneNumber], ["status", "status@broadcast", CONTACT]);
    await post("Fresh today");
    const posted = await of("message", (data) => data.chatType === "channel");
    assert.deepEqual([posted.chatId, posted.content, posted.fromMe], [channel, { type: "text", text: "Fresh today" }, false]);
  });

  it("tells nothing of groups to tenants that do not want it", async () => {
    await settings({ groupEvents: false });
    const id = await say({ group, text: "unheard" });
    await change("subject", { subject: "Unheard" });
    await settled();
    assert.equal(all("message").some(({ messageId }) => messageId === id), false);
    assert.equal(all("group.update").some(({ subject }) => subject === "Unheard"), false);
    await settings({ groupEvents: true });
  });

  it("gives a message as WhatsApp has it", async () => {
    const id = await say({ to: OWNER, poll: { name: "Raw?", options: ["Yes", "No"] } });
    await of("message", (data) => data.messageId === id);
    const { message } = await gateway.rpc.call("message.raw", { tenantId: "acme", messageId: id });
    assert.deepEqual((message as { pollCreationMessageV3?: { name: string } }).pollCreationMessageV3?.name, "Raw?");
    const sent = await gateway.send("acme", CONTACT, "ours");
    assert.match(JSON.stringify(await gateway.rpc.call("message.raw", { tenantId: "acme", messageId: sent.messageId })), /ours/);
    await assert.rejects(gateway.rpc.call("message.raw", { tenantId: "acme", messageId: "3ANONE" }), refused("message_not_found"));
    await assert.rejects(gateway.rpc.call("message.raw", { tenantId: "other", messageId: id }), refused("message_not_found"));
  });
});
