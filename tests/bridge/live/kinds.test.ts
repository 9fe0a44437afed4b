import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { ContactCard, OutgoingContent, SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { Talk } from "../support/talk.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const STRANGER = "+5511920000002";

/** Large enough for several pieces, of no round length. */
const BYTES = randomBytes(150_001);
const THUMBNAIL = randomBytes(900);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

interface Kind {
  mimeType: string;
  content: (file: SpoolFile) => OutgoingContent;
  plain: Partial<InboxMessage["content"]>;
  stanza?: string;
}

const FILES: Record<string, Kind> = {
  image: {
    mimeType: "image/jpeg",
    content: (file) => ({ type: "image", file, caption: "a dot", width: 40, height: 30, thumbnail: THUMBNAIL.toString("base64") }),
    plain: { kind: "image", text: "a dot", width: 40, height: 30, thumbnailBytes: 900 },
  },
  video: { mimeType: "video/mp4", content: (file) => ({ type: "video", file, caption: "moves", seconds: 7 }), plain: { kind: "video", text: "moves", seconds: 7 } },
  gif: { mimeType: "video/mp4", content: (file) => ({ type: "gif", file }), plain: { kind: "gif" } },
  "round video": { mimeType: "video/mp4", content: (file) => ({ type: "video_note", file, seconds: 3 }), plain: { kind: "video_note", seconds: 3 } },
  sound: { mimeType: "audio/mpeg", content: (file) => ({ type: "audio", file, seconds: 61 }), plain: { kind: "audio", seconds: 61 } },
  voice: {
    mimeType: "audio/ogg",
    content: (file) => ({ type: "voice", file, seconds: 2, waveform: Buffer.alloc(64, 50).toString("base64") }),
    plain: { kind: "voice_note", seconds: 2, waveform: Buffer.alloc(64, 50).toString("base64") },
  },
  document: { mimeType: "application/pdf", content: (file) => ({ type: "document", file, fileName: "März 📄.pdf" }), plain: { kind: "document" } },
  "document with caption": { mimeType: "application/pdf", content: (file) => ({ type: "document", file, fileName: "a.pdf", caption: "look" }), plain: { kind: "document", text: "look" } },
  sticker: { mimeType: "image/webp", content: (file) => ({ type: "sticker", file, width: 512, height: 512, animated: true }), plain: { kind: "sticker", width: 512, height: 512 } },
  "image to be seen once": { mimeType: "image/png", content: (file) => ({ type: "image", file, viewOnce: true }), plain: { kind: "image", viewOnce: true } },
  "voice to be heard once": { mimeType: "audio/ogg", content: (file) => ({ type: "voice", file, viewOnce: true }), plain: { kind: "voice_note", viewOnce: true } },
};

const card = (displayName: string): ContactCard => ({ displayName, vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${displayName}\nEND:VCARD` });

const WORDS: Record<string, { content: OutgoingContent; plain: Partial<InboxMessage["content"]> }> = {
  "text with a preview": {
    content: { type: "text", text: "see https://example.com/a", preview: { url: "https://example.com/a", title: "A title", description: "more", thumbnail: THUMBNAIL.toString("base64") } },
    plain: { kind: "text", text: "see https://example.com/a", linkPreview: { url: "https://example.com/a", title: "A title", description: "more", thumbnailBytes: 900 } },
  },
  "text with half a character": { content: { type: "text", text: "a\ud83d b" }, plain: { kind: "text", text: "a\ufffd b" } },
  location: {
    content: { type: "location", place: { latitude: -23.55, longitude: -46.63, name: "Sé", address: "Praça" } },
    plain: { kind: "location", location: { latitude: -23.55, longitude: -46.63, name: "Sé", address: "Praça" } },
  },
  contact: { content: { type: "contacts", contacts: [{ displayName: "Ana", vcard: "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL:+5511911111111\nEND:VCARD" }] }, plain: { kind: "contact" } },
  contacts: {
    content: { type: "contacts", displayName: "team", contacts: [card("Ana"), card("Bia")] },
    plain: { kind: "contacts", text: "team" },
  },
  poll: { content: { type: "poll", question: "Lunch?", options: ["Yes", "No"], selectableCount: 1 }, plain: { kind: "poll", text: "Lunch?", poll: { options: ["Yes", "No"], selectable: 1 } } },
  "poll of many": { content: { type: "poll", question: "Which?", options: ["a", "b", "c"], selectableCount: 0 }, plain: { kind: "poll", poll: { options: ["a", "b", "c"], selectable: 0 } } },
  event: {
    content: { type: "event", name: "Party", description: "bring cake", startsAtMs: 1_800_000_000_000, endsAtMs: 1_800_003_600_000, place: { latitude: 1, longitude: 2, name: "Home" }, extraGuestsAllowed: true },
    plain: { kind: "event", event: { name: "Party", description: "bring cake", startsAt: 1_800_000_000, endsAt: 1_800_003_600, place: "Home", cancelled: false } },
  },
};

describe("every kind of message", () => {
  let gateway: Gateway;
  let talk: Talk;
  let chats: Record<string, string>;
  let group: string;

  before(async () => {
    gateway = await Gateway.start();
    const session = await gateway.paired("acme", OWNER, "Acme");
    assert.equal(session.state, "connected");
    talk = new Talk(gateway, "acme", CONTACT);
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla" });
    const { lid } = await gateway.sandbox.get<{ lid: string }>(`/contacts/${CONTACT}`);
    const made = (addressing: string): Promise<{ jid: string }> => gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: addressing, members: [OWNER, STRANGER], addressing });
    group = (await made("lid")).jid;
    chats = { person: CONTACT, lid, group, "group by numbers": (await made("pn")).jid };
  });
  after(() => gateway.end());

  const has = (read: InboxMessage, plain: Partial<InboxMessage["content"]>): void => {
    assert.deepEqual({ ...read.content, ...plain }, read.content);
  };

  for (const chat of ["person", "lid", "group", "group by numbers"]) {
    for (const [name, { mimeType, content, plain }] of Object.entries(FILES)) {
      it(`as a file: ${name} to ${chat}, read byte for byte`, async () => {
        const file = talk.file(BYTES, mimeType);
        const read = await talk.pass(chats[chat] ?? "", content(file));
        has(read, plain);
        assert.ok(read.media);
        assert.deepEqual([read.media.ok, read.media.sha256, read.media.bytes], [true, SHA256, BYTES.length], read.media.error);
        assert.equal(read.media.mimetype, plain.kind === "voice_note" ? "audio/ogg; codecs=opus" : mimeType);
      });
    }
    for (const [name, { content, plain }] of Object.entries(WORDS)) {
      it(`in words: ${name} to ${chat}`, async () => {
        has(await talk.pass(chats[chat] ?? "", content), plain);
      });
    }
  }

  it("leaves no file behind", async () => {
    await waitFor("the spool to be empty", () => readdirSync(join(gateway.dataDir, "spool")).length === 0);
    assert.deepEqual(readdirSync(join(gateway.dataDir, "run")).filter((name) => name.endsWith("-enc")), []);
  });

  it("names in a poll the secret that opens its votes, and in the stanza what it is", async () => {
    const poll = await talk.send(CONTACT, { type: "poll", question: "Tea?", options: ["Green", "Black"], selectableCount: 1 });
    const { message } = (await talk.read(poll.messageId)) as { message: { messageContextInfo?: { messageSecret?: string }; pollCreationMessageV3?: object } };
    assert.equal(Buffer.from(message.messageContextInfo?.messageSecret ?? "", "base64").length, 32);
    assert.ok(message.pollCreationMessageV3);
    const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string>; node: unknown }[] }>(`/ledger?tag=message&direction=in&id=${poll.messageId}`);
    assert.equal(entries[0]?.attrs["type"], "poll");
    assert.match(JSON.stringify(entries[0].node), /"polltype":"creation"/);
  });
});
