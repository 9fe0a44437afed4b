import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { proto, type AnyMessageContent, type WAMessage } from "baileys";
import type { InboxMessage, InboxPresence, InboxReceipt } from "../../../bridge/sandbox/phone/inbox.js";
import type { PlainContent } from "../../../bridge/sandbox/phone/plain.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

const CONTACT = "+5511920000081";
const CONTACT_JID = "5511920000081@s.whatsapp.net";
const thumbnail = { jpegThumbnail: JPEG.toString("base64") };
const VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;type=CELL;waid=5511911112222:+55 11 91111-2222\nEND:VCARD";

describe("what a mock contact understands", () => {
  let harness: Harness;
  let alice: Client;

  before(async () => {
    harness = await Harness.start();
    alice = await harness.paired("+5511910000081", "Alice");
  });
  after(() => harness.stop());

  const inbox = async (id: string): Promise<InboxMessage> => {
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    assert.ok(messages[0], `message ${id} did not reach the contact`);
    return messages[0];
  };
  const sent = async (content: AnyMessageContent, quoted?: WAMessage, to = CONTACT_JID): Promise<InboxMessage> => {
    const message = await alice.send(to, content, quoted ? { quoted } : {});
    return inbox(message.key.id ?? "");
  };
  const understood = async (content: AnyMessageContent, expected: Partial<PlainContent>): Promise<PlainContent> => {
    const { content: plain } = await sent(content);
    assert.deepEqual({ ...plain, ...expected }, plain);
    return plain;
  };

  it("a text with mentions, a quotation and a link preview", async () => {
    const first = await alice.send(CONTACT_JID, { text: "see this" });
    await inbox(first.key.id ?? "");
    const linkPreview = { "canonical-url": "https://example.org", "matched-text": "https://example.org", title: "Example", description: "A site", jpegThumbnail: JPEG };
    const { content } = await sent({ text: "@551191 https://example.org", mentions: ["551191@s.whatsapp.net"], linkPreview }, first);
    assert.deepEqual(content, {
      kind: "text",
      text: "@551191 https://example.org",
      linkPreview: { url: "https://example.org", title: "Example", description: "A site", thumbnailBytes: JPEG.length },
      mentions: ["551191@s.whatsapp.net"],
      quote: { id: first.key.id, from: alice.jid, text: "see this" },
    });
  });

  const waveform = randomBytes(64);
  const files: [kind: string, content: (file: Buffer) => AnyMessageContent, expected: Partial<PlainContent>, mimetype: string][] = [
    ["image", (image) => ({ image, caption: "a dot", width: 8, height: 8, ...thumbnail }), { text: "a dot", width: 8, height: 8, thumbnailBytes: JPEG.length }, "image/jpeg"],
    ["video", (video) => ({ video, caption: "moves", seconds: 4, ...thumbnail }), { text: "moves", seconds: 4 }, "video/mp4"],
    ["gif", (video) => ({ video, gifPlayback: true, ...thumbnail }), {}, "video/mp4"],
    // Baileys drops everything but the file of a video note.
    ["video_note", (video) => ({ video, ptv: true, seconds: 2 }), {}, "video/mp4"],
    ["audio", (audio) => ({ audio, mimetype: "audio/mpeg", seconds: 9 }), { seconds: 9 }, "audio/mpeg"],
    ["voice_note", (audio) => ({ audio, ptt: true, seconds: 3, waveform, mimetype: "audio/ogg; codecs=opus" }), { seconds: 3, waveform: waveform.toString("base64") }, "audio/ogg; codecs=opus"],
    ["document", (document) => ({ document, mimetype: "application/pdf", fileName: "a b.pdf", caption: "read" }), { text: "read" }, "application/pdf"],
    ["sticker", (sticker) => ({ sticker }), {}, "image/webp"],
  ];
  for (const [kind, content, expected, mimetype] of files) {
    it(`a file: ${kind}, which it downloads and can hand out`, async () => {
      const file = randomBytes(30_000);
      const entry = await sent(content(file));
      assert.deepEqual({ ...entry.content, ...expected, kind }, entry.content);
      assert.equal(entry.media?.ok, true, entry.media?.error);
      assert.equal(entry.media.sha256, createHash("sha256").update(file).digest("hex"));
      assert.deepEqual([entry.media.bytes, entry.media.mimetype], [file.length, mimetype]);
      const url = `${harness.listening.adminUrl}/contacts/${CONTACT}/messages/${entry.id}/media`;
      const response = await fetch(url);
      assert.equal(response.headers.get("content-type"), mimetype);
      assert.ok(file.equals(Buffer.from(await response.arrayBuffer())));
    });
  }

  it("what may be looked at once", async () => {
    const { content, media } = await sent({ image: JPEG, viewOnce: true, ...thumbnail });
    assert.deepEqual([content.kind, content.viewOnce, media?.ok], ["image", true, true]);
  });

  it("places, cards, polls and events", async () => {
    await understood({ location: { degreesLatitude: -23.5, degreesLongitude: -46.6, name: "Sé", address: "Centro" } }, {
      kind: "location", location: { latitude: -23.5, longitude: -46.6, name: "Sé", address: "Centro" },
    });
    const card = { displayName: "Ana", vcard: VCARD };
    await understood({ contacts: { displayName: "Ana", contacts: [card] } }, { kind: "contact", contacts: [{ name: "Ana", numbers: ["+55 11 91111-2222"], vcard: VCARD }] });
    const cards = await understood({ contacts: { displayName: "two", contacts: [card, card] } }, { kind: "contacts" });
    assert.equal(cards.contacts?.length, 2);
    const values = ["Yes", "No", "Maybe"];
    await understood({ poll: { name: "One?", values, selectableCount: 1 } }, { kind: "poll", text: "One?", poll: { options: values, selectable: 1 } });
    await understood({ poll: { name: "Any?", values, selectableCount: 0 } }, { kind: "poll", text: "Any?", poll: { options: values, selectable: 0 } });
    const startDate = new Date(1_800_000_000_000);
    await understood({ event: { name: "Party", description: "bring cake", startDate, location: { name: "Home" } } }, {
      kind: "event", event: { name: "Party", description: "bring cake", startsAt: 1_800_000_000, place: "Home", cancelled: false },
    });
  });

  it("what is done to a message: reaction, edit, deletion, pin, passing on", async () => {
    const first = await alice.send(CONTACT_JID, { text: "original" });
    const target = { id: first.key.id ?? "", fromMe: true };
    await understood({ react: { text: "👍", key: first.key } }, { kind: "reaction", text: "👍", target });
    await understood({ react: { text: "", key: first.key } }, { kind: "reaction", text: "", target });
    // Before the edit: Baileys writes an edit into the very object that its send returned, as soon as its echo is through.
    await understood({ forward: first, force: true }, { kind: "text", text: "original", forwarded: 1 });
    await understood({ text: "corrected", edit: first.key }, { kind: "edit", text: "corrected", target });
    await understood({ pin: first.key, type: proto.PinInChat.Type.PIN_FOR_ALL }, { kind: "pin", target });
    await understood({ delete: first.key }, { kind: "delete", target });
  });

  it("a status, as text or as a picture", async () => {
    const options = { statusJidList: [CONTACT_JID], broadcast: true };
    const text = await inbox((await alice.send("status@broadcast", { text: "my day" }, { ...options, backgroundColor: "#112233", font: 2 })).key.id ?? "");
    assert.deepEqual([text.chat, text.content.kind, text.content.text], ["status@broadcast", "text", "my day"]);
    const picture = await inbox((await alice.send("status@broadcast", { image: JPEG, caption: "view", ...thumbnail }, options)).key.id ?? "");
    assert.deepEqual([picture.chat, picture.content.kind, picture.content.text, picture.media?.ok], ["status@broadcast", "image", "view", true]);
  });

  it("a vote in a poll it made itself", async () => {
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, poll: { name: "Tea?", options: ["Green", "Black"] } });
    await alice.waitMessage("the poll", (each) => each.key.id === id);
    // Baileys cannot vote, so the owner does it on the phone.
    await harness.admin.post(`/mock-phone/+${alice.number}/say`, { to: CONTACT, vote: { id, options: ["Black"] } });
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?wait=5000&from=%2B${alice.number}&type=pollUpdateMessage`);
    assert.deepEqual(messages.at(-1)?.content.vote, { pollId: id, options: ["Black"] });
  });

  it("that somebody is typing, recording, and has stopped", async () => {
    let after = 0;
    for (const [update, state] of [["composing", "composing"], ["recording", "recording"], ["paused", "paused"]] as const) {
      await alice.sock.sendPresenceUpdate(update, CONTACT_JID);
      const answer = await harness.admin.get<{ presences: InboxPresence[]; cursor: number }>(`/contacts/${CONTACT}/presence?wait=5000&from=%2B${alice.number}&after=${after}`);
      assert.deepEqual([answer.presences[0]?.state, answer.presences[0]?.chat], [state, alice.jid]);
      after = answer.cursor;
    }
  });

  it("that its messages were read or played", async () => {
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "did you read" });
    const message = await alice.waitText("did you read");
    await alice.sock.readMessages([message.key]);
    await alice.sock.sendReceipt(message.key.remoteJid ?? "", undefined, [id], "played");
    for (const type of ["read", "played"]) {
      const { receipts } = await harness.admin.get<{ receipts: InboxReceipt[] }>(`/contacts/${CONTACT}/receipts?wait=5000&type=${type}&id=${id}`);
      assert.equal(receipts[0]?.number, alice.number);
    }
  });
});
