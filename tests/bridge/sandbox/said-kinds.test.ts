import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { decryptPollVote, downloadMediaMessage, normalizeMessageContent, type WAMessage } from "baileys";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";

const CONTACT = "+5511920000083";
const OTHER = "+5511920000084";

describe("what a mock contact can say", () => {
  let harness: Harness;
  let alice: Client;
  let group: string;

  before(async () => {
    harness = await Harness.start();
    alice = await harness.paired("+5511910000083", "Alice");
    ({ jid: group } = await harness.admin.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Talk", members: [`+${alice.number}`, OTHER] }));
    await alice.until("the group", () => alice.of("groups.upsert").flat().find((each) => each.id === group));
  });
  after(() => harness.stop());

  /** Says it in the one-to-one chat and in the group, and checks what the client got both times. */
  const inBoth = async (what: object, check: (message: WAMessage) => void | Promise<void>): Promise<void> => {
    for (const where of [{ to: `+${alice.number}` }, { group }]) {
      const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { ...where, ...what });
      await check(await alice.waitMessage(`message ${id}`, (each) => each.key.id === id));
    }
  };
  const content = (message: WAMessage): NonNullable<ReturnType<typeof normalizeMessageContent>> => normalizeMessageContent(message.message ?? undefined) ?? {};

  const files: [kind: string, part: (message: WAMessage) => unknown][] = [
    ["image", (message) => content(message).imageMessage],
    ["video", (message) => content(message).videoMessage],
    ["gif", (message) => content(message).videoMessage?.gifPlayback],
    ["video_note", (message) => content(message).ptvMessage],
    ["audio", (message) => content(message).audioMessage?.ptt === false],
    ["voice_note", (message) => content(message).audioMessage?.ptt && content(message).audioMessage?.waveform?.length === 64],
    ["document", (message) => content(message).documentMessage?.fileName === "a.zip"],
    ["sticker", (message) => content(message).stickerMessage],
  ];
  for (const [kind, part] of files) {
    it(`a file: ${kind}`, async () => {
      const file = randomBytes(20_000);
      const media = { kind, base64: file.toString("base64"), seconds: 2, waveform: randomBytes(64).toString("base64"), fileName: "a.zip" };
      await inBoth({ media }, async (message) => {
        assert.ok(part(message), JSON.stringify(message.message));
        assert.ok(file.equals(await downloadMediaMessage(message, "buffer", {})));
      });
    });
  }

  it("what may be looked at once", async () => {
    await inBoth({ media: { kind: "image", base64: randomBytes(900).toString("base64") }, viewOnce: true }, (message) => {
      assert.equal(message.message?.viewOnceMessageV2?.message?.imageMessage?.viewOnce, true);
    });
    await inBoth({ media: { kind: "voice_note", base64: randomBytes(900).toString("base64") }, viewOnce: true }, (message) => {
      assert.equal(message.message?.viewOnceMessageV2Extension?.message?.audioMessage?.viewOnce, true);
    });
  });

  it("a text with mentions, link preview, forwarded, or from an advertisement", async () => {
    await inBoth({ text: "hello @551191", mentions: ["+551191"] }, (message) => {
      assert.deepEqual(message.message?.extendedTextMessage?.contextInfo?.mentionedJid, ["551191@s.whatsapp.net"]);
    });
    await inBoth({ text: "see https://example.org", linkPreview: { url: "https://example.org", title: "Example" } }, (message) => {
      assert.equal(message.message?.extendedTextMessage?.title, "Example");
    });
    await inBoth({ text: "again", forwarded: 6 }, (message) => {
      const context = message.message?.extendedTextMessage?.contextInfo;
      assert.deepEqual([context?.isForwarded, context?.forwardingScore], [true, 6]);
    });
    const ad = { title: "Sale", body: "50 % off", sourceUrl: "https://fb.me/x", sourceId: "1202", ctwaClid: "clid" };
    await inBoth({ text: "I saw your ad", ad }, (message) => {
      const reply = message.message?.extendedTextMessage?.contextInfo?.externalAdReply;
      assert.deepEqual([reply?.sourceId, reply?.ctwaClid, reply?.sourceType], ["1202", "clid", "ad"]);
    });
  });

  it("places, cards, events, chosen buttons and rows, invitations", async () => {
    await inBoth({ location: { latitude: -23.5, longitude: -46.6, name: "Sé" } }, (message) => {
      assert.equal(message.message?.locationMessage?.degreesLongitude, -46.6);
    });
    await inBoth({ contact: { name: "Ana", numbers: ["+55 11 91111-2222"] } }, (message) => {
      assert.match(message.message?.contactMessage?.vcard ?? "", /waid=5511911112222/);
    });
    await inBoth({ contacts: [{ name: "Ana", numbers: ["+1"] }, { name: "Bia" }] }, (message) => {
      assert.equal(message.message?.contactsArrayMessage?.contacts?.length, 2);
    });
    await inBoth({ event: { name: "Party", startsAt: 1_800_000_000 } }, (message) => {
      assert.equal(Number(message.message?.eventMessage?.startTime), 1_800_000_000);
    });
    await inBoth({ button: { id: "yes", text: "Yes" } }, (message) => {
      assert.equal(message.message?.buttonsResponseMessage?.selectedButtonId, "yes");
    });
    await inBoth({ row: { id: "r1", text: "Row" } }, (message) => {
      assert.equal(message.message?.listResponseMessage?.singleSelectReply?.selectedRowId, "r1");
    });
    await inBoth({ invite: { group, code: "abc", subject: "Talk" } }, (message) => {
      assert.equal(message.message?.groupInviteMessage?.inviteCode, "abc");
    });
  });

  it("polls, and votes in the account's polls", async () => {
    await inBoth({ poll: { name: "Tea?", options: ["Green", "Black"], selectable: 2 } }, (message) => {
      assert.equal(message.message?.pollCreationMessage?.options?.length, 2);
    });
    for (const to of [`${CONTACT.slice(1)}@s.whatsapp.net`, group]) {
      const poll = await alice.send(to, { poll: { name: "Lunch?", values: ["Yes", "No"], selectableCount: 1 } });
      const id = poll.key.id ?? "";
      await harness.admin.get(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
      const vote = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to, vote: { id, options: ["Yes"] } });
      const message = await alice.waitMessage("the vote", (each) => each.key.id === vote.id);
      const update = message.message?.pollUpdateMessage;
      assert.equal(update?.pollCreationMessageKey?.id, id);
      const { lid } = await harness.admin.get<{ lid: string }>(`/contacts/${CONTACT}`);
      const { selectedOptions } = decryptPollVote(update.vote ?? {}, {
        pollCreatorJid: to === group ? alice.lid : alice.jid, voterJid: to === group ? lid : to, pollMsgId: id,
        pollEncKey: poll.message?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
      });
      assert.deepEqual(selectedOptions.map((each) => Buffer.from(each)), [createHash("sha256").update("Yes").digest()]);
    }
  });

  it("reactions to and quotations of the account's messages", async () => {
    for (const to of [`${CONTACT.slice(1)}@s.whatsapp.net`, group]) {
      const sent = await alice.send(to, { text: `react to me in ${to}` });
      const id = sent.key.id ?? "";
      await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
      const where = to === group ? { group } : { to: `+${alice.number}` };
      await harness.admin.post(`/contacts/${CONTACT}/say`, { ...where, reaction: { id, emoji: "🎉" } });
      const reaction = await alice.until("the reaction", () => alice.of("messages.reaction").flat().find((each) => each.key.id === id));
      assert.deepEqual([reaction.reaction.text, reaction.key.fromMe, reaction.key.remoteJid], ["🎉", true, to]);
      await harness.admin.post(`/contacts/${CONTACT}/say`, { ...where, text: `reply in ${to}`, quote: { id } });
      const reply = await alice.waitText(`reply in ${to}`);
      assert.equal(reply.message?.extendedTextMessage?.contextInfo?.stanzaId, id);
    }
  });

  it("edits and deletions of its own messages, and of others' as an admin", async () => {
    for (const where of [{ to: `+${alice.number}` }, { group }]) {
      const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { ...where, text: "typo" });
      await alice.waitMessage("the typo", (each) => each.key.id === id);
      await harness.admin.post(`/contacts/${CONTACT}/say`, { ...where, edit: { id, text: "fixed" } });
      await alice.until("the edit", () => alice.of("messages.update").flat().find((each) => each.key.id === id && each.update.message?.editedMessage));
      await harness.admin.post(`/contacts/${CONTACT}/say`, { ...where, delete: { id } });
      await alice.until("the deletion", () => alice.of("messages.update").flat().find((each) => each.key.id === id && each.update.message === null));
    }
    const sent = await alice.send(group, { text: "delete me" });
    const id = sent.key.id ?? "";
    await harness.admin.get(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    await harness.admin.post(`/contacts/${CONTACT}/say`, { group, delete: { id } });
    await alice.until("the admin's deletion", () => alice.of("messages.update").flat().find((each) => each.key.id === id && each.update.message === null));
  });

  it("nothing when nothing, nonsense or an unknown message is named", async () => {
    const say = async (body: object): Promise<number> => (await harness.admin.call("POST", `/contacts/${CONTACT}/say`, { to: `+${alice.number}`, ...body })).status;
    assert.equal(await say({}), 422);
    assert.equal(await say({ location: { latitude: "north" } }), 422);
    assert.equal(await say({ media: { kind: "smell", base64: "AA==" } }), 422);
    assert.equal(await say({ reaction: { id: "unknown", emoji: "x" } }), 404);
    assert.equal(await say({ vote: { id: "unknown" } }), 404);
  });
});
