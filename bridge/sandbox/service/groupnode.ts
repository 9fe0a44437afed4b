import { el, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Group } from "../world/groups.js";
import type { Person } from "../world/person.js";

/** `<group>` as Baileys' extractGroupMetadata reads it (lib/Socket/groups.js). */
export function groupElement(group: Group, directory: Directory): Stanza {
  const { data } = group;
  const creator = directory.entry(data.creator);
  const subjectBy = directory.entry(data.subjectBy);
  const participants = [...group.members].flatMap(([number, role]) => {
    const person = directory.entry(number);
    return person ? [participantElement(group, person, role === "member" ? undefined : role)] : [];
  });
  const settings = [
    ...(data.announce ? [el("announcement")] : []),
    ...(data.locked ? [el("locked")] : []),
    ...(data.ephemeral > 0 ? [el("ephemeral", { expiration: String(data.ephemeral), trigger: "0" })] : []),
    ...(data.approval ? [el("membership_approval_mode", {}, [el("group_join", { state: "on" })])] : []),
    el("member_add_mode", {}, Buffer.from(data.memberAddMode)),
  ];
  return el(
    "group",
    {
      id: data.id,
      subject: data.subject,
      s_t: String(data.subjectAt),
      s_o: subjectBy?.address(data.mode),
      s_o_pn: data.mode === "lid" ? subjectBy?.jid : undefined,
      creation: String(data.createdAt),
      creator: creator?.address(data.mode),
      creator_pn: data.mode === "lid" ? creator?.jid : undefined,
      addressing_mode: data.mode,
      size: String(group.members.size),
    },
    [...descriptionElement(group, directory), ...settings, ...participants],
  );
}

/** `<participant>`: the address in the group's mode, and the other one beside it. */
export function participantElement(group: Group, person: Person, type?: string, error?: string): Stanza {
  const other = group.data.mode === "lid" ? { phone_number: person.jid } : { lid: person.lidJid };
  return el("participant", { jid: person.address(group.data.mode), ...other, type, error });
}

/** `<description><body>`, or nothing when the group has none. */
export function descriptionElement(group: Group, directory: Directory): Stanza[] {
  const { description, mode } = group.data;
  if (!description) return [];
  const by = directory.entry(description.by);
  const attrs = {
    id: description.id, t: String(description.at), participant: by?.address(mode),
    participant_pn: mode === "lid" ? by?.jid : undefined,
  };
  return [el("description", attrs, [el("body", {}, Buffer.from(description.text))])];
}
