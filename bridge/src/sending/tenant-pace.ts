/**
 * When the next message of one number may leave, from what left before: a pause since the last one, limits a minute,
 * hour and day, and a stricter count of chats begun with strangers.
 */
import type { Rate, SendingConfig } from "../config.js";
import type { HoldReason, LimitBucket, SendProfile } from "../rpc/contract.gen.js";
import { PACE_SPAN_MS, type Departures } from "../store/pace.js";
import type { ChatKind } from "./chat-kind.js";
import { drawNormal, pauseOf } from "./log-normal.js";
import { SlidingCount } from "./sliding-count.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The spacing of new chats is drawn out by up to this share: an even beat gives a program away. */
const NEW_CHAT_JITTER = 0.25;

/** A minute, an hour and a day of one kind of messages. */
class Counts {
  constructor(
    readonly minute = new SlidingCount(MINUTE_MS, 250),
    readonly hour = new SlidingCount(HOUR_MS, 10_000),
    readonly day = new SlidingCount(DAY_MS, 5 * MINUTE_MS),
  ) {}

  add(atMs: number, count = 1): void {
    for (const window of [this.minute, this.hour, this.day]) window.add(atMs, count);
  }

  freeAt(nowMs: number, rate: Rate): number {
    return Math.max(this.minute.freeAt(nowMs, rate.minute), this.hour.freeAt(nowMs, rate.hour), this.day.freeAt(nowMs, rate.day));
  }

  clone(): Counts {
    return new Counts(this.minute.clone(), this.hour.clone(), this.day.clone());
  }
}

/** When something last left, and how long the pause after it is, as a draw. */
interface Last {
  atMs: number;
  draw: number;
}

/** When a message may leave, and what it waits for until then. */
export interface Opening {
  atMs: number;
  reason: Extract<HoldReason, "paced" | "new_chat_limit">;
}

/** What the numbers hang on beside the past. */
export interface Circumstance {
  profile: SendProfile;
  /** When the number was linked here. */
  linkedAtMs: number | undefined;
}

export class TenantPace {
  readonly #config: SendingConfig;
  readonly #random: () => number;
  #replies = new Counts();
  /** Everything that is no reply. */
  #others = new Counts();
  /** Everything in chats that run. */
  #running = new Counts();
  /** First messages to strangers. */
  #fresh = new Counts();
  /** Chats begun. */
  #begun = new Counts();
  #stories = new SlidingCount(DAY_MS, 5 * MINUTE_MS);
  #last: Last | undefined;
  #lastOther: Last | undefined;
  #lastFresh: Last | undefined;
  #lastBegun: { atMs: number; stretch: number } | undefined;

  constructor(config: SendingConfig, random: () => number) {
    this.#config = config;
    this.#random = random;
  }

  /** Takes up what left before this process began. Within its span each message counts as the latest it can have been. */
  restore(departures: readonly (Departures & { atMs: number })[], nowMs: number): void {
    for (const { atMs, replies, known, fresh, begun, stories } of departures) {
      const lastMs = Math.min(nowMs, atMs + PACE_SPAN_MS - 1);
      this.#replies.add(lastMs, replies);
      this.#others.add(lastMs, known + fresh);
      this.#running.add(lastMs, replies + known);
      this.#fresh.add(lastMs, fresh);
      this.#begun.add(lastMs, begun);
      this.#stories.add(lastMs, stories);
      const last = { atMs: lastMs, draw: 0 };
      this.#last = last;
      if (known + fresh > 0) this.#lastOther = last;
      if (fresh > 0) this.#lastFresh = last;
      if (begun > 0) this.#lastBegun = { atMs: lastMs, stretch: 1 };
    }
  }

