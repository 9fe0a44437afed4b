import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { getBinaryNodeChild, getBinaryNodeChildren, proto, type BinaryNode } from "baileys";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

const READER = "+5511920000101";
const thumbnail = { jpegThumbnail: JPEG.toString("base64") };

interface Metadata {
  thread_metadata: { name: { text: string }; subscribers_count: string; invite: string; description: { text: string } };
  viewer_metadata: { role: string; mute: string };
}

describe("channels", () => {
  let dir: string;
  let harness: Harness;
  let alice: Client;
  let bob: Client;
  let channel: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "sandbox-channels-"));
    harness = await Harness.start({ dir });
    [alice, bob] = await Promise.all([harness.paired("+5511910000101", "Alice"), harness.paired("+5511910000102", "Bob")]);
  });
  after(async () => {
    await harness.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const metadata = async (client: Client, type: "jid" | "invite" = "jid", key = channel): Promise<Metadata> =>
    (await client.sock.newsletterMetadata(type, key)) as unknown as Metadata;
  const posted = async (client: Client, after?: number): Promise<BinaryNode[]> => {
    const answer = (await client.sock.newsletterFetchMessages(channel, 50, undefined as never, after as never)) as BinaryNode;
    return getBinaryNodeChildren(getBinaryNodeChild(getBinaryNodeChild(answer, "message_updates"), "messages"), "message");
  };
  const content = (node: BinaryNode | undefined): proto.Message => proto.Message.decode(getBinaryNodeChild(node, "plaintext")?.content as Uint8Array);

  it("are made by an account and described to whoever asks", async () => {
    const made = await alice.sock.newsletterCreate("News", "What is new");
    channel = made.id;
    assert.match(channel, /@newsletter$/);
    assert.deepEqual([made.name, made.description], ["News", "What is new"]);
    assert.equal((await metadata(alice)).viewer_metadata.role, "OWNER");
    const { thread_metadata: thread } = await metadata(bob);
    assert.equal((await metadata(bob, "invite", thread.invite)).thread_metadata.name.text, "News");
    await assert.rejects(alice.sock.newsletterMetadata("jid", "120363000000000000@newsletter"), /item-not-found/);
  });

  it("are followed, muted and left again, and listed to those who follow", async () => {
    await bob.sock.newsletterFollow(channel);
    await bob.sock.newsletterMute(channel);
    const seen = await metadata(bob);
    assert.deepEqual([seen.viewer_metadata.role, seen.viewer_metadata.mute, seen.thread_metadata.subscribers_count], ["SUBSCRIBER", "ON", "1"]);
    await bob.sock.newsletterUnmute(channel);
    const variables = Buffer.from(JSON.stringify({ variables: {} }));
    const query = { tag: "iq", attrs: { to: "@s.whatsapp.net", type: "get", xmlns: "w:mex" }, content: [{ tag: "query", attrs: { query_id: "6388546374527196" }, content: variables }] };
    const result = getBinaryNodeChild((await bob.sock.query(query)) as BinaryNode, "result");
    const { data } = JSON.parse(Buffer.from(result?.content as Uint8Array).toString()) as { data: { xwa2_newsletter_subscribed: { id: string }[] } };
    assert.deepEqual(data.xwa2_newsletter_subscribed.map((each) => each.id), [channel]);
    await bob.sock.newsletterUnfollow(channel);
    assert.equal((await metadata(bob)).viewer_metadata.role, "GUEST");
    await bob.sock.newsletterFollow(channel);
    assert.deepEqual(await alice.sock.newsletterSubscribers(channel), { subscribers: 1 });
    assert.equal(await alice.sock.newsletterAdminCount(channel), 1);
  });

  it("carry text and pictures to their followers, and can be read back", async () => {
    await harness.admin.post(`/channels/${channel}/follow`, { by: READER });
    const text = await alice.send(channel, { text: "first news" });
    const got = await bob.waitText("first news");
    assert.deepEqual([got.key.remoteJid, got.key.id], [channel, text.key.id]);
    const picture = await alice.send(channel, { image: JPEG, caption: "a dot", ...thumbnail });
    await bob.waitMessage("the picture", (each) => each.key.id === picture.key.id);
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${READER}/messages?wait=5000&id=${picture.key.id ?? ""}`);
    assert.deepEqual([messages[0]?.chat, messages[0]?.content.kind, messages[0]?.content.text, messages[0]?.media?.ok, messages[0]?.media?.bytes], [channel, "image", "a dot", true, JPEG.length]);
    const read = await posted(alice);
    assert.deepEqual(read.map((each) => each.attrs["server_id"]), ["1", "2"]);
    assert.equal(content(read[0]).extendedTextMessage?.text, "first news");
    assert.equal(content(read[1]).imageMessage?.caption, "a dot");
    assert.deepEqual((await posted(bob, 1)).map((each) => each.attrs["server_id"]), ["2"]);
    const { entries } = await harness.admin.get<{ entries: { attrs: Record<string, string> }[] }>(`/ledger?tag=ack&direction=out&id=${text.key.id ?? ""}`);
    assert.equal(entries[0]?.attrs["server_id"], "1");
  });

  it("are posted in by their leaders only", async () => {
    const refused = await bob.send(channel, { text: "not mine" });
    assert.equal((await bob.until("the refusal", () => bob.errors(refused.key.id ?? "")))[0], "403");
    await assert.rejects(bob.sock.newsletterUpdateName(channel, "Mine"), /forbidden/);
  });

  it("collect reactions, which those who watch hear of", async () => {
    assert.ok((await alice.sock.subscribeNewsletterUpdates(channel))?.duration);
    await bob.sock.newsletterReactMessage(channel, "1", "🔥");
    const heard = await alice.until("the reaction", () => alice.of("newsletter.reaction")[0]);
    assert.deepEqual([heard.id, heard.server_id, heard.reaction.code], [channel, "1", "🔥"]);
    await harness.admin.post(`/channels/${channel}/react`, { by: READER, serverId: 1, emoji: "🔥" });
    const [first] = await posted(alice);
    assert.deepEqual(getBinaryNodeChildren(getBinaryNodeChild(first, "reactions"), "reaction").map((each) => each.attrs), [{ code: "🔥", count: "2" }]);
    await bob.sock.newsletterReactMessage(channel, "1");
    const shown = await harness.admin.get<{ messages: { reactions: Record<string, string>; content: { text: string } }[] }>(`/channels/${channel}`);
    assert.deepEqual([shown.messages[0]?.content.text, shown.messages[0]?.reactions], ["first news", { [READER.slice(1)]: "🔥" }]);
  });

  it("change their name, description and picture, and their leaders", async () => {
    await alice.sock.newsletterUpdateName(channel, "Latest");
    const update = await bob.until("the name", () => bob.of("newsletter-settings.update").find((each) => each.id === channel));
    assert.equal((update.update as { name?: string }).name, "Latest");
    await alice.sock.newsletterUpdateDescription(channel, "All of it");
    await alice.sock.newsletterUpdatePicture(channel, JPEG);
    const seen = await metadata(bob);
    assert.deepEqual([seen.thread_metadata.name.text, seen.thread_metadata.description.text], ["Latest", "All of it"]);
    await harness.admin.post(`/channels/${channel}/appoint`, { by: `+${alice.number}`, member: `+${bob.number}` });
    await bob.send(channel, { text: "from an admin" });
    await alice.waitText("from an admin");
    await alice.sock.newsletterDemote(channel, bob.jid);
    assert.equal((await metadata(bob)).viewer_metadata.role, "SUBSCRIBER");
  });

  it("can be a contact's, who posts any kind of message", async () => {
    const made = await harness.admin.post<{ jid: string }>("/channels", { by: READER, name: "Theirs" });
    await alice.sock.newsletterFollow(made.jid);
    await harness.admin.post(`/channels/${made.jid}/say`, { by: READER, text: "their news" });
    assert.equal((await alice.waitText("their news")).key.remoteJid, made.jid);
    await harness.admin.post(`/channels/${made.jid}/say`, { by: READER, media: { kind: "image", base64: JPEG.toString("base64"), caption: "theirs" } });
    const picture = await alice.waitMessage("their picture", (each) => each.message?.imageMessage?.caption === "theirs");
    const image = await fetch(picture.message?.imageMessage?.url ?? "");
    assert.ok(JPEG.equals(Buffer.from(await image.arrayBuffer())));
    assert.equal((await harness.admin.call("POST", `/channels/${made.jid}/say`, { by: CONTACTLESS, text: "no" })).status, 409);
  });

  it("outlive a restart of the sandbox, unless they were deleted", async () => {
    const { id } = await alice.sock.newsletterCreate("Short-lived", "");
    await alice.sock.newsletterDelete(id);
    await harness.stop();
    harness = await Harness.start({ dir });
    const { channels } = await harness.admin.get<{ channels: { jid: string; name: string; messages: unknown[] }[] }>("/channels");
    assert.deepEqual(channels.map((each) => each.name).sort(), ["Latest", "Theirs"]);
    assert.equal(channels.find((each) => each.jid === channel)?.messages.length, 3);
  });
});

const CONTACTLESS = "+5511920000109";
