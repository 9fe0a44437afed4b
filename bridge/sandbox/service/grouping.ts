import { randomBytes } from "node:crypto";
import type { Domain } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import { MAX_MEMBERS, type Group, type Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import { newStanzaId, unixTime, type Delivery } from "./delivery.js";
import { descriptionElement, groupElement, participantElement } from "./groupnode.js";

/** Why something may not be done to a group; `code` is the protocol's. */
export class GroupError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export type MemberChange = "add" | "remove" | "promote" | "demote";
export const MEMBER_CHANGES: readonly MemberChange[] = ["add", "remove", "promote", "demote"];

/** Personal invitations outstanding; the oldest go. */
const MAX_INVITATIONS = 10_000;
const INVITATION_SECONDS = 3 * 86_400;

/** What can be done to groups, by whom, and who is told. */
export class Grouping {
  /** code → group and invited number */
  private readonly invitations = new Map<string, { group: Group; number: string; until: number }>();

  constructor(
    private readonly directory: Directory,
    private readonly groups: Groups,
    private readonly delivery: Delivery,
  ) {}

  /** The creator's own device learns of it by the answer to its request, everybody else by notification. */
  create(by: Person, subject: string, members: Person[], mode: Domain, device: number): Group {
    if (members.length >= MAX_MEMBERS) throw new GroupError(419, "resource-limit");
    const group = this.groups.create(subject, by.number, members.map((each) => each.number), mode);
    if (!group) throw new GroupError(500, "there are too many groups");
    this.tellNewcomers(group, by, this.people(group), { person: by, device });
    return group;
  }

  /** The group, if this person may look at it. @throws GroupError 404, 403 */
  seen(by: Person, jid: string | undefined): Group {
    const group = this.groups.get(jid);
    if (!group) throw new GroupError(404, "item-not-found");
    if (!group.members.has(by.number)) throw new GroupError(403, "forbidden");
    return group;
  }

  administered(by: Person, jid: string | undefined): Group {
    const group = this.seen(by, jid);
    if (!group.isAdmin(by.number)) throw new GroupError(403, "forbidden");
    return group;
  }

  /** Applies a change to each and tells the members; the result names an error code for those it did not work for. */
  change(by: Person, jid: string | undefined, change: MemberChange, targets: { asked: string; person: Person | undefined }[]): Stanza {
    const open = change === "add" && this.seen(by, jid).data.memberAddMode === "all_member_add";
    const group = open ? this.seen(by, jid) : this.administered(by, jid);
    const done: Person[] = [];
    const results = targets.map(({ asked, person }) => {
      const error = person ? this.changeOne(group, change, person) : "404";
      if (person && error === undefined) done.push(person);
      const request = change === "add" && person && error === "403" ? [this.invitation(group, person)] : undefined;
      return el("participant", { jid: asked, phone_number: person?.jid, error }, request);
    });
    if (done.length > 0) this.changed(group, by, change, done);
    return el(change, {}, results);
  }

  leave(by: Person, jid: string | undefined): void {
    const group = this.seen(by, jid);
    const before = this.people(group);
    this.groups.removeMember(group, by.number);
    this.tell(group, by, el("remove", {}, [participantElement(group, by)]), before);
  }

  /** Comes in by the group's link. @returns false when an admin has to agree first */
  join(by: Person, code: string | undefined): { group: Group; joined: boolean } {
    const group = this.groups.byInviteCode(code);
    if (!group) throw new GroupError(404, "item-not-found");
    if (group.members.has(by.number)) throw new GroupError(409, "conflict");
    if (!group.data.approval) {
      this.enter(group, by);
      return { group, joined: true };
    }
    if (!group.request(by.number)) throw new GroupError(419, "resource-limit");
    this.groups.touch(group);
    const asking = el("created_membership_requests", { request_method: "invite_link" }, [participantElement(group, by)]);
    this.tell(group, by, asking, this.people(group).filter((each) => group.isAdmin(each.number)));
    return { group, joined: false };
  }

  /** Comes in by a personal invitation. */
  accept(by: Person, jid: string | undefined, code: string | undefined): void {
    const invitation = this.invitations.get(code ?? "");
    if (invitation?.number !== by.number || invitation.group !== this.groups.get(jid)) throw new GroupError(404, "item-not-found");
    if (invitation.until < Date.now() / 1000) throw new GroupError(410, "gone");
    this.invitations.delete(code ?? "");
    this.enter(invitation.group, by);
  }

  revokeInvitation(by: Person, jid: string | undefined, number: string): void {
    const group = this.administered(by, jid);
    for (const [code, each] of this.invitations) if (each.group === group && each.number === number) this.invitations.delete(code);
  }

  /** Lets somebody in who asked, or turns them down. @returns an error code, or undefined */
  decide(by: Person, group: Group, person: Person | undefined, approve: boolean): string | undefined {
    if (!person || !group.requests.has(person.number)) return "404";
    group.requests.delete(person.number);
    this.groups.touch(group);
    if (approve) {
      if (!this.groups.addMember(group, person.number)) return "419";
      this.changed(group, by, "add", [person]);
    } else {
      const refused = el("revoked_membership_requests", {}, [participantElement(group, person)]);
      this.tell(group, by, refused, this.people(group).filter((each) => group.isAdmin(each.number)));
    }
    return undefined;
  }

  setSubject(by: Person, jid: string | undefined, subject: string): void {
    const group = this.editable(by, jid);
    Object.assign(group.data, { subject, subjectBy: by.number, subjectAt: Number(unixTime()) });
    this.groups.touch(group);
    const attrs = { subject, s_t: String(group.data.subjectAt), s_o: by.address(group.data.mode) };
    this.tell(group, by, el("subject", attrs));
  }

  setDescription(by: Person, jid: string | undefined, id: string | undefined, text: string | undefined): void {
    const group = this.editable(by, jid);
    if (text === undefined) delete group.data.description;
    else group.data.description = { id: id ?? newStanzaId(), text, by: by.number, at: Number(unixTime()) };
    this.groups.touch(group);
    const [description] = descriptionElement(group, this.directory);
    this.tell(group, by, description ?? el("description", { delete: "true" }));
  }

  /** One of the switches an admin has; the same element is the request and the notification. */
  setting(by: Person, jid: string | undefined, element: Stanza, apply: (group: Group) => void): void {
    const group = this.administered(by, jid);
    apply(group);
    this.groups.touch(group);
    this.tell(group, by, element);
  }

  renewInvite(by: Person, jid: string | undefined): string {
    const group = this.administered(by, jid);
    const code = this.groups.renewInvite(group);
    this.tell(group, by, el("invite", { code }));
    return code;
  }

  people(group: Group): Person[] {
    return [...group.members.keys()].flatMap((number) => this.directory.lookup(number) ?? []);
  }

  clear(): void {
    this.invitations.clear();
  }

  private changeOne(group: Group, change: MemberChange, person: Person): string | undefined {
    const member = group.members.has(person.number);
    if (change === "add") {
      if (member) return "409";
      if (person.privacy["groupadd"] === "none") return "403";
      return this.groups.addMember(group, person.number) ? undefined : "419";
    }
    if (!member) return "404";
    if (change === "remove") this.groups.removeMember(group, person.number);
    else this.groups.addMember(group, person.number, change === "promote" ? "admin" : "member");
    return undefined;
  }

  /** Members hear what changed; newcomers get the whole group, and those removed hear it a last time. */
  private changed(group: Group, by: Person, change: MemberChange, people: Person[]): void {
    const gone = change === "remove" ? people : [];
    const audience = [...this.people(group).filter((each) => change !== "add" || !people.includes(each)), ...gone];
    this.tell(group, by, el(change, {}, people.map((each) => participantElement(group, each))), audience);
    if (change === "add") this.tellNewcomers(group, by, people);
  }

  private enter(group: Group, person: Person): void {
    if (!this.groups.addMember(group, person.number)) throw new GroupError(419, "resource-limit");
    this.changed(group, person, "add", [person]);
  }

  private editable(by: Person, jid: string | undefined): Group {
    const group = this.seen(by, jid);
    return group.data.locked ? this.administered(by, jid) : group;
  }

  private invitation(group: Group, person: Person): Stanza {
    const code = randomBytes(8).toString("hex");
    const until = Number(unixTime()) + INVITATION_SECONDS;
    this.invitations.set(code, { group, number: person.number, until });
    if (this.invitations.size > MAX_INVITATIONS) {
      const oldest = this.invitations.keys().next();
      if (!oldest.done) this.invitations.delete(oldest.value);
    }
    return el("add_request", { code, expiration: String(until) });
  }

  private tellNewcomers(group: Group, by: Person, people: Person[], except?: { person: Person; device: number }): void {
    const create = el("create", { type: "new" }, [groupElement(group, this.directory)]);
    this.tell(group, by, create, people, except);
  }

  private tell(group: Group, by: Person, element: Stanza, people = this.people(group), except?: { person: Person; device: number }): void {
    const attrs = {
      from: group.jid, type: "w:gp2", id: newStanzaId(), t: unixTime(), notify: by.name, addressing_mode: group.data.mode,
      participant: by.address(group.data.mode), participant_pn: group.data.mode === "lid" ? by.jid : undefined,
    };
    const stanza = el("notification", attrs, [element]);
    for (const person of people) this.delivery.toPerson(person, stanza, except?.person === person ? except.device : undefined);
  }
}
