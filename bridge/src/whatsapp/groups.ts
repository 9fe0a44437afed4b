/** Groups: made, looked at, changed, joined and left. Everything is asked of WhatsApp one at a time for each number. */
import { BridgeError } from "../errors.js";
import type { Group, GroupCreateResult, GroupInvite, GroupJoinResult, GroupListResult, GroupUpdateParams, JoinRequest, ParticipantResult } from "../rpc/contract.gen.js";
import { generateMessageIDV2, type BinaryNode, type WASocket } from "./baileys.js";
import type { GroupLists } from "./group-lists.js";
import { NO_GROUP } from "./group-members.js";
import { addressIn, findPeople, readAnswered, toResults } from "./group-people.js";
import { toEntry, toGroup } from "./group-view.js";
import { bareJid, isGroupJid, phoneNumberOf, sameUser } from "./jid.js";
import type { Link } from "./link.js";
import { childOf, childrenOf, secondsToMs } from "./nodes.js";
import type { Numbers } from "./numbers.js";
import type { Questions, Refusals } from "./questions.js";

const INVITE_URL = "https://chat.whatsapp.com/";

const EVERY_GROUP = "@g.us";

/** WhatsApp's codes: item-not-found; not-authorized; not-acceptable and gone for invitations. */
const OF_A_GROUP: Refusals = { 401: "not_group_admin", 404: "group_not_found" };
const OF_AN_INVITATION: Refusals = { 400: "invite_invalid", 404: "invite_invalid", 406: "invite_invalid", 410: "invite_invalid" };

/** Said to those who are no admins, and to those who are not in the group. */
const FORBIDDEN = 403;
/** Said to somebody who is in a group and joins it. */
const CONFLICT = 409;

export type ParticipantAction = "add" | "remove" | "promote" | "demote";

export class Groups {
  readonly #questions: Questions;
  readonly #numbers: Numbers;
  readonly #lists: GroupLists;

  constructor(questions: Questions, numbers: Numbers, lists: GroupLists) {
    this.#questions = questions;
    this.#numbers = numbers;
    this.#lists = lists;
  }

  /** A page of the number's groups in the order of their ids. @throws BridgeError what Questions.ask throws */
  async list(link: Link, page: { refresh: boolean; after: string; limit: number }): Promise<GroupListResult> {
    const { groups, fetchedAtMs } = await this.#lists.get(link, page.refresh);
    const following = [...groups.values()].filter((group) => group.groupId > page.after).sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
    return { groups: following.slice(0, page.limit), hasMore: following.length > page.limit, fetchedAtMs };
  }

  /** @throws BridgeError group_not_found, and what Questions.ask throws */
  async get(link: Link, groupId: string): Promise<Group> {
    return toGroup(await link.groups.get(groupId));
  }

