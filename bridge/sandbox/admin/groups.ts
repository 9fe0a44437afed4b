import type { Grouping, MemberChange } from "../service/grouping.js";
import { GroupError, MEMBER_CHANGES } from "../service/grouping.js";
import type { Group, Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import { AdminError, type AdminRequest, type AdminRouter, type Fields } from "./http.js";
import { personOf, type PeopleServices } from "./people.js";

/** Groups as contacts use them: making them, changing who is in, coming in by link, leaving. */
export function groupRoutes(router: AdminRouter, services: PeopleServices, groups: Groups, grouping: Grouping): void {
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

  router.add("GET", "/groups", () => ({ groups: [...groups.all()].map(describe) }));
  router.add("GET", "/groups/:id", (request) => describe(find(request)));

  router.add("POST", "/groups", async ({ body }) => {
    const fields = await body();
    const by = personOf(services, fields.needText("by"));
    const mode = fields.oneOf("addressing", ["lid", "pn"]) ?? "lid";
    return describe(guard(() => grouping.create(by, fields.needText("subject"), people(fields), mode, 0)));
  });

  router.add("POST", "/groups/:id/:change", async (request) => {
    const group = find(request);
    const fields = await request.body();
    const by = personOf(services, fields.needText("by"));
    const change = request.params["change"];
    const member = MEMBER_CHANGES.find((each) => each === change);
    if (member) changeMembers(grouping, by, group, member, people(fields));
    else if (change === "subject") guard(() => { grouping.setSubject(by, group.jid, fields.needText("subject")); });
    else if (change === "description") guard(() => { grouping.setDescription(by, group.jid, undefined, fields.text("description")); });
    else if (change === "leave") guard(() => { grouping.leave(by, group.jid); });
    else throw new AdminError(404, "not_found", `nothing called ${change ?? ""} can be done to a group`);
    return describe(group);
  });

  router.add("POST", "/contacts/:number/join", async ({ params, body }) => {
    const by = personOf(services, params["number"]);
    const code = (await body()).needText("code").split("/").at(-1);
    const { group, joined } = guard(() => grouping.join(by, code));
    return { group: group.jid, joined };
  });
}

function changeMembers(grouping: Grouping, by: Person, group: Group, change: MemberChange, people: Person[]): void {
  guard(() => grouping.change(by, group.jid, change, people.map((person) => ({ asked: person.jid, person }))));
}

function guard<T>(task: () => T): T {
  try {
    return task();
  } catch (err) {
    throw err instanceof GroupError ? new AdminError(err.code === 404 ? 404 : 409, "group_refused", err.message) : err;
  }
}
