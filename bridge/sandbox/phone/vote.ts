import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { hmac, randomBytes } from "../wire/curve.js";
import { domainOf, isGroup, type Domain } from "../wire/jid.js";
import type { Person } from "../world/person.js";
import { unwrap } from "./content.js";
import type { InboxMessage } from "./inbox.js";
import type { PhoneParts } from "./parts.js";

/** A phone that can vote. */
interface Voter extends PhoneParts {
  say(to: string, message: proto.IMessage): Promise<string>;
}

/**
 * Votes in a poll this phone has received. The vote is encrypted with a key made of the poll's secret and the
 * addresses of creator and voter in the domain the poll travelled in (Baileys process-message.js, decryptPollVote).
 * @param options texts of the options voted for; none takes the vote back
 * @returns the id of the vote's message
 * @throws when the message is no poll with a secret
 */
export async function votePoll(phone: Voter, poll: InboxMessage, options: string[]): Promise<string> {
  const message = proto.Message.fromObject(poll.message);
  const secret = message.messageContextInfo?.messageSecret;
  if (!secret?.length) throw new Error("the message is no poll");
  const voter = phone.person.address(domainOf(poll.from));
  const selectedOptions = options.map((option) => createHash("sha256").update(option).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const key = voteKey(secret, poll.id, poll.from, voter);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(`${poll.id}\0${voter}`));
  const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const group = isGroup(poll.chat);
  const pollCreationMessageKey = { remoteJid: poll.chat, fromMe: poll.fromMe, id: poll.id, ...(group ? { participant: poll.from } : {}) };
  return phone.say(poll.chat, {
    pollUpdateMessage: { pollCreationMessageKey, vote: { encPayload, encIv: iv }, senderTimestampMs: Date.now() },
  });
}

/**
 * The texts voted for in a poll this phone made or received.
 * @returns undefined when it does not have the poll, or the vote does not open
 */
export function openVote(parts: PhoneParts, update: proto.Message.IPollUpdateMessage, voter: Person): string[] | undefined {
  const id = update.pollCreationMessageKey?.id ?? "";
  const { encPayload, encIv } = update.vote ?? {};
  const entry = parts.inbox.messages.find((each) => each.id === id);
  const message = parts.sent.get(id)?.message ?? (entry && proto.Message.fromObject(entry.message));
  const creator = entry ? parts.world.directory.lookup(entry.number) : parts.person;
  const secret = message?.messageContextInfo?.messageSecret;
  if (!message || !creator || !secret?.length || !encPayload || !encIv) return undefined;
  const domains: Domain[] = ["pn", "lid"];
  // Nothing in the vote says in which domains its key was made; the wrong ones do not open it.
  for (const [mine, theirs] of domains.flatMap((one) => domains.map((other) => [one, other] as const))) {
    const address = voter.address(theirs);
    const plain = decryptVote(voteKey(secret, id, creator.address(mine), address), Buffer.from(encPayload), encIv, `${id}\0${address}`);
    if (plain) return optionsOf(message, plain);
  }
  return undefined;
}

function decryptVote(key: Buffer, sealed: Buffer, iv: Uint8Array, aad: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv);
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function optionsOf(message: proto.IMessage, plain: Buffer): string[] {
  const inner = unwrap(message);
  const poll = inner.pollCreationMessage ?? inner.pollCreationMessageV2 ?? inner.pollCreationMessageV3;
  const hashes = proto.Message.PollVoteMessage.decode(plain).selectedOptions.map((each) => Buffer.from(each).toString("hex"));
  const texts = (poll?.options ?? []).map((each) => each.optionName ?? "");
  return texts.filter((text) => hashes.includes(createHash("sha256").update(text).digest("hex")));
}

function voteKey(secret: Uint8Array, poll: string, creator: string, voter: string): Buffer {
  const base = hmac(Buffer.alloc(32), secret);
  return hmac(base, Buffer.from(`${poll}${creator}${voter}Poll Vote`), Buffer.from([1]));
}
