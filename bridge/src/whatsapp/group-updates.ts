/** What changes in groups, from the stanzas that tell it. Baileys' own events lose some when several come together. */
import type { GroupUpdateEvent } from "../rpc/contract.gen.js";
import type { BinaryNode } from "./baileys.js";
import { said, whole, wellFormed } from "./describing/values.js";
import { party, type Party } from "./incoming.js";
import { sameUser } from "./jid.js";
import { childOf, childrenOf, secondsToMs, textOf } from "./nodes.js";
import type { People } from "./people.js";

type Action = GroupUpdateEvent["action"];
type Change = Pick<GroupUpdateEvent, "action"> & Partial<GroupUpdateEvent>;

const MAX_PARTICIPANTS = 1024;

/** A group that was made no longer ago, by whoever brings us in, is new; in an older one we are. */
const NEW_WITHIN_MS = 10_000;

/** Who is meant, by what happened to them. */
const MEMBERS: Partial<Record<string, Action>> = {
  add: "participants_added",
  remove: "participants_removed",
  leave: "participant_left",
  promote: "participants_promoted",
  demote: "participants_demoted",
  created_membership_requests: "join_requested",
  revoked_membership_requests: "join_request_withdrawn",
};

/** Switches of a group, as the elements that tell them. */
const SWITCHES: Partial<Record<string, Partial<GroupUpdateEvent>>> = {
  announcement: { onlyAdminsSend: true },
  not_announcement: { onlyAdminsSend: false },
  locked: { onlyAdminsEdit: true },
  unlocked: { onlyAdminsEdit: false },
  not_ephemeral: { disappearingSeconds: 0 },
};

/** The events of a `w:gp2` notification, one for each change in it. */
export async function groupUpdates(stanza: BinaryNode, groupId: string, people: People): Promise<GroupUpdateEvent[]> {
  const { participant, participant_pn: phone, participant_lid: lid, notify, t } = stanza.attrs;
  const actor = participant === undefined ? undefined : await people.find(participant, phone, lid);
  const occurredAtMs = secondsToMs(t) ?? Date.now();
  const events: GroupUpdateEvent[] = [];
  for (const change of childrenOf(stanza)) {
    const described = await describe(change, { actor, occurredAtMs, people });
    if (described === undefined) continue;
    events.push({
      type: "group.update",
      groupId,
      ...(actor === undefined ? {} : { actor: people.person(actor, people.isSelf(actor) ? undefined : notify) }),
      ...described,
      occurredAtMs,
    });
  }
  return events;
}

interface Surroundings {
  actor: Party | undefined;
  occurredAtMs: number;
  people: People;
}

async function describe(change: BinaryNode, around: Surroundings): Promise<Change | undefined> {
  const switched = SWITCHES[change.tag];
  if (switched !== undefined) return { action: "settings", ...switched };
  if (MEMBERS[change.tag] !== undefined) return aboutMembers(change, MEMBERS[change.tag], around);
  switch (change.tag) {
    case "create":
      return creation(childOf(change, "group") ?? change, around);
    case "delete":
      return { action: "deleted" };
    case "subject":
      return { action: "subject", subject: wellFormed(change.attrs["subject"] ?? textOf(change) ?? "", 1024) };
    case "description":
      return { action: "description", description: wellFormed(textOf(childOf(change, "body")) ?? "", 8192) };
    case "invite":
    case "revoke":
      return { action: "invite" };
    case "ephemeral":
      return said({ action: "settings" as const, disappearingSeconds: whole(change.attrs["expiration"]) });
    case "member_add_mode":
      return { action: "settings", memberAddMode: textOf(change) === "all_member_add" ? "all" : "admins" };
    case "membership_approval_mode":
      return { action: "settings", joinApproval: childOf(change, "group_join")?.attrs["state"] === "on" };
    default:
      return undefined;
  }
}

async function aboutMembers(change: BinaryNode, action: Action | undefined, { actor, people }: Surroundings): Promise<Change | undefined> {
  if (action === undefined) return undefined;
  const named = childrenOf(change, "participant").slice(0, MAX_PARTICIPANTS).map(({ attrs }) => party(attrs["jid"], attrs["phone_number"], attrs["lid"]));
  // Whoever asks to come in is sometimes only named as the one who does it.
  const members = named.length === 0 && actor !== undefined ? [actor] : await Promise.all(named.map((each) => people.complete(each)));
  const participants = members.map((each) => people.person(each));
  if (action === "participants_added" && members.some((each) => people.isSelf(each))) return { action: "joined", participants };
  if (action !== "participants_removed" && action !== "participant_left") return { action, participants };
  if (members.some((each) => people.isSelf(each))) return { action: "left", participants };
  const [only] = members;
  const left = members.length === 1 && actor !== undefined && (sameUser(only?.phone, actor.phone) || sameUser(only?.lid, actor.lid));
  return { action: left ? "participant_left" : action, participants };
}

async function creation({ attrs }: BinaryNode, { actor, occurredAtMs, people }: Surroundings): Promise<Change> {
  const createdMs = secondsToMs(attrs["creation"]);
  const creator = await people.find(attrs["creator"], attrs["creator_pn"]);
  const byCreator = actor === undefined || sameUser(creator.phone, actor.phone) || sameUser(creator.lid, actor.lid);
  const isNew = byCreator && createdMs !== undefined && occurredAtMs - createdMs <= NEW_WITHIN_MS;
  return said({ action: isNew ? ("created" as const) : ("joined" as const), subject: attrs["subject"] === undefined ? undefined : wellFormed(attrs["subject"], 1024) });
}
