import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Event, IncomingContent, MessageEvent } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";
const FILE = Buffer.from("GIF89a and whatever else makes a picture");

type Of<T extends Event["data"]["type"]> = Extract<Event["data"], { type: T }>;
type Saying = Record<string, unknown>;

describe("what people say", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla" });
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Team", members: [OWNER, OTHER] })).jid;
  });
  after(() => gateway.end());

  const of = async <T extends Event["data"]["type"]>(type: T, fits: (data: Of<T>) => boolean): Promise<Of<T>> =>
    waitFor(`a ${type}`, () => gateway.follower.of(type).map((event) => event.data).find((data) => fits(data)), 20_000);
  const say = async (what: Saying, to: Saying = { to: OWNER }, who = CONTACT): Promise<string> => (await gateway.sandbox.post<{ id: string }>(`/contacts/${who}/say`, { ...to, ...what })).id;
  const told = (id: string): Promise<MessageEvent> => of("message", (data) => data.messageId === id);
  /** Says it in the chat and in the group, and answers what is told of both. */
  const both = async (what: Saying): Promise<[MessageEvent, MessageEvent]> => {
    const direct = await told(await say(what));
    const shared = await told(await say(what, { group }));
    assert.deepEqual([direct.chatType, direct.isGroup, direct.chatId], ["person", false, "5511920000001@s.whatsapp.net"]);
    assert.deepEqual([shared.chatType, shared.isGroup, shared.chatId], ["group", true, group]);
    for (const { sender } of [direct, shared]) {
      assert.deepEqual([sender.phoneNumber, sender.name], [CONTACT, "Carla"]);
      assert.match(sender.lid ?? "", /^\d+@lid$/);
    }
    return [direct, shared];
  };
  const contents = async (what: Saying): Promise<IncomingContent> => {
    const [direct, shared] = await both(what);
    assert.deepEqual(withoutIds(direct.content), withoutIds(shared.content));
    return direct.content;
  };
  /** Said twice, a file has two ids, and an invitation two times at which it ends, which may be a second apart. */
  const withoutIds = (content: IncomingContent): unknown => {
    if ("media" in content) return { ...content, media: { ...content.media, mediaId: "" } };
    return "expiresAtMs" in content ? { ...content, expiresAtMs: 0 } : content;
  };

  for (const [kind, type] of [["image", "image"], ["video", "video"], ["gif", "gif"], ["video_note", "video_note"], ["audio", "audio"], ["voice_note", "voice"], ["document", "document"], ["sticker", "sticker"]] as const) {
    it(`tells a file: ${type}`, async () => {
      const captioned = ["image", "video", "gif", "document"].includes(type);
      const content = await contents({ media: { kind, base64: FILE.toString("base64"), mimetype: "image/gif", fileName: "../a b.gif", seconds: 3, width: 4, height: 5, ...(captioned ? { caption: "look" } : {}) } });
      assert.ok("media" in content);
      assert.equal(content.type, type);
      assert.equal(content.media.sha256, createHash("sha256").update(FILE).digest("hex"));
      assert.equal(content.media.sizeBytes, FILE.length);
      assert.equal("caption" in content ? content.caption : undefined, captioned ? "look" : undefined);
      if (type === "document") assert.equal(content.media.fileName, ".._a b.gif");
    });
  }

  it("tells places, cards, polls, events, choices and invitations", async () => {
    assert.deepEqual(await contents({ location: { latitude: -23.5, longitude: -46.5, name: "Sé", address: "Praça da Sé", url: "https://example.org" } }), {
      type: "location", place: { latitude: -23.5, longitude: -46.5, name: "Sé", address: "Praça da Sé", url: "https://example.org" },
    });
    const cards = await contents({ contacts: [{ name: "Ana", numbers: ["+5511933333333"] }, { name: "Bia" }] });
    assert.ok(cards.type === "contacts");
    assert.deepEqual(cards.contacts.map(({ displayName }) => displayName), ["Ana", "Bia"]);
    assert.match(cards.contacts[0]?.vcard ?? "", /waid=5511933333333/);
    assert.deepEqual(await contents({ poll: { name: "Lunch?", options: ["Yes", "No"], selectable: 0 } }), { type: "poll", question: "Lunch?", options: ["Yes", "No"], selectableCount: 0 });
    assert.deepEqual(await contents({ event: { name: "Fair", description: "All day", startsAt: 1_900_000_000, endsAt: 1_900_003_600, place: "Sé" } }), {
      type: "event", name: "Fair", description: "All day", startsAtMs: 1_900_000_000_000, endsAtMs: 1_900_003_600_000, place: { latitude: 0, longitude: 0, name: "Sé" },
    });
    assert.deepEqual(await contents({ button: { id: "yes", text: "Yes!" } }), { type: "button_reply", buttonId: "yes", title: "Yes!" });
    assert.deepEqual(await contents({ row: { id: "row-1", text: "First" } }), { type: "button_reply", buttonId: "row-1", title: "First" });
    const invite = await contents({ invite: { group, code: "abc", subject: "Team", text: "Come" } });
    assert.ok(invite.type === "group_invite");
    assert.deepEqual([invite.groupId, invite.code, invite.subject, invite.caption], [group, "abc", "Team", "Come"]);
    assert.ok((invite.expiresAtMs ?? 0) > Date.now());
  });

  it("tells orders, products, flows, and other content by WhatsApp's own name", async () => {
    assert.deepEqual(await contents({ message: { orderMessage: { orderId: "o1", token: "t", itemCount: 2, message: "please" } } }), { type: "order", orderId: "o1", token: "t", itemCount: 2, message: "please" });
    assert.deepEqual(await contents({ message: { productMessage: { product: { productId: "p1", title: "Cake" }, businessOwnerJid: "5511920000001@s.whatsapp.net" } } }), {
      type: "product", productId: "p1", title: "Cake", businessOwner: { phoneNumber: CONTACT },
    });
    const flow = { body: { text: "Chosen" }, nativeFlowResponseMessage: { name: "menu_options", paramsJson: "{\"id\":\"row-7\"}" } };
    assert.deepEqual(await contents({ message: { interactiveResponseMessage: flow } }), { type: "button_reply", buttonId: "row-7", title: "Chosen" });
    assert.deepEqual(await contents({ message: { paymentInviteMessage: { serviceType: 1 } } }), { type: "other", whatsappType: "paymentInviteMessage" });
  });

  it("tells what surrounds a message: quote, mentions, forwarding, advertisement, disappearing", async () => {
    const id = await say({ text: "the question" });
    await told(id);
    await waitFor("the copy of the contact", async () => (await gateway.sandbox.get<{ messages: unknown[] }>(`/mock-phone/${OWNER}/messages?id=${id}`)).messages.length > 0);
    const [direct] = await both({ text: "look @5511910000001", mentions: [OWNER, OTHER], forwarded: 5, quote: { id, text: "the question" }, ad: { title: "Cakes", body: "Fresh", sourceUrl: "https://fb.me/1", sourceId: "42", ctwaClid: "click" } });
    assert.deepEqual([direct.forwarded, direct.forwardedManyTimes], [true, true]);
    assert.deepEqual(direct.mentions?.map(({ phoneNumber }) => phoneNumber), [OWNER, OTHER]);
    assert.deepEqual(direct.ad, { title: "Cakes", body: "Fresh", sourceUrl: "https://fb.me/1", sourceId: "42", sourceType: "ad", clickId: "click" });
    assert.equal(direct.quoted?.messageId, id);
    assert.deepEqual([direct.quoted.type, direct.quoted.text, direct.quoted.fromMe], ["text", "the question", false]);
    const [vanishing] = await both({ message: { ephemeralMessage: { message: { extendedTextMessage: { text: "gone soon", contextInfo: { expiration: 86_400 } } } } } });
    assert.deepEqual([vanishing.content, vanishing.ephemeralSeconds], [{ type: "text", text: "gone soon" }, 86_400]);
    const [everybody] = await both({ message: { extendedTextMessage: { text: "@all", contextInfo: { nonJidMentions: 1 } } } });
    assert.equal(everybody.mentionAll, true);
    const [once] = await both({ media: { kind: "image", base64: FILE.toString("base64") }, viewOnce: true });
    assert.deepEqual([once.content.type, once.viewOnce], ["image", true]);
    const [linked] = await both({ text: "see https://example.org", linkPreview: { url: "https://example.org", title: "Example", description: "A page" } });
    assert.deepEqual(linked.content, { type: "text", text: "see https://example.org", preview: { url: "https://example.org", title: "Example", description: "A page" } });
  });

  it("tells an edit, a deletion and reactions as events about the message", async () => {
    for (const where of [{ to: OWNER }, { group }]) {
      const id = await say({ text: "frist" }, where);
      const chatId = (await told(id)).chatId;
      await say({ edit: { id, text: "first" } }, where);
      const edited = await of("message.edited", (data) => data.messageId === id);
      assert.deepEqual([edited.content, edited.chatId, edited.fromMe, edited.sender.phoneNumber], [{ type: "text", text: "first" }, chatId, false, CONTACT]);
      await say({ reaction: { id, emoji: "👍🏽" } }, where);
      const reacted = await of("message.reaction", (data) => data.messageId === id);
      assert.deepEqual([reacted.emoji, reacted.targetFromMe, reacted.chatId], ["👍🏽", false, chatId]);
      await say({ reaction: { id } }, where);
      await of("message.reaction", (data) => data.messageId === id && data.emoji === "");
      await say({ delete: { id } }, where);
      assert.equal((await of("message.deleted", (data) => data.messageId === id)).chatId, chatId);
    }
    assert.equal(gateway.follower.of("message").some(({ data }) => data.content.type === "other" && /protocol|reaction/i.test(data.content.whatsappType)), false);
  });

  it("says of a reaction that it is to a message of ours", async () => {
    const sent = await gateway.send("acme", CONTACT, "like it?");
    await waitFor("the contact to read it", async () => (await gateway.sandbox.get<{ messages: unknown[] }>(`/contacts/${CONTACT}/messages?id=${sent.messageId}&wait=5000`)).messages.length > 0);
    await say({ reaction: { id: sent.messageId, emoji: "❤" } });
    assert.equal((await of("message.reaction", (data) => data.messageId === sent.messageId)).targetFromMe, true);
  });

  it("believes nobody who changes or deletes what somebody else wrote", async () => {
    const id = await say({ text: "mine alone" }, { group });
    await told(id);
    const key = { remoteJid: group, fromMe: true, id };
    await say({ message: { protocolMessage: { key, type: 14, editedMessage: { conversation: "not mine" } } } }, { group }, OTHER);
    await say({ message: { protocolMessage: { key, type: 0 } } }, { group }, OTHER);
    await told(await say({ text: "after that" }, { group }, OTHER));
    assert.equal(gateway.follower.of("message.edited").some(({ data }) => data.messageId === id), false);
    assert.equal(gateway.follower.of("message.deleted").some(({ data }) => data.messageId === id), false);
  });

  it("tells votes by the texts voted for, in polls of others and of ours", async () => {
    const ours = (await gateway.rpc.call("message.send", { tenantId: "acme", to: CONTACT, waitMs: 5000, content: { type: "poll", question: "Ours?", options: ["A", "B"], selectableCount: 1 } })).message.messageId;
    await waitFor("the contact to have it", async () => (await gateway.sandbox.get<{ messages: unknown[] }>(`/contacts/${CONTACT}/messages?id=${ours}&wait=5000`)).messages.length > 0);
    await gateway.sandbox.post(`/contacts/${CONTACT}/vote`, { id: ours, options: ["B"] });
    const vote = await of("message", (data) => data.content.type === "poll_vote" && data.content.pollMessageId === ours);
    assert.deepEqual(vote.content, { type: "poll_vote", pollMessageId: ours, options: ["B"], known: true });
    await gateway.sandbox.post(`/contacts/${CONTACT}/vote`, { id: ours, options: [] });
    await of("message", (data) => data.content.type === "poll_vote" && data.content.pollMessageId === ours && data.content.options.length === 0 && data.content.known);
    const theirs = await say({ poll: { name: "Theirs?", options: ["Yes", "No"], selectable: 0 } }, { group });
    await told(theirs);
    await waitFor("the other to have it", async () => (await gateway.sandbox.get<{ messages: unknown[] }>(`/contacts/${OTHER}/messages?id=${theirs}&wait=5000`)).messages.length > 0);
    await gateway.sandbox.post(`/contacts/${OTHER}/vote`, { id: theirs, options: ["Yes", "No"] });
    const inGroup = await of("message", (data) => data.content.type === "poll_vote" && data.content.pollMessageId === theirs);
    assert.deepEqual([inGroup.content, inGroup.sender.phoneNumber, inGroup.chatId], [{ type: "poll_vote", pollMessageId: theirs, options: ["Yes", "No"], known: true }, OTHER, group]);
  });

  it("says that it does not know a vote in a poll it has never seen", async () => {
    const vote = { encPayload: Buffer.alloc(40).toString("base64"), encIv: Buffer.alloc(12).toString("base64") };
    const [direct] = await both({ message: { pollUpdateMessage: { pollCreationMessageKey: { id: "3ANOWHERE", remoteJid: "x" }, vote } } });
    assert.deepEqual(direct.content, { type: "poll_vote", pollMessageId: "3ANOWHERE", options: [], known: false });
  });

  it("takes hostile contents as far as they go and goes on", async () => {
    const long = "x".repeat(200_000);
    const hostile = [
      { conversation: `half \ud800 a pair` },
      { extendedTextMessage: { text: long, contextInfo: { stanzaId: "a b\u0000", participant: "not an address", mentionedJid: Array.from({ length: 3000 }, (_, i) => `${i}@lid`), expiration: 4_294_967_295, quotedMessage: { conversation: long } } } },
      { locationMessage: { degreesLatitude: 1e300, degreesLongitude: 0 } },
      { eventMessage: { name: long, startTime: "9223372036854775807" } },
      { contactsArrayMessage: { contacts: Array.from({ length: 400 }, () => ({ displayName: "n", vcard: "v".repeat(3000) })) } },
      { pollCreationMessage: { name: "p", options: Array.from({ length: 300 }, (_, i) => ({ optionName: `o${i}` })), selectableOptionsCount: 4_294_967_295 } },
      { reactionMessage: { text: long, key: { id: "a b" } } },
      { groupInviteMessage: { groupJid: "no group", inviteCode: "x" } },
      { imageMessage: { mimetype: long, fileLength: "18446744073709551615", width: 4_294_967_295, fileSha256: "AAAA" } },
      { interactiveResponseMessage: { nativeFlowResponseMessage: { paramsJson: "{" } } },
      { protocolMessage: { type: 14, key: {}, editedMessage: { conversation: "x" } } },
      { protocolMessage: { type: 0 } },
      { pollUpdateMessage: {} },
      { secretEncryptedMessage: { secretEncType: 2, targetMessageKey: { id: "zzz" }, encPayload: "AAAA", encIv: "AAAA" } },
      { conversation: "\u0001".repeat(65_536) },
    ];
    for (const message of hostile) await say({ message });
    await told(await say({ text: "still here" }));
    const told1 = gateway.follower.of("message").map(({ data }) => data);
    assert.ok(told1.some(({ content }) => content.type === "text" && content.text === "half \ufffd a pair"));
    const longest = told1.find(({ content }) => content.type === "text" && content.text.startsWith("xxx"));
    assert.ok(longest?.content.type === "text");
    assert.deepEqual([longest.content.text.length, longest.mentions?.length, longest.quoted?.text?.length, longest.quoted?.messageId], [65_536, 1024, 4096, "a_b_"]);
    assert.ok(told1.some(({ content }) => content.type === "other" && content.whatsappType === "locationMessage"));
    assert.ok(told1.some(({ content }) => content.type === "poll" && content.options.length === 64));
    assert.ok(told1.some(({ content }) => content.type === "other" && content.whatsappType === "secretEncryptedMessage"));
    assert.equal(gateway.bridge.isDead, false);
  });
});
