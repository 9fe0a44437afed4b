import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxReceipt } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

const CONTACT = "+5511920000061";
const CONTACT_JID = "5511920000061@s.whatsapp.net";

describe("an account", () => {
  let harness: Harness;
  let alice: Client;
  let bob: Client;

  before(async () => {
    harness = await Harness.start();
    [alice, bob] = await Promise.all([harness.paired("+5511910000061", "Alice"), harness.paired("+5511910000062", "Bob")]);
    await harness.admin.post("/contacts", { number: CONTACT, name: "Carla", about: "at work", addressing: "lid" });
  });
  after(() => harness.stop());

  const presenceOf = (client: Client, id: string, state: string): Promise<unknown> =>
    client.until(`${id} to be ${state}`, () => client.of("presence.update").find((each) => each.id === id && Object.values(each.presences).some((one) => one.lastKnownPresence === state)));

  it("sees contacts and other accounts come, type, record and go", async () => {
    await alice.sock.presenceSubscribe(CONTACT_JID);
    const presence = (state: string): Promise<unknown> => harness.admin.post(`/contacts/${CONTACT}/presence`, { state, to: `+${alice.number}` });
    await presenceOf(alice, CONTACT_JID, "unavailable");
    await presence("available");
    await presenceOf(alice, CONTACT_JID, "available");
    for (const state of ["composing", "recording"]) {
      await presence(state);
      const lid = (await harness.admin.get<{ lid: string }>(`/contacts/${CONTACT}`)).lid;
      await presenceOf(alice, lid, state);
    }
    await bob.sock.presenceSubscribe(alice.jid);
    await alice.sock.sendPresenceUpdate("available");
    await presenceOf(bob, alice.jid, "available");
    await alice.sock.sendPresenceUpdate("composing", bob.jid);
    await presenceOf(bob, alice.jid, "composing");
    await alice.sock.sendPresenceUpdate("unavailable");
    await presenceOf(bob, alice.jid, "unavailable");
  });

  it("has a picture and an about text that others can look up", async () => {
    await assert.rejects(bob.sock.profilePictureUrl(alice.jid), /item-not-found/);
    await alice.sock.updateProfilePicture(alice.jid, JPEG);
    const url = await bob.sock.profilePictureUrl(alice.jid, "image");
    const image = Buffer.from(await (await fetch(url ?? "")).arrayBuffer());
    assert.deepEqual([...image.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    await alice.sock.removeProfilePicture(alice.jid);
    await assert.rejects(bob.sock.profilePictureUrl(alice.jid), /item-not-found/);
    await alice.sock.updateProfileStatus("testing: 10:30 @ home");
    const [about] = (await bob.sock.fetchStatus(alice.jid, CONTACT_JID)) ?? [];
    assert.equal((about?.["status"] as { status: string }).status, "testing: 10:30 @ home");
  });

  it("keeps its privacy settings and disappearing mode", async () => {
    await alice.sock.updateLastSeenPrivacy("none");
    assert.equal((await alice.sock.fetchPrivacySettings(true))["last"], "none");
    await alice.sock.updateDefaultDisappearingMode(86_400);
    const [mode] = (await bob.sock.fetchDisappearingDuration(alice.jid)) ?? [];
    assert.equal((mode?.["disappearing_mode"] as { duration: number }).duration, 86_400);
  });

  it("hears nothing from those it blocked", async () => {
    await alice.send(CONTACT_JID, { text: "hello" });
    await alice.sock.updateBlockStatus(CONTACT_JID, "block");
    assert.equal((await alice.sock.fetchBlocklist()).length, 1);
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "blocked" });
    await alice.sock.updateBlockStatus(CONTACT_JID, "unblock");
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "unblocked" });
    await alice.waitText("unblocked");
    assert.ok(!alice.received.some((each) => each.message?.conversation === "blocked"));
  });

  it("gets messages under LIDs from contacts set to that, and answers there", async () => {
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "under my lid" });
    const message = await alice.waitText("under my lid");
    assert.match(message.key.remoteJid ?? "", /@lid$/);
    assert.equal(message.key.remoteJidAlt, CONTACT_JID);
    const sent = await alice.send(message.key.remoteJid ?? "", { text: "to your lid" });
    const id = sent.key.id ?? "";
    const { messages } = await harness.admin.get<{ messages: { from: string }[] }>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    assert.equal(messages[0]?.from, alice.lid);
    await alice.until("delivery", () => alice.statuses(id).includes(3));
    await harness.admin.post(`/contacts/${CONTACT}/receipt`, { type: "read", to: `+${alice.number}`, ids: [id] });
    await alice.until("reading", () => alice.statuses(id).includes(4));
  });

  it("tells contacts that it has read their messages", async () => {
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "did you read" });
    const message = await alice.waitText("did you read");
    await alice.sock.readMessages([message.key]);
    const { receipts } = await harness.admin.get<{ receipts: InboxReceipt[] }>(`/contacts/${CONTACT}/receipts?wait=5000&type=read&id=${id}`);
    assert.deepEqual(receipts[0]?.ids, [id]);
    assert.equal(receipts[0].number, alice.number);
  });

  it("is called, and can hand out a link to call", async () => {
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/call`, { to: `+${alice.number}`, video: true });
    const call = await alice.until("the call", () => alice.of("call").flat().find((each) => each.id === id));
    assert.deepEqual([call.status, call.isVideo, call.callerPn], ["offer", true, CONTACT_JID]);
    await alice.sock.rejectCall(id, call.from);
    assert.ok(await alice.sock.createCallLink("audio"));
  });

  it("is in good standing when it asks", async () => {
    assert.equal((await alice.sock.fetchAccountReachoutTimelock()).isActive, false);
    await alice.sock.fetchNewChatMessageCap();
    await assert.rejects(alice.sock.newsletterMetadata("jid", "120363000000000000@newsletter"), /item-not-found/);
  });

  it("gets an error for what the server does not know", async () => {
    const unknown = { tag: "iq", attrs: { to: "@s.whatsapp.net", type: "get", xmlns: "w:nonsense" }, content: [] };
    await assert.rejects(alice.sock.query(unknown), /nothing answers/);
  });
});