  /** @throws BridgeError recipient_not_on_whatsapp when none of them is, and what Questions.ask throws */
  async create(link: Link, subject: string, participants: readonly string[]): Promise<GroupCreateResult> {
    const named = await findPeople(this.#numbers, link, participants);
    const asked = named.map(({ account }) => account?.jid);
    const people = asked.filter((jid) => jid !== undefined);
    if (people.length === 0) throw new BridgeError("recipient_not_on_whatsapp");
    const create: BinaryNode = { tag: "create", attrs: { subject, key: generateMessageIDV2() }, content: people.map((jid) => ({ tag: "participant", attrs: { jid } })) };
    const answer = await this.#ask(link, (sock) => request(sock, EVERY_GROUP, "set", create));
    const made = childOf(answer, "group");
    const id = made?.attrs["id"];
    if (id === undefined) throw new Error("an answer about a new group has no group");
    const group = await link.groups.get(isGroupJid(id) ? id : `${id}@g.us`);
    this.#lists.put(link, toEntry(group));
    return { group: toGroup(group), results: toResults(named, asked, childrenOf(made, "participant").map(readAnswered)) };
  }

  /** Changes what is given, one after the other. @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async update(link: Link, { groupId, ...wanted }: Omit<GroupUpdateParams, "tenantId">): Promise<Group> {
    for (const change of changesOf(groupId, wanted)) await this.#change(link, groupId, change);
    const group = await link.groups.get(groupId);
    this.#lists.put(link, toEntry(group));
    return toGroup(group);
  }

  /**
   * Sets the group's picture to a JPEG, or takes it away.
   * @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws
   */
  async setPicture(link: Link, groupId: string, jpeg: Uint8Array | undefined): Promise<void> {
    await this.#change(link, groupId, (sock) => {
      if (jpeg === undefined) return sock.removeProfilePicture(groupId);
      // Baileys would want a library for pictures to make it square once more.
      const attrs = { to: "s.whatsapp.net", type: "set", xmlns: "w:profile:picture", target: groupId };
      return sock.query({ tag: "iq", attrs, content: [{ tag: "picture", attrs: { type: "image" }, content: jpeg }] });
    });
  }

  /** @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async updateParticipants(link: Link, groupId: string, action: ParticipantAction, participants: readonly string[]): Promise<ParticipantResult[]> {
    const named = await findPeople(this.#numbers, link, participants);
    const group = await link.groups.get(groupId);
    const asked = named.map(({ account }) => (account === undefined ? undefined : action === "add" ? account.jid : addressIn(group, account)));
    return this.#decided(link, groupId, named, asked, async (sock, people) => {
      const answer = await request(sock, groupId, "set", { tag: action, attrs: {}, content: people });
      return childrenOf(childOf(answer, action), "participant");
    });
  }

  /** @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async invite(link: Link, groupId: string): Promise<GroupInvite> {
    return toInvite(await this.#change(link, groupId, (sock) => sock.groupInviteCode(groupId)));
  }

  /** @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async revokeInvite(link: Link, groupId: string): Promise<GroupInvite> {
    return toInvite(await this.#change(link, groupId, (sock) => sock.groupRevokeInvite(groupId)));
  }

  /** @throws BridgeError invite_invalid, and what Questions.ask throws */
  async inviteInfo(link: Link, code: string): Promise<Group> {
    return toEntry(await this.#ask(link, (sock) => sock.groupGetInviteInfo(code), OF_AN_INVITATION));
  }

  /** @throws BridgeError invite_invalid, and what Questions.ask throws */
  async join(link: Link, code: string): Promise<GroupJoinResult> {
    let answer: BinaryNode | undefined;
    try {
      answer = await this.#ask(link, (sock) => request(sock, EVERY_GROUP, "set", { tag: "invite", attrs: { code } }), OF_AN_INVITATION);
    } catch (error) {
      if (!isRefusal(error, CONFLICT)) throw error;
      return { groupId: (await this.inviteInfo(link, code)).groupId, pending: false };
    }
    const pending = childOf(answer, "membership_approval_request");
    const jid = (pending ?? childOf(answer, "group"))?.attrs["jid"];
    return { ...(isGroupJid(jid) && jid !== undefined ? { groupId: jid } : {}), pending: pending !== undefined };
  }

  /** @throws BridgeError group_not_found, and what Questions.ask throws */
  async leave(link: Link, groupId: string): Promise<void> {
    await this.#ask(link, (sock) => sock.groupLeave(groupId), NO_GROUP);
    link.groups.forget(groupId);
    this.#lists.remove(link, groupId);
  }

  /** Who wants to join, oldest first. @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async joinRequests(link: Link, groupId: string): Promise<JoinRequest[]> {
    const waiting = await this.#change(link, groupId, (sock) => sock.groupRequestParticipantsList(groupId));
    return waiting.flatMap((attrs) => toJoinRequest(attrs) ?? []).sort((a, b) => (a.requestedAtMs ?? 0) - (b.requestedAtMs ?? 0));
  }

  /** @throws BridgeError group_not_found, not_group_admin, and what Questions.ask throws */
  async decideJoinRequests(link: Link, groupId: string, decision: "approve" | "reject", participants: readonly string[]): Promise<ParticipantResult[]> {
    const named = await findPeople(this.#numbers, link, participants);
    const group = await link.groups.get(groupId);
    const asked = named.map(({ account }) => (account === undefined ? undefined : addressIn(group, account)));
    return this.#decided(link, groupId, named, asked, async (sock, people) => {
      const answer = await request(sock, groupId, "set", { tag: "membership_requests_action", attrs: {}, content: [{ tag: decision, attrs: {}, content: people }] });
      return childrenOf(childOf(childOf(answer, "membership_requests_action"), decision), "participant");
    });
  }

  /** Asks for something to be done with each of some people. */
  async #decided(
    link: Link,
    groupId: string,
    named: Awaited<ReturnType<typeof findPeople>>,
    asked: readonly (string | undefined)[],
    question: (sock: WASocket, people: BinaryNode[]) => Promise<BinaryNode[]>,
  ): Promise<ParticipantResult[]> {
    const people = asked.flatMap((jid) => (jid === undefined ? [] : { tag: "participant", attrs: { jid } }));
    const answers = people.length === 0 ? [] : await this.#change(link, groupId, (sock) => question(sock, people));
    return toResults(named, asked, answers.map(readAnswered));
  }

  #ask<T>(link: Link, question: (sock: WASocket) => Promise<T>, refusals: Refusals = {}): Promise<T> {
    return this.#questions.ask(link.pairing.tenantId, "groups", link, () => link.run(question), refusals);
  }

  /** Asks for what only some members may do. "Forbidden" does not say whether the number is no admin or no member. */
  async #change<T>(link: Link, groupId: string, question: (sock: WASocket) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(link, question, OF_A_GROUP);
    } catch (error) {
      if (!isRefusal(error, FORBIDDEN)) throw error;
      link.groups.forget(groupId);
      const { participants } = await link.groups.get(groupId);
      const { phone, lid } = link.self;
      const isIn = participants.some(({ id, phoneNumber }) => [id, phoneNumber].some((each) => sameUser(each, phone) || sameUser(each, lid)));
      throw new BridgeError(isIn ? "not_group_admin" : "group_not_found", { whatsappError: FORBIDDEN });
    } finally {
      link.groups.forget(groupId);
    }
  }
}

