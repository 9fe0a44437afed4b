/**
 * Says when messages may leave: as the tenant's profile spaces them, and as WhatsApp allows. Knows every number's past
 * from the store, so that a restart is no way around a limit.
 */
import type { SendingConfig } from "../config.js";
import { BridgeError } from "../errors.js";
import type { Logger } from "../log.js";
import type { Limits, SendProfile } from "../rpc/contract.gen.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { Departures } from "../store/pace.js";
import type { AccountSignals, Capping } from "../whatsapp/account-standing.js";
import { phoneNumberOf } from "../whatsapp/jid.js";
import { kindOf, type ChatKind } from "./chat-kind.js";
import { LAST_RANK, LaneTurns, type Lane } from "./lane-turns.js";
import type { Candidate, Decision, Governor } from "./ports.js";
import { Standing } from "./standing.js";
import type { Waiting } from "./waiting.js";
import { DAY_MS, TenantPace, type Circumstance } from "./tenant-pace.js";

export interface GovernorOptions {
  store: Store;
  log: Logger;
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
  turns: LaneTurns;
}

/** What WhatsApp refuses first messages of a restricted account with. */
const REFUSED_TO_STRANGERS = 463;

/** A forecast is tried out for so many messages; what is beyond goes on at the same speed. */
const FORESIGHT = 400;

/** Whoever finds the queue full is not told to come back sooner. */
const LEAST_RETRY_MS = 1000;

/** Tenants kept in memory; beyond it the one not asked about for longest is read anew. */
const TENANT_LIMIT = 2000;

export class PacingGovernor implements Governor, AccountSignals {
  readonly #store: Store;
  readonly #config: SendingConfig;
  readonly #random: () => number;
  readonly #log: Logger;
  readonly #tenants = new Map<string, Tenant>();
  #wake: (tenantId: string) => void = () => undefined;
  #nudge: (tenantId: string) => void = () => undefined;
  #askWhatsApp: (tenantId: string) => void = () => undefined;

  constructor({ store, log, config, random }: GovernorOptions) {
    this.#log = log;
    this.#store = store;
    this.#config = config;
    this.#random = random;
  }

  /**
   * Whom to tell.
   * @param wake everything a tenant's messages wait for may have changed.
   * @param nudge something of a tenant is ready that was not.
   * @param askWhatsApp it is unclear whether the account may begin chats.
   */
  connect({ wake, nudge, askWhatsApp }: Partial<Record<"wake" | "nudge" | "askWhatsApp", (tenantId: string) => void>>): void {
    if (nudge !== undefined) this.#nudge = nudge;
    if (wake !== undefined) this.#wake = wake;
    if (askWhatsApp !== undefined) this.#askWhatsApp = askWhatsApp;
  }

  /** Messages of batches have a bound of their own: `queued` are the others. */
  admit(tenantId: string, count: number, queued: number, nowMs: number): void {
    this.#admit(tenantId, count, queued, this.#config.queueLimit, nowMs);
  }

  /** May so many messages of a new batch wait beside those of others? @throws BridgeError queue_full with retryAfterMs */
  admitBatch(tenantId: string, count: number, nowMs: number): void {
    this.#admit(tenantId, count, this.#store.batches.waiting(tenantId), this.#config.batchQueueLimit, nowMs);
  }

  decide(candidate: Candidate, nowMs: number): Decision {
    const tenant = this.#tenant(candidate.tenantId, nowMs);
    if (tenant.circumstance.profile === "unpaced" && tenant.standing.forbids(nowMs) === undefined) return { go: true };
    const kind = this.#kindOf(candidate, nowMs);
    const decision = judge(tenant, kind, nowMs);
    const lane = laneOf(candidate, kind);
    if (lane === undefined || tenant.circumstance.profile === "unpaced") return decision;
    if (!decision.go) {
      if (decision.reason !== "restricted" && decision.untilMs !== undefined) tenant.turns.wants(lane, decision.untilMs);
      return decision;
    }
    const untilMs = tenant.turns.yieldUntil(lane, nowMs);
    return untilMs === undefined ? decision : { go: false, reason: "paced", untilMs };
  }

