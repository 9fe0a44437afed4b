/** A row of the outbox as the governor and the builder see it. */
import { chatIdOf, type OutboxRow } from "../store/outbox-row.js";
import type { Pairing } from "../store/sessions.js";
import { recipientNumber } from "../whatsapp/jid.js";
import type { BuildRequest, Candidate } from "./ports.js";

/** The chat of a recipient as far as it can be told without WhatsApp: a number may turn out to be written otherwise. */
export function likelyChat(recipient: string): string {
  const number = recipientNumber(recipient);
  return number === undefined ? recipient : `${number.slice(1)}@s.whatsapp.net`;
}

export function toCandidate(row: Pick<OutboxRow, "tenantId" | "type" | "batchId" | "acceptedAtMs" | "request">, pairing: Pairing, chatId: string | undefined): Candidate {
  const { tenantId, type, batchId, acceptedAtMs, request } = row;
  return { tenantId, pairing, chatId: chatId ?? likelyChat(request.recipient), type, batchId, acceptedAtMs };
}

export function toBuildRequest(row: OutboxRow, pairing: Pairing, chatId: string | undefined = chatIdOf(row)): BuildRequest {
  const { content, context, audience, recipient } = row.request;
  return { tenantId: row.tenantId, pairing, messageId: row.messageId, to: recipient, chatId, content, context, audience };
}