async function request(sock: WASocket, to: string, type: "get" | "set", element: BinaryNode): Promise<BinaryNode | undefined> {
  return (await sock.query({ tag: "iq", attrs: { to, type, xmlns: "w:g2" }, content: [element] })) as BinaryNode | undefined;
}

function isRefusal(error: unknown, code: number): boolean {
  return error instanceof BridgeError && error.errorName === "whatsapp_refused" && error.details["whatsappError"] === code;
}

function* changesOf(groupId: string, wanted: Omit<GroupUpdateParams, "tenantId" | "groupId">): Generator<(sock: WASocket) => Promise<void>> {
  const { subject, description, onlyAdminsSend, onlyAdminsEdit, memberAddMode, joinApproval, disappearingSeconds } = wanted;
  if (subject !== undefined) yield (sock) => sock.groupUpdateSubject(groupId, subject);
  if (description !== undefined) yield (sock) => sock.groupUpdateDescription(groupId, description === "" ? undefined : description);
  if (onlyAdminsSend !== undefined) yield (sock) => sock.groupSettingUpdate(groupId, onlyAdminsSend ? "announcement" : "not_announcement");
  if (onlyAdminsEdit !== undefined) yield (sock) => sock.groupSettingUpdate(groupId, onlyAdminsEdit ? "locked" : "unlocked");
  if (memberAddMode !== undefined) yield (sock) => sock.groupMemberAddMode(groupId, memberAddMode === "all" ? "all_member_add" : "admin_add");
  if (joinApproval !== undefined) yield (sock) => sock.groupJoinApprovalMode(groupId, joinApproval ? "on" : "off");
  if (disappearingSeconds !== undefined) yield (sock) => sock.groupToggleEphemeral(groupId, disappearingSeconds);
}

function toInvite(code: string | undefined): GroupInvite {
  if (code === undefined) throw new Error("an answer about an invitation has no code");
  return { code, url: `${INVITE_URL}${code}` };
}

function toJoinRequest(attrs: Partial<Record<string, string>>): JoinRequest | undefined {
  const id = bareJid(attrs["jid"]);
  if (id === undefined) return undefined;
  const phoneNumber = phoneNumberOf(attrs["phone_number"] ?? attrs["jid"]);
  const requestedAtMs = secondsToMs(attrs["request_time"]);
  return { id, ...(phoneNumber === undefined ? {} : { phoneNumber }), ...(requestedAtMs === undefined ? {} : { requestedAtMs }) };
}
