/** Which account a phone number stands for: asked of WhatsApp once in a while, remembered in between. */
import { BridgeError } from "../errors.js";
import { bareJid, recipientNumber } from "./jid.js";
import type { Link } from "./link.js";
import { SmallCache } from "./small-cache.js";

/** How long WhatsApp may take to say whether a number has an account. */
const LOOKUP_TIMEOUT_MS = 8000;

const NUMBER_LIMIT = 5000;
const FOUND_TTL_MS = 60 * 60_000;
const ABSENT_TTL_MS = 60_000;

export class Numbers {
  // By tenant and number: what one account may see of another is its own affair.
  readonly #found = new SmallCache(NUMBER_LIMIT, FOUND_TTL_MS);
  readonly #absent = new SmallCache(NUMBER_LIMIT, ABSENT_TTL_MS);

  /**
   * The chat a recipient stands for. Numbers are WhatsApp's to resolve: Brazil's have a ninth digit or not.
   * @throws BridgeError recipient_not_on_whatsapp, session_not_connected
   */
  async chatOf(tenantId: string, link: Link, recipient: string): Promise<string> {
    const number = recipientNumber(recipient);
    if (number === undefined) return recipient;
    const key = `${tenantId} ${number}`;
    const found = this.#found.get<string>(key);
    if (found !== undefined) return found;
    if (this.#absent.get(key) === true) throw new BridgeError("recipient_not_on_whatsapp");
    const jid = await lookUp(link, number);
    if (jid === undefined) {
      this.#absent.set(key, true);
      throw new BridgeError("recipient_not_on_whatsapp");
    }
    this.#found.set(key, jid);
    return jid;
  }
}

async function lookUp(link: Link, number: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BridgeError("bridge_error", { reason: "whatsapp_timeout" }));
    }, LOOKUP_TIMEOUT_MS);
  });
  try {
    const answers = await Promise.race([link.sock.onWhatsApp(number), tooLate]);
    const answer = answers?.[0];
    return answer?.exists === true ? bareJid(answer.jid) : undefined;
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    if (!link.isOpen) throw new BridgeError("session_not_connected", {}, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
