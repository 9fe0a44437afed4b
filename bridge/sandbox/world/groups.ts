import { randomBytes, randomInt } from "node:crypto";
import { formatJid, GROUP_SERVER, parseJid, type Domain } from "../wire/jid.js";
import type { Picture } from "./person.js";

export type Role = "member" | "admin" | "superadmin";

/** Limits of the real service, roughly; beyond them a request is refused. */
export const MAX_MEMBERS = 1_024;
const MAX_GROUPS = 10_000;
const MAX_REQUESTS = 1_024;

export interface GroupRecord {
  id: string;
  subject: string;
  subjectBy: string;
  subjectAt: number;
  creator: string;
  createdAt: number;
  description?: { id: string; text: string; by: string; at: number };
  announce: boolean;
  locked: boolean;
  ephemeral: number;
  memberAddMode: "all_member_add" | "admin_add";
  approval: boolean;
  inviteCode: string;
  mode: Domain;
  members: [number: string, role: Role][];
  requests: [number: string, at: number][];
  picture?: Picture;
}

/** A group. People are named by the digits of their number; times are Unix seconds. */
export class Group {
  readonly members: Map<string, Role>;
  readonly requests: Map<string, number>;

  constructor(readonly data: Omit<GroupRecord, "members" | "requests">, members: [string, Role][], requests: [string, number][] = []) {
    this.members = new Map(members);
    this.requests = new Map(requests);
  }

  get jid(): string {
    return formatJid(this.data.id, GROUP_SERVER);
  }

  isAdmin(number: string): boolean {
    const role = this.members.get(number);
    return role === "admin" || role === "superadmin";
  }

  /** Notes that somebody asks to be let in; false when too many are waiting. */
  request(number: string): boolean {
    if (this.requests.size >= MAX_REQUESTS) return false;
    this.requests.set(number, Math.floor(Date.now() / 1000));
    return true;
  }

  renewInvite(): string {
    this.data.inviteCode = newInviteCode();
    return this.data.inviteCode;
  }

  toJSON(): GroupRecord {
    return { ...this.data, members: [...this.members], requests: [...this.requests] };
  }
}

/** All groups, and who is in which. */
export class Groups {
  private readonly byId = new Map<string, Group>();
  private readonly byMember = new Map<string, Set<Group>>();
  private readonly byInvite = new Map<string, Group>();

  constructor(private readonly changed: (group: Group) => void) {}

  restore(records: GroupRecord[]): void {
    for (const { members, requests, ...data } of records) this.insert(new Group(data, members, requests));
  }

  /** Undefined when there are too many groups. */
  create(subject: string, creator: string, members: string[], mode: Domain): Group | undefined {
    if (this.byId.size >= MAX_GROUPS) return undefined;
    const now = Math.floor(Date.now() / 1000);
    const roles: [string, Role][] = [[creator, "superadmin"]];
    for (const number of members) if (number !== creator) roles.push([number, "member"]);
    const group = new Group(
      {
        id: `120363${randomInt(10 ** 11, 10 ** 12)}`,
        subject, subjectBy: creator, subjectAt: now, creator, createdAt: now,
        announce: false, locked: false, ephemeral: 0, memberAddMode: "all_member_add", approval: false,
        inviteCode: newInviteCode(), mode,
      },
      roles,
    );
    this.insert(group);
    this.changed(group);
    return group;
  }

  get(jid: string | undefined): Group | undefined {
    const parsed = parseJid(jid);
    return parsed?.server === GROUP_SERVER ? this.byId.get(parsed.user) : undefined;
  }

  byInviteCode(code: string | undefined): Group | undefined {
    return code === undefined ? undefined : this.byInvite.get(code);
  }

  ofMember(number: string): Group[] {
    return [...(this.byMember.get(number) ?? [])];
  }

  all(): IterableIterator<Group> {
    return this.byId.values();
  }

  /** False when the group is full. */
  addMember(group: Group, number: string, role: Role = "member"): boolean {
    if (!group.members.has(number) && group.members.size >= MAX_MEMBERS) return false;
    group.members.set(number, role);
    group.requests.delete(number);
    this.index(group, number);
    this.changed(group);
    return true;
  }

  removeMember(group: Group, number: string): void {
    group.members.delete(number);
    this.byMember.get(number)?.delete(group);
    this.changed(group);
  }

  renewInvite(group: Group): string {
    this.byInvite.delete(group.data.inviteCode);
    const code = group.renewInvite();
    this.byInvite.set(code, group);
    this.changed(group);
    return code;
  }

  touch(group: Group): void {
    this.changed(group);
  }

  clear(): void {
    this.byId.clear();
    this.byMember.clear();
    this.byInvite.clear();
  }

  private insert(group: Group): void {
    this.byId.set(group.data.id, group);
    this.byInvite.set(group.data.inviteCode, group);
    for (const number of group.members.keys()) this.index(group, number);
  }

  private index(group: Group, number: string): void {
    const groups = this.byMember.get(number);
    if (groups) groups.add(group);
    else this.byMember.set(number, new Set([group]));
  }
}

function newInviteCode(): string {
  return randomBytes(16).toString("base64url").replace(/[-_]/g, "x");
}
