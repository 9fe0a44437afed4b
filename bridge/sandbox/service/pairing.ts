import { randomBytes } from "node:crypto";
import type { proto } from "baileys/WAProto/index.js";
import type { Log } from "../log.js";
import { accepted, CodeLink, vouch } from "../phone/identity.js";
import type { Phones } from "../phone/phones.js";
import type { Connection } from "../wire/connection.js";
import { SERVER_JID } from "../wire/jid.js";
import { bytesOf, child, el, type Stanza } from "../wire/stanza.js";
import { Companion, type CompanionKeys } from "../world/companion.js";
import { digitsOf, type Directory } from "../world/directory.js";
import type { Faults } from "../world/faults.js";
import type { Person } from "../world/person.js";
import { newStanzaId, notification, type Delivery } from "./delivery.js";

const REFS = 6;
/** The client shows the first code for a minute, the others for 20 s each (Baileys socket.js). */
const FIRST_REF_MS = 60_000;
const NEXT_REF_MS = 20_000;
const ANSWER_MS = 15_000;

/** Why a pairing did not happen; `status` is the HTTP status it is reported with. */
export class PairingError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface PairedDevice {
  number: string;
  jid: string;
  lid: string;
  device: number;
}

export interface PairingOptions {
  /** A ref's life in milliseconds in place of the usual minute and 20 s. */
  refTtlMs: number | undefined;
  /** Secret of the pairing HMAC in place of the one in the QR code. */
  advSecret: Buffer | undefined;
  /** Devices one number may link. */
  maxCompanions: number;
}

interface Applicant {
  connection: Connection;
  keys: CompanionKeys;
  platform: string;
  refs: { ref: string; until: number }[];
  code?: { number: string; wrapped: Buffer; ref: Buffer };
  /** Resolves what the phone waits for; keyed by iq id or by stage. */
  waiting: Map<string, (stanza: Stanza) => void>;
}

/** Clients that are not linked yet, and the mock phones that link them. */
export class Pairing {
  private readonly applicants = new Map<Connection, Applicant>();
  private readonly byRef = new Map<string, Applicant>();

  constructor(
    private readonly directory: Directory,
    private readonly phones: Phones,
    private readonly delivery: Delivery,
    private readonly faults: Faults,
    private readonly options: PairingOptions,
    private readonly log: Log,
  ) {}

  /** Takes in a client that introduced itself as new; false when its registration is incomplete. */
  register(connection: Connection, payload: proto.IClientPayload, noiseKey: Buffer): boolean {
    const keys = readKeys(payload, noiseKey);
    if (!keys) return false;
    const ttl = this.faults.take("ref-ttl", undefined)?.ms ?? this.options.refTtlMs;
    const now = Date.now();
    const refs = Array.from({ length: REFS }, (_, i) => ({
      ref: `2@${randomBytes(48).toString("base64")}`,
      until: now + (ttl === undefined ? FIRST_REF_MS + i * NEXT_REF_MS : ttl * (i + 1)),
    }));
    const platform = payload.webInfo ? "web" : "android";
    const applicant: Applicant = { connection, keys, platform, refs, waiting: new Map() };
    this.applicants.set(connection, applicant);
    for (const { ref } of refs) this.byRef.set(ref, applicant);
    const nodes = refs.map(({ ref }) => el("ref", {}, Buffer.from(ref)));
    connection.send(el("iq", { from: SERVER_JID, type: "set", id: newStanzaId(), xmlns: "md" }, [el("pair-device", {}, nodes)]));
    return true;
  }

  forget(connection: Connection): void {
    const applicant = this.applicants.get(connection);
    if (!applicant) return;
    this.applicants.delete(connection);
    for (const { ref } of applicant.refs) this.byRef.delete(ref);
  }

  has(connection: Connection): boolean {
    return this.applicants.has(connection);
  }

