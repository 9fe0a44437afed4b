/** What is done in a chat without a message: marking as read, showing that one is writing. */
import { BridgeError } from "../errors.js";
import type { ChatPresenceParams } from "../rpc/contract.gen.js";
import type { KeptMessage } from "../store/messages.js";
import type { Store } from "../store/store.js";
import type { Link } from "./link.js";
import { isSame, partyOf } from "./parties.js";
import type { Numbers } from "./numbers.js";
import type { Session } from "./session.js";

type Presence = ChatPresenceParams["presence"];

/** How long WhatsApp may take for one of these. The RPC call has a little more. */
const WITHIN_MS = 12_000;

/** WhatsApp's clients stop showing it after about 25 seconds. */
const REPEAT_MS = 15_000;

/** Chats of a tenant in which it writes at the same time; in the one begun first it ends then. */
const SHOWN_LIMIT = 100;

interface Shown {
  repeat: NodeJS.Timeout;
  end: NodeJS.Timeout;
}

export class Chats {
  readonly #store: Store;
  readonly #numbers: Numbers;
  readonly #shown = new Map<string, Map<string, Shown>>();

  constructor(store: Store, numbers: Numbers) {
    this.#store = store;
    this.#numbers = numbers;
  }

  /**
   * Tells the authors of messages that they were read, if the account's privacy settings say so, and in any case the
   * account's other devices.
   * @throws BridgeError session_not_connected, referenced_message_not_found, whatsapp_timeout
   */
  async read(session: Session, chatId: string, messageIds: readonly string[]): Promise<void> {
    const link = linkOf(session);
    const { tenantId } = session;
    // A number may not be the account's own way to write it: only then WhatsApp is asked.
    const inChat = (chat: string): (KeptMessage | "ours" | undefined)[] => messageIds.map((id) => this.#inChat(tenantId, id, chat));
    let found = inChat(chatId);
    if (found.includes(undefined) && chatId.startsWith("+")) found = inChat(await this.#numbers.chatOf(tenantId, link, chatId));
    if (found.includes(undefined)) throw new BridgeError("referenced_message_not_found");
    const keys = found.flatMap((message) => (message === undefined || message === "ours" || message.fromMe ? [] : [keyOf(message)]));
    if (keys.length > 0) await within(link, link.sock.readMessages(keys));
    session.touch();
  }

  /**
   * Shows the other side that somebody writes or records, or stops to.
   * @throws BridgeError session_not_connected, recipient_not_on_whatsapp, whatsapp_timeout
   */
  async show(session: Session, { chatId, presence, durationMs }: Pick<ChatPresenceParams, "chatId" | "presence" | "durationMs">): Promise<void> {
    const link = linkOf(session);
    const { tenantId } = session;
    const jid = await this.#numbers.chatOf(tenantId, link, chatId);
    this.#forget(tenantId, jid);
    await within(link, link.sock.sendPresenceUpdate(presence, jid));
    if (presence !== "paused" && durationMs !== undefined) this.#keep(tenantId, link, { jid, presence, durationMs });
  }

  /** A message of a chat; of one the gateway sent, only that it is ours: nobody has to be told that we read it. */
  #inChat(tenantId: string, messageId: string, chatId: string): KeptMessage | "ours" | undefined {
    const chat = partyOf(chatId);
    const found = this.#store.messages.find(tenantId, messageId).find((message) => isSame(message.chat, chat) ?? true);
    return found ?? (this.#store.outbox.get(tenantId, messageId) === undefined ? undefined : "ours");
  }

  #keep(tenantId: string, link: Link, { jid, presence, durationMs }: { jid: string; presence: Presence; durationMs: number }): void {
    const shown = this.#shown.get(tenantId) ?? new Map<string, Shown>();
    this.#shown.set(tenantId, shown);
    const say = (what: Presence): void => {
      if (link.isOpen) link.sock.sendPresenceUpdate(what, jid).catch(() => undefined);
    };
    const repeat = setInterval(() => {
      say(presence);
    }, REPEAT_MS);
    const end = setTimeout(() => {
      this.#forget(tenantId, jid);
      say("paused");
    }, durationMs);
    // Neither holds up the end of the process, nor a connection that is gone.
    repeat.unref();
    end.unref();
    shown.set(jid, { repeat, end });
    const oldest = shown.keys().next();
    if (shown.size > SHOWN_LIMIT && oldest.done !== true) {
      this.#forget(tenantId, oldest.value);
      if (link.isOpen) link.sock.sendPresenceUpdate("paused", oldest.value).catch(() => undefined);
    }
  }

  #forget(tenantId: string, jid: string): void {
    const shown = this.#shown.get(tenantId);
    const timers = shown?.get(jid);
    if (shown === undefined || timers === undefined) return;
    clearInterval(timers.repeat);
    clearTimeout(timers.end);
    shown.delete(jid);
    if (shown.size === 0) this.#shown.delete(tenantId);
  }
}

function linkOf(session: Session): Link {
  const link = session.connectedLink;
  if (link === undefined) throw new BridgeError("session_not_connected");
  return link;
}

/** By the very addresses the message came with: WhatsApp knows no others for it. */
function keyOf({ remoteJid, participant, id }: KeptMessage): { remoteJid: string; id: string; fromMe: false; participant?: string } {
  return { remoteJid, id, fromMe: false, ...(participant === undefined ? {} : { participant }) };
}

async function within(link: Link, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BridgeError("whatsapp_timeout"));
    }, WITHIN_MS);
  });
  try {
    await Promise.race([work, tooLate]);
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    throw link.isOpen ? error : new BridgeError("session_not_connected", {}, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
