/**
 * Which account a phone number stands for. WhatsApp is asked once in a long while, for many numbers in one question,
 * and not faster than a number that is not to be banned may ask; the answers are kept in the store.
 */
import { BridgeError } from "../errors.js";
import type { Store } from "../store/store.js";
import { recipientNumber } from "./jid.js";
import type { Link } from "./link.js";
import { askNumbers, type Account } from "./number-lookup.js";
import { NumberQueue } from "./number-queue.js";
import type { Questions } from "./questions.js";
import { SmallCache } from "./small-cache.js";

/** Numbers change hands, but seldom. */
const FOUND_TTL_MS = 7 * 24 * 60 * 60_000;

const ABSENT_LIMIT = 20_000;
const ABSENT_TTL_MS = 5 * 60_000;

/** Tenants whose queues are kept while nothing is in them. */
const IDLE_QUEUES_LIMIT = 1000;

export class Numbers {
  readonly #store: Store;
  readonly #questions: Questions;
  readonly #perMinute: number;
  // By pairing and number: what one account may see of another is its own affair.
  readonly #absent = new SmallCache(ABSENT_LIMIT, ABSENT_TTL_MS);
  readonly #queues = new Map<string, NumberQueue>();

  /** @param perMinute how many numbers a tenant may ask WhatsApp about in a minute */
  constructor(store: Store, questions: Questions, perMinute: number) {
    this.#store = store;
    this.#questions = questions;
    this.#perMinute = perMinute;
  }

  /**
   * The chat a recipient stands for. Numbers are WhatsApp's to resolve: Brazil's have a ninth digit or not.
   * @throws BridgeError recipient_not_on_whatsapp, session_not_connected, whatsapp_timeout, whatsapp_rate_limited
   */
  async chatOf(tenantId: string, link: Link, recipient: string): Promise<string> {
    const number = recipientNumber(recipient);
    if (number === undefined) return recipient;
    const account = await this.#find(tenantId, link, number, true);
    if (account === undefined) throw new BridgeError("recipient_not_on_whatsapp");
    return account.jid;
  }

  /**
   * Whom an address stands for: a phone number, a phone JID or a LID; undefined for a number without an account.
   * @throws BridgeError session_not_connected, whatsapp_timeout, whatsapp_rate_limited, whatsapp_refused
   */
  async accountOf(link: Link, address: string): Promise<Account | undefined> {
    const number = recipientNumber(address);
    return number === undefined ? { jid: address } : this.#find(link.pairing.tenantId, link, number, true);
  }

  /**
   * The account of each number, undefined for those without one, in the order of the numbers. Waits its turn behind
   * numbers somebody wants to write to.
   * @throws BridgeError session_not_connected, whatsapp_timeout, whatsapp_rate_limited, whatsapp_refused
   */
  check(tenantId: string, link: Link, numbers: readonly string[]): Promise<(Account | undefined)[]> {
    const unknown = new Set(numbers.filter((number) => this.#known(link, number) === undefined));
    this.#queue(tenantId).needRoom(unknown.size);
    return Promise.all(numbers.map((number) => this.#find(tenantId, link, number, false)));
  }

  async #find(tenantId: string, link: Link, number: string, urgent: boolean): Promise<Account | undefined> {
    const known = this.#known(link, number);
    if (known !== undefined) return known.account;
    return this.#queue(tenantId).find(number, link, urgent);
  }

  /** What is known already; undefined when WhatsApp has to be asked. */
  #known(link: Link, number: string): { account: Account | undefined } | undefined {
    const found = this.#store.directory.get<Account>(link.pairing, "number", number);
    if (found !== undefined && Date.now() - found.notedMs < FOUND_TTL_MS) return { account: found.value };
    return this.#absent.get(`${link.pairing.sessionId} ${number}`) === true ? { account: undefined } : undefined;
  }

  #queue(tenantId: string): NumberQueue {
    const known = this.#queues.get(tenantId);
    if (known !== undefined) return known;
    if (this.#queues.size >= IDLE_QUEUES_LIMIT) {
      for (const [name, queue] of this.#queues) if (queue.isIdle) this.#queues.delete(name);
    }
    const queue = new NumberQueue(this.#perMinute, (link, numbers) => this.#ask(tenantId, link, numbers));
    this.#queues.set(tenantId, queue);
    return queue;
  }

  async #ask(tenantId: string, link: Link, numbers: readonly string[]): Promise<Map<string, Account>> {
    const accounts = await this.#questions.ask(tenantId, "numbers", link, () => link.run((sock) => askNumbers(sock, numbers)));
    for (const number of numbers) if (!accounts.has(number)) this.#absent.set(`${link.pairing.sessionId} ${number}`, true);
    if (accounts.size > 0) {
      await this.#store.writer.soon(() => {
        for (const [number, account] of accounts) this.#store.directory.put(link.pairing, "number", number, account, Date.now());
      });
    }
    return accounts;
  }
}
