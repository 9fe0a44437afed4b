/** Reads from the error a Baileys socket ended with what WhatsApp, or the network, said. */
import type { Ending } from "./reconnect.js";

/** A Boom as Baileys throws it: `output.statusCode`, and in `data` the stanza, its attributes or the error beneath. */
interface BaileysEnd {
  message?: string;
  data?: unknown;
  output?: { statusCode?: number };
}

/** Baileys' own words when every QR code was shown (rc14, socket.js). */
const QR_RAN_OUT = "QR refs attempts ended";

/** Baileys' words for `<stream:error>`, `<failure>` and `<ib>{<downgrade_webclient/>}` (rc14, socket.js). */
const FROM_WHATSAPP = ["Stream Errored", "Connection Failure", "Multi-device beta not joined"];

/** The longest ban that is believed: a number that is banned for years is banned. */
const MAX_BAN_MS = 366 * 24 * 60 * 60_000;

export function readEnding(error: unknown): Pick<Ending, "statusCode" | "toldByWhatsApp" | "qrRanOut" | "systemError" | "banMs"> {
  const { message = "", data, output } = (error ?? {}) as BaileysEnd;
  const statusCode = output?.statusCode;
  const toldByWhatsApp = FROM_WHATSAPP.some((words) => message.startsWith(words));
  const code = data instanceof Error ? (data as NodeJS.ErrnoException).code : undefined;
  return {
    statusCode: typeof statusCode === "number" && Number.isSafeInteger(statusCode) ? statusCode : undefined,
    toldByWhatsApp,
    qrRanOut: message === QR_RAN_OUT,
    systemError: typeof code === "string" ? code : undefined,
    banMs: toldByWhatsApp ? banMs(data) : undefined,
  };
}

/** True when the server's certificates did not hold: somebody in between, and nothing was said to it. Baileys' words (noise-handler.js). */
export function isDistrust(error: unknown): boolean {
  return error instanceof Error && /certificat(e|ion)/.test(error.message) && (error as BaileysEnd).output?.statusCode === 400;
}

/** `<failure reason="402" code expire>`: seconds the ban lasts. Source: whatsmeow, connectionevents.go. */
function banMs(data: unknown): number | undefined {
  const expire = Number((data as { expire?: unknown } | null | undefined)?.expire);
  return Number.isFinite(expire) && expire > 0 ? Math.min(Math.round(expire * 1000), MAX_BAN_MS) : undefined;
}
