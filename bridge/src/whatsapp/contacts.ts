/** People: what WhatsApp shows of them, and blocking them. */
import { BridgeError } from "../errors.js";
import type { Contact } from "../rpc/contract.gen.js";
import type { WASocket } from "./baileys.js";
import { askBlocked, askBusiness, askFacts, askPicture, changeBlock, type Facts } from "./contact-facts.js";
import { lidJid, phoneJid, phoneNumberOf } from "./jid.js";
import type { Link } from "./link.js";
import type { Names } from "./names.js";
import type { Numbers } from "./numbers.js";
import type { Questions } from "./questions.js";
import { SmallCache } from "./small-cache.js";

/** Block lists in memory, and how long each is trusted while WhatsApp tells of every change. */
const BLOCKED_LIMIT = 1000;
const BLOCKED_TTL_MS = 10 * 60_000;

/** Somebody by every address known. */
interface Someone {
  phone: string | undefined;
  lid: string | undefined;
  facts: Facts;
}

export class Contacts {
  readonly #questions: Questions;
  readonly #numbers: Numbers;
  readonly #names: Names;
  readonly #blocked = new SmallCache(BLOCKED_LIMIT, BLOCKED_TTL_MS);

  constructor(questions: Questions, numbers: Numbers, names: Names) {
    this.#questions = questions;
    this.#numbers = numbers;
    this.#names = names;
  }

  /** Keeps what is remembered right from what comes over a connection. */
  listen(link: Link): void {
    link.sock.ev.on("blocklist.update", () => {
      this.#blocked.del(link.pairing.sessionId);
    });
  }

  /** @throws BridgeError recipient_not_on_whatsapp, and what Questions.ask throws */
  async get(link: Link, address: string): Promise<Contact> {
    const { phone, lid, facts } = await this.#find(link, address);
    const jid = phone ?? lid ?? address;
    // What somebody does not show is refused, not left out.
    const pictureUrl = await this.#ifShown(link, (sock) => askPicture(sock, jid));
    const business = await this.#ifShown(link, (sock) => askBusiness(sock, jid));
    const blocked = await this.blocked(link);
    const phoneNumber = phoneNumberOf(phone);
    const name = this.#names.of(link, [phone, lid]);
    return {
      jid,
      ...(lid === undefined ? {} : { lid }),
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(name === undefined ? {} : { name }),
      ...(facts.about === undefined ? {} : { about: facts.about }),
      ...(facts.aboutSetAtMs === undefined ? {} : { aboutSetAtMs: facts.aboutSetAtMs }),
      ...(pictureUrl === undefined ? {} : { pictureUrl }),
      ...(business === undefined ? {} : { business }),
      isBlocked: blocked.some((each) => each === phone || each === lid),
    };
  }

  /** @throws BridgeError recipient_not_on_whatsapp, and what Questions.ask throws */
  async setBlocked(link: Link, address: string, block: boolean): Promise<void> {
    const { phone, lid } = await this.#find(link, address);
    const target = lid ?? phone ?? address;
    await this.#ask(link, (sock) => changeBlock(sock, block ? "block" : "unblock", target, phone));
    this.#blocked.del(link.pairing.sessionId);
  }

  /** Who is blocked, by the addresses WhatsApp uses for them. @throws BridgeError what Questions.ask throws */
  async blocked(link: Link): Promise<readonly string[]> {
    const key = link.pairing.sessionId;
    const known = this.#blocked.get<readonly string[]>(key);
    if (known !== undefined) return known;
    const fresh = await this.#ask(link, askBlocked);
    this.#blocked.set(key, fresh);
    return fresh;
  }

  async #find(link: Link, address: string): Promise<Someone> {
    const account = await this.#numbers.accountOf(link, address);
    if (account === undefined) throw new BridgeError("recipient_not_on_whatsapp");
    const facts = await this.#ask(link, (sock) => askFacts(sock, account.jid));
    if (facts === undefined) throw new BridgeError("recipient_not_on_whatsapp");
    const lid = account.lid ?? facts.lid;
    // Only what this session has learnt: WhatsApp tells nobody the number behind a LID.
    const learnt = phoneJid(account.jid) ?? (lid === undefined ? undefined : await link.run((sock) => sock.signalRepository.lidMapping.getPNForLID(lid)));
    return { phone: phoneJid(learnt ?? undefined), lid: lidJid(lid), facts };
  }

  async #ifShown<T>(link: Link, question: (sock: WASocket) => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await this.#ask(link, question);
    } catch (error) {
      if (error instanceof BridgeError && error.errorName === "whatsapp_refused") return undefined;
      throw error;
    }
  }

  #ask<T>(link: Link, question: (sock: WASocket) => Promise<T>): Promise<T> {
    return this.#questions.ask(link.pairing.tenantId, "contacts", link, () => link.run(question));
  }
}
