import { createCipheriv, createHash } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { hmac, randomBytes } from "../wire/curve.js";
import { domainOf, isGroup } from "../wire/jid.js";
import type { InboxMessage } from "./inbox.js";
import type { Phone } from "./phone.js";

/**
 * Votes in a poll this phone has received. The vote is encrypted with a key made of the poll's secret and the
 * addresses of creator and voter in the domain the poll travelled in (Baileys process-message.js, decryptPollVote).
 * @param options texts of the options voted for; none takes the vote back
 * @returns the id of the vote's message
 * @throws when the message is no poll with a secret
 */
export async function votePoll(phone: Phone, poll: InboxMessage, options: string[]): Promise<string> {
  const message = proto.Message.fromObject(poll.message);
  const secret = message.messageContextInfo?.messageSecret;
  if (!secret?.length) throw new Error("the message is no poll");
  const voter = phone.person.address(domainOf(poll.from));
  const selectedOptions = options.map((option) => createHash("sha256").update(option).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const base = hmac(Buffer.alloc(32), secret);
  const key = hmac(base, Buffer.from(`${poll.id}${poll.from}${voter}Poll Vote`), Buffer.from([1]));
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
