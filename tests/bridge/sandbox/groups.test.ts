import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import { textOf, type Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { waitFor } from "./support/wait.js";

const CONTACT = "+5511920000011";

describe("groups", () => {
  let harness: Harness;
  let alice: Client;
  let bob: Client;
  let carol: Client;
  let group: string;

  before(async () => {
    harness = await Harness.start();
    [alice, bob, carol] = await Promise.all([
      harness.paired("+5511910000011", "Alice"),
      harness.paired("+5511910000012", "Bob"),
      harness.paired("+5511910000013", "Carol"),
    ]);
    const created = await alice.sock.groupCreate("Testers", [bob.jid, "5511920000011@s.whatsapp.net"]);
    group = created.id;
  });
  after(() => harness.stop());

  const inbox = async (number: string, id: string): Promise<InboxMessage | undefined> => {
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${number}/messages?wait=5000&id=${id}`);
    return messages[0];
  };

  const receivedIn = (client: Client, text: string): Promise<unknown> =>
    client.waitMessage(`"${text}" in the group`, (message) => message.key.remoteJid === group && textOf(message) === text && !message.key.fromMe);

  it("are announced to those put into them", async () => {
    const [upsert] = await bob.until("the group", () => bob.of("groups.upsert").find(([each]) => each?.id === group));
    assert.equal(upsert?.subject, "Testers");
    assert.equal(upsert.participants.length, 3);
  });

  it("show metadata and the list of one's groups", async () => {
    const metadata = await bob.sock.groupMetadata(group);
    assert.equal(metadata.addressingMode, "lid");
    assert.equal(metadata.owner, alice.lid);
    const self = metadata.participants.find((each) => each.phoneNumber === alice.jid);
    assert.equal(self?.admin, "superadmin");
    assert.deepEqual(Object.keys(await bob.sock.groupFetchAllParticipating()), [group]);
    await assert.rejects(carol.sock.groupMetadata(group), /forbidden/);
  });

  it("carry messages with sender keys to clients and mock contacts", async () => {
    const sent = await alice.send(group, { text: "hello group" });
    await receivedIn(bob, "hello group");
    const read = await inbox(CONTACT, sent.key.id ?? "");
    assert.equal(read?.text, "hello group");
    assert.equal(read.encType, "skmsg");
    assert.deepEqual(read.encTypes, ["pkmsg", "skmsg"]);
    const again = await alice.send(group, { text: "second" });
    await receivedIn(bob, "second");
    assert.deepEqual((await inbox(CONTACT, again.key.id ?? ""))?.encTypes, ["skmsg"]);
    await bob.send(group, { text: "from bob" });
    await receivedIn(alice, "from bob");
  });

  it("carry what mock contacts say, with the author in both addresses", async () => {
    await harness.admin.post(`/contacts/${CONTACT}/say`, { group, text: "contact speaks" });
    const message = await alice.waitText("contact speaks");
    assert.match(message.key.participant ?? "", /@lid$/);
    assert.equal(message.key.participantAlt, "5511920000011@s.whatsapp.net");
    await receivedIn(bob, "contact speaks");
  });

  it("report delivery and reading per member", async () => {
    const sent = await alice.send(group, { text: "who reads" });
    const message = await bob.waitText("who reads");
    await bob.sock.readMessages([message.key]);
    // Those that come at once Baileys folds into the echo of the message.
    const receipts = (): { userJid?: string | null; readTimestamp?: unknown; receiptTimestamp?: unknown }[] => [
      ...alice.of("message-receipt.update").flat().filter((each) => each.key.id === sent.key.id).map((each) => each.receipt),
      ...alice.of("messages.upsert").flatMap((each) => each.messages).filter((each) => each.key.id === sent.key.id).flatMap((each) => each.userReceipt ?? []),
    ];
    await alice.until("the read receipt", () => receipts().some((each) => each.userJid === bob.lid && each.readTimestamp));
    await alice.until("the delivery receipts", () => receipts().filter((each) => each.receiptTimestamp).length >= 2);
  });

  it("take in somebody new, who hears of the group and reads what follows", async () => {
    const results = await alice.sock.groupParticipantsUpdate(group, [carol.jid], "add");
    assert.deepEqual(results.map((each) => each.status), ["200"]);
    await carol.until("the group", () => carol.of("groups.upsert").flat().find((each) => each.id === group));
    await bob.until("the news", () => bob.of("group-participants.update").find((each) => each.action === "add"));
    await alice.send(group, { text: "welcome" });
    await receivedIn(carol, "welcome");
    const repeated = await alice.sock.groupParticipantsUpdate(group, [carol.jid], "add");
    assert.deepEqual(repeated.map((each) => each.status), ["409"]);
  });

  it("promote and demote", async () => {
    await assert.rejects(bob.sock.groupParticipantsUpdate(group, [carol.jid], "promote"), /forbidden/);
    await alice.sock.groupParticipantsUpdate(group, [bob.jid], "promote");
    const role = async (): Promise<string | null | undefined> =>
      (await carol.sock.groupMetadata(group)).participants.find((each) => each.id === bob.lid)?.admin;
    assert.equal(await role(), "admin");
    await carol.until("the promotion", () => carol.of("group-participants.update").find((each) => each.action === "promote"));
    await alice.sock.groupParticipantsUpdate(group, [bob.jid], "demote");
    assert.equal(await role(), null);
  });

  it("change subject, description and settings for all to see", async () => {
    await alice.sock.groupUpdateSubject(group, "Renamed: 10:30 @ office");
    await bob.until("the subject", () => bob.of("groups.update").flat().find((each) => each.subject === "Renamed: 10:30 @ office"));
    await alice.sock.groupUpdateDescription(group, "What we do");
    await alice.sock.groupSettingUpdate(group, "announcement");
    await alice.sock.groupSettingUpdate(group, "locked");
    await alice.sock.groupToggleEphemeral(group, 86_400);
    await alice.sock.groupMemberAddMode(group, "admin_add");
    await bob.until("the switch", () => bob.of("groups.update").flat().find((each) => each.announce === true));
    const metadata = await bob.sock.groupMetadata(group);
    assert.equal(metadata.subject, "Renamed: 10:30 @ office");
    assert.equal(metadata.desc, "What we do");
    assert.deepEqual([metadata.announce, metadata.restrict, metadata.ephemeralDuration, metadata.memberAddMode], [true, true, 86_400, false]);
    await assert.rejects(bob.sock.groupUpdateSubject(group, "mine"), /forbidden/);
    const refused = await bob.send(group, { text: "may I" });
    await bob.until("the refusal", () => bob.statuses(refused.key.id ?? "").includes(0));
    await alice.sock.groupSettingUpdate(group, "not_announcement");
    await alice.sock.groupSettingUpdate(group, "unlocked");
    await alice.sock.groupToggleEphemeral(group, 0);
    assert.equal((await bob.sock.groupMetadata(group)).announce, false);
  });

  it("no longer let somebody read who was removed", async () => {
    await alice.sock.groupParticipantsUpdate(group, [carol.jid], "remove");
    await carol.until("the removal", () => carol.of("group-participants.update").find((each) => each.action === "remove"));
    const sent = await alice.send(group, { text: "without carol" });
    await harness.admin.post(`/contacts/${CONTACT}/say`, { group, text: "contact without carol" });
    await receivedIn(bob, "without carol");
    await receivedIn(bob, "contact without carol");
    assert.ok(await inbox(CONTACT, sent.key.id ?? ""));
    // Whatever was on its way to her has arrived once a later message has.
    await alice.send(carol.jid, { text: "after the removal" });
    await carol.waitText("after the removal");
    assert.ok(!carol.received.some((each) => textOf(each)?.includes("without carol")));
    await assert.rejects(carol.sock.groupMetadata(group), /forbidden/);
  });

  it("open to those who have the link, until it is renewed", async () => {
    const code = (await alice.sock.groupInviteCode(group)) ?? "";
    assert.equal((await carol.sock.groupGetInviteInfo(code)).id, group);
    assert.equal(await carol.sock.groupAcceptInvite(code), group);
    await alice.until("the newcomer", () => alice.of("group-participants.update").filter((each) => each.action === "add").length >= 2);
    await carol.send(group, { text: "I am back" });
    await receivedIn(alice, "I am back");
    const renewed = await alice.sock.groupRevokeInvite(group);
    assert.notEqual(renewed, code);
    await assert.rejects(carol.sock.groupGetInviteInfo(code), /item-not-found/);
  });

  it("are left by those who have had enough", async () => {
    await carol.sock.groupLeave(group);
    await bob.until("the departure", () =>
      bob.of("group-participants.update").find((each) => each.action === "remove" && each.author === carol.lid));
    assert.deepEqual(await carol.sock.groupFetchAllParticipating(), {});
  });

  it("ask an admin to let people in when approval is on", async () => {
    await alice.sock.groupJoinApprovalMode(group, "on");
    const code = (await alice.sock.groupInviteCode(group)) ?? "";
    assert.equal(await carol.sock.groupAcceptInvite(code), undefined);
    await alice.until("the request", () => alice.of("group.join-request").find((each) => each.participantPn === carol.jid));
    const [waiting] = await alice.sock.groupRequestParticipantsList(group);
    assert.equal(waiting?.["jid"], carol.lid);
    const decided = await alice.sock.groupRequestParticipantsUpdate(group, [carol.lid], "approve");
    assert.deepEqual(decided.map((each) => each.status), ["200"]);
    assert.equal((await carol.sock.groupMetadata(group)).id, group);
  });

  it("invite in person those who may not be added", async () => {
    await carol.sock.groupLeave(group);
    await carol.sock.updateGroupsAddPrivacy("none" as never);
    const [result] = await alice.sock.groupParticipantsUpdate(group, [carol.jid], "add");
    assert.equal(result?.status, "403");
    const request = (result.content.content as { attrs: Record<string, string> }[])[0];
    const invitation = { groupJid: group, inviteCode: request?.attrs["code"] ?? "", inviteExpiration: Number(request?.attrs["expiration"]) };
    assert.equal(await carol.sock.groupAcceptInviteV4(alice.jid, invitation), group);
    assert.equal((await carol.sock.groupMetadata(group)).id, group);
  });

  it("resend to a client that lost its keys", async () => {
    await alice.send(group, { text: "before the loss" });
    await receivedIn(bob, "before the loss");
    await bob.auth.keys.set({ "sender-key": Object.fromEntries(bob.auth.allIds("sender-key").map((id) => [id, null])) });
    await alice.send(group, { text: "lost key" });
    await receivedIn(bob, "lost key");
    await harness.admin.post(`/contacts/${CONTACT}/say`, { group, text: "lost key of the contact" });
    await receivedIn(bob, "lost key of the contact");
  });

  it("can be made by a contact, addressed by phone number", async () => {
    const made = await harness.admin.post<{ jid: string }>("/groups", { by: CONTACT, subject: "By number", members: [`+${alice.number}`], addressing: "pn" });
    await alice.until("the group", () => alice.of("groups.upsert").flat().find((each) => each.id === made.jid));
    const metadata = await alice.sock.groupMetadata(made.jid);
    assert.equal(metadata.addressingMode, "pn");
    assert.ok(metadata.participants.some((each) => each.id === alice.jid && each.lid === alice.lid));
    const sent = await alice.send(made.jid, { text: "in a number group" });
    assert.equal((await inbox(CONTACT, sent.key.id ?? ""))?.text, "in a number group");
    await harness.admin.post(`/contacts/${CONTACT}/say`, { group: made.jid, text: "number group answer" });
    assert.equal((await alice.waitText("number group answer")).key.participant, "5511920000011@s.whatsapp.net");
    await waitFor("the list", async () => Object.keys(await alice.sock.groupFetchAllParticipating()).length === 2);
  });
});
