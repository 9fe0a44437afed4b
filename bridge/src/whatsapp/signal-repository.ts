/**
 * Makes receiving and sending crash-safe, through Baileys' `makeSignalRepository` hook.
 *
 * Baileys tells WhatsApp "received" before it emits a message, and puts a stanza on the wire before it stores the
 * sending ratchet. Here the Signal keys get a transaction layer of their own, beneath Baileys' one, so that
 *  - the ratchet step, the plaintext and the event of a received message commit together, before the receipt leaves;
 *  - that a message cannot be read is an event before it is asked for again;
 *  - a ciphertext that comes again is answered with the plaintext of the first time, and receipted properly;
 *  - the sending ratchet is on disk before the stanza leaves;
 *  - a message that is sent again carries the ciphertexts of the first time, byte for byte, and turns no ratchet;
 *  - sending to and receiving from a person take turns, so that neither overwrites the other's ratchet.
 */
import { digestOf } from "../store/inbound.js";
import type { Pairing } from "../store/sessions.js";
import type { Cipher } from "../store/ciphers.js";
import type { Store } from "../store/store.js";
import { INBOUND, OUTBOUND, type AuthStore, type InboundRecord, type OutboundRecord } from "./auth-store.js";
import { addTransactionCapability, DEFAULT_CONNECTION_CONFIG, type SignalDataSet, type SocketConfig } from "./baileys.js";
import { BadKeyBundle } from "./curve.js";
import type { AddressBook } from "./incoming.js";
import { lidJid, phoneJid, userOf } from "./jid.js";
import { deviceNames, relaying, type Relaying } from "./relaying.js";

type MakeRepository = SocketConfig["makeSignalRepository"];

export interface RepositoryOptions {
  store: Store;
  pairing: Pairing;
  /** The session's keys, without any layer, and what was received with them. */
  auth: Pick<AuthStore, "keys" | "plaintextOf">;
  /**
   * Called with a ciphertext and what it said, inside the transaction that opened it. Answers what records the
   * event, to be run in the same commit; undefined when there is none. Must not throw.
   */
  prepareEvent: (ciphertext: Uint8Array, plaintext: Uint8Array) => Promise<(() => void) | undefined>;
  /** Called with a ciphertext that does not open, before WhatsApp or the sender are told so. @throws BridgeError store_unavailable */
  recordFailure: (ciphertext: Uint8Array, error: unknown) => Promise<void>;
}

export interface CrashSafeSignal {
  makeRepository: MakeRepository;
  addressBook: AddressBook;
}

/** Builds the hook for one connection of a session. */
export function crashSafeSignal(options: RepositoryOptions, logger: SocketConfig["logger"]): CrashSafeSignal {
  // One try: a store that fails closes the connection, and nothing is receipted meanwhile.
  const keys = addTransactionCapability(options.auth.keys, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });

  // Baileys' own lookup asks WhatsApp when it knows nothing, which must not happen while a message waits.
  const mapped = async (id: string): Promise<string | undefined> => {
    const { [id]: user } = await keys.get("lid-mapping", [id]);
    return typeof user === "string" ? user : undefined;
  };
  const addressBook: AddressBook = {
    lidOf: async (phone) => {
      const user = await mapped(userOf(phone) ?? "");
      return user === undefined ? undefined : `${user}@lid`;
    },
    phoneOf: async (lid) => {
      const user = await mapped(`${userOf(lid) ?? ""}_reverse`);
      return user === undefined ? undefined : `${user}@s.whatsapp.net`;
    },
  };

  /** A person has one ratchet per device, whichever of their addresses a stanza uses: the turn is the person's. */
  const turnOf = async (jid: string): Promise<string> => {
    const lid = lidJid(jid) ?? (await addressBook.lidOf(jid));
    return lid ?? phoneJid(jid) ?? jid;
  };

  const once = async (turn: string, ciphertext: Uint8Array, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const failure: { error?: unknown } = {};
    try {
      return await inTurn(turn, ciphertext, async () => {
        try {
          return await decrypt();
        } catch (error) {
          failure.error = error;
          throw error;
        }
      });
    } catch (error) {
      if ("error" in failure) await options.recordFailure(ciphertext, failure.error);
      throw error;
    }
  };

  const inTurn = (turn: string, ciphertext: Uint8Array, decrypt: () => Promise<Uint8Array>): Promise<Uint8Array> =>
    keys.transaction(async () => {
      const digest = digestOf(ciphertext);
      const seen = options.auth.plaintextOf(digest);
      if (seen !== undefined) return seen;
      const plaintext = await decrypt();
      const recordEvent = await options.prepareEvent(ciphertext, plaintext);
      const record: InboundRecord = { digest, plaintext, recordEvent };
      await keys.set({ [INBOUND]: { [digest.toString("hex")]: record } } as unknown as SignalDataSet);
      return plaintext;
    }, turn);

  /** The ciphertext of a message for somebody: the one of before, or a new one that is recorded with the ratchet's step. */
  const keep = async <T extends Cipher>(work: Relaying, names: readonly string[], encrypt: () => Promise<T>): Promise<Cipher> => {
    const asked = work.asker !== undefined && names.some((name) => work.asker?.includes(name));
    if (work.again && !asked) {
      for (const name of names) {
        const known = options.store.ciphers.get(options.pairing, work.outboxId, name);
        if (known !== undefined) return known;
      }
    }
    const cipher = await encrypt();
    const device = names[0] ?? "";
    const record: OutboundRecord = { outboxId: work.outboxId, device, cipher, recipients: work.recipients };
    await keys.set({ [OUTBOUND]: { [`${work.outboxId} ${device}`]: record } } as unknown as SignalDataSet);
    return cipher;
  };

  return {
    addressBook,
    makeRepository: (auth, log, pnToLid) => {
      const base = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: auth.creds, keys }, log, pnToLid);
      return {
        ...base,
        decryptMessage: async (args) => once(await turnOf(args.jid), args.ciphertext, () => base.decryptMessage(args)),
        decryptGroupMessage: (args) => once(args.group, args.msg, () => base.decryptGroupMessage(args)),
        encryptMessage: async (args) => {
          const work = relaying.getStore();
          const turn = await turnOf(args.jid);
          return keys.transaction(async () => {
            if (work === undefined) return base.encryptMessage(args);
            const { type, ciphertext } = await keep(work, deviceNames([turn], args.jid), () => base.encryptMessage(args));
            return { type: type === "pkmsg" ? "pkmsg" : "msg", ciphertext };
          }, turn);
        },
        encryptGroupMessage: (args) => {
          const work = relaying.getStore();
          if (work === undefined) return base.encryptGroupMessage(args);
          return keys.transaction(async () => {
            const { ciphertext, distribution } = await keep(work, [args.group], async () => {
              const made = await base.encryptGroupMessage(args);
              return { type: "group" as const, ciphertext: made.ciphertext, distribution: made.senderKeyDistributionMessage };
            });
            return { ciphertext, senderKeyDistributionMessage: distribution ?? new Uint8Array() };
          }, args.group);
        },
        injectE2ESession: async (args) => {
          try {
            await keys.transaction(() => base.injectE2ESession(args), await turnOf(args.jid));
          } catch (error) {
            // A device without a session gets nothing; the recipient's other devices are not to blame.
            if (!(error instanceof BadKeyBundle)) throw error;
            log.warn({}, "a device's key bundle is not signed by its owner and is not used");
          }
        },
      };
    },
  };
}
