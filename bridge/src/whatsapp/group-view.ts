/** Groups as the contract shows them, from what Baileys reads of them and from what WhatsApp says when they change. */
import type { Group, GroupParticipant } from "../rpc/contract.gen.js";
import type { BinaryNode, GroupMetadata } from "./baileys.js";
import { wellFormed } from "./content.js";
import { bareJid, isGroupJid, lidJid, phoneJid, phoneNumberOf } from "./jid.js";
import { childOf, childrenOf, secondsToMs, textOf } from "./nodes.js";

const MAX_SUBJECT_LENGTH = 1024;
const MAX_DESCRIPTION_LENGTH = 8192;

/** What is known of a group without its participants. */
export type GroupEntry = Group & { participants: [] };

const ROLES: Partial<Record<string, GroupParticipant["role"]>> = { superadmin: "owner", admin: "admin" };

function participantOf({ id, phoneNumber, lid, admin }: GroupMetadata["participants"][number]): GroupParticipant | undefined {
  const jid = bareJid(id);
  if (jid === undefined) return undefined;
  const number = phoneNumberOf(phoneNumber ?? id);
  const hidden = lidJid(lid ?? id);
  return {
    id: jid,
    ...(number === undefined ? {} : { phoneNumber: number }),
    ...(hidden === undefined ? {} : { lid: hidden }),
    role: ROLES[admin ?? ""] ?? "member",
  };
}

/** A group without its participants, as lists and previews show it. */
export function toEntry(group: GroupMetadata): GroupEntry {
  const ownerId = phoneJid(group.ownerPn) ?? bareJid(group.owner);
  const createdAtMs = secondsToMs(group.creation);
  const seconds = group.ephemeralDuration ?? 0;
  return {
    groupId: group.id,
    subject: wellFormed(group.subject, MAX_SUBJECT_LENGTH),
    ...(group.desc === undefined || group.desc === "" ? {} : { description: wellFormed(group.desc, MAX_DESCRIPTION_LENGTH) }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    size: group.size ?? group.participants.length,
    participants: [],
    onlyAdminsSend: group.announce === true,
    onlyAdminsEdit: group.restrict === true,
    memberAddMode: group.memberAddMode === true ? "all" : "admins",
    joinApproval: group.joinApprovalMode === true,
    ...(seconds > 0 ? { disappearingSeconds: seconds } : {}),
    ...(group.isCommunity === true ? { isCommunity: true } : {}),
    ...(isGroupJid(group.linkedParent) ? { communityId: group.linkedParent } : {}),
  };
}

/** A group with its participants. */
export function toGroup(group: GroupMetadata): Group {
  return { ...toEntry(group), participants: group.participants.flatMap((each) => participantOf(each) ?? []) };
}

function described(group: GroupEntry, description: string | undefined): GroupEntry {
  const rest = { ...group };
  delete rest.description;
  return description === undefined || description === "" ? rest : { ...rest, description: wellFormed(description, MAX_DESCRIPTION_LENGTH) };
}

function disappearing(group: GroupEntry, seconds: number): GroupEntry {
  const rest = { ...group };
  delete rest.disappearingSeconds;
  return Number.isSafeInteger(seconds) && seconds > 0 ? { ...rest, disappearingSeconds: seconds } : rest;
}

/**
 * The group after a change WhatsApp told of, by an element of a `w:gp2` notification; undefined when the group is not
 * the number's own any more, "unknown" when it has to be asked for to know.
 */
export function changed(group: GroupEntry, change: BinaryNode, isSelf: (jid: string | undefined) => boolean): GroupEntry | undefined | "unknown" {
  const people = childrenOf(change, "participant");
  switch (change.tag) {
    case "subject":
      return { ...group, subject: wellFormed(change.attrs["subject"] ?? textOf(change) ?? "", MAX_SUBJECT_LENGTH) };
    case "description":
      return described(group, textOf(childOf(change, "body")));
    case "announcement":
    case "not_announcement":
      return { ...group, onlyAdminsSend: change.tag === "announcement" };
    case "locked":
    case "unlocked":
      return { ...group, onlyAdminsEdit: change.tag === "locked" };
    case "ephemeral":
    case "not_ephemeral":
      return disappearing(group, change.tag === "ephemeral" ? Number(change.attrs["expiration"]) : 0);
    case "member_add_mode":
      return { ...group, memberAddMode: textOf(change) === "all_member_add" ? "all" : "admins" };
    case "membership_approval_mode":
      return { ...group, joinApproval: childOf(change, "group_join")?.attrs["state"] === "on" };
    case "add":
      return { ...group, size: group.size + people.length };
    case "remove":
      return people.some(({ attrs }) => isSelf(attrs["jid"]) || isSelf(attrs["phone_number"])) ? undefined : { ...group, size: Math.max(0, group.size - people.length) };
    case "delete":
      return undefined;
    case "link":
    case "unlink":
      return "unknown";
    default:
      return group;
  }
}
