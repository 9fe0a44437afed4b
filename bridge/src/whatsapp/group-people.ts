/** Participants of a group: from how callers name them to how the group knows them, and what became of each. */
import type { ParticipantResult } from "../rpc/contract.gen.js";
import { WAMessageAddressingMode, type BinaryNode, type GroupMetadata } from "./baileys.js";
import { bareJid, sameUser } from "./jid.js";
import type { Link } from "./link.js";
import type { Account } from "./number-lookup.js";
import type { Numbers } from "./numbers.js";

/** Somebody a caller named; without an account it is a number that is not on WhatsApp. */
export interface Named {
  participant: string;
  account: Account | undefined;
}

/** WhatsApp's code for somebody it does not know, used for numbers that it was not even asked to take. */
const NOBODY = 404;

/** What WhatsApp says of one participant when it says nothing else. */
const DONE = "200";

/** One participant in an answer of WhatsApp's. */
export interface Answered {
  jid: string | undefined;
  /** The same person's other address. */
  other: string | undefined;
  code: string;
}

/** Finds whom the addresses stand for. @throws BridgeError what Numbers.accountOf throws */
export function findPeople(numbers: Numbers, link: Link, addresses: readonly string[]): Promise<Named[]> {
  const distinct = [...new Set(addresses)];
  return Promise.all(distinct.map(async (participant) => ({ participant, account: await numbers.accountOf(link, participant) })));
}

/** The address by which a group knows somebody. */
export function addressIn(group: GroupMetadata, { jid, lid }: Account): string {
  const member = group.participants.find(({ id, phoneNumber, lid: hidden }) =>
    [id, phoneNumber, hidden].some((each) => sameUser(each, jid) || (lid !== undefined && sameUser(each, lid))));
  return member?.id ?? (group.addressingMode === WAMessageAddressingMode.LID ? lid ?? jid : jid);
}

/** `<participant jid phone_number error/>`, in answers to every change. */
export function readAnswered({ attrs }: BinaryNode): Answered {
  return { jid: bareJid(attrs["jid"]), other: bareJid(attrs["phone_number"] ?? attrs["lid"]), code: attrs["error"] ?? attrs["code"] ?? DONE };
}

/** What became of each who was named, in that order. `asked` are the addresses they were asked for under. */
export function toResults(named: readonly Named[], asked: readonly (string | undefined)[], answers: readonly Answered[]): ParticipantResult[] {
  return named.map(({ participant, account }, index) => {
    if (account === undefined) return { participant, done: false, whatsappError: NOBODY };
    const mine = [asked[index], account.jid, account.lid];
    const answer = answers.find(({ jid, other }) => mine.some((each) => each !== undefined && (sameUser(each, jid) || sameUser(each, other))));
    const code = answer === undefined ? NOBODY : Number(answer.code);
    const done = answer !== undefined && answer.code === DONE;
    const jid = answer?.jid ?? account.jid;
    return { participant, jid, done, ...(done || !Number.isSafeInteger(code) ? {} : { whatsappError: code }) };
  });
}
