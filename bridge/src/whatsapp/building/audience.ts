/** Who sees a story: everybody the caller names who has an account, and our own phone. */
import { bareJid, recipientNumber } from "../jid.js";
import { NotPossible } from "../media/not-possible.js";
import type { Numbers } from "../numbers.js";
import type { Scene } from "./scene.js";

/**
 * @throws NotPossible recipient_not_on_whatsapp when nobody is left; BridgeError session_not_connected, whatsapp_timeout,
 *   whatsapp_rate_limited
 */
export async function audienceOf({ tenantId, link }: Scene, audience: readonly string[], numbers: Numbers): Promise<string[]> {
  const asked = audience.filter((address) => recipientNumber(address) !== undefined);
  const accounts = await numbers.check(tenantId, link, asked);
  const jids = [...audience.filter((address) => recipientNumber(address) === undefined), ...accounts.flatMap((account) => account?.jid ?? [])];
  if (jids.length === 0) throw new NotPossible("recipient_not_on_whatsapp", "audience");
  const own = bareJid(link.self.phone);
  return [...new Set(own === undefined ? jids : [...jids, own])];
}
