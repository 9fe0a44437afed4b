/** Votes in polls and answers to events: encrypted with the secret of the message they answer. */
import { createHash } from "node:crypto";
import type { IncomingContent } from "../../rpc/contract.gen.js";
import { proto } from "../baileys.js";
import type { Party, Self } from "../incoming.js";
import { optionsOf, pollIn } from "./contents.js";
import { openFor, type Target } from "./targets.js";
import { unwrap } from "./wrappers.js";

type EventResponse = Extract<IncomingContent, { type: "event_response" }>["response"];

const { EventResponseType } = proto.Message.EventResponseMessage;

const RESPONSES = new Map<number | null | undefined, EventResponse>([
  [EventResponseType.GOING, "going"],
  [EventResponseType.NOT_GOING, "not_going"],
  [EventResponseType.MAYBE, "maybe"],
]);

/** Somebody's present choice. Options are told by their texts, which the vote has only digests of. */
export function describeVote(update: proto.Message.IPollUpdateMessage, target: Target, voter: Party, self: Self): IncomingContent {
  const opened = openFor("Poll Vote", update.vote, target, voter, self);
  const poll = pollIn(unwrap(target.known?.message)?.inner ?? {});
  const chosen = opened === undefined ? undefined : decode(() => proto.Message.PollVoteMessage.decode(opened).selectedOptions);
  if (chosen === undefined || poll === undefined) return { type: "poll_vote", pollMessageId: target.messageId, options: [], known: false };
  const digests = new Set(chosen.map((digest) => Buffer.from(digest).toString("hex")));
  // Told as the poll was told; digested as it was written.
  const told = optionsOf(poll);
  const options = told.filter((_, index) => digests.has(createHash("sha256").update(poll.options?.[index]?.optionName ?? "").digest("hex")));
  return { type: "poll_vote", pollMessageId: target.messageId, options, known: true };
}

export function describeEventResponse(answer: proto.Message.IEncEventResponseMessage, target: Target, responder: Party, self: Self): IncomingContent {
  const opened = openFor("Event Response", answer, target, responder, self);
  const said = opened === undefined ? undefined : decode(() => proto.Message.EventResponseMessage.decode(opened).response);
  return { type: "event_response", eventMessageId: target.messageId, response: RESPONSES.get(said) ?? "unknown", known: said !== undefined };
}

function decode<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
