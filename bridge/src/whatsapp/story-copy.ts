/**
 * A story for the device that could not read it. Baileys would send it to nobody: asked by a phone it relays the story
 * without those it is for. Here it goes to that person once more, with the key of the time for the device that asks, and
 * for the person's others the bytes they had.
 */
import type { Logger } from "../log.js";
import type { BuiltMessage } from "../store/outbox-row.js";
import { proto, type WASocket } from "./baileys.js";
import type { Relaying } from "./relaying.js";

/** The connection it goes over: a Link. */
interface Carrier {
  readonly pairing: { readonly tenantId: string };
  run<T>(work: (sock: WASocket) => T): T;
  relay(work: Relaying, chatId: string, message: proto.IMessage, options: { messageId: string; statusJidList: string[] }): Promise<void>;
}

/** Which story, and who asks. */
export interface StoryCopy {
  outboxId: number;
  messageId: string;
  built: BuiltMessage;
  /** The person by the address the story was for, and ourselves, as our own devices get what leaves in any case. */
  people: readonly string[];
  /** The device that asks, and every name it has. */
  asker: string;
  names: readonly string[];
}

/** What sends stories again over a connection. Should it fail, the device asks again. */
export function storiesAgain(link: Carrier, log: Logger): (copy: StoryCopy) => void {
  return (copy) => {
    relayAgain(link, copy).catch((error: unknown) => {
      log.warn({ tenantId: link.pairing.tenantId, messageId: copy.messageId, err: error }, "a story did not go again to whom could not read it");
    });
  };
}

async function relayAgain(link: Carrier, { outboxId, messageId, built, people, asker, names }: StoryCopy): Promise<void> {
  // What it could not read may have been the message that brings the key: that takes a session of its own, begun anew.
  await link.run((sock) => sock.assertSessions([asker], true));
  const work = { outboxId, again: true, asker: names, recipients: undefined };
  await link.relay(work, built.chatId, proto.Message.decode(built.encoded), { messageId, statusJidList: [...people] });
}
