import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { proto } from "../../../bridge/src/whatsapp/baileys.js";
import { toChannel, toPost } from "../../../bridge/src/whatsapp/channel-view.js";

describe("a channel in an answer of WhatsApp's", () => {
  it("may lack a picture, which a new one has not, and everything else but its id", () => {
    const thread = { name: { text: "News" }, description: null, picture: null, preview: null, invite: "", subscribers_count: "12", verification: "VERIFIED", creation_time: "1795435218" };
    assert.deepEqual(toChannel({ id: "120363000000000001@newsletter", thread_metadata: thread, viewer_metadata: null }), {
      channelId: "120363000000000001@newsletter", name: "News", followers: 12, verified: true, createdAtMs: 1_795_435_218_000,
    });
    assert.deepEqual(toChannel({ id: "120363000000000001@newsletter" }), { channelId: "120363000000000001@newsletter", name: "" });
  });

  it("is none without an id that is one", () => {
    for (const raw of [null, undefined, "x", {}, { id: 5 }, { id: "../etc" }, { id: "5511@s.whatsapp.net" }]) assert.equal(toChannel(raw), undefined);
  });
});

describe("a post of a channel", () => {
  const post = (attrs: Record<string, string>, ...content: { tag: string; attrs: Record<string, string>; content?: Uint8Array }[]): ReturnType<typeof toPost> => toPost({ tag: "message", attrs, content });

  it("has its text or caption, views and reactions", () => {
    const image = proto.Message.encode({ imageMessage: { caption: "Look" } }).finish();
    const found = toPost({
      tag: "message", attrs: { server_id: "101", id: "3EB0", t: "1795435218", type: "media" },
      content: [
        { tag: "plaintext", attrs: {}, content: image },
        { tag: "views_count", attrs: { count: "7" } },
        { tag: "reactions", attrs: {}, content: [{ tag: "reaction", attrs: { code: "👍", count: "2" } }, { tag: "reaction", attrs: { code: "x".repeat(100), count: "1" } }] },
      ],
    });
    assert.deepEqual(found, { serverId: "101", messageId: "3EB0", text: "Look", type: "imageMessage", sentAtMs: 1_795_435_218_000, views: 7, reactions: { "👍": 2 } });
  });

  it("is shown without what cannot be read in it", () => {
    assert.deepEqual(post({ server_id: "101", id: "a b", type: "text" }, { tag: "plaintext", attrs: {}, content: Buffer.from("ff", "hex") }), { serverId: "101", type: "text" });
    assert.equal(post({ id: "3EB0" }), undefined);
  });
});
