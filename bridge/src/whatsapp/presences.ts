/**
 * Who is there and who writes, in chats a tenant follows. WhatsApp tells it only to whom asks for it, again after every
 * connection, and only while the number itself counts as available. Worth nothing later, so little is told: what somebody
 * does now, when it is something else than before, once in two seconds at most. Who is followed outlives a restart.
 */
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { PresenceEvent } from "../rpc/contract.gen.js";
import { checkEventData } from "../rpc/validate.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { BinaryNode } from "./baileys.js";
import { isGroupJid } from "./jid.js";
import type { Link } from "./link.js";
import { childrenOf, secondsToMs } from "./nodes.js";
import { People } from "./people.js";

type Presence = PresenceEvent["presence"];

const FOLLOWED_MS = 24 * 60 * 60_000;
/** Chats of a tenant followed at a time: beyond it the one asked for longest ago is given up. */
const CHAT_LIMIT = 100;
/** People of a tenant whose last presence is remembered. */
const PERSON_LIMIT = 1000;
const PAUSE_MS = 2000;
/** Until when a chat is followed is on disk, but for so much. */
const KEPT_WITHIN_MS = 60 * 60_000;
/** Between two subscriptions after a connection. */
const STEP_MS = 50;

interface Told {
  presence: Presence;
  atMs: number;
  later: NodeJS.Timeout | undefined;
}

/** Until when a chat is followed, and what of that is on disk. */
interface Followed {
  untilMs: number;
  keptUntilMs: number;
}

/** As it is on disk. */
interface KeptChat {
  chat: string;
  untilMs: number;
}

interface Tenant {
  /** The chats that are followed, that asked for longest ago first. */
  chats: Map<string, Followed>;
  told: Map<string, Told>;
}

export class Presences {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #tenants = new Map<string, Tenant>();
  readonly #subscribed = new WeakMap<Link, Set<string>>();

  constructor(store: Store, journal: Journal, log: Logger) {
    this.#store = store;
    this.#journal = journal;
    this.#log = log;
  }