  /** A stanza from a client that is not linked yet. */
  received(connection: Connection, stanza: Stanza): void {
    const applicant = this.applicants.get(connection);
    if (!applicant || stanza.tag !== "iq") return;
    const { type, id = "" } = stanza.attrs;
    if (type === "result" || type === "error") {
      applicant.waiting.get(id)?.(stanza);
      return;
    }
    const link = child(stanza, "link_code_companion_reg");
    let result = el("iq", { from: SERVER_JID, type: "result", id });
    if (link?.attrs["stage"] === "companion_hello") {
      if (this.faults.take("refuse-code", digitsOf(link.attrs["jid"] ?? ""))) {
        connection.send(el("iq", { from: SERVER_JID, type: "error", id }, [el("error", { code: "429", text: "rate-overlimit" })]));
        return;
      }
      const wrapped = bytesOf(child(link, "link_code_pairing_wrapped_companion_ephemeral_pub"));
      const number = digitsOf(link.attrs["jid"] ?? "");
      if (wrapped?.length === 80 && number) {
        const ref = randomBytes(16);
        applicant.code = { number, wrapped, ref };
        const granted = el("link_code_companion_reg", { stage: "companion_hello" }, [el("link_code_pairing_ref", {}, ref)]);
        result = el("iq", { from: SERVER_JID, type: "result", id }, [granted]);
      }
    } else if (link?.attrs["stage"] === "companion_finish") applicant.waiting.get("companion_finish")?.(link);
    else if (stanza.attrs["xmlns"] !== "w:p") {
      connection.send(el("iq", { from: SERVER_JID, type: "error", id }, [el("error", { code: "501", text: "not linked yet" })]));
      return;
    }
    connection.send(result);
  }

  /**
   * A mock phone scans what the client shows. Resolves when the client has accepted the link.
   * @param qr the QR code's text, with or without the address in front of `#`
   * @param number of the phone; absent: one that is not linked yet is made up
   * @throws PairingError
   */
  async scan(qr: string, number: string | undefined, name: string | undefined): Promise<PairedDevice> {
    const [ref = "", noise, identity, secret = ""] = qr.trim().slice(qr.trim().indexOf("#") + 1).split(",");
    const applicant = this.byRef.get(ref);
    const issued = applicant?.refs.find((each) => each.ref === ref);
    if (!applicant || !issued) throw new PairingError(404, "ref_unknown", "no client shows this code, or it was used already");
    if (issued.until < Date.now()) throw new PairingError(410, "ref_expired", "the code has expired; scan the one shown now");
    const { keys } = applicant;
    if (noise !== keys.noiseKey.toString("base64") || identity !== keys.identity.toString("base64")) {
      throw new PairingError(422, "keys_differ", "the keys in the code are not those of the client that was given this ref");
    }
    return this.link(applicant, this.owner(number, name), Buffer.from(secret, "base64"));
  }

  /** A mock phone enters the code its owner reads off the client. @throws PairingError */
  async enterCode(code: string, number: string): Promise<PairedDevice> {
    const digits = digitsOf(number);
    const applicant = [...this.applicants.values()].reverse().find((each) => each.code?.number === digits);
    if (!applicant?.code) throw new PairingError(404, "code_unknown", "no client asked to be linked to this number by code");
    const person = this.owner(number, undefined);
    const account = this.phones.of(person).signal.identity;
    const attempt = await CodeLink.begin(code.replace(/-/g, "").toUpperCase(), applicant.code.wrapped);
    const reg = el("link_code_companion_reg", { jid: person.jid, stage: "primary_hello" }, [
      el("link_code_pairing_wrapped_primary_ephemeral_pub", {}, attempt.wrapped),
      el("primary_identity_pub", {}, account.public),
      el("link_code_pairing_ref", {}, applicant.code.ref),
    ]);
    const finished = this.answer(applicant, "companion_finish");
    applicant.connection.send(notification(undefined, "link_code_companion_reg", [reg]));
    const bundle = bytesOf(child(await finished, "link_code_pairing_wrapped_key_bundle"));
    if (!bundle) throw new PairingError(422, "code_refused", "the client sent no key bundle");
    let secret: Buffer;
    try {
      secret = attempt.finish(bundle, account, applicant.keys.identity);
    } catch {
      throw new PairingError(422, "code_wrong", "this is not the code the client shows");
    }
    return this.link(applicant, person, secret);
  }

