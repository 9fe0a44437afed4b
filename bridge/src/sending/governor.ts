/**
 * Says when messages may leave: as the tenant's profile spaces them, and as WhatsApp allows. Knows every number's past
 * from the store, so that a restart is no way around a limit.
 */
import type { SendingConfig } from "../config.js";
import { BridgeError } from "../errors.js";
import type { Limits, SendProfile } from "../rpc/contract.gen.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { Departures } from "../store/pace.js";
import type { AccountSignals, Capping } from "../whatsapp/account-standing.js";
import { phoneNumberOf } from "../whatsapp/jid.js";
import { kindOf, type ChatKind } from "./chat-kind.js";
import type { Candidate, Decision, Governor } from "./ports.js";
import { Standing } from "./standing.js";
import { DAY_MS, TenantPace, type Circumstance } from "./tenant-pace.js";

/** What waits to leave, as far as limits are concerned. */
export interface Waiting {
  /** How many messages of a tenant wait. */
  count(tenantId: string): number;
  /** Heads of chats that wait, at most some hundreds. */
  heads(tenantId: string): Iterable<Candidate>;
}

export interface GovernorOptions {
  store: Store;
  config: SendingConfig;
  /** Uniform in [0, 1). */
  random: () => number;
}

interface Tenant {
  pace: TenantPace;
  standing: Standing;
  circumstance: Circumstance;
  /** The tenant's own choice. */
  chosen: SendProfile | undefined;
  /** Messages of the other kinds that left since one of this kind did. */
  passedOver: Record<Lane, number>;
}

/** Messages that are no replies share what is left after those, lane by lane. */
type Lane = "known" | "fresh" | "batch";
const LANES: readonly Lane[] = ["known", "fresh", "batch"];

/** A lane that was passed over so often goes before the more patient ones once: nothing waits for ever behind a steady stream. */
const PATIENCE = 4;

/** What WhatsApp refuses first messages of a restricted account with. */
const REFUSED_TO_STRANGERS = 463;

/** A forecast looks no further than this many messages ahead. */
const FORESIGHT = 2000;

/** Tenants kept in memory; beyond it the one not asked about for longest is read anew. */
const TENANT_LIMIT = 2000;

export class PacingGovernor implements Governor, AccountSignals {
  readonly #store: Store;
  readonly #config: SendingConfig;
  readonly #random: () => number;
  readonly #tenants = new Map<string, Tenant>();
  #wake: (tenantId: string) => void = () => undefined;
  #askWhatsApp: (tenantId: string) => void = () => undefined;

  constructor({ store, config, random }: GovernorOptions) {
    this.#store = store;
    this.#config = config;
    this.#random = random;
  }

  /**
   * Whom to tell.
   * @param wake what a tenant's messages wait for may have changed.
   * @param askWhatsApp it is unclear whether the account may begin chats.
   */
  connect({ wake, askWhatsApp }: { wake?: (tenantId: string) => void; askWhatsApp?: (tenantId: string) => void }): void {
    if (wake !== undefined) this.#wake = wake;
    if (askWhatsApp !== undefined) this.#askWhatsApp = askWhatsApp;
  }

  admit(tenantId: string, count: number, queued: number, nowMs: number): void {
    const over = queued + count - this.#config.queueLimit;
    if (over <= 0) return;
    const tenant = this.#tenant(tenantId, nowMs);
    const atMs = this.#forecast(tenant, { kind: "known", story: false }, Math.min(over, queued), nowMs);
    throw new BridgeError("queue_full", { retryAfterMs: Math.max(1000, atMs - nowMs) });
  }

  decide(candidate: Candidate, nowMs: number): Decision {
    const tenant = this.#tenant(candidate.tenantId, nowMs);
    const forbidden = tenant.standing.forbids(nowMs);
    if (forbidden === undefined && tenant.circumstance.profile === "unpaced") return { go: true };
    const kind = this.#kindOf(candidate, nowMs);
    if (forbidden !== undefined && kind.kind === "fresh") return { go: false, reason: "restricted", untilMs: forbidden.untilMs };
    const { atMs, reason } = tenant.pace.opening(kind, tenant.circumstance, nowMs);
    if (atMs <= nowMs) return { go: true };
    return { go: false, reason, untilMs: Number.isFinite(atMs) ? atMs : undefined };
  }

