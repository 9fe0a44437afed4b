import type { Grouping, MemberChange } from "../service/grouping.js";
import { GroupError, MEMBER_CHANGES } from "../service/grouping.js";
import type { Pictures } from "../service/pictures.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Group, Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import { AdminError, type AdminRequest, type AdminRouter, type Fields } from "./http.js";
import { personOf, type PeopleServices } from "./people.js";

/** Groups as contacts use them: making them, changing them, deciding who is in, coming in by link, leaving. */
export function groupRoutes(router: AdminRouter, services: PeopleServices, groups: Groups, grouping: Grouping, pictures: Pictures): void {
  const describe = (group: Group): object => ({
    jid: group.jid, ...group.data,
    members: [...group.members].map(([number, role]) => ({ number: `+${number}`, role })),
    requests: [...group.requests.keys()].map((number) => `+${number}`),
  });
  const find = ({ params }: AdminRequest): Group => {
    const id = params["id"] ?? "";
    const group = groups.get(id.includes("@") ? id : `${id}@g.us`);
    if (!group) throw new AdminError(404, "group_absent", `there is no group ${id}`);
    return group;
  };
  const people = (fields: Fields): Person[] => (fields.texts("members") ?? []).map((number) => personOf(services, number));

  /** What can be done to a group besides adding, removing, promoting and demoting. */
  const changes: Record<string, (by: Person, group: Group, fields: Fields) => unknown> = {
    subject: (by, group, fields) => { grouping.setSubject(by, group.jid, fields.needText("subject")); },
    description: (by, group, fields) => { grouping.setDescription(by, group.jid, undefined, fields.text("description")); },
    leave: (by, group) => { grouping.leave(by, group.jid); },
    settings: (by, group, fields) => { changeSettings(grouping, by, group, fields); },
    invite: (by, group) => { grouping.renewInvite(by, group.jid); },
    approve: (by, group, fields) => { decide(grouping, by, group, people(fields), true); },
    reject: (by, group, fields) => { decide(grouping, by, group, people(fields), false); },
    picture: (by, group, fields) => {
      const image = fields.text("base64");
      return pictures.set(by, group, image === undefined ? undefined : Buffer.from(image, "base64"), 0);
    },
  };

  router.add("GET", "/groups", () => ({ groups: [...groups.all()].map(describe) }));
  router.add("GET", "/groups/:id", (request) => describe(find(request)));

  router.add("POST", "/groups", async ({ body }) => {
    const fields = await body();
    const by = personOf(services, fields.needText("by"));
    const mode = fields.oneOf("addressing", ["lid", "pn"]) ?? "lid";
    const subject = fields.needText("subject");
    const members = people(fields);
    return describe(await guard(() => grouping.create(by, subject, members, mode, 0)));
  });

  router.add("POST", "/groups/:id/:change", async (request) => {
    const group = find(request);
    const fields = await request.body();
    const by = personOf(services, fields.needText("by"));
    const name = request.params["change"] ?? "";
    const member = MEMBER_CHANGES.find((each) => each === name);
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
    if (member) await guard(() => { changeMembers(grouping, by, group, member, people(fields)); });
    else if (change) await guard(() => change(by, group, fields));
    else throw new AdminError(404, "not_found", `nothing called ${name} can be done to a group`);
    return describe(group);
  });

  router.add("POST", "/contacts/:number/join", async ({ params, body }) => {
    const by = personOf(services, params["number"]);
    const code = (await body()).needText("code").split("/").at(-1);
    const { group, joined } = await guard(() => grouping.join(by, code));
    return { group: group.jid, joined };
  });
}

function changeMembers(grouping: Grouping, by: Person, group: Group, change: MemberChange, people: Person[]): void {
  grouping.change(by, group.jid, change, people.map((person) => ({ asked: person.jid, person })));
}

/** Each switch named is set, and told to the members as the element the protocol has for it. */
function changeSettings(grouping: Grouping, by: Person, group: Group, fields: Fields): void {
  const set = (element: Stanza, apply: (group: Group) => void): void => { grouping.setting(by, group.jid, element, apply); };
  const [announce, locked, approval] = [fields.flag("announce"), fields.flag("locked"), fields.flag("approval")];
  const ephemeral = fields.number("ephemeral");
  const memberAddMode = fields.oneOf("memberAddMode", ["all_member_add", "admin_add"]);
  if (announce !== undefined) set(el(announce ? "announcement" : "not_announcement"), ({ data }) => { data.announce = announce; });
  if (locked !== undefined) set(el(locked ? "locked" : "unlocked"), ({ data }) => { data.locked = locked; });
  if (ephemeral !== undefined) {
    const element = ephemeral > 0 ? el("ephemeral", { expiration: String(ephemeral), trigger: "0" }) : el("not_ephemeral");
    set(element, ({ data }) => { data.ephemeral = ephemeral; });
  }
  if (memberAddMode) set(el("member_add_mode", {}, Buffer.from(memberAddMode)), ({ data }) => { data.memberAddMode = memberAddMode; });
  if (approval !== undefined) {
    const mode = el("membership_approval_mode", {}, [el("group_join", { state: approval ? "on" : "off" })]);
    set(mode, ({ data }) => { data.approval = approval; });
  }
}

function decide(grouping: Grouping, by: Person, group: Group, people: Person[], approve: boolean): void {
  grouping.administered(by, group.jid);
  for (const person of people) {
    const error = grouping.decide(by, group, person, approve);
    if (error !== undefined) throw new GroupError(Number(error), `nothing to decide about +${person.number}`);
  }
}

async function guard<T>(task: () => T | Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (err) {
    throw err instanceof GroupError ? new AdminError(err.code === 404 ? 404 : 409, "group_refused", err.message) : err;
  }
}
