/** People named in a text: by the address the chat uses for them, in the text as well as beside it. */
import type { MessageContext } from "../../rpc/contract.gen.js";
import { recipientNumber, userOf } from "../jid.js";
import type { Numbers } from "../numbers.js";
import { sound } from "./part.js";
import { partyOf } from "../parties.js";
import type { Scene } from "./scene.js";

export interface Mentions {
  jids: string[];
  everybody: boolean;
  /** The text with each mention as WhatsApp's clients look for it. */
  say: (text: string) => string;
}

/**
 * @throws BridgeError recipient_not_on_whatsapp, session_not_connected for a number that is not in the group and that
 *   WhatsApp has to be asked about.
 */
export async function mentionsFor(scene: Scene, context: MessageContext, numbers: Numbers): Promise<Mentions> {
  const renamed = new Map<string, string>();
  const jids: string[] = [];
  for (const mentioned of context.mentions ?? []) {
    const party = await scene.complete(partyOf(mentioned));
    const known = scene.usesLids ? party.lid : party.phone;
    // The number of a stranger may be written in another way than the account's own.
    const asked = known === undefined && recipientNumber(mentioned) !== undefined ? partyOf(await numbers.chatOf(scene.tenantId, scene.link, mentioned)) : party;
    const jid = known ?? (await scene.addressOf(asked));
    if (jid === undefined) continue;
    jids.push(jid);
    const written = recipientNumber(mentioned)?.slice(1) ?? userOf(mentioned);
    const shown = userOf(jid);
    if (written !== undefined && shown !== undefined && written !== shown) renamed.set(written, shown);
  }
  return {
    jids: [...new Set(jids)],
    everybody: context.mentionAll === true,
    say: (text) => (renamed.size === 0 ? sound(text) : sound(text).replace(/@\+?([0-9]{5,20})(?![0-9])/g, (whole, user: string) => (renamed.has(user) ? `@${renamed.get(user) ?? user}` : whole))),
  };
}