  /** Call it inside the work that records the hand-over: both are on disk or neither. */
  left(candidate: Candidate, nowMs: number): void {
    const { tenantId, chatId } = candidate;
    const tenant = this.#tenant(tenantId, nowMs);
    const kind = this.#kindOf(candidate, nowMs);
    // In memory at once: when the disk then fails, one too many is counted, which harms nobody.
    tenant.pace.add(kind, nowMs);
    notePassing(tenant, laneOf(candidate, kind));
    const spent = kind.kind === "fresh" && tenant.standing.began();
    const account = this.#accountOf(tenantId);
    this.#store.writer.now(() => {
      this.#store.pace.add(tenantId, nowMs, departuresOf(kind));
      if (account !== undefined) this.#store.chats.wrote(tenantId, account, [chatId], nowMs);
      if (kind.kind === "fresh") this.#store.pace.setStanding(tenantId, tenant.standing.toStored());
    });
    if (spent) this.#askWhatsApp(tenantId);
  }

  refused(candidate: Candidate, whatsappError: number, nowMs: number): void {
    if (whatsappError !== REFUSED_TO_STRANGERS) return;
    const { tenantId } = candidate;
    const tenant = this.#tenant(tenantId, nowMs);
    // The connection asks WhatsApp what that is about; first messages wait until it says.
    tenant.standing.refused(nowMs);
    this.#keepStanding(tenantId, tenant);
  }

  priority(candidate: Candidate, nowMs: number): number {
    const tenant = this.#tenant(candidate.tenantId, nowMs);
    if (tenant.circumstance.profile === "unpaced") return candidate.batchId === undefined ? 0 : 1 + LANES.length;
    const kind = this.#kindOf(candidate, nowMs);
    const lane = laneOf(candidate, kind);
    if (lane === undefined) return 0;
    const rank = 2 + LANES.indexOf(lane);
    const passed = tenant.passedOver[lane];
    // Whoever was passed over most often goes first, so that two impatient lanes take turns.
    return passed < PATIENCE ? rank : 2 - passed / (passed + 1) + rank / 1e6;
  }

  /** When a message will leave that has so many of its kind before it; undefined when only WhatsApp can tell. */
  expectedAt(candidate: Candidate, ahead: number, nowMs: number): number | undefined {
    const tenant = this.#tenant(candidate.tenantId, nowMs);
    const kind = this.#kindOf(candidate, nowMs);
    const forbidden = kind.kind === "fresh" ? tenant.standing.forbids(nowMs) : undefined;
    if (forbidden !== undefined && forbidden.untilMs === undefined) return undefined;
    const atMs = this.#forecast(tenant, kind, ahead + 1, forbidden?.untilMs ?? nowMs);
    return Number.isFinite(atMs) ? atMs : undefined;
  }

  /** Everything of the contract's Limits. */
  limits(tenantId: string, waiting: Waiting, nowMs: number): Limits {
    const tenant = this.#tenant(tenantId, nowMs);
    const { pace, standing, circumstance, chosen } = tenant;
    const warmUp = circumstance.profile === "paced" ? pace.warmUp(circumstance.linkedAtMs, nowMs) : undefined;
    let parkedNewChats = 0;
    let nextSendAtMs: number | undefined;
    for (const head of waiting.heads(tenantId)) {
      const decision = this.decide(head, nowMs);
      const atMs = decision.go ? nowMs : decision.untilMs;
      if (!decision.go && (decision.reason === "restricted" || decision.reason === "new_chat_limit")) parkedNewChats += 1;
      if (atMs !== undefined && (nextSendAtMs === undefined || atMs < nextSendAtMs)) nextSendAtMs = atMs;
    }
    return {
      profile: circumstance.profile,
      isDefault: chosen === undefined,
      queued: waiting.count(tenantId),
      queueLimit: this.#config.queueLimit,
      parkedNewChats,
      ...this.#gapOf(circumstance.profile),
      buckets: pace.buckets(circumstance, nowMs),
      ...(warmUp === undefined ? {} : { warmUp: { day: warmUp.day, days: this.#config.warmUpDays } }),
      restrictions: standing.view(nowMs),
      ...(nextSendAtMs === undefined ? {} : { nextSendAtMs }),
    };
  }

  /** Chooses a profile; without one the settings decide again. Applies at once. @throws BridgeError store_unavailable */
  choose(tenantId: string, profile: SendProfile | undefined, nowMs: number): void {
    this.#store.writer.now(() => {
      this.#store.pace.setProfile(tenantId, profile);
    });
    const tenant = this.#tenant(tenantId, nowMs);
    tenant.chosen = profile;
    tenant.circumstance = { ...tenant.circumstance, profile: profile ?? this.#config.profile };
    this.#wake(tenantId);
  }

  erased(tenantId: string): void {
    this.#tenants.delete(tenantId);
  }

  linked(pairing: Pairing, account: string, nowMs: number): void {
    const isNew = this.#store.writer.now(() => this.#store.pace.linked(pairing.tenantId, account, nowMs));
    // The next look reads it anew.
    if (isNew) this.#tenants.delete(pairing.tenantId);
  }

  heard(tenantId: string): void {
    this.#wake(tenantId);
  }

  timelock({ tenantId }: Pairing, active: boolean, untilMs: number | undefined, nowMs: number): void {
    const tenant = this.#tenant(tenantId, nowMs);
    tenant.standing.timelock(active, untilMs, nowMs);
    this.#keepStanding(tenantId, tenant);
    this.#wake(tenantId);
  }

  capping({ tenantId }: Pairing, capping: Capping, nowMs: number): void {
    const tenant = this.#tenant(tenantId, nowMs);
    tenant.standing.capping(capping, nowMs);
    this.#keepStanding(tenantId, tenant);
    this.#wake(tenantId);
  }

  #keepStanding(tenantId: string, { standing }: Tenant): void {
    // A signal of a tenant that is being deleted leaves nothing behind.
    if (this.#store.sessions.get(tenantId) === undefined) return;
    const stored = standing.toStored();
    if (this.#store.pace.get(tenantId).standing === stored) return;
    this.#store.writer.now(() => {
      this.#store.pace.setStanding(tenantId, stored);
    });
  }

  #gapOf(profile: SendProfile): Pick<Limits, "gapMs"> {
    if (profile === "unpaced") return {};
    const { minMs, medianMs, maxMs } = profile === "paced" ? this.#config.gap : this.#config.conversationsGap;
    return { gapMs: { min: minMs, median: medianMs, max: maxMs } };
  }

  /** When the n-th message of a kind from now on will have left, if nothing else comes in between. */
  #forecast({ pace, circumstance }: Tenant, kind: ChatKind, n: number, fromMs: number): number {
    const trial = pace.clone();
    let atMs = fromMs;
    for (let i = 0; i < Math.min(n, FORESIGHT) && Number.isFinite(atMs); i += 1) {
      atMs = trial.opening(kind, circumstance, atMs).atMs;
      if (Number.isFinite(atMs)) trial.add(kind, atMs);
    }
    return atMs;
  }

  #kindOf({ tenantId, chatId, type }: Candidate, nowMs: number): ChatKind {
    const session = this.#store.sessions.get(tenantId);
    const account = session?.phoneNumber;
    const isOwn = account !== undefined && (chatId === session?.lid || phoneNumberOf(chatId) === account);
    return kindOf(chatId, type, isOwn, () => (account === undefined ? { heardAtMs: undefined, wroteAtMs: undefined } : this.#store.chats.times(tenantId, account, chatId)), nowMs);
  }

  #accountOf(tenantId: string): string | undefined {
    return this.#store.sessions.get(tenantId)?.phoneNumber;
  }

  #tenant(tenantId: string, nowMs: number): Tenant {
    const known = this.#tenants.get(tenantId);
    if (known !== undefined) return known;
    const row = this.#store.pace.get(tenantId);
    const pace = new TenantPace(this.#config, this.#random);
    pace.restore(this.#store.pace.since(tenantId, nowMs - DAY_MS), nowMs);
    const tenant: Tenant = {
      pace,
      standing: new Standing(row.standing),
      circumstance: { profile: row.profile ?? this.#config.profile, linkedAtMs: row.linkedAtMs },
      chosen: row.profile,
      passedOver: { known: 0, fresh: 0, batch: 0 },
    };
    if (this.#tenants.size >= TENANT_LIMIT) {
      const oldest = this.#tenants.keys().next();
      if (oldest.done !== true) this.#tenants.delete(oldest.value);
    }
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }
}

/** Undefined for a reply, which goes before all lanes. */
function laneOf(candidate: Candidate, kind: ChatKind): Lane | undefined {
  if (candidate.batchId !== undefined) return "batch";
  return kind.kind === "reply" ? undefined : kind.kind;
}

function notePassing(tenant: Tenant, lane: Lane | undefined): void {
  if (lane === undefined) return;
  for (const each of LANES) tenant.passedOver[each] = each === lane ? 0 : tenant.passedOver[each] + 1;
}

function departuresOf(kind: ChatKind): Departures {
  return {
    replies: kind.kind === "reply" ? 1 : 0,
    known: kind.kind === "known" ? 1 : 0,
    fresh: kind.kind === "fresh" ? 1 : 0,
    begun: kind.kind === "fresh" && kind.begins ? 1 : 0,
    stories: kind.kind === "known" && kind.story ? 1 : 0,
  };
}
