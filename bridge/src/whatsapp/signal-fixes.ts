/**
 * Two repairs of libsignal 6.0.0, made before Baileys loads it.
 *
 * 1. A message that may belong to any of several sessions is tried on one after the other, and each try turns that
 *    session's ratchet before it finds out that the message was not for it. The turned ones are then stored with the
 *    right one, and the next message sent on them can be read by nobody ("Bad MAC"). It takes no more than a message
 *    arriving while a session is being renewed, which Baileys does with the first send after each start. Here a
 *    session that did not open the message is put back as it was.
 *
 * 2. Work on a session queues up by the address of the other side only, for the whole process, and runs in the
 *    asynchronous context of whoever came first. Two tenants writing to the same person would wait for each other and
 *    lose their transactions, which are found by that context. Here the work runs at once: the turns that
 *    signal-repository.ts gives to each person are what keeps it in order.
 */
import { createRequire } from "node:module";

/** One Signal session, as libsignal keeps it (src/session_record.js). */
interface Entry {
  serialize(): unknown;
  indexInfo: { used: number };
  constructor: { deserialize(data: unknown): object };
}

interface Cipher {
  doDecryptWhisperMessage(data: Buffer, session: Entry): Promise<Buffer>;
  decryptWithSessions(data: Buffer, sessions: Entry[]): Promise<{ session: Entry; plaintext: Buffer }>;
}

interface Libsignal {
  SessionError: new (message: string) => Error;
}

const load = createRequire(import.meta.url);

function replaceQueue(): void {
  const path = load.resolve("libsignal/src/queue_job.js");
  load(path);
  const module = load.cache[path];
  if (module === undefined) throw new Error("libsignal's queue is not where it was");
  module.exports = (_address: string, work: () => Promise<unknown>): Promise<unknown> => work();
}

function putBack(session: Entry, before: unknown): void {
  const restored = session.constructor.deserialize(before);
  for (const field of Object.keys(session)) Reflect.deleteProperty(session, field);
  Object.assign(session, restored);
}

replaceQueue();

const { prototype } = load("libsignal/src/session_cipher.js") as { prototype: Cipher };
const { SessionError } = load("libsignal/src/errors.js") as Libsignal;

prototype.decryptWithSessions = async function decryptWithSessions(this: Cipher, data, sessions) {
  for (const session of sessions) {
    const before = session.serialize();
    try {
      const plaintext = await this.doDecryptWhisperMessage(data, session);
      session.indexInfo.used = Date.now();
      return { session, plaintext };
    } catch {
      putBack(session, before);
    }
  }
  // The words are libsignal's own: Baileys decides by them what to ask the sender for.
  throw new SessionError(sessions.length === 0 ? "No sessions available" : "No matching sessions found for message");
};
