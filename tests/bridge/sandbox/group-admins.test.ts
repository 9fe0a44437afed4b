import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { proto, type GroupMetadata } from "baileys";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

const ADMIN = "+5511920000013";
const MEMBER = "+5511920000014";
const MEMBER_JID = "5511920000014@s.whatsapp.net";
const ASKING = "+5511920000015";

describe("groups led by others", () => {
  let harness: Harness;
  let alice: Client;
  let group: string;

  before(async () => {
    harness = await Harness.start();
    alice = await harness.paired("+5511910000013", "Alice");
    ({ jid: group } = await harness.admin.post<{ jid: string }>("/groups", { by: ADMIN, subject: "Led", members: [`+${alice.number}`, MEMBER] }));
    await alice.until("the group", () => alice.of("groups.upsert").flat().find((each) => each.id === group));
  });
  after(() => harness.stop());

  const change = (what: string, body: object = {}, by = ADMIN): Promise<{ inviteCode: string; requests: string[]; members: { number: string }[] }> =>
    harness.admin.post(`/groups/${group}/${what}`, { by, ...body });
  const updated = (what: string, fits: (update: Partial<GroupMetadata>) => boolean): Promise<unknown> =>
    alice.until(what, () => alice.of("groups.update").flat().find((each) => each.id === group && fits(each)));

  it("change their settings, and the account hears of each", async () => {
    // One by one, because Baileys keeps only the first of several that come together (event-buffer.js, groups.update).
    const settings: [object, (update: Partial<GroupMetadata>) => boolean][] = [
      [{ announce: true }, (each) => each.announce === true],
      [{ locked: true }, (each) => each.restrict === true],
      [{ memberAddMode: "admin_add" }, (each) => each.memberAddMode === false],
      [{ approval: true }, (each) => each.joinApprovalMode === true],
    ];
    for (const [setting, fits] of settings) {
      await change("settings", setting);
      await updated(JSON.stringify(setting), fits);
    }
    await change("settings", { ephemeral: 86_400 });
    const { announce, restrict, ephemeralDuration, memberAddMode, joinApprovalMode } = await alice.sock.groupMetadata(group);
    assert.deepEqual([announce, restrict, ephemeralDuration, memberAddMode, joinApprovalMode], [true, true, 86_400, false, true]);
    await change("settings", { announce: false, locked: false, ephemeral: 0, memberAddMode: "all_member_add", approval: false });
    await updated("the end of it", (each) => each.announce === false);
    assert.equal((await alice.sock.groupMetadata(group)).ephemeralDuration, undefined);
  });

  it("change their picture, subject and description", async () => {
    await change("picture", { base64: JPEG.toString("base64") });
    await alice.until("the picture", () => alice.of("messages.upsert").flatMap((each) => each.messages).find((each) => each.messageStubType === proto.WebMessageInfo.StubType.GROUP_CHANGE_ICON));
    assert.ok(await alice.sock.profilePictureUrl(group, "image"));
    await alice.sock.updateProfilePicture(group, JPEG);
    await alice.sock.removeProfilePicture(group);
    await assert.rejects(alice.sock.profilePictureUrl(group), /item-not-found/);
    await change("subject", { subject: "Led well" });
    await updated("the subject", (each) => each.subject === "Led well");
    await change("description", { description: "What for" });
    await updated("the description", (each) => each.desc === "What for");
  });

  it("promote and demote the account, and take in and remove others", async () => {
    const happened = (action: string): Promise<unknown> =>
      alice.until(action, () => alice.of("group-participants.update").find((each) => each.id === group && each.action === action));
    await change("promote", { members: [`+${alice.number}`] });
    await happened("promote");
    await change("demote", { members: [`+${alice.number}`] });
    await happened("demote");
    await change("remove", { members: [MEMBER] });
    await happened("remove");
    await change("add", { members: [MEMBER] });
    await happened("add");
  });

  it("let people in who ask, or turn them down, and so does the account as an admin", async () => {
    await change("settings", { approval: true });
    const { inviteCode } = await change("invite");
    const ask = (): Promise<unknown> => harness.admin.post(`/contacts/${ASKING}/join`, { code: `https://chat.whatsapp.com/${inviteCode}` });
    assert.deepEqual(await ask(), { group, joined: false });
    assert.deepEqual((await change("reject", { members: [ASKING] })).requests, []);
    await ask();
    assert.ok((await change("approve", { members: [ASKING] })).members.some((each) => each.number === ASKING));
    await change("remove", { members: [ASKING] });
    await change("promote", { members: [`+${alice.number}`] });
    await ask();
    const [waiting] = await alice.sock.groupRequestParticipantsList(group);
    const [rejected] = await alice.sock.groupRequestParticipantsUpdate(group, [waiting?.["jid"] ?? ""], "reject");
    assert.equal(rejected?.status, "200");
    assert.deepEqual(await alice.sock.groupRequestParticipantsList(group), []);
    assert.equal((await harness.admin.call("POST", `/groups/${group}/approve`, { by: ADMIN, members: [ASKING] })).status, 404);
    assert.equal((await harness.admin.call("POST", `/groups/${group}/approve`, { by: MEMBER, members: [ASKING] })).status, 409);
  });

  it("answer 403 with an invitation for those who may not be added", async () => {
    await harness.admin.post("/contacts", { number: MEMBER, groupAdd: "none" });
    await change("remove", { members: [MEMBER] });
    const [result] = await alice.sock.groupParticipantsUpdate(group, [MEMBER_JID], "add");
    assert.equal(result?.status, "403");
    const request = (result.content.content as { attrs: Record<string, string> }[])[0];
    assert.ok(request?.attrs["code"]);
  });

  it("put the account out, and its list is empty then", async () => {
    assert.deepEqual(Object.keys(await alice.sock.groupFetchAllParticipating()), [group]);
    await change("remove", { members: [`+${alice.number}`] });
    await alice.until("the end", () => alice.of("group-participants.update").find((each) => each.action === "remove" && each.participants.some((one) => one.id === alice.lid)));
    assert.deepEqual(await alice.sock.groupFetchAllParticipating(), {});
  });
});
