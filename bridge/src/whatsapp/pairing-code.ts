/**
 * Asks WhatsApp for a pairing code: eight characters the owner types on the phone instead of scanning a QR code.
 *
 * Baileys writes the number into the credentials as if the account were linked already, and does not look at what
 * WhatsApp answers. So unlinked credentials are never saved (auth-store.ts), and the answer is looked at here.
 * Source of the answer's shape: whatsmeow's pair-code.go, `<link_code_companion_reg>` in the iq result.
 */
import { BridgeError } from "../errors.js";
import type { BinaryNode, WASocket } from "./baileys.js";

const ANSWER_WITHIN_MS = 10_000;

/** True for the result of the question that asks for a code. */
function isAccepted(answer: BinaryNode): boolean {
  return answer.attrs["type"] === "result" && Array.isArray(answer.content) && answer.content.some((child) => child.tag === "link_code_companion_reg");
}

/**
 * Asks for a code on a connection that shows a QR code. The only other question on such a connection is the
 * keep-alive ping, which is never refused, so a refusal is the answer to this one.
 * @param phoneNumber E.164
 * @throws BridgeError pairing_code_refused when WhatsApp says no, or nothing in time.
 */
export async function askPairingCode(sock: WASocket, phoneNumber: string): Promise<string> {
  let forget: () => void = () => undefined;
  const answered = new Promise<void>((resolve, reject) => {
    const onAnswer = (answer: BinaryNode): void => {
      if (isAccepted(answer)) resolve();
      else if (answer.attrs["type"] === "error") reject(new BridgeError("pairing_code_refused"));
    };
    const onEnd = (): void => {
      reject(new BridgeError("pairing_code_refused"));
    };
    const timer = setTimeout(onEnd, ANSWER_WITHIN_MS);
    sock.ws.on("CB:iq", onAnswer);
    sock.ws.on("close", onEnd);
    forget = () => {
      clearTimeout(timer);
      sock.ws.off("CB:iq", onAnswer);
      sock.ws.off("close", onEnd);
    };
  });
  try {
    const [code] = await Promise.all([sock.requestPairingCode(phoneNumber.replace(/\D/g, "")), answered]);
    return code;
  } catch (error) {
    throw error instanceof BridgeError ? error : new BridgeError("pairing_code_refused", {}, { cause: error });
  } finally {
    forget();
  }
}