  /** It is on disk with whatever is written next, and so at the latest with the hand-over itself. */
  left(candidate: Candidate, nowMs: number): void {
    const { tenantId, chatId } = candidate;
    const tenant = this.#tenant(tenantId, nowMs);
    const kind = this.#kindOf(candidate, nowMs);
    tenant.pace.add(kind, nowMs);
    const lane = laneOf(candidate, kind);
    // Whoever let it go first may go on.
    if (lane !== undefined && tenant.turns.took(lane)) this.#wake(tenantId);
    const spent = kind.kind === "fresh" && tenant.standing.began();
    const account = this.#accountOf(tenantId);
    this.#store.writer.aside(() => {
      this.#store.pace.add(tenantId, nowMs, departuresOf(kind));
      if (account !== undefined) this.#store.chats.wrote(tenantId, account, [chatId], nowMs);
      if (kind.kind === "fresh") this.#store.pace.setStanding(tenantId, tenant.standing.toStored());
    }).catch((error: unknown) => {
      // In memory it is counted; the hand-over fails for the same reason.
      this.#log.error({ tenantId, err: error }, "a message that left could not be counted");
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
    if (tenant.circumstance.profile === "unpaced") return candidate.batchId === undefined ? 0 : LAST_RANK;
    const kind = this.#kindOf(candidate, nowMs);
    const lane = laneOf(candidate, kind);
    if (lane === undefined) return 0;
    return tenant.turns.rank(lane);
  }

  /** When a message will leave that has so many before it; undefined when only WhatsApp can tell. */
  expectedAt(candidate: Candidate, ahead: number, nowMs: number): number | undefined {
    return this.throughAt(candidate.tenantId, [candidate], ahead + 1, nowMs);
  }

  /**
   * When so many messages will have left that are like these, if nothing else comes in between; undefined when only
   * WhatsApp can tell.
   */
  throughAt(tenantId: string, sample: readonly Candidate[], count: number, fromMs: number): number | undefined {
    const tenant = this.#tenant(tenantId, fromMs);
    const kinds = sample.map((candidate) => this.#kindOf(candidate, fromMs));
    const forbidden = kinds.some(({ kind }) => kind === "fresh") ? tenant.standing.forbids(fromMs) : undefined;
    if (kinds.length === 0 || (forbidden !== undefined && forbidden.untilMs === undefined)) return undefined;
    const atMs = forecast(tenant, kinds, count, forbidden?.untilMs ?? fromMs);
    return Number.isFinite(atMs) ? Math.round(atMs) : undefined;
  }

  /** Everything of the contract's Limits. */
  limits(tenantId: string, waiting: Pick<Waiting, "count" | "heads" | "aside">, nowMs: number): Limits {
    const tenant = this.#tenant(tenantId, nowMs);
    const { pace, standing, circumstance, chosen } = tenant;
    const warmUp = circumstance.profile === "paced" ? pace.warmUp(circumstance.linkedAtMs, nowMs) : undefined;
    const aside = waiting.aside(tenantId);
    let parkedNewChats = aside.newChats;
    let nextSendAtMs = aside.nextMs;
    for (const head of waiting.heads(tenantId)) {
      const decision = judge(tenant, this.#kindOf(head, nowMs), nowMs);
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
    if (this.#store.outbox.anyWaiting(tenantId)) this.#nudge(tenantId);
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

  #admit(tenantId: string, count: number, queued: number, limit: number, nowMs: number): void {
    const over = queued + count - limit;
    if (over <= 0) return;
    const atMs = forecast(this.#tenant(tenantId, nowMs), [{ kind: "known", story: false }], Math.max(1, Math.min(over, queued)), nowMs);
    throw new BridgeError("queue_full", { retryAfterMs: Math.max(LEAST_RETRY_MS, Math.round(atMs - nowMs)) });
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
      turns: new LaneTurns(),
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

/** When the n-th message from now on will have left, of kinds that come in turns. */
function forecast({ pace, circumstance }: Tenant, kinds: readonly ChatKind[], n: number, fromMs: number): number {
  const trial = pace.clone();
  const steps = Math.min(n, FORESIGHT);
  const next = { atMs: fromMs };
  for (let i = 0; i < steps && Number.isFinite(next.atMs); i += 1) {
    const kind = kinds[i % kinds.length];
    if (kind === undefined) break;
    next.atMs = trial.opening(kind, circumstance, next.atMs).atMs;
    if (Number.isFinite(next.atMs)) trial.add(kind, next.atMs);
  }
  return steps === n ? next.atMs : fromMs + (next.atMs - fromMs) * (n / steps);
}

/** May a message of this kind leave, whoever else waits? */
function judge({ pace, standing, circumstance }: Tenant, kind: ChatKind, nowMs: number): Decision {
  const forbidden = kind.kind === "fresh" ? standing.forbids(nowMs) : undefined;
  if (forbidden !== undefined) return { go: false, reason: "restricted", untilMs: forbidden.untilMs };
  const { atMs, reason } = pace.opening(kind, circumstance, nowMs);
  return atMs <= nowMs ? { go: true } : { go: false, reason, untilMs: Number.isFinite(atMs) ? atMs : undefined };
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
