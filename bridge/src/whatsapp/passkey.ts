/**
 * Notices that WhatsApp wants a passkey before it links a device, which Baileys cannot give: the answer is a WebAuthn
 * assertion for the site whatsapp.com, made with the account's own key on the owner's device. Baileys acknowledges
 * the demand and goes on waiting, so without this a customer would look at a QR code that works for nobody.
 *
 * The stanza, after a QR code was scanned or a pairing code was typed in, on the connection that is not linked yet:
 * `<notification from="s.whatsapp.net" type="passkey_prologue_request">{<passkey_request_options>[JSON]}`; the second
 * step is of type `crsc_continuation`. Source: github.com/tulir/whatsmeow, issue 1185 and pull request 1186;
 * github.com/WhiskeySockets/Baileys, issue 2672. What is known is written down in docs/decisions.
 */
import type { BinaryNode, WASocket } from "./baileys.js";

const DEMANDS = ["passkey_prologue_request", "crsc_continuation"];

/** Calls back when WhatsApp asks for a passkey. */
export function onPasskeyDemand(ws: WASocket["ws"], demanded: () => void): void {
  for (const type of DEMANDS) {
    ws.on(`CB:notification,type:${type}`, (stanza: BinaryNode) => {
      // Anybody may be named as the sender of a notification; only the server itself may stop a pairing.
      if (stanza.attrs["from"] === "s.whatsapp.net" || stanza.attrs["from"] === "@s.whatsapp.net") demanded();
    });
  }
}
