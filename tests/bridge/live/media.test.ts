import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { OutgoingContent, SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { announce } from "../support/spool-files.js";
import { Talk } from "../support/talk.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";

describe("files of messages", () => {
  let gateway: Gateway;
  let talk: Talk;

  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    talk = new Talk(gateway, "acme", CONTACT);
    for (const number of [CONTACT, OTHER]) await gateway.sandbox.post("/contacts", { number });
  });
  after(() => gateway.end());

  const image = (file: SpoolFile, caption?: string): OutgoingContent => ({ type: "image", file, ...(caption === undefined ? {} : { caption }) });
  const path = (file: SpoolFile): string => join(gateway.dataDir, "spool", file.name);
  const missing = { data: { name: "media_missing", retryable: true } };
  const keyOf = (read: { message: Record<string, unknown> }): unknown => (read.message["imageMessage"] as { mediaKey: unknown }).mediaKey;

  it("are refused at once when they are not there, not what was announced, or somebody else's", async () => {
    const bytes = randomBytes(5000);
    await assert.rejects(talk.send(CONTACT, image(announce(bytes, "image/png"))), missing);
    const file = talk.file(bytes, "image/png");
    await assert.rejects(talk.send(CONTACT, image({ ...file, sha256: "00".repeat(32) })), missing);
    await assert.rejects(talk.send(CONTACT, image({ ...file, sizeBytes: 4999 })), missing);
    const link = announce(bytes, "image/png");
    symlinkSync(path(file), path(link));
    await assert.rejects(talk.send(CONTACT, image(link)), missing);
    writeFileSync(join(gateway.dataDir, "outside"), bytes);
    for (const name of ["../outside", `${"x".repeat(20)}/../../outside`]) {
      await assert.rejects(talk.send(CONTACT, image({ ...file, name })), (error: { data?: { name?: string } }) => error.data?.name === "invalid_params", name);
    }
    assert.ok(existsSync(path(file)), "a refused request takes no file with it");
  });

  it("go up once for all who get them", async () => {
    const bytes = randomBytes(9000);
    const [a, b] = [talk.file(bytes, "image/png"), talk.file(bytes, "image/png")];
    const first = await talk.pass(CONTACT, image(a));
    const sent = await talk.send(OTHER, image(b, "another caption"));
    const second = await talk.read(sent.messageId, OTHER);
    assert.equal(keyOf(second), keyOf(first));
    assert.equal(second.media?.sha256, createHash("sha256").update(bytes).digest("hex"));
    await waitFor("both files to go", () => !existsSync(path(a)) && !existsSync(path(b)));
  });

  it("of a batch go up once and stay until the last one has been built", async () => {
    const numbers = Array.from({ length: 25 }, (_, i) => `+55119200003${String(i).padStart(2, "0")}`);
    const bytes = randomBytes(60_000);
    const file = talk.file(bytes, "image/png");
    await gateway.rpc.call("batch.create", { tenantId: "acme", content: image(file, "for all"), recipients: numbers.map((to) => ({ to })) as [{ to: string }] });
    const keys = new Set<unknown>();
    for (const number of numbers) {
      const { messages } = await gateway.sandbox.get<{ messages: InboxMessage[] }>(`/contacts/${number}/messages?wait=20000`);
      assert.equal(messages[0]?.media?.sha256, createHash("sha256").update(bytes).digest("hex"), number);
      keys.add(keyOf(messages[0]));
    }
    assert.equal(keys.size, 1);
    await waitFor("the file to go", () => !existsSync(path(file)));
  });

  it("stay until they are up when the same message is asked for twice at a time", async () => {
    await gateway.sandbox.post("/faults", { kind: "delay-upload", number: OWNER, ms: 300, count: 1 });
    const bytes = randomBytes(4000);
    const file = talk.file(bytes, "image/png");
    const messageId = "3EB0DDDDDDDDDDDDDDDDDD";
    const both = await Promise.all([1, 2].map(() => talk.send(CONTACT, image(file), undefined, { messageId })));
    assert.deepEqual(both.map((each) => ["sent", "delivered"].includes(each.status)), [true, true]);
    assert.equal((await talk.read(messageId)).media?.sha256, createHash("sha256").update(bytes).digest("hex"));
    await waitFor("the file to go", () => !existsSync(path(file)));
  });

  it("wait for a media server that fails or is slow, and leave when it is well again", async () => {
    for (const fault of [{ kind: "refuse-upload", code: 503, count: 1 }, { kind: "delay-upload", ms: 300, count: 1 }]) {
      await gateway.sandbox.post("/faults", { number: OWNER, ...fault });
      const bytes = randomBytes(4000);
      const sent = await talk.send(CONTACT, image(talk.file(bytes, "image/png")), undefined, { waitMs: 0 });
      assert.equal(sent.status, "accepted");
      assert.equal((await talk.read(sent.messageId)).media?.sha256, createHash("sha256").update(bytes).digest("hex"), fault.kind);
    }
  });

  it("fail for good when the media server refuses them or they vanish before their turn", async () => {
    const failure = (id: string): Promise<string> => waitFor("the failure", () => gateway.follower.of("message.status").find((event) => event.data.messageId === id && event.data.status === "failed")?.data.failure?.code);
    await gateway.sandbox.post("/faults", { kind: "refuse-upload", number: OWNER, code: 413, count: 1 });
    const file = talk.file(randomBytes(4000), "image/png");
    const refused = await talk.send(CONTACT, image(file), undefined, { waitMs: 0 });
    assert.equal(await failure(refused.messageId), "media_unusable");
    await waitFor("its file to go", () => !existsSync(path(file)));
    const vanishing = talk.file(randomBytes(4000), "image/png");
    const later = await talk.send(CONTACT, image(vanishing), undefined, { waitMs: 0, sendAtMs: Date.now() + 400 });
    unlinkSync(path(vanishing));
    assert.equal(await failure(later.messageId), "media_unusable");
  });

  it("keep a caption of any length and any character", async () => {
    const caption = `${"é😀".repeat(20_000)}\ud83d`;
    const read = await talk.pass(CONTACT, image(talk.file(randomBytes(300), "image/png"), caption));
    assert.equal(read.content.text, `${"é😀".repeat(20_000)}\ufffd`);
  });

  it("are in the clear in a channel, where texts, polls and forwarded texts are too", async () => {
    const { jid } = await gateway.sandbox.post<{ jid: string }>("/channels", { by: OWNER, name: "News" });
    const said = async (id: string): Promise<{ content: { kind: string; text?: string } } | undefined> =>
      (await gateway.sandbox.get<{ messages: { id: string; content: { kind: string; text?: string } }[] }>(`/channels/${jid}`)).messages.find((each) => each.id === id);
    const text = await talk.send(jid, { type: "text", text: "fresh today" });
    assert.deepEqual([text.status, (await said(text.messageId))?.content.text], ["sent", "fresh today"]);
    const bytes = randomBytes(7000);
    const picture = await talk.send(jid, image(talk.file(bytes, "image/jpeg"), "look"));
    assert.deepEqual([(await said(picture.messageId))?.content.kind, (await said(picture.messageId))?.content.text], ["image", "look"]);
    const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>(`/ledger?tag=message&direction=in&id=${picture.messageId}`);
    assert.deepEqual([entries[0]?.attrs["type"], entries[0]?.attrs["media_id"]], ["media", createHash("sha256").update(bytes).digest("base64url")]);
    const own = await talk.send(CONTACT, { type: "text", text: "pass it on" });
    assert.equal((await said((await talk.send(jid, { type: "forward", messageId: own.messageId })).messageId))?.content.text, "pass it on");
    const withFile = await talk.hear({ to: OWNER, media: { kind: "image", base64: bytes.toString("base64") } });
    await assert.rejects(talk.send(jid, { type: "forward", messageId: withFile }), { data: { name: "content_not_possible", retryable: false } });
  });
});
