/** GraphQL questions to WhatsApp, which it calls mex. Baileys' own readers of the answers trip over whatever is missing in them. */
import { QueryIds, type BinaryNode, type WASocket } from "./baileys.js";
import { childOf, textOf } from "./nodes.js";

/** Baileys knows no name for the list of one's own channels; the id is WhatsApp Web's, as whatsmeow has it (newsletter.go). */
export const QUERIES = {
  createChannel: [QueryIds.CREATE, "xwa2_newsletter_create"],
  getChannel: [QueryIds.METADATA, "xwa2_newsletter"],
  followChannel: [QueryIds.FOLLOW, "xwa2_newsletter_join_v2"],
  unfollowChannel: [QueryIds.UNFOLLOW, "xwa2_newsletter_leave_v2"],
  listChannels: ["6388546374527196", "xwa2_newsletter_subscribed"],
} as const satisfies Record<string, readonly [id: string, path: string]>;

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message?: string; extensions?: { error_code?: number } }[] | null;
}

/**
 * Asks, and returns what stands under the query's path: null where there is nothing.
 * @throws Error with WhatsApp's code in `data`, as Questions understands it.
 */
export async function askMex(sock: WASocket, query: keyof typeof QUERIES, variables: object): Promise<unknown> {
  const [id, path] = QUERIES[query];
  const answer = (await sock.query({
    tag: "iq",
    attrs: { type: "get", to: "s.whatsapp.net", xmlns: "w:mex" },
    content: [{ tag: "query", attrs: { query_id: id }, content: Buffer.from(JSON.stringify({ variables })) }],
  })) as BinaryNode | undefined;
  const text = textOf(childOf(answer, "result"));
  if (text === undefined) throw new Error("a GraphQL answer has no result");
  const { data, errors } = JSON.parse(text) as Answer;
  const [failure] = errors ?? [];
  const found = data?.[path] ?? null;
  if (failure !== undefined && found === null) throw Object.assign(new Error("a GraphQL query was refused"), { data: failure });
  return found;
}