  private owner(number: string | undefined, name: string | undefined): Person {
    const person = number === undefined ? this.unlinkedPerson() : this.directory.entry(number);
    if (!person) throw new PairingError(422, "number_invalid", "the number is no phone number");
    if (person.companions.size >= this.options.maxCompanions) {
      throw new PairingError(409, "too_many_devices", `the number has linked ${this.options.maxCompanions} devices already`);
    }
    if (!person.declared) person.name = `Phone ${person.number.slice(-4)}`;
    person.declared = true;
    person.exists = true;
    if (name !== undefined && name !== "") person.name = name;
    person.touch();
    return person;
  }

  private unlinkedPerson(): Person | undefined {
    for (let i = 1; ; i++) {
      const person = this.directory.entry(`55119${String(90_000_000 + i)}`);
      if (!person || (person.companions.size === 0 && !person.declared)) return person;
    }
  }

  private async link(applicant: Applicant, person: Person, secret: Buffer): Promise<PairedDevice> {
    const { connection, keys, platform } = applicant;
    if (this.faults.take("passkey", person.number)) {
      const options = JSON.stringify({ challenge: randomBytes(32).toString("base64url"), rpId: "whatsapp.com", timeout: 600_000, userVerification: "required" });
      connection.send(notification(undefined, "passkey_prologue_request", [el("passkey_request_options", {}, Buffer.from(options))]));
      throw new PairingError(409, "passkey_required", "the account wants a passkey from the client");
    }
    const device = person.nextDeviceId();
    if (device === undefined) throw new PairingError(409, "too_many_devices", "no device id is free");
    // Codes are for one use.
    for (const { ref } of applicant.refs) this.byRef.delete(ref);
    const account = this.phones.of(person).signal.identity;
    const forged = this.faults.take("forged-account", person.number) !== undefined;
    const vouched = vouch(account, keys.identity, device, this.options.advSecret ?? secret, forged);
    const jid = person.address("pn", device);
    const lid = person.address("lid", device);
    const id = newStanzaId();
    const answered = this.answer(applicant, id);
    connection.send(
      el("iq", { from: SERVER_JID, type: "set", id, xmlns: "md", t: String(Math.floor(Date.now() / 1000)) }, [
        el("pair-success", {}, [el("device-identity", {}, vouched.sealed), el("device", { jid, lid }), el("platform", { name: "android" })]),
      ]),
    );
    const signature = bytesOf(child(child(await answered, "pair-device-sign"), "device-identity"));
    if (!signature || !accepted(signature, vouched, account, keys.identity)) {
      throw new PairingError(422, "signature_wrong", "the client did not sign its device identity");
    }
    const companion = new Companion(device, device, keys, platform, Date.now(), () => { person.touch(); });
    person.companions.set(device, companion);
    person.touch();
    this.delivery.devicesChanged(person, "add", companion);
    this.forget(connection);
    connection.sendAndClose(el("stream:error", { code: "515" }));
    this.log.info({ jid }, "device linked");
    return { number: `+${person.number}`, jid, lid, device };
  }

  private answer(applicant: Applicant, key: string): Promise<Stanza> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        applicant.waiting.delete(key);
        reject(new PairingError(504, "client_silent", "the client did not answer"));
      }, ANSWER_MS);
      applicant.waiting.set(key, (stanza) => {
        clearTimeout(timer);
        applicant.waiting.delete(key);
        resolve(stanza);
      });
    });
  }
}

function readKeys(payload: proto.IClientPayload, noiseKey: Buffer): CompanionKeys | undefined {
  const data = payload.devicePairingData;
  if (data?.eIdent?.length !== 32 || data.eRegid?.length !== 4 || data.eSkeyVal?.length !== 32) return undefined;
  if (data.eSkeySig?.length !== 64 || data.eSkeyId?.length !== 3) return undefined;
  return {
    noiseKey,
    identity: Buffer.from(data.eIdent),
    registrationId: Buffer.from(data.eRegid).readUInt32BE(),
    signed: { id: Buffer.from(data.eSkeyId).readUIntBE(0, 3), public: Buffer.from(data.eSkeyVal), signature: Buffer.from(data.eSkeySig) },
  };
}
