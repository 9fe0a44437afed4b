/** Who sees a story: everybody the caller names who has an account, and our own phone. */
import { BridgeError } from "../../errors.js";
import { bareJid } from "../jid.js";
import { NotPossible } from "../media/not-possible.js";
import type { Numbers } from "../numbers.js";
import type { Scene } from "./scene.js";

/** So many numbers are asked for at a time. */
const PARALLEL = 8;

/** @throws NotPossible recipient_not_on_whatsapp when nobody is left; BridgeError session_not_connected */
export async function audienceOf(scene: Scene, audience: readonly string[], numbers: Numbers): Promise<string[]> {
  const jids = new Set<string>();
  const waiting = [...audience];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const jid = await numbers.chatOf(scene.tenantId, scene.link, next).catch((error: unknown) => {
        if (error instanceof BridgeError && error.errorName === "recipient_not_on_whatsapp") return undefined;
        throw error;
      });
      if (jid !== undefined) jids.add(jid);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  if (jids.size === 0) throw new NotPossible("recipient_not_on_whatsapp", "audience");
  const own = bareJid(scene.link.self.phone);
  if (own !== undefined) jids.add(own);
  return [...jids];
}
