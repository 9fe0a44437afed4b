/** Reading what a Signal message held. What it says is described in describing/. */
import { proto, unpadRandomMax16 } from "./baileys.js";

export { wellFormed } from "./describing/values.js";

/** Decodes what a Signal message held. @throws Error when it is not WhatsApp's encoding. */
export function decodePlaintext(plaintext: Uint8Array): proto.IMessage {
  return proto.Message.decode(unpadRandomMax16(plaintext));
}
