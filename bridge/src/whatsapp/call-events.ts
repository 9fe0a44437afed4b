/** Calls, from the stanzas that tell of them. They cannot be taken here, only turned down. */
import type { CallEvent } from "../rpc/contract.gen.js";
import type { BinaryNode } from "./baileys.js";
import { addressIn, words } from "./describing/values.js";
import type { Party } from "./incoming.js";
import { isGroupJid } from "./jid.js";
import { childOf, childrenOf, secondsToMs } from "./nodes.js";
import type { People } from "./people.js";
import type { SmallCache } from "./small-cache.js";

type Kind = Pick<CallEvent, "isVideo" | "isGroup">;

/** A call that rings now. */
export interface Ringing {
  /** As WhatsApp has it. */
  id: string;
  from: string;
  caller: Party;
  event: CallEvent;
}

/** Elements of `<call>` that are news; others are about the connection of a call. */
const STATUSES: Partial<Record<string, CallEvent["status"]>> = {
  offer: "ringing",
  offer_notice: "ringing",
  accept: "accepted",
  reject: "rejected",
  terminate: "ended",
};

/** A call that began longer ago does not ring any more. */
const RINGS_FOR_MS = 60_000;

/** @param memory what the offer of a call said, by the call's id: later stanzas say no more than that it ended. */
export async function describeCall(stanza: BinaryNode, people: People, memory: SmallCache): Promise<{ event: CallEvent; ringing: Ringing | undefined } | undefined> {
  const info = childrenOf(stanza).find(({ tag }) => STATUSES[tag] !== undefined);
  const id = words(info?.attrs["call-id"], 128);
  const said = info === undefined ? undefined : STATUSES[info.tag];
  if (info === undefined || id === undefined || said === undefined) return undefined;
  const creator = info.attrs["call-creator"] ?? info.attrs["from"] ?? stanza.attrs["from"];
  const caller = await people.find(creator, info.attrs["caller_pn"], info.attrs["caller_lid"]);
  const group = addressIn(info.attrs["group-jid"]);
  const kind: Kind = said === "ringing" ? { isVideo: childOf(info, "video") !== undefined, isGroup: group !== undefined || info.attrs["type"] === "group" } : (memory.get<Kind>(id) ?? { isVideo: false, isGroup: group !== undefined });
  if (said === "ringing") memory.set(id, kind);
  const status = said === "ended" && info.attrs["reason"] === "timeout" ? "missed" : said;
  const chatId = group !== undefined && isGroupJid(group) ? group : (caller.phone ?? caller.lid);
  const occurredAtMs = secondsToMs(stanza.attrs["t"]) ?? Date.now();
  const event: CallEvent = {
    type: "call",
    callId: id,
    caller: people.person(caller, people.isSelf(caller) ? undefined : stanza.attrs["notify"]),
    ...(chatId === undefined ? {} : { chatId }),
    status,
    ...kind,
    occurredAtMs,
  };
  const rings = said === "ringing" && creator !== undefined && stanza.attrs["offline"] === undefined && Math.abs(Date.now() - occurredAtMs) < RINGS_FOR_MS;
  return { event, ringing: rings ? { id: info.attrs["call-id"] ?? id, from: creator, caller, event } : undefined };
}
