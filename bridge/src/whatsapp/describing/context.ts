/** What surrounds a message: what it answers, whom it mentions, whence it came. */
import type { AdContext, MessageEvent, QuotedMessage } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import { party } from "../incoming.js";
import { safeMessageId } from "../message-id.js";
import type { People } from "../people.js";
import { describeQuoted } from "./contents.js";
import { addressIn, said, whole, words } from "./values.js";
import { contextOf, unwrap, type Unwrapped } from "./wrappers.js";

export type MessageContextFacts = Pick<MessageEvent, "quoted" | "mentions" | "mentionAll" | "forwarded" | "forwardedManyTimes" | "viewOnce" | "ephemeralSeconds" | "ad">;

const MAX_MENTIONS = 1024;
/** A quote is a reminder: the quoted message itself was told in full. */
const MAX_QUOTED_LENGTH = 4096;
/** From here on WhatsApp's clients say "forwarded many times". */
const MANY_TIMES = 5;

export async function describeContext({ inner, viewOnce }: Unwrapped, people: People): Promise<MessageContextFacts> {
  const context = contextOf(inner);
  const parts = [inner.imageMessage, inner.videoMessage, inner.audioMessage, inner.extendedTextMessage];
  const once = viewOnce || parts.some((part) => part?.viewOnce === true);
  if (context === undefined) return once ? { viewOnce: true } : {};
  const score = whole(context.forwardingScore) ?? 0;
  const forwarded = context.isForwarded === true || score > 0;
  const mentions = await mentionsIn(context, people);
  const seconds = whole(context.expiration);
  return said({
    quoted: await quotedIn(context, people),
    mentions: mentions.length === 0 ? undefined : mentions,
    mentionAll: (context.nonJidMentions ?? 0) > 0 ? true : undefined,
    forwarded: forwarded ? true : undefined,
    forwardedManyTimes: forwarded && score >= MANY_TIMES ? true : undefined,
    viewOnce: once ? true : undefined,
    ephemeralSeconds: seconds === 0 ? undefined : seconds,
    ad: adIn(context),
  });
}

async function quotedIn({ stanzaId, participant, quotedMessage }: proto.IContextInfo, people: People): Promise<QuotedMessage | undefined> {
  if (typeof stanzaId !== "string" || stanzaId === "") return undefined;
  const author = addressIn(participant);
  const sender = author === undefined ? undefined : await people.find(author);
  const { type, text } = describeQuoted(unwrap(quotedMessage)?.inner ?? {});
  return said({
    messageId: safeMessageId(stanzaId),
    sender: sender === undefined ? undefined : people.person(sender),
    fromMe: sender === undefined ? undefined : people.isSelf(sender),
    text: words(text, MAX_QUOTED_LENGTH),
    type,
  });
}

async function mentionsIn({ mentionedJid }: proto.IContextInfo, people: People): Promise<NonNullable<MessageEvent["mentions"]>> {
  const addresses = new Set((mentionedJid ?? []).slice(0, MAX_MENTIONS).map(addressIn));
  const someones = [...addresses].flatMap((jid) => (jid === undefined ? [] : [party(jid)])).filter(({ phone, lid }) => phone !== undefined || lid !== undefined);
  return Promise.all(someones.map(async (someone) => people.person(await people.complete(someone))));
}

function adIn({ externalAdReply: ad }: proto.IContextInfo): AdContext | undefined {
  if (ad === null || ad === undefined) return undefined;
  return said({
    title: words(ad.title, 4096),
    body: words(ad.body, 16_384),
    sourceUrl: words(ad.sourceUrl, 4096),
    sourceId: words(ad.sourceId, 1024),
    sourceType: words(ad.sourceType, 128),
    clickId: words(ad.ctwaClid, 2048),
  });
}
