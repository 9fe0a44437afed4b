/** What sessions tell whoever sends over them. */
import type { Pairing } from "../store/sessions.js";
import type { Link } from "./link.js";

export interface Outbound {
  /** A session is connected: messages can be sent over this link until `offline`. */
  online(link: Link, pairing: Pairing): void;
  /** Its connection is lost or about to be closed. */
  offline(tenantId: string): void;
  /** A pairing is gone for good, and with it whatever was to be sent by it. */
  ended(pairingId: number): void;
}
