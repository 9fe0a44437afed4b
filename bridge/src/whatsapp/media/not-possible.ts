/** Why a message can never be built. Becomes a BridgeError when it is accepted, a BuildRefused later. */
import type { MessageFailure } from "../../rpc/contract.gen.js";

export type NotPossibleCode = Extract<MessageFailure["code"], "content_not_possible" | "referenced_message_not_found" | "media_unusable" | "recipient_not_on_whatsapp">;

export class NotPossible extends Error {
  readonly code: NotPossibleCode;
  /** A word for who wrote the call. */
  readonly reason: string;

  constructor(code: NotPossibleCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.name = "NotPossible";
    this.code = code;
    this.reason = reason;
  }
}
