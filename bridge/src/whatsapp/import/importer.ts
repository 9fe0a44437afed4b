/** Takes over the pairing of a Baileys folder: all of it in one transaction, or none. */
import type { Journal } from "../../events/journal.js";
import { BridgeError } from "../../errors.js";
import type { Pairing, SessionRow } from "../../store/sessions.js";
import type { Store } from "../../store/store.js";
import { encodeKey } from "../auth-store.js";
import { BufferJSON, type AuthenticationCreds } from "../baileys.js";
import { wellFormed } from "../content.js";
import { lidJid, phoneNumberOf } from "../jid.js";
import { checkCredentials } from "./credentials.js";
import { importInvalid, readFolder, type ImportedKey } from "./folder.js";

const MAX_NAME_LENGTH = 512;

/** Sessions looked through at once for the same device. */
const PAGE = 200;

export class Importer {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #importDir: string;

  constructor(store: Store, journal: Journal, importDir: string) {
    this.#store = store;
    this.#journal = journal;
    this.#importDir = importDir;
  }

  /**
   * Makes a folder's pairing the tenant's. The session does not run yet.
   * @param beforeWriting ends what the tenant has under way; called once the folder turned out to be good.
   * @throws BridgeError import_invalid, session_already_paired, store_unavailable
   */
  async run(tenantId: string, folder: string, beforeWriting: () => Promise<void>): Promise<void> {
    this.#refusePaired(tenantId);
    const { creds: raw, keys } = await readFolder(this.#importDir, folder);
    const creds = checkCredentials(raw, keys);
    this.#refuseKnownDevice(creds);
    await beforeWriting();
    const plaintext = Buffer.from(JSON.stringify(creds, BufferJSON.replacer));
    const encoded = keys.map((key) => ({ ...key, bytes: encodeKey(key.value) }));
    this.#store.writer.now(() => {
      // Somebody may have been faster while the folder was read.
      this.#refusePaired(tenantId);
      this.#refuseKnownDevice(creds);
      this.#write(tenantId, creds, plaintext, encoded);
    });
  }

  #write(tenantId: string, creds: AuthenticationCreds, plaintext: Buffer, keys: readonly (ImportedKey & { bytes: Buffer })[]): void {
    const nowMs = Date.now();
    const { sessions, secrets } = this.#store;
    const before = sessions.get(tenantId);
    const pairing: Pairing = sessions.newPairing(tenantId, nowMs);
    secrets.saveCredentials(pairing, plaintext);
    for (const { type, id, bytes } of keys) secrets.saveKey(pairing, type, id, bytes);
    const row: SessionRow = {
      tenantId,
      pairingId: pairing.id,
      sessionId: pairing.sessionId,
      shouldRun: false,
      state: "disconnected",
      reason: undefined,
      sinceMs: nowMs,
      phoneNumber: phoneNumberOf(creds.me?.id),
      lid: lidJid(creds.me?.lid),
      name: creds.me?.name === undefined ? undefined : wellFormed(creds.me.name, MAX_NAME_LENGTH),
      lastActivityMs: undefined,
      whatsappCode: undefined,
      restrictedUntilMs: undefined,
    };
    sessions.save(row);
    if (before !== undefined) sessions.shred(before.pairingId);
    this.#journal.append({
      pairingId: pairing.id,
      occurredAtMs: nowMs,
      data: { type: "session.status", state: row.state, sinceMs: nowMs, ...(row.phoneNumber === undefined ? {} : { phoneNumber: row.phoneNumber }) },
    });
  }

  #refusePaired(tenantId: string): void {
    const row = this.#store.sessions.get(tenantId);
    const creds = row === undefined ? undefined : this.#credentialsOf(row);
    if (creds?.account !== undefined) throw new BridgeError("session_already_paired");
  }

  /** The same device in two sessions would break its own encryption. Its identity key is what makes it the same. */
  #refuseKnownDevice(creds: AuthenticationCreds): void {
    const identity = Buffer.from(creds.signedIdentityKey.public);
    for (let page = this.#store.sessions.page("", PAGE); page.length > 0; page = this.#store.sessions.page(page.at(-1)?.tenantId ?? "", PAGE)) {
      for (const row of page) {
        const known = this.#credentialsOf(row);
        if (known !== undefined && identity.equals(known.signedIdentityKey.public)) throw importInvalid("device_already_here");
      }
    }
  }

  #credentialsOf(row: SessionRow): AuthenticationCreds | undefined {
    const pairing = this.#store.sessions.pairing(row.pairingId);
    const saved = pairing === undefined ? undefined : this.#store.secrets.credentials(pairing);
    return saved === undefined ? undefined : (JSON.parse(saved.toString(), BufferJSON.reviver) as AuthenticationCreds);
  }
}
