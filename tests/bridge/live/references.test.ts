import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import { Gateway } from "../support/gateway.js";
import { Talk } from "../support/talk.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";
const CONTACT_JID = "5511920000001@s.whatsapp.net";

interface Context {
  stanzaId?: string;
  participant?: string;
  quotedMessage?: Record<string, { contextInfo?: unknown; jpegThumbnail?: unknown } | string>;
  mentionedJid?: string[];
  nonJidMentions?: number;
  isForwarded?: boolean;
  forwardingScore?: number;
  expiration?: number;
}

/** The context of whatever a message carries. */
function contextOf(read: InboxMessage): Context {
  const find = (value: unknown): Context | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    for (const [name, inner] of Object.entries(value)) {
      if (name === "contextInfo") return inner as Context;
      const found = name === "quotedMessage" ? undefined : find(inner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(read.message) ?? {};
}

describe("messages about messages", () => {
  let gateway: Gateway;
  let talk: Talk;
  let contactLid: string;
  let ownerLid: string;
  let lidGroup: string;
  let pnGroup: string;

  before(async () => {
    gateway = await Gateway.start();
    const session = await gateway.paired("acme", OWNER, "Acme");
    ownerLid = session.lid ?? "";
    talk = new Talk(gateway, "acme", CONTACT);
    for (const number of [CONTACT, OTHER]) await gateway.sandbox.post("/contacts", { number });
    contactLid = (await gateway.sandbox.get<{ lid: string }>(`/contacts/${CONTACT}`)).lid;
    const made = async (addressing: string): Promise<string> => (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: addressing, members: [OWNER, OTHER], addressing })).jid;
    [lidGroup, pnGroup] = await Promise.all([made("lid"), made("pn")]);
  });
  after(() => gateway.end());

  const refused = (name: string, reason?: string): object => ({ data: { name, retryable: false, ...(reason === undefined ? {} : { reason }) } });

  it("reply to a person's message, with its author and words", async () => {
    const id = await talk.hear({ to: OWNER, text: "what do you cost?" });
    const read = await talk.pass(CONTACT, { type: "text", text: "nothing" }, { replyTo: id });
    assert.deepEqual(read.content.quote, { id, from: CONTACT_JID, text: "what do you cost?" });
  });

  it("reply in a group, by the addresses of the group", async () => {
    for (const [group, contact, owner] of [[lidGroup, contactLid, ownerLid], [pnGroup, CONTACT_JID, "5511910000001@s.whatsapp.net"]] as const) {
      const theirs = await talk.hear({ group, text: "from a contact" });
      const first = await talk.pass(group, { type: "text", text: "an answer" }, { replyTo: theirs });
      assert.deepEqual(contextOf(first).participant, contact);
      const second = await talk.pass(group, { type: "text", text: "one more" }, { replyTo: first.id });
      assert.deepEqual([contextOf(second).participant, contextOf(second).stanzaId], [owner, first.id]);
      assert.equal(second.content.quote?.text, "an answer");
    }
  });

  it("reply to one's own message and to one of the own phone", async () => {
    const own = await talk.pass(CONTACT, { type: "text", text: "mine" });
    const toOwn = await talk.pass(CONTACT, { type: "location", place: { latitude: 1, longitude: 2 } }, { replyTo: own.id });
    assert.equal(contextOf(toOwn).participant, "5511910000001@s.whatsapp.net");
    const { id } = await gateway.sandbox.post<{ id: string }>(`/mock-phone/${OWNER}/say`, { to: CONTACT, text: "from my phone" });
    await waitFor("the phone's message", () => gateway.follower.of("message").some((event) => event.data.messageId === id));
    const toPhone = await talk.pass(CONTACT, { type: "text", text: "as I said" }, { replyTo: id });
    assert.deepEqual(toPhone.content.quote, { id, from: "5511910000001@s.whatsapp.net", text: "from my phone" });
  });

  it("reply in a chat by LID to what came by number, and quote pictures without the picture", async () => {
    const id = await talk.hear({ to: OWNER, media: { kind: "image", base64: randomBytes(3000).toString("base64"), caption: "see" } });
    const { lid } = await gateway.sandbox.get<{ lid: string }>(`/contacts/${CONTACT}`);
    const read = await talk.pass(lid, { type: "text", text: "nice" }, { replyTo: id });
    const quoted = contextOf(read).quotedMessage?.["imageMessage"];
    assert.ok(typeof quoted === "object" && quoted.jpegThumbnail === undefined);
    assert.equal(contextOf(read).participant, lid);
  });

  it("refuse what is of another chat, not known, or has no replies", async () => {
    const id = await talk.hear({ to: OWNER, text: "here" });
    const text = { type: "text", text: "x" } as const;
    await assert.rejects(talk.send("5511920000002@s.whatsapp.net", text, { replyTo: id }), refused("referenced_message_not_found"));
    await assert.rejects(talk.send(lidGroup, text, { replyTo: id }), refused("referenced_message_not_found"));
    await assert.rejects(talk.send(CONTACT, text, { replyTo: "3EB0NEVER" }), refused("referenced_message_not_found"));
    await assert.rejects(talk.send(CONTACT, { type: "reaction", messageId: id, emoji: "x" }, { replyTo: id }), refused("content_not_possible", "reply_not_possible"));
  });

  it("react to theirs and to our own, and take it back", async () => {
    for (const [chat, participant] of [[CONTACT, undefined], [lidGroup, contactLid], [pnGroup, CONTACT_JID]] as const) {
      const theirs = await talk.hear(chat === CONTACT ? { to: OWNER, text: "like me" } : { group: chat, text: "like me" });
      const read = await talk.pass(chat, { type: "reaction", messageId: theirs, emoji: "👍" });
      assert.deepEqual([read.content.kind, read.content.text, read.content.target], ["reaction", "👍", { id: theirs, fromMe: false, ...(participant === undefined ? {} : { from: participant }) }]);
      const own = await talk.pass(chat, { type: "text", text: "ours" });
      assert.deepEqual((await talk.pass(chat, { type: "reaction", messageId: own.id, emoji: "❤️" })).content.target, { id: own.id, fromMe: true });
      assert.equal((await talk.pass(chat, { type: "reaction", messageId: own.id, emoji: "" })).content.text, "");
    }
  });

  it("edit our own texts and captions, and nothing else", async () => {
    const own = await talk.pass(CONTACT, { type: "text", text: "typo" });
    const edit = await talk.pass(CONTACT, { type: "edit", messageId: own.id, text: "fixed" });
    assert.deepEqual([edit.content.kind, edit.content.text, edit.content.target], ["edit", "fixed", { id: own.id, fromMe: true }]);
    const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>(`/ledger?tag=message&direction=in&id=${edit.id}`);
    assert.equal(entries[0]?.attrs["edit"], "1");
    const image = await talk.pass(lidGroup, { type: "image", file: talk.file(randomBytes(500), "image/png"), caption: "old" });
    assert.equal((await talk.pass(lidGroup, { type: "edit", messageId: image.id, text: "new" })).content.text, "new");
    const theirs = await talk.hear({ to: OWNER, text: "theirs" });
    await assert.rejects(talk.send(CONTACT, { type: "edit", messageId: theirs, text: "mine" }), refused("content_not_possible", "not_own_message"));
    await assert.rejects(talk.send(CONTACT, { type: "edit", messageId: edit.id, text: "again" }), refused("content_not_possible", "not_editable"));
    const place = await talk.pass(CONTACT, { type: "location", place: { latitude: 1, longitude: 2 } });
    await assert.rejects(talk.send(CONTACT, { type: "edit", messageId: place.id, text: "elsewhere" }), refused("content_not_possible", "not_editable"));
  });

  it("delete our own everywhere, others' only in a group we lead", async () => {
    for (const chat of [CONTACT, lidGroup]) {
      const own = await talk.pass(chat, { type: "text", text: "oops" });
      const read = await talk.pass(chat, { type: "delete", messageId: own.id });
      assert.deepEqual([read.content.kind, read.content.target], ["delete", { id: own.id, fromMe: true }]);
    }
    const theirs = await talk.hear({ to: OWNER, text: "theirs" });
    await assert.rejects(talk.send(CONTACT, { type: "delete", messageId: theirs }), refused("content_not_possible", "not_own_message"));
    const inGroup = await talk.hear({ group: pnGroup, text: "rude" }, OTHER);
    await assert.rejects(talk.send(pnGroup, { type: "delete", messageId: inGroup }), refused("content_not_possible"));
    await gateway.sandbox.post(`/groups/${pnGroup.split("@")[0] ?? ""}/promote`, { by: CONTACT, members: [OWNER] });
    const deleted = await waitFor("the promotion to arrive", () => talk.send(pnGroup, { type: "delete", messageId: inGroup }).catch(() => undefined));
    const read = await talk.read(deleted.messageId);
    assert.deepEqual(read.content.target, { id: inGroup, fromMe: false, from: "5511920000002@s.whatsapp.net" });
    const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>(`/ledger?tag=message&direction=in&id=${deleted.messageId}`);
    assert.equal(entries[0]?.attrs["edit"], "8");
  });

  it("forward what was received, with its file and without another upload", async () => {
    const file = randomBytes(70_000);
    const id = await talk.hear({ to: OWNER, media: { kind: "document", base64: file.toString("base64"), mimetype: "application/zip", fileName: "x.zip", caption: "take it" } });
    const sent = await talk.send(OTHER, { type: "forward", messageId: id });
    const read = await talk.read(sent.messageId, OTHER);
    assert.deepEqual([read.media?.sha256, read.media?.fileName, read.content.text, read.content.forwarded], [createHash("sha256").update(file).digest("hex"), "x.zip", "take it", 1]);
    const again = await talk.send(lidGroup, { type: "forward", messageId: sent.messageId });
    assert.equal((await talk.read(again.messageId)).content.forwarded, 1, "our own is not forwarded once more");
    const text = await talk.hear({ to: OWNER, text: "news" });
    const toGroup = await talk.send(lidGroup, { type: "forward", messageId: text });
    const news = await talk.read(toGroup.messageId);
    assert.deepEqual([news.content.text, news.content.forwarded], ["news", 1]);
    const own = await talk.pass(CONTACT, { type: "text", text: "mine" });
    assert.equal((await talk.read((await talk.send(OTHER, { type: "forward", messageId: own.id })).messageId, OTHER)).content.forwarded, undefined);
  });

  it("do not forward polls and what may be seen once", async () => {
    const once = await talk.hear({ to: OWNER, viewOnce: true, media: { kind: "image", base64: randomBytes(100).toString("base64") } });
    await assert.rejects(talk.send(OTHER, { type: "forward", messageId: once }), refused("content_not_possible", "view_once"));
    const poll = await talk.hear({ to: OWNER, poll: { name: "Tea?", options: ["a", "b"] } });
    await assert.rejects(talk.send(OTHER, { type: "forward", messageId: poll }), refused("content_not_possible", "not_forwardable"));
  });

  it("disappear where the group lets messages disappear", async () => {
    const { jid } = await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "short", members: [OWNER] });
    await gateway.sandbox.post(`/groups/${jid.split("@")[0] ?? ""}/settings`, { by: CONTACT, ephemeral: 86_400 });
    const read = await talk.pass(jid, { type: "image", file: talk.file(randomBytes(90), "image/png") });
    assert.equal(read.content.expiration, 86_400);
    const reaction = await talk.pass(jid, { type: "reaction", messageId: read.id, emoji: "x" });
    assert.equal(reaction.content.expiration, undefined);
  });

  it("disappear where a person lets them, as the person's last message said, by whichever address", async () => {
    const hear = (expiration: number): Promise<string> => talk.hear({ to: OWNER, message: { extendedTextMessage: { text: "psst", ...(expiration === 0 ? {} : { contextInfo: { expiration } }) } } }, OTHER);
    const { lid } = await gateway.sandbox.get<{ lid: string }>(`/contacts/${OTHER}`);
    await hear(604_800);
    for (const to of [OTHER, lid]) assert.equal((await talk.read((await talk.send(to, { type: "text", text: "ok" })).messageId, OTHER)).content.expiration, 604_800);
    await hear(0);
    assert.equal((await talk.read((await talk.send(OTHER, { type: "text", text: "ok" })).messageId, OTHER)).content.expiration, undefined);
  });

  it("mention people by the address of the chat, in the text too", async () => {
    const otherLid = (await gateway.sandbox.get<{ lid: string }>(`/contacts/${OTHER}`)).lid;
    const byLid = await talk.pass(lidGroup, { type: "text", text: "hey @5511920000002, and @55119200000029 is nobody" }, { mentions: [OTHER] });
    assert.deepEqual(contextOf(byLid).mentionedJid, [otherLid]);
    assert.equal(byLid.text, `hey @${otherLid.split("@")[0] ?? ""}, and @55119200000029 is nobody`);
    const byNumber = await talk.pass(pnGroup, { type: "text", text: `hey @${otherLid.split("@")[0] ?? ""}` }, { mentions: [otherLid] });
    assert.deepEqual([contextOf(byNumber).mentionedJid, byNumber.text], [["5511920000002@s.whatsapp.net"], "hey @5511920000002"]);
    const all = await talk.pass(lidGroup, { type: "text", text: "everybody" }, { mentionAll: true });
    assert.equal(contextOf(all).nonJidMentions, 1);
    const caption = await talk.pass(pnGroup, { type: "image", file: talk.file(randomBytes(90), "image/png"), caption: "@5511920000002" }, { mentions: [OTHER], forwarded: true });
    assert.deepEqual([contextOf(caption).mentionedJid, contextOf(caption).isForwarded], [["5511920000002@s.whatsapp.net"], true]);
    await assert.rejects(talk.send(CONTACT, { type: "text", text: "x" }, { mentionAll: true }), refused("content_not_possible", "mention_all_only_in_groups"));
  });
});