  /** Tells what comes over a connection, and asks for what is followed once it has caught up. */
  listen(link: Link): void {
    const { ws } = link.sock;
    for (const event of ["CB:presence", "CB:chatstate"]) {
      ws.on(event, (stanza: BinaryNode) => {
        this.#heard(link, stanza).catch((error: unknown) => {
          this.#log.debug({ tenantId: link.pairing.tenantId, err: error }, "a presence was not told");
        });
      });
    }
    void link.caughtUp.then(() => this.#renew(link));
  }

  /** Follows a chat for a day from now. @throws whatever Baileys throws when it cannot ask */
  async follow(link: Link, jid: string): Promise<void> {
    const { tenantId } = link.pairing;
    const chat = await keyOf(link, jid);
    const tenant = this.#known(link.pairing) ?? { chats: new Map<string, Followed>(), told: new Map<string, Told>() };
    this.#tenants.set(tenantId, tenant);
    const followed = { untilMs: Date.now() + FOLLOWED_MS, keptUntilMs: tenant.chats.get(chat)?.keptUntilMs ?? 0 };
    tenant.chats.delete(chat);
    tenant.chats.set(chat, followed);
    const oldest = tenant.chats.keys().next();
    if (tenant.chats.size > CHAT_LIMIT && oldest.done !== true) tenant.chats.delete(oldest.value);
    await this.#keep(link.pairing, chat, followed);
    await this.#subscribe(link, chat);
  }

  /** Somebody wrote in a chat: follows it if the tenant wants that. */
  wrote(link: Link, chatId: string): void {
    if (!this.#store.settings.get(link.pairing.tenantId).followPresence || isGroupJid(chatId)) return;
    this.follow(link, chatId).catch(() => undefined);
  }

  /** Forgets a tenant that was deleted. */
  forget(tenantId: string): void {
    for (const { later } of this.#tenants.get(tenantId)?.told.values() ?? []) clearTimeout(later);
    this.#tenants.delete(tenantId);
  }

  /** A tenant that follows somebody, also since before the process started. */
  #known(pairing: Pairing): Tenant | undefined {
    const known = this.#tenants.get(pairing.tenantId);
    if (known !== undefined) return known;
    const kept = this.#store.directory.all<KeptChat>(pairing, "followed").filter(({ value }) => value.untilMs > Date.now());
    if (kept.length === 0) return undefined;
    const chats = new Map(kept.map(({ value: { chat, untilMs } }) => [chat, { untilMs, keptUntilMs: untilMs }]));
    const tenant: Tenant = { chats, told: new Map() };
    this.#tenants.set(pairing.tenantId, tenant);
    return tenant;
  }

  async #keep(pairing: Pairing, chat: string, followed: Followed): Promise<void> {
    const { untilMs, keptUntilMs } = followed;
    if (untilMs - keptUntilMs < KEPT_WITHIN_MS) return;
    followed.keptUntilMs = untilMs;
    const value: KeptChat = { chat, untilMs };
    await this.#store.writer.soon(() => {
      this.#store.directory.put(pairing, "followed", chat, value, Date.now());
    }).catch(() => {
      // It is followed as long as the process lives.
      followed.keptUntilMs = 0;
    });
  }

  async #renew(link: Link): Promise<void> {
    const tenant = this.#known(link.pairing);
    if (tenant === undefined) return;
    for (const [chat, { untilMs }] of [...tenant.chats]) {
      if (untilMs <= Date.now()) tenant.chats.delete(chat);
      else if (link.isOpen) {
        await this.#subscribe(link, chat).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, STEP_MS).unref());
      }
    }
  }

  /** Asks once per connection. */
  async #subscribe(link: Link, chat: string): Promise<void> {
    const done = this.#subscribed.get(link) ?? new Set<string>();
    if (!this.#subscribed.has(link)) {
      this.#subscribed.set(link, done);
      await link.run((sock) => sock.sendPresenceUpdate("available"));
    }
    if (done.has(chat)) return;
    done.add(chat);
    try {
      await link.run((sock) => sock.presenceSubscribe(chat));
    } catch (error) {
      done.delete(chat);
      throw error;
    }
  }

  async #heard(link: Link, stanza: BinaryNode): Promise<void> {
    const { tenantId } = link.pairing;
    const { from, participant, last } = stanza.attrs;
    const tenant = this.#tenants.get(tenantId);
    const presence = presenceIn(stanza);
    if (tenant === undefined || from === undefined || presence === undefined) return;
    const chat = await keyOf(link, from);
    const untilMs = tenant.chats.get(chat)?.untilMs;
    if (untilMs === undefined) return;
    if (untilMs <= Date.now()) {
      tenant.chats.delete(chat);
      if (tenant.chats.size === 0 && link.isOpen) await link.run((sock) => sock.sendPresenceUpdate("unavailable"));
      return;
    }
    const people = new People(this.#store, link.pairing, () => link.self, link.addressBook);
    const someone = await people.find(participant ?? from);
    if (people.isSelf(someone)) return;
    const lastSeenMs = presence === "unavailable" ? secondsToMs(last) : undefined;
    const chatId = isGroupJid(from) ? from : (someone.phone ?? someone.lid);
    if (chatId === undefined) return;
    const data: PresenceEvent = { type: "presence", chatId, person: people.person(someone), presence, ...(lastSeenMs === undefined ? {} : { lastSeenMs }) };
    this.#tell(link, tenant, `${chatId} ${someone.lid ?? someone.phone ?? ""}`, data);
  }

  /** Now, or when the pause after the last one is over; what came in between is forgotten. */
  #tell(link: Link, tenant: Tenant, who: string, data: PresenceEvent): void {
    const before = tenant.told.get(who);
    const nowMs = Date.now();
    if (before !== undefined) {
      clearTimeout(before.later);
      before.later = undefined;
      if (before.presence === data.presence) return;
      const waitMs = before.atMs + PAUSE_MS - nowMs;
      if (waitMs > 0) {
        before.later = setTimeout(() => {
          before.later = undefined;
          this.#tell(link, tenant, who, data);
        }, waitMs).unref();
        return;
      }
      tenant.told.delete(who);
    }
    const oldest = tenant.told.keys().next();
    if (tenant.told.size >= PERSON_LIMIT && oldest.done !== true) {
      clearTimeout(tenant.told.get(oldest.value)?.later);
      tenant.told.delete(oldest.value);
    }
    tenant.told.set(who, { presence: data.presence, atMs: nowMs, later: undefined });
    const { pairing } = link;
    checkEventData(data);
    this.#store.writer.soon(() => this.#journal.append({ pairingId: pairing.id, occurredAtMs: nowMs, data })).catch(() => {
      // The next one is told, whatever it is.
      tenant.told.delete(who);
    });
  }
}

function presenceIn({ tag, attrs, content }: BinaryNode): Presence | undefined {
  if (tag === "presence") return attrs["type"] === "unavailable" ? "unavailable" : "available";
  const [state] = Array.isArray(content) ? childrenOf({ tag, attrs, content }) : [];
  if (state?.tag === "paused") return "paused";
  if (state?.tag !== "composing") return undefined;
  return state.attrs["media"] === "audio" ? "recording" : "composing";
}

/** One name for a chat, whichever of a person's addresses is used. */
async function keyOf(link: Link, jid: string): Promise<string> {
  if (isGroupJid(jid)) return jid;
  const bare = jid.replace(/:\d+@/, "@");
  if (bare.endsWith("@lid")) return (await link.addressBook.phoneOf(bare)) ?? bare;
  return bare;
}
