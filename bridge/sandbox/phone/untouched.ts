/**
 * A repair of libsignal 6.0.0, so that a mock phone reads what a real one reads. A message that may belong to any of
 * several sessions is tried on one after the other, and each try turns that session's ratchet before it finds out that
 * the message was not for it; the turned ones are then stored with the right one, and what comes on them later cannot be
 * read ("Chain closed", "Bad MAC"). WhatsApp's own apps try on a copy. Here a session that did not open the message is put
 * back as it was.
 */
import { createRequire } from "node:module";

/** One Signal session, as libsignal keeps it (src/session_record.js). */
interface Session {
  serialize(): unknown;
  indexInfo: { used: number };
  constructor: { deserialize(data: unknown): object };
}

interface Cipher {
  doDecryptWhisperMessage(data: Buffer, session: Session): Promise<Buffer>;
  decryptWithSessions(data: Buffer, sessions: Session[]): Promise<{ session: Session; plaintext: Buffer }>;
}

const { prototype } = createRequire(import.meta.url)("libsignal/src/session_cipher.js") as { prototype: Cipher };

/** Call it before any phone reads. */
export function leaveOtherSessionsUntouched(): void {
  prototype.decryptWithSessions = async function decryptWithSessions(this: Cipher, data, sessions) {
    for (const session of sessions) {
      const before = session.serialize();
      try {
        const plaintext = await this.doDecryptWhisperMessage(data, session);
        session.indexInfo.used = Date.now();
        return { session, plaintext };
      } catch {
        const restored = session.constructor.deserialize(before);
        for (const field of Object.keys(session)) Reflect.deleteProperty(session, field);
        Object.assign(session, restored);
      }
    }
    throw new Error(sessions.length === 0 ? "No sessions available" : "No matching sessions found for message");
  };
}
