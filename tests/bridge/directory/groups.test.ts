import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Group, SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import { JPEG } from "../sandbox/support/image.js";
import { Gateway } from "../support/gateway.js";
import { questions } from "../support/questions.js";
import { refused, RpcFailure } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000051";
const MARIA = "+5511920000051";
const JOAO = "+5511920000052";
const ANA = "+5511920000053";

interface SandboxGroup {
  jid: string;
  subject: string;
  description?: { text: string };
  announce: boolean;
  locked: boolean;
  ephemeral: number;
  approval: boolean;
  memberAddMode: string;
  inviteCode: string;
  members: { number: string; role: string }[];
  requests: string[];
  picture?: object;
}

describe("groups", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "60000" });
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  const tenantId = "acme";
  const list = (refresh = false): Promise<{ groups: Group[]; hasMore: boolean; fetchedAtMs: number }> => gateway.rpc.call("group.list", { tenantId, refresh, limit: 200 });
  const seen = (groupId: string): Promise<SandboxGroup> => gateway.sandbox.get<SandboxGroup>(`/groups/${groupId}`);
  const make = async (subject: string, ...more: string[]): Promise<string> => (await gateway.rpc.call("group.create", { tenantId, subject, participants: [MARIA, ...more] })).group.groupId;
  const foreign = (subject: string, members: string[] = []): Promise<SandboxGroup> => gateway.sandbox.post<SandboxGroup>("/groups", { by: MARIA, subject, members });
  const listed = async (groupId: string): Promise<Group | undefined> => (await list()).groups.find((each) => each.groupId === groupId);

  it("are made with people by number, and each is told apart", async () => {
    await gateway.sandbox.post("/contacts", { number: "+14155550190", exists: false });
    const { group, results } = await gateway.rpc.call("group.create", { tenantId, subject: "Team", participants: [MARIA, "+14155550190", "5511920000052@s.whatsapp.net"] });
    assert.deepEqual(results.map(({ participant, done, whatsappError }) => [participant, done, whatsappError]), [
      [MARIA, true, undefined],
      ["+14155550190", false, 404],
      ["5511920000052@s.whatsapp.net", true, undefined],
    ]);
    assert.deepEqual([group.subject, group.size, group.memberAddMode, group.onlyAdminsSend], ["Team", 3, "all", false]);
    assert.deepEqual(group.participants.map(({ phoneNumber, role }) => [phoneNumber, role]).sort(), [[OWNER, "owner"], [MARIA, "member"], [JOAO, "member"]].sort());
    assert.ok(group.participants.every(({ id, lid }) => id === lid && id.endsWith("@lid")));
    assert.equal(group.ownerId, `${OWNER.slice(1)}@s.whatsapp.net`);
    await assert.rejects(gateway.rpc.call("group.create", { tenantId, subject: "Nobody", participants: ["+14155550190"] }), refused("recipient_not_on_whatsapp"));
  });

  it("are changed in every way, and WhatsApp has it", async () => {
    const groupId = await make("Before");
    const changed = await gateway.rpc.call("group.update", {
      tenantId, groupId, subject: "After", description: "What for", onlyAdminsSend: true, onlyAdminsEdit: true, memberAddMode: "admins", joinApproval: true, disappearingSeconds: 86_400,
    });
    assert.deepEqual(
      [changed.subject, changed.description, changed.onlyAdminsSend, changed.onlyAdminsEdit, changed.memberAddMode, changed.joinApproval, changed.disappearingSeconds],
      ["After", "What for", true, true, "admins", true, 86_400],
    );
    const there = await seen(groupId);
    assert.deepEqual([there.subject, there.description?.text, there.announce, there.locked, there.memberAddMode, there.approval, there.ephemeral], ["After", "What for", true, true, "admin_add", true, 86_400]);
    const back = await gateway.rpc.call("group.update", { tenantId, groupId, description: "", onlyAdminsSend: false, disappearingSeconds: 0 });
    assert.deepEqual([back.description, back.onlyAdminsSend, back.disappearingSeconds, back.subject], [undefined, false, undefined, "After"]);
  });

  it("take people in and put them out, raise and lower them, with a result for each", async () => {
    const groupId = await make("Members");
    await gateway.sandbox.post("/contacts", { number: ANA, groupAdd: "none" });
    const change = async (action: "add" | "remove" | "promote" | "demote", first: string, ...participants: string[]): Promise<[boolean, number | undefined][]> => {
      const { results } = await gateway.rpc.call("group.updateParticipants", { tenantId, groupId, action, participants: [first, ...participants] });
      return results.map(({ done, whatsappError }) => [done, whatsappError]);
    };
    assert.deepEqual(await change("add", JOAO, ANA, MARIA), [[true, undefined], [false, 403], [false, 409]]);
    assert.deepEqual(await change("promote", JOAO), [[true, undefined]]);
    assert.equal((await seen(groupId)).members.find(({ number }) => number === JOAO)?.role, "admin");
    assert.equal((await gateway.rpc.call("group.get", { tenantId, groupId })).participants.find(({ phoneNumber }) => phoneNumber === JOAO)?.role, "admin");
    assert.deepEqual(await change("demote", JOAO), [[true, undefined]]);
    const { lid } = await gateway.sandbox.get<{ lid: string }>(`/contacts/${JOAO}`);
    assert.deepEqual(await change("remove", lid, ANA), [[true, undefined], [false, 404]]);
    assert.deepEqual((await seen(groupId)).members.map(({ number }) => number).sort(), [OWNER, MARIA].sort());
  });

  it("are joined by invitation, at once or when an admin agrees", async () => {
    const open = await foreign("Open");
    const info = await gateway.rpc.call("group.inviteInfo", { tenantId, code: open.inviteCode });
    assert.deepEqual([info.groupId, info.subject, info.participants], [open.jid, "Open", []]);
    assert.deepEqual(await gateway.rpc.call("group.join", { tenantId, code: open.inviteCode }), { groupId: open.jid, pending: false });
    assert.deepEqual(await gateway.rpc.call("group.join", { tenantId, code: open.inviteCode }), { groupId: open.jid, pending: false }, "joining again changes nothing");
    const guarded = await foreign("Guarded");
    await gateway.sandbox.post(`/groups/${guarded.jid}/settings`, { by: MARIA, approval: true });
    assert.deepEqual(await gateway.rpc.call("group.join", { tenantId, code: guarded.inviteCode }), { groupId: guarded.jid, pending: true });
    await assert.rejects(gateway.rpc.call("group.join", { tenantId, code: "NoSuchInvitation" }), refused("invite_invalid"));
    await assert.rejects(gateway.rpc.call("group.inviteInfo", { tenantId, code: "NoSuchInvitation" }), refused("invite_invalid"));
  });

  it("give invitations, make them worthless, and decide who comes in", async () => {
    const groupId = await make("By invitation");
    const first = await gateway.rpc.call("group.invite", { tenantId, groupId });
    assert.equal(first.url, `https://chat.whatsapp.com/${first.code}`);
    const second = await gateway.rpc.call("group.revokeInvite", { tenantId, groupId });
    assert.notEqual(second.code, first.code);
    await gateway.rpc.call("group.update", { tenantId, groupId, joinApproval: true });
    await gateway.sandbox.post(`/contacts/${JOAO}/join`, { code: second.code });
    await gateway.sandbox.post(`/contacts/${ANA}/join`, { code: second.code });
    const { requests } = await gateway.rpc.call("group.joinRequests", { tenantId, groupId });
    assert.deepEqual(requests.map(({ phoneNumber }) => phoneNumber).sort(), [JOAO, ANA].sort());
    assert.ok(requests.every(({ requestedAtMs }) => Math.abs(Date.now() - (requestedAtMs ?? 0)) < 60_000));
    const approved = await gateway.rpc.call("group.decideJoinRequests", { tenantId, groupId, decision: "approve", participants: [JOAO] });
    const rejected = await gateway.rpc.call("group.decideJoinRequests", { tenantId, groupId, decision: "reject", participants: [requests.find(({ phoneNumber }) => phoneNumber === ANA)?.id ?? "", MARIA] });
    assert.deepEqual([...approved.results, ...rejected.results].map(({ done, whatsappError }) => [done, whatsappError]), [[true, undefined], [true, undefined], [false, 404]]);
    const after = await seen(groupId);
    assert.deepEqual([after.members.some(({ number }) => number === JOAO), after.requests], [true, []]);
  });

  it("refuse what only admins may do, and say when there is no such group", async () => {
    const group = await foreign("Theirs", [OWNER]);
    await waitFor("the group", () => listed(group.jid));
    const groupId = group.jid;
    await assert.rejects(gateway.rpc.call("group.updateParticipants", { tenantId, groupId, action: "remove", participants: [MARIA] }), refused("not_group_admin"));
    await assert.rejects(gateway.rpc.call("group.update", { tenantId, groupId, onlyAdminsSend: true }), refused("not_group_admin"));
    await assert.rejects(gateway.rpc.call("group.invite", { tenantId, groupId }), refused("not_group_admin"));
    const foreignId = (await foreign("Without us")).jid;
    for (const absent of ["120363049999999999@g.us", foreignId]) {
      await assert.rejects(gateway.rpc.call("group.get", { tenantId, groupId: absent }), refused("group_not_found"));
      await assert.rejects(gateway.rpc.call("group.update", { tenantId, groupId: absent, subject: "x" }), refused("group_not_found"));
      await assert.rejects(gateway.rpc.call("group.leave", { tenantId, groupId: absent }), refused("group_not_found"));
    }
  });

  it("are left", async () => {
    const group = await foreign("Short", [OWNER]);
    await waitFor("the group", () => listed(group.jid));
    await gateway.rpc.call("group.leave", { tenantId, groupId: group.jid });
    assert.equal(await listed(group.jid), undefined);
    assert.ok(!(await seen(group.jid)).members.some(({ number }) => number === OWNER));
  });

  it("are listed by one question, however often they are asked for", async () => {
    await gateway.rpc.call("session.stop", { tenantId });
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.rpc.call("session.start", { tenantId, waitMs: 10_000 });
    const asked = async (): Promise<number> => (await questions(gateway.sandbox, "w:g2", "participating")).length;
    const before = await asked();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => list(index % 2 === 0)));
    assert.equal(await asked(), before + 1);
    assert.ok(answers.every(({ groups }) => groups.length === answers[0]?.groups.length && groups.length >= 5));
    assert.ok(answers[0]?.groups.every(({ participants, size }) => participants.length === 0 && size > 0));
    await list(true);
    assert.equal(await asked(), before + 1, "and not again so soon, even when it should be fresh");
    const page = await gateway.rpc.call("group.list", { tenantId, limit: 2 });
    const next = await gateway.rpc.call("group.list", { tenantId, limit: 200, after: page.groups[1]?.groupId ?? "" });
    assert.equal(page.hasMore, true);
    assert.deepEqual([...page.groups, ...next.groups], answers[0]?.groups);
  });

  it("are kept right in the list by what WhatsApp tells, without another question", async () => {
    await list();
    const asked = (await questions(gateway.sandbox, "w:g2", "participating")).length;
    const { jid } = await foreign("Told", [OWNER]);
    const until = (what: string, fits: (group: Group | undefined) => boolean): Promise<unknown> => waitFor(what, async () => fits(await listed(jid)));
    const change = (what: string, body: object): Promise<unknown> => gateway.sandbox.post(`/groups/${jid}/${what}`, { by: MARIA, ...body });
    await until("the new group", (group) => group?.subject === "Told" && group.size === 2);
    await change("subject", { subject: "Told anew" });
    await change("description", { description: "Why" });
    await change("settings", { announce: true, locked: true, ephemeral: 604_800, approval: true, memberAddMode: "admin_add" });
    await change("add", { members: [JOAO] });
    await until("all changes", (group) => group?.subject === "Told anew" && group.description === "Why" && group.onlyAdminsSend && group.onlyAdminsEdit && group.disappearingSeconds === 604_800 && group.joinApproval && group.memberAddMode === "admins" && group.size === 3);
    await change("settings", { announce: false, locked: false, ephemeral: 0, approval: false, memberAddMode: "all_member_add" });
    await change("remove", { members: [JOAO] });
    await until("all of it back", (group) => group?.size === 2 && !group.onlyAdminsSend && !group.onlyAdminsEdit && group.disappearingSeconds === undefined && !group.joinApproval && group.memberAddMode === "all");
    await change("remove", { members: [OWNER] });
    await until("the end", (group) => group === undefined);
    assert.equal((await questions(gateway.sandbox, "w:g2", "participating")).length, asked);
  });

  it("have their members asked for once, until they change", async () => {
    const groupId = await make("Asked");
    const asked = async (): Promise<number> => (await questions(gateway.sandbox, "w:g2", "query")).filter(({ attrs }) => attrs["to"] === groupId).length;
    await Promise.all([...Array.from({ length: 20 }, () => gateway.rpc.call("group.get", { tenantId, groupId })), gateway.send(tenantId, groupId, "hello")]);
    assert.equal(await asked(), 1);
    await gateway.sandbox.post(`/groups/${groupId}/add`, { by: MARIA, members: [JOAO] });
    await waitFor("the new member", async () => (await gateway.rpc.call("group.get", { tenantId, groupId })).size === 3);
    assert.equal(await asked(), 2);
  });

  it("of a deleted tenant are shown to nobody who comes after it", async () => {
    await gateway.paired("leaving", "+5511910000052", "Leaving");
    await gateway.sandbox.post("/groups", { by: MARIA, subject: "Secret", members: ["+5511910000052"] });
    await waitFor("the group", async () => (await gateway.rpc.call("group.list", { tenantId: "leaving", limit: 10 })).groups.length === 1);
    await gateway.rpc.call("session.delete", { tenantId: "leaving" });
    await gateway.paired("coming", "+5511910000053", "Coming");
    assert.deepEqual((await gateway.rpc.call("group.list", { tenantId: "coming", limit: 10 })).groups, []);
  });

  const spooled = (name: string, bytes: Buffer, more: Partial<SpoolFile> = {}): SpoolFile => {
    const spool = join(gateway.dataDir, "spool");
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    writeFileSync(join(spool, name), bytes);
    return { name, mimeType: "image/jpeg", sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), ...more };
  };

  it("get a picture from a file, which is gone then, and lose it", async () => {
    const groupId = await make("Pictured");
    const file = spooled("picture-picture-picture", JPEG);
    await gateway.rpc.call("group.setPicture", { tenantId, groupId, file });
    assert.ok((await seen(groupId)).picture);
    assert.ok(!existsSync(join(gateway.dataDir, "spool", file.name)));
    await gateway.rpc.call("group.setPicture", { tenantId, groupId });
    assert.equal((await seen(groupId)).picture, undefined);
  });

  it("take no picture from a file that is missing, another, or a link to elsewhere", async () => {
    const groupId = await make("Unpictured");
    const set = (file: SpoolFile): Promise<unknown> => gateway.rpc.call("group.setPicture", { tenantId, groupId, file });
    const file = spooled("picture-picture-picture", JPEG);
    await assert.rejects(set({ ...file, name: "nothing-nothing-nothing" }), refused("media_missing"));
    await assert.rejects(set({ ...file, sha256: "0".repeat(64) }), refused("media_missing"));
    await assert.rejects(set({ ...file, sizeBytes: JPEG.length + 1 }), refused("media_missing"));
    symlinkSync(join(gateway.dataDir, "spool", file.name), join(gateway.dataDir, "spool", "linked-linked-linked-linked"));
    await assert.rejects(set({ ...file, name: "linked-linked-linked-linked" }), refused("media_missing"));
    assert.equal((await seen(groupId)).picture, undefined);
  });

  it("are not asked about any more once WhatsApp was asked too much", async () => {
    const groupId = await make("Limited");
    await gateway.sandbox.post("/faults", { kind: "refuse-request", xmlns: "w:g2", code: 429, count: 1 });
    const limited = await gateway.rpc.call("group.invite", { tenantId, groupId }).catch((error: unknown) => error);
    assert.ok(limited instanceof RpcFailure && limited.data.name === "whatsapp_rate_limited" && Number(limited.data["retryAfterMs"]) > 5000);
    const asked = async (): Promise<number> => (await questions(gateway.sandbox, "w:g2", "invite")).length;
    const before = await asked();
    await assert.rejects(gateway.rpc.call("group.invite", { tenantId, groupId }), refused("whatsapp_rate_limited"));
    assert.equal(await asked(), before);
    assert.ok((await list()).groups.length > 0, "what is known is still answered");
  });
});
