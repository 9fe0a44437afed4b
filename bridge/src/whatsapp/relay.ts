/**
 * Hands a built message to Baileys and says what a failure means. Resolving means that its stanza stands in the line of
 * what leaves over the connection; that it left, `Link.written` says, and that WhatsApp has it, only WhatsApp's answer.
 */
import type { BuiltMessage, FailureCode } from "../store/outbox-row.js";
import { proto } from "./baileys.js";
import { bareJid, isGroupJid, isStatusJid, lidJid, phoneJid, sameUser, userOf } from "./jid.js";
import type { Link } from "./link.js";
import { QUERY_TIMEOUT_MS } from "./socket-config.js";

/** Why a message was not handed over. */
export class RelayRefused extends Error {
  /** Set when it is not worth trying again. */
  readonly failure: FailureCode | undefined;
  /** WhatsApp's own code, when it gave one. */
  readonly whatsappError: number | undefined;

  constructor(failure: FailureCode | undefined, whatsappError?: number, options?: ErrorOptions) {
    super("the message was not handed to WhatsApp", options);
    this.name = "RelayRefused";
    this.failure = failure;
    this.whatsappError = whatsappError;
  }
}

/** What is handed over. */
export interface Relayed {
  outboxId: number;
  messageId: string;
  built: BuiltMessage;
  /** True when devices may have a ciphertext of it. */
  again: boolean;
  /** The row of the message it follows while that is on its way to the disk. */
  after?: number | undefined;
}

/** Codes of WhatsApp that pass: a timeout of its own, and too many questions. */
const PASSING = new Set([408, 429]);

const ALL_FAILED = "All encryptions failed";

/** @throws RelayRefused before the message left; anything else leaves open how far it came. */
export async function relay(link: Link, { outboxId, messageId, built, again, after }: Relayed): Promise<void> {
  const { chatId, statusJids, attributes, nodes } = built;
  await needDevices(link, chatId);
  const recipients = await countRecipients(link, built);
  const hand = (): Promise<void> =>
    link.relay({ outboxId, again, after, recipients }, chatId, proto.Message.decode(built.encoded), {
      messageId,
      ...(statusJids === undefined ? {} : { statusJidList: [...statusJids] }),
      ...(attributes === undefined ? {} : { additionalAttributes: { ...attributes } }),
      ...(nodes === undefined ? {} : { additionalNodes: nodes.map(({ tag, attrs }) => ({ tag, attrs })) }),
    });
  try {
    await hand();
  } catch (error) {
    if (!isAllFailed(error)) throw refusalOf(error) ?? error;
    // Perhaps the list of devices is old.
    link.userDevices.forget(isGroupJid(chatId) ? await membersOf(link, chatId) : (statusJids ?? [chatId]));
    await hand().catch((second: unknown) => {
      throw isAllFailed(second) ? new RelayRefused("rejected", undefined, { cause: second }) : (refusalOf(second) ?? second);
    });
  }
}

/** People but ourselves in a group, or whom a story is for. @throws RelayRefused */
async function countRecipients(link: Link, { chatId, statusJids = [] }: BuiltMessage): Promise<number | undefined> {
  if (!isGroupJid(chatId) && !isStatusJid(chatId)) return undefined;
  const { phone, lid } = link.self;
  const people = isGroupJid(chatId) ? await membersOf(link, chatId) : statusJids;
  return new Set(people.filter((jid) => !sameUser(jid, phone) && !sameUser(jid, lid))).size;
}

/**
 * Makes sure that a person has devices: Baileys sends a message for nobody's to our own alone, and takes a question
 * WhatsApp did not answer for one that was answered with nothing. In a group whoever was left out asks for a copy.
 * What is asked here is in Baileys' cache when it asks the same.
 * @throws RelayRefused
 */
async function needDevices(link: Link, chatId: string): Promise<void> {
  const { phone, lid } = link.self;
  if ((phoneJid(chatId) ?? lidJid(chatId)) === undefined || sameUser(chatId, phone) || sameUser(chatId, lid)) return;
  const own = bareJid(lidJid(chatId) === undefined ? phone : lid);
  const hasSome = async (): Promise<boolean> => {
    const beganMs = Date.now();
    const devices = await asked(link.sock.getUSyncDevices(own === undefined ? [chatId] : [own, chatId], true, false));
    if (devices.some(({ user }) => user === userOf(chatId))) return true;
    if (Date.now() - beganMs >= QUERY_TIMEOUT_MS) throw new RelayRefused(undefined);
    return false;
  };
  if (await hasSome()) return;
  link.userDevices.forget([chatId]);
  if (!(await hasSome())) throw new RelayRefused("recipient_not_on_whatsapp");
}

async function membersOf(link: Link, group: string): Promise<string[]> {
  return (await asked(link.groups.audienceOf(group))).participants.map(({ id }) => id);
}

async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw refusalOf(error) ?? new RelayRefused(undefined, undefined, { cause: error });
  }
}

function isAllFailed(error: unknown): boolean {
  return error instanceof Error && error.message === ALL_FAILED;
}

/** WhatsApp refused a question Baileys asks before it sends anything: Boom with WhatsApp's code as its data. */
function refusalOf(error: unknown): RelayRefused | undefined {
  if (error instanceof RelayRefused) return error;
  const data = error instanceof Error ? (error as { data?: unknown }).data : undefined;
  if (typeof data !== "number" || !Number.isSafeInteger(data)) return undefined;
  const permanent = data >= 400 && data < 500 && !PASSING.has(data);
  return new RelayRefused(permanent ? "rejected" : undefined, data, { cause: error });
}
