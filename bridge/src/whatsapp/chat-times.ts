/** Keeps in mind in which chats people write, and when: whoever wrote may be answered at once. */
import type { Store } from "../store/store.js";
import type { Envelope, Self } from "./incoming.js";
import { phoneNumberOf } from "./jid.js";

/** Among what waits, answers go first. */
const ANSWER_RANK = 0;

/** Call inside the work that records the message. A message of the own phone counts as one of ours. */
export function noteChat(store: Store, tenantId: string, self: Self, { chat, fromMe, sentAtMs }: Envelope, nowMs: number): void {
  const account = phoneNumberOf(self.phone);
  const addresses = [chat.lid, chat.phone, chat.other].filter((address) => address !== undefined);
  if (account === undefined || addresses.length === 0) return;
  // A backlog tells when it was written, and nobody writes in the future.
  const atMs = Math.min(sentAtMs, nowMs);
  if (fromMe) store.chats.wrote(tenantId, account, addresses, atMs);
  else {
    store.chats.heard(tenantId, account, addresses, atMs);
    if (store.outbox.anyWaiting(tenantId)) store.outbox.line.answers(tenantId, addresses, ANSWER_RANK);
  }
}
