import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { decryptPollVote, downloadMediaMessage, type AnyMessageContent, type WAMessage } from "baileys";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

const CONTACT = "+5511920000021";
const CONTACT_JID = "5511920000021@s.whatsapp.net";

describe("message content", () => {
  let harness: Harness;
  let alice: Client;
  let bob: Client;

  before(async () => {
    harness = await Harness.start();
    [alice, bob] = await Promise.all([harness.paired("+5511910000021", "Alice"), harness.paired("+5511910000022", "Bob")]);
  });
  after(() => harness.stop());

  const inbox = async (id: string): Promise<InboxMessage> => {
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    assert.ok(messages[0], `message ${id} did not reach the contact`);
    return messages[0];
  };
  const byId = (client: Client, id: string): Promise<WAMessage> => client.waitMessage(`message ${id}`, (message) => message.key.id === id);

  it("can be edited, revoked and reacted to, seen by the other side", async () => {
    const sent = await alice.send(bob.jid, { text: "first" });
    const got = await bob.waitText("first");
    await alice.send(bob.jid, { text: "corrected", edit: sent.key });
    await bob.until("the edit", () =>
      bob.of("messages.update").flat().find((each) => each.key.id === sent.key.id && each.update.message?.editedMessage));
    await bob.send(alice.jid, { react: { text: "👍", key: got.key } });
    const reaction = await alice.until("the reaction", () => alice.of("messages.reaction").flat().find((each) => each.key.id === sent.key.id));
    assert.equal(reaction.reaction.text, "👍");
    assert.equal(reaction.key.fromMe, true);
    await alice.send(bob.jid, { delete: sent.key });
    await bob.until("the revocation", () =>
      bob.of("messages.update").flat().find((each) => each.key.id === sent.key.id && each.update.message === null));
  });

  it("can be polls, and votes can be opened with the poll's secret", async () => {
    const sent = await alice.send(CONTACT_JID, { poll: { name: "Lunch?", values: ["Yes", "No"], selectableCount: 1 } });
    const id = sent.key.id ?? "";
    assert.equal((await inbox(id)).text, "Lunch?");
    await harness.admin.post(`/contacts/${CONTACT}/vote`, { id, options: ["Yes"] });
    const vote = await alice.waitMessage("the vote", (message) => !!message.message?.pollUpdateMessage);
    const { selectedOptions } = decryptPollVote(vote.message?.pollUpdateMessage?.vote ?? {}, {
      pollCreatorJid: alice.jid,
      pollMsgId: id,
      pollEncKey: sent.message?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
      voterJid: CONTACT_JID,
    });
    assert.deepEqual(selectedOptions.map((each) => Buffer.from(each)), [createHash("sha256").update("Yes").digest()]);
  });

  const kinds: { name: string; content: (file: Buffer) => AnyMessageContent; file: Buffer }[] = [
    { name: "image", file: JPEG, content: (image) => ({ image, caption: "a dot", jpegThumbnail: JPEG.toString("base64") }) },
    { name: "video", file: randomBytes(300_000), content: (video) => ({ video, jpegThumbnail: JPEG.toString("base64") }) },
    { name: "audio", file: randomBytes(50_000), content: (audio) => ({ audio, ptt: true, seconds: 3, mimetype: "audio/ogg; codecs=opus" }) },
    { name: "document", file: randomBytes(1_000_003), content: (document) => ({ document, mimetype: "application/pdf", fileName: "a b.pdf" }) },
    { name: "sticker", file: randomBytes(20_000), content: (sticker) => ({ sticker }) },
  ];
  for (const { name, content, file } of kinds) {
    it(`can be a file: ${name}, downloaded by another client byte for byte, and by a mock contact`, async () => {
      const sent = await alice.send(bob.jid, content(file));
      const got = await byId(bob, sent.key.id ?? "");
      assert.ok(file.equals(await downloadMediaMessage(got, "buffer", {})));
      const toContact = await alice.send(CONTACT_JID, content(file));
      const { media } = await inbox(toContact.key.id ?? "");
      assert.equal(media?.ok, true);
      assert.equal(media.sha256, createHash("sha256").update(file).digest("hex"));
      assert.equal(media.bytes, file.length);
    });
  }

  it("can be a file a mock contact uploads, downloaded whole and in part", async () => {
    const file = randomBytes(200_000);
    const media = { kind: "document", base64: file.toString("base64"), mimetype: "application/zip", caption: "the file", fileName: "x.zip" };
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, media });
    const got = await byId(alice, id);
    assert.equal(got.message?.documentMessage?.fileName, "x.zip");
    assert.equal(got.message.documentMessage.caption, "the file");
    assert.ok(file.equals(await downloadMediaMessage(got, "buffer", {})));
    const part = await downloadMediaMessage(got, "buffer", { startByte: 1_000, endByte: 2_000 });
    assert.ok(file.subarray(1_000, 2_000).equals(part));
  });

  it("can quote, and be any message given as JSON", async () => {
    const sent = await alice.send(CONTACT_JID, { text: "quote me" });
    const id = sent.key.id ?? "";
    await inbox(id);
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "quoted", quote: { id } });
    const quoted = await alice.waitText("quoted");
    assert.equal(quoted.message?.extendedTextMessage?.contextInfo?.stanzaId, id);
    assert.equal(quoted.message.extendedTextMessage.contextInfo.quotedMessage?.extendedTextMessage?.text, "quote me");
    await harness.admin.post(`/contacts/${CONTACT}/say`, {
      to: `+${alice.number}`, message: { locationMessage: { degreesLatitude: -23.5, degreesLongitude: -46.6, name: "São Paulo" } },
    });
    const location = await alice.waitMessage("the location", (message) => message.message?.locationMessage?.name === "São Paulo");
    assert.equal(location.message?.locationMessage?.degreesLatitude, -23.5);
  });

  it("can be edited, revoked and reacted to by a mock contact", async () => {
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "typo" });
    await alice.waitText("typo");
    const key = { remoteJid: alice.jid, fromMe: true, id };
    const say = (message: object): Promise<unknown> => harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, message });
    await say({ protocolMessage: { key, type: "MESSAGE_EDIT", editedMessage: { conversation: "fixed" }, timestampMs: Date.now() } });
    await alice.until("the edit", () => alice.of("messages.update").flat().find((each) => each.key.id === id && each.update.message?.editedMessage));
    await say({ reactionMessage: { key, text: "❤️", senderTimestampMs: Date.now() } });
    await alice.until("the reaction", () => alice.of("messages.reaction").flat().find((each) => each.key.id === id));
    await say({ protocolMessage: { key, type: "REVOKE" } });
    await alice.until("the revocation", () => alice.of("messages.update").flat().find((each) => each.key.id === id && each.update.message === null));
  });

  it("can be a status, seen by those it is made out to, both ways", async () => {
    const sent = await alice.send("status@broadcast", { text: "my day" }, { statusJidList: [bob.jid, CONTACT_JID], broadcast: true });
    const seen = await bob.waitMessage("the status", (message) => message.key.remoteJid === "status@broadcast");
    assert.equal(seen.message?.extendedTextMessage?.text, "my day");
    const read = await inbox(sent.key.id ?? "");
    assert.equal(read.chat, "status@broadcast");
    assert.equal(read.text, "my day");
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: "status@broadcast", text: "contact's day", audience: [`+${alice.number}`] });
    const back = await alice.waitText("contact's day");
    assert.equal(back.key.remoteJid, "status@broadcast");
    assert.equal(back.key.participant, CONTACT_JID);
  });

  it("is answered by a contact set to reply", async () => {
    await harness.admin.post("/contacts", { number: "+5511920000029", autoReply: "you said: {text}" });
    await alice.send("5511920000029@s.whatsapp.net", { text: "ping" });
    await alice.waitText("you said: ping");
  });
});
