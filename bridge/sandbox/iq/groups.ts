import { bareJid } from "../wire/jid.js";
import { child, children, el, textOf, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Group, Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import { GroupError, MEMBER_CHANGES, type Grouping } from "../service/grouping.js";
import { groupElement } from "../service/groupnode.js";
import type { Session } from "../service/login.js";
import { IqError, type IqHandler, type IqReply } from "./request.js";

/** A switch of a group: what a request's element does to it. */
const SETTINGS: Partial<Record<string, (group: Group, element: Stanza) => void>> = {
  announcement: ({ data }) => { data.announce = true; },
  not_announcement: ({ data }) => { data.announce = false; },
  locked: ({ data }) => { data.locked = true; },
  unlocked: ({ data }) => { data.locked = false; },
  ephemeral: ({ data }, { attrs }) => { data.ephemeral = Number(attrs["expiration"]) || 0; },
  not_ephemeral: ({ data }) => { data.ephemeral = 0; },
  member_add_mode: ({ data }, element) => { data.memberAddMode = textOf(element) === "all_member_add" ? "all_member_add" : "admin_add"; },
  membership_approval_mode: ({ data }, element) => { data.approval = child(element, "group_join")?.attrs["state"] === "on"; },
};

/** `w:g2`: everything Baileys asks about groups (lib/Socket/groups.js). */
export function groupHandler(directory: Directory, groups: Groups, grouping: Grouping): IqHandler {
  return (session, iq) => {
    const element = children(iq)[0];
    if (!element) throw new IqError(400, "empty group request");
    try {
      return iq.attrs["type"] === "get" ? query(session.person, iq.attrs["to"], element) : change(session, iq.attrs["to"], element);
    } catch (err) {
      throw err instanceof GroupError ? new IqError(err.code, err.message) : err;
    }
  };

  function query(by: Person, to: string | undefined, element: Stanza): IqReply {
    switch (element.tag) {
      case "query":
        return { content: [groupElement(grouping.seen(by, to), directory)] };
      case "participating":
        return { content: [el("groups", {}, groups.ofMember(by.number).map((group) => groupElement(group, directory)))] };
      case "invite":
        return invite(by, to, element.attrs["code"]);
      case "membership_approval_requests":
        return { content: [el(element.tag, {}, waiting(grouping.administered(by, to)))] };
      default:
        throw new IqError(501, `no ${element.tag} of groups`);
    }
  }

  function invite(by: Person, to: string | undefined, code: string | undefined): IqReply {
    if (code === undefined) return { content: [el("invite", { code: grouping.administered(by, to).data.inviteCode })] };
    const group = groups.byInviteCode(code);
    if (!group) throw new IqError(404, "item-not-found");
    return { content: [groupElement(group, directory)] };
  }

  function waiting(group: Group): Stanza[] {
    return [...group.requests].flatMap(([number, at]) => {
      const person = directory.lookup(number);
      if (!person) return [];
      const attrs = { jid: person.address(group.data.mode), phone_number: person.jid, request_method: "invite_link", request_time: String(at) };
      return [el("membership_approval_request", attrs)];
    });
  }

  function change(session: Session, to: string | undefined, element: Stanza): IqReply {
    const { person: by, companion } = session;
    const member = MEMBER_CHANGES.find((each) => each === element.tag);
    if (member) return { content: [grouping.change(by, to, member, targets(element))] };
    const apply = SETTINGS[element.tag];
    if (apply) {
      grouping.setting(by, to, element, (group) => { apply(group, element); });
      return { content: [el(element.tag)] };
    }
    switch (element.tag) {
      case "create": {
        const people = targets(element).flatMap((each) => each.person ?? []);
        const group = grouping.create(by, element.attrs["subject"] ?? "", people, "lid", companion.id);
        return { content: [groupElement(group, directory)] };
      }
      case "leave":
        for (const { attrs } of children(element, "group")) grouping.leave(by, attrs["id"]);
        return { content: [el("leave", {}, children(element, "group"))] };
      case "subject":
        grouping.setSubject(by, to, textOf(element) ?? "");
        return {};
      case "description":
        grouping.setDescription(by, to, element.attrs["id"], element.attrs["delete"] ? undefined : textOf(child(element, "body")));
        return {};
      case "invite": {
        const { code } = element.attrs;
        if (code === undefined) return { content: [el("invite", { code: grouping.renewInvite(by, to) })] };
        const { group, joined } = grouping.join(by, code);
        return { content: [el(joined ? "group" : "membership_approval_request", { jid: group.jid })] };
      }
      case "accept":
        grouping.accept(by, to, element.attrs["code"]);
        return {};
      case "revoke":
        for (const { person } of targets(element)) if (person) grouping.revokeInvitation(by, to, person.number);
        return {};
      case "membership_requests_action":
        return { content: [decide(by, to, element)] };
      default:
        throw new IqError(501, `no ${element.tag} for groups`);
    }
  }

  function decide(by: Person, to: string | undefined, element: Stanza): Stanza {
    const group = grouping.administered(by, to);
    const answers = children(element).map((action) => {
      const results = targets(action).map(({ asked, person }) => el("participant", { jid: asked, error: grouping.decide(by, group, person, action.tag === "approve") }));
      return el(action.tag, {}, results);
    });
    return el("membership_requests_action", {}, answers);
  }

  function targets(element: Stanza): { asked: string; person: Person | undefined }[] {
    return children(element, "participant").map(({ attrs }) => {
      const asked = attrs["jid"] ?? "";
      return { asked, person: directory.resolve(bareJid(asked)) };
    });
  }
}
