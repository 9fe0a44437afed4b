import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { Talk } from "../support/talk.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";

interface Receipt {
  type: string;
  chat: string;
  ids: string[];
}

interface Shown {
  state: string;
  chat: string;
  time: number;
}

describe("in a chat", () => {
  let gateway: Gateway;
  let talk: Talk;
  let group: string;

  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    talk = new Talk(gateway, "acme", CONTACT);
    for (const number of [CONTACT, OTHER]) await gateway.sandbox.post("/contacts", { number });
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Friday", members: [OWNER, OTHER] })).jid;
  });
  after(() => gateway.end());

  const receipts = async (number: string): Promise<Receipt[]> => (await gateway.sandbox.get<{ receipts: Receipt[] }>(`/contacts/${number}/receipts`)).receipts.filter((receipt) => receipt.type === "read");
  const wasRead = (number: string, id: string): Promise<Receipt> => waitFor(`the receipt of ${id}`, async () => (await receipts(number)).find((receipt) => receipt.ids.includes(id)));
  const shown = async (): Promise<Shown[]> => (await gateway.sandbox.get<{ presences: Shown[] }>(`/contacts/${CONTACT}/presence?from=${encodeURIComponent(OWNER)}`)).presences;
  const read = (chatId: string, ...messageIds: [string, ...string[]]): Promise<object> => gateway.rpc.call("chat.read", { tenantId: "acme", chatId, messageIds });

  it("authors learn that they were read, each of their own messages", async () => {
    const [first, second] = [await talk.hear({ to: OWNER, text: "one" }), await talk.hear({ to: OWNER, text: "two" })];
    assert.deepEqual(await read(CONTACT, first, second), {});
    assert.deepEqual((await wasRead(CONTACT, first)).ids.sort(), [first, second].sort());
    const [theirs, others] = [await talk.hear({ group, text: "three" }), await talk.hear({ group, text: "four" }, OTHER)];
    await read(group, theirs, others);
    assert.equal((await wasRead(CONTACT, theirs)).chat, group);
    assert.deepEqual((await wasRead(OTHER, others)).ids, [others]);
    const { entries } = await gateway.sandbox.get<{ entries: { node: unknown }[] }>("/ledger?direction=in&tag=iq&limit=5000");
    assert.equal(entries.filter(({ node }) => JSON.stringify(node).includes('"tag":"privacy"')).length, 1, "the privacy settings are asked for once");
  });

  it("by LID the receipt goes where the message came from", async () => {
    await gateway.sandbox.post("/contacts", { number: OTHER, addressing: "lid" });
    const id = await talk.hear({ to: OWNER, text: "by lid" }, OTHER);
    await read("5511920000002@s.whatsapp.net", id);
    await wasRead(OTHER, id);
    await gateway.sandbox.post("/contacts", { number: OTHER, addressing: "pn" });
  });

  it("only what is known in it can be read, and our own needs no receipt", async () => {
    const id = await talk.hear({ to: OWNER, text: "five" });
    const unknown = { data: { name: "referenced_message_not_found", retryable: false } };
    await assert.rejects(read("5511920000002@s.whatsapp.net", id), unknown);
    await assert.rejects(read(OTHER, id), unknown);
    await assert.rejects(read(CONTACT, id, "3EB0NEVER"), unknown);
    const own = await talk.send(CONTACT, { type: "text", text: "six" });
    assert.deepEqual(await read(CONTACT, own.messageId), {});
    await assert.rejects(gateway.rpc.call("chat.read", { tenantId: "nobody", chatId: CONTACT, messageIds: ["x"] }), { data: { name: "session_not_found", retryable: false } });
  });

  it("the other side sees writing and recording until it ends by itself, and never that we are online", async () => {
    const presence = (kind: "composing" | "recording" | "paused", durationMs?: number): Promise<object> =>
      gateway.rpc.call("chat.presence", { tenantId: "acme", chatId: CONTACT, presence: kind, ...(durationMs === undefined ? {} : { durationMs }) });
    assert.deepEqual(await presence("composing", 500), {});
    await waitFor("the end of writing", async () => (await shown()).at(-1)?.state === "paused");
    assert.deepEqual((await shown()).map((each) => each.state), ["composing", "paused"]);
    await presence("recording", 60_000);
    await presence("paused");
    await waitFor("the end of recording", async () => (await shown()).length === 4);
    assert.deepEqual((await shown()).slice(2).map((each) => each.state), ["recording", "paused"]);
    const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>("/ledger?direction=in&tag=presence&limit=5000");
    assert.deepEqual([...new Set(entries.map(({ attrs }) => attrs["type"]))].filter((type) => type === "available"), []);
    await gateway.rpc.call("chat.presence", { tenantId: "acme", chatId: group, presence: "composing" });
  });

  it("the number's story reaches those it is made for, and nobody else", async () => {
    const bytes = randomBytes(30_000);
    const story = await talk.send("status@broadcast", { type: "text", text: "open today", style: { backgroundColor: "#102030", font: 2 } }, undefined, { audience: [CONTACT] });
    const got = await talk.read(story.messageId);
    const text = (got.message as { extendedTextMessage: { backgroundArgb: number; font: string | number; textArgb: number } }).extendedTextMessage;
    assert.deepEqual([got.chat, got.text, text.backgroundArgb, text.textArgb], ["status@broadcast", "open today", 0xff102030, 0xffffffff]);
    const image = await talk.send("status@broadcast", { type: "image", file: talk.file(bytes, "image/jpeg"), caption: "look" }, undefined, { audience: [CONTACT, OTHER] });
    for (const number of [CONTACT, OTHER]) assert.equal((await talk.read(image.messageId, number)).media?.sha256, createHash("sha256").update(bytes).digest("hex"));
    const { messages } = await gateway.sandbox.get<{ messages: unknown[] }>(`/contacts/${OTHER}/messages?id=${story.messageId}`);
    assert.deepEqual(messages, []);
    const gone = await talk.send("status@broadcast", { type: "delete", messageId: story.messageId }, undefined, { audience: [CONTACT] });
    assert.deepEqual((await talk.read(gone.messageId)).content.target, { id: story.messageId, fromMe: true });
  });

  it("a story needs somebody to see it, and only a story has that", async () => {
    const text = { type: "text", text: "x" } as const;
    const refused = (reason: string): object => ({ data: { name: "content_not_possible", retryable: false, reason } });
    await assert.rejects(talk.send("status@broadcast", text), refused("audience_missing"));
    await assert.rejects(talk.send(CONTACT, text, undefined, { audience: [OTHER] }), refused("audience_only_in_stories"));
    await assert.rejects(talk.send("status@broadcast", { type: "poll", question: "?", options: ["a", "b"], selectableCount: 1 }, undefined, { audience: [OTHER] }), refused("not_in_stories"));
    await assert.rejects(talk.send(CONTACT, { ...text, style: {} }), refused("style_only_in_stories"));
    await assert.rejects(talk.send("120363040000000001@newsletter", { type: "contacts", contacts: [{ displayName: "a", vcard: "b" }] }), refused("not_in_channels"));
    await assert.rejects(talk.send(CONTACT, { type: "poll", question: "?", options: ["a", "a "], selectableCount: 1 }), refused("poll_options_not_different"));
  });
});