  /** A message left. */
  add(kind: ChatKind, atMs: number): void {
    const last = { atMs, draw: drawNormal(this.#random) };
    this.#last = last;
    (kind.kind === "reply" ? this.#replies : this.#others).add(atMs);
    (kind.kind === "fresh" ? this.#fresh : this.#running).add(atMs);
    if (kind.kind === "known" && kind.story) this.#stories.add(atMs);
    if (kind.kind !== "reply") this.#lastOther = last;
    if (kind.kind !== "fresh") return;
    this.#lastFresh = last;
    if (!kind.begins) return;
    this.#begun.add(atMs);
    this.#lastBegun = { atMs, stretch: 1 + NEW_CHAT_JITTER * this.#random() };
  }

  /** The first moment, not before now, at which a message of this kind may leave. */
  opening(kind: ChatKind, { profile, linkedAtMs }: Circumstance, nowMs: number): Opening {
    if (profile === "unpaced") return { atMs: nowMs, reason: "paced" };
    const { rate, gap, replyRate, replyGap, conversationsRate, conversationsGap, storiesPerDay } = this.#config;
    const paced = profile === "paced";
    let atMs = Math.max(nowMs, after(this.#last, paced ? replyGap : conversationsGap));
    if (paced && kind.kind === "reply") atMs = this.#replies.freeAt(atMs, replyRate);
    else if (paced) atMs = this.#others.freeAt(Math.max(atMs, after(this.#lastOther, gap)), rate);
    else if (kind.kind === "fresh") atMs = this.#fresh.freeAt(Math.max(atMs, after(this.#lastFresh, gap)), rate);
    else atMs = this.#running.freeAt(atMs, conversationsRate);
    if (paced && kind.kind !== "reply") atMs = this.#warmUpOpening(linkedAtMs, atMs);
    if (kind.kind === "known" && kind.story) atMs = this.#stories.freeAt(atMs, storiesPerDay);
    if (kind.kind !== "fresh" || !kind.begins) return { atMs, reason: "paced" };
    const begunAtMs = this.#newChatOpening(nowMs);
    return begunAtMs > atMs ? { atMs: begunAtMs, reason: "new_chat_limit" } : { atMs, reason: "paced" };
  }

  /** The limits and how far they are used, as the contract says it. */
  buckets({ profile, linkedAtMs }: Circumstance, nowMs: number): LimitBucket[] {
    if (profile === "unpaced") return [];
    const { rate, replyRate, conversationsRate, newChatsPerHour, newChatsPerDay, storiesPerDay } = this.#config;
    const paced = profile === "paced";
    const counts = paced ? this.#others : this.#running;
    const limits = paced ? rate : conversationsRate;
    const warmUp = paced ? this.warmUp(linkedAtMs, nowMs) : undefined;
    return [
      ...rateBuckets("", counts, limits, nowMs),
      ...(paced ? rateBuckets("replies_", this.#replies, replyRate, nowMs) : []),
      bucket("new_chats_hour", this.#begun.hour, newChatsPerHour, nowMs),
      bucket("new_chats_day", this.#begun.day, newChatsPerDay, nowMs),
      bucket("stories_day", this.#stories, storiesPerDay, nowMs),
      ...(warmUp === undefined ? [] : [bucket("warm_up_day", this.#others.day, warmUp.limit, nowMs)]),
    ];
  }

  /** Which of the first days after linking it is, counted from 1, and how many messages that are no replies may leave in 24 hours. */
  warmUp(linkedAtMs: number | undefined, nowMs: number): { day: number; limit: number } | undefined {
    if (linkedAtMs === undefined) return undefined;
    const days = Math.max(0, Math.floor((nowMs - linkedAtMs) / DAY_MS));
    if (days >= this.#config.warmUpDays) return undefined;
    return { day: days + 1, limit: Math.floor(this.#config.warmUpFirstDay * this.#config.warmUpGrowth ** days) };
  }

  /** A copy to try out what comes next on. */
  clone(): TenantPace {
    const copy = new TenantPace(this.#config, () => 0.5);
    copy.#replies = this.#replies.clone();
    copy.#others = this.#others.clone();
    copy.#running = this.#running.clone();
    copy.#fresh = this.#fresh.clone();
    copy.#begun = this.#begun.clone();
    copy.#stories = this.#stories.clone();
    copy.#last = this.#last;
    copy.#lastOther = this.#lastOther;
    copy.#lastFresh = this.#lastFresh;
    copy.#lastBegun = this.#lastBegun;
    return copy;
  }

  /** Each day of the warm-up allows more than the last. */
  #warmUpOpening(linkedAtMs: number | undefined, fromMs: number): number {
    let atMs = fromMs;
    for (let now = this.warmUp(linkedAtMs, atMs); now !== undefined; now = this.warmUp(linkedAtMs, atMs)) {
      const freeAtMs = this.#others.day.freeAt(atMs, now.limit);
      const nextDayMs = (linkedAtMs ?? 0) + now.day * DAY_MS;
      if (freeAtMs < nextDayMs) return freeAtMs;
      atMs = nextDayMs;
    }
    return atMs;
  }

  #newChatOpening(nowMs: number): number {
    const { newChatsPerHour, newChatsPerDay } = this.#config;
    const last = this.#lastBegun;
    const spacedMs = last === undefined ? nowMs : Math.max(nowMs, last.atMs + Math.round((HOUR_MS / newChatsPerHour) * last.stretch));
    return Math.max(this.#begun.hour.freeAt(spacedMs, newChatsPerHour), this.#begun.day.freeAt(spacedMs, newChatsPerDay));
  }
}

function after(last: Last | undefined, gap: SendingConfig["gap"]): number {
  return last === undefined ? 0 : last.atMs + pauseOf(gap, last.draw);
}

function bucket(name: LimitBucket["name"], count: SlidingCount, limit: number, nowMs: number): LimitBucket {
  const freeAtMs = count.freeAt(nowMs, limit);
  return { name, limit, used: count.used(nowMs), ...(freeAtMs > nowMs && Number.isFinite(freeAtMs) ? { freeAtMs } : {}) };
}

function rateBuckets(prefix: "" | "replies_", counts: Counts, rate: Rate, nowMs: number): LimitBucket[] {
  return [
    bucket(`${prefix}minute`, counts.minute, rate.minute, nowMs),
    bucket(`${prefix}hour`, counts.hour, rate.hour, nowMs),
    bucket(`${prefix}day`, counts.day, rate.day, nowMs),
  ];
}
