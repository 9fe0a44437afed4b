import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChatKind } from "../../../bridge/src/sending/chat-kind.js";
import { SlidingCount } from "../../../bridge/src/sending/sliding-count.js";
import { TenantPace, type Circumstance } from "../../../bridge/src/sending/tenant-pace.js";
import { PACE_SPAN_MS, type Departures } from "../../../bridge/src/store/pace.js";
import { DAY, DEFAULTS, HOUR, MINUTE, mostWithin, SECOND, seeded, START } from "./numbers.js";

const REPLY: ChatKind = { kind: "reply" };
const KNOWN: ChatKind = { kind: "known", story: false };
const STORY: ChatKind = { kind: "known", story: true };
const BEGINS: ChatKind = { kind: "fresh", begins: true };
const FOLLOWS: ChatKind = { kind: "fresh", begins: false };
const NOTHING: Departures = { replies: 0, known: 0, fresh: 0, begun: 0, stories: 0 };

const PACED: Circumstance = { profile: "paced", linkedAtMs: undefined };
const CONVERSATIONS: Circumstance = { profile: "conversations", linkedAtMs: undefined };

/** Sends as much as may leave of whatever `next` wants, until a time. @returns when each kind left. */
function flood(pace: TenantPace, circumstance: Circumstance, untilMs: number, next: (atMs: number) => ChatKind, fromMs = START): { kind: ChatKind; atMs: number }[] {
  const left: { kind: ChatKind; atMs: number }[] = [];
  for (let nowMs = fromMs; ; ) {
    const kind = next(nowMs);
    const { atMs } = pace.opening(kind, circumstance, nowMs);
    // One that has to wait for long does not stop the others.
    nowMs = Math.min(atMs, nowMs + 10 * SECOND);
    if (nowMs > untilMs) return left;
    if (nowMs < atMs) continue;
    pace.add(kind, nowMs);
    left.push({ kind, atMs: nowMs });
  }
}

function times(left: { kind: ChatKind; atMs: number }[], fits: (kind: ChatKind) => boolean): number[] {
  return left.filter(({ kind }) => fits(kind)).map(({ atMs }) => atMs);
}

function pick(random: () => number, ...kinds: ChatKind[]): ChatKind {
  return kinds[Math.floor(random() * kinds.length)] ?? REPLY;
}

describe("a sliding count", () => {
  it("never lets more through than its limit in any window, however the requests come", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seeded(seed);
      const limit = 1 + Math.floor(random() * 20);
      const count = new SlidingCount(MINUTE, 250);
      const left: number[] = [];
      for (let nowMs = START; nowMs < START + 20 * MINUTE; nowMs += Math.floor(random() ** 4 * 20 * SECOND)) {
        nowMs = Math.max(nowMs, count.freeAt(nowMs, limit));
        count.add(nowMs);
        left.push(nowMs);
      }
      assert.ok(mostWithin(left, MINUTE) <= limit, `seed ${seed}`);
      assert.ok(left.length > limit, `seed ${seed} sent something`);
    }
  });

  it("frees a place as soon as one is free, to its bin", () => {
    const count = new SlidingCount(MINUTE, 250);
    for (const atMs of [START, START + 100, START + 30_000]) count.add(atMs);
    assert.equal(count.freeAt(START + 30_000, 4), START + 30_000);
    assert.equal(count.freeAt(START + 30_000, 3), START + 60_250);
    assert.equal(count.freeAt(START + 30_000, 1), START + 90_250);
    assert.equal(count.freeAt(START, 0), Infinity);
    assert.equal(count.used(START + 60_000), 3);
    assert.equal(count.used(START + 61_000), 1);
    assert.equal(count.used(START + 30_000), 3, "asking about later forgets nothing");
  });

  it("counts on when the clock goes back", () => {
    const count = new SlidingCount(MINUTE, 250);
    count.add(START);
    count.add(START - HOUR);
    assert.equal(count.used(START), 2);
    assert.equal(count.freeAt(START, 2), START + MINUTE + 250);
  });
});

describe("a paced number that is flooded for three days", () => {
  const random = seeded(7);
  const left = flood(new TenantPace(DEFAULTS, seeded(1)), PACED, START + 3 * DAY, () => pick(random, REPLY, KNOWN, BEGINS, FOLLOWS));
  const replies = times(left, ({ kind }) => kind === "reply");
  const others = times(left, ({ kind }) => kind !== "reply");
  const begun = times(left, (kind) => kind.kind === "fresh" && kind.begins);

  it("keeps within each limit in every window", () => {
    assert.ok(mostWithin(others, MINUTE) <= 8);
    assert.ok(mostWithin(others, HOUR) <= 200);
    assert.ok(mostWithin(others, DAY) <= 1000);
    assert.ok(mostWithin(replies, MINUTE) <= 60);
    assert.ok(mostWithin(replies, HOUR) <= 1500);
    assert.ok(mostWithin(replies, DAY) <= 10_000);
    assert.ok(mostWithin(begun, DAY) <= 20);
    assert.ok(mostWithin(begun, 2 * MINUTE) <= 1);
  });

  it("uses what it has", () => {
    assert.ok(others.length > 2500, `${others.length} others`);
    assert.ok(begun.length > 50, `${begun.length} begun`);
  });

  it("pauses as people do between messages that are no replies", () => {
    const pauses = others.slice(1).map((atMs, index) => atMs - (others[index] ?? 0));
    assert.ok(Math.min(...pauses) >= 1000);
    const short = pauses.filter((ms) => ms <= 8000).sort((a, b) => a - b);
    const median = short[Math.floor(short.length / 2)] ?? 0;
    assert.ok(median > 2000 && median < 3500, `median ${median}`);
    assert.ok(new Set(short).size > 200, "hardly two alike");
  });
});

describe("a paced number", () => {
  it("lets the first message after a quiet time leave at once, of whatever kind", () => {
    for (const kind of [REPLY, KNOWN, STORY, BEGINS]) assert.equal(new TenantPace(DEFAULTS, seeded(1)).opening(kind, PACED, START).atMs, START);
    const pace = new TenantPace(DEFAULTS, seeded(1));
    pace.add(KNOWN, START);
    assert.ok(pace.opening(KNOWN, PACED, START).atMs >= START + 1000);
    assert.equal(pace.opening(KNOWN, PACED, START + 8001).atMs, START + 8001);
  });

  it("answers within two seconds of anything it sent, and so at least 40 times a minute", () => {
    const pace = new TenantPace(DEFAULTS, seeded(3));
    pace.add(BEGINS, START);
    assert.ok(pace.opening(REPLY, PACED, START).atMs <= START + 1500);
    const left = flood(new TenantPace(DEFAULTS, seeded(3)), PACED, START + MINUTE, () => REPLY);
    assert.ok(left.length >= 60, `${left.length} replies in a minute`);
  });

  it("does not let replies use up what other messages have, nor the other way round", () => {
    const pace = new TenantPace(DEFAULTS, seeded(4));
    flood(pace, PACED, START + MINUTE - 1, () => REPLY);
    assert.ok(pace.opening(KNOWN, PACED, START + MINUTE).atMs <= START + MINUTE + 1500);
    const busy = new TenantPace(DEFAULTS, seeded(4));
    flood(busy, PACED, START + MINUTE - 1, () => KNOWN);
    assert.ok(busy.opening(KNOWN, PACED, START + MINUTE - 1).atMs > START + MINUTE - 1);
    assert.ok(busy.opening(REPLY, PACED, START + MINUTE).atMs <= START + MINUTE + 1500);
  });

  it("says whether a message waits for its turn or for new chats", () => {
    const pace = new TenantPace(DEFAULTS, seeded(5));
    pace.add(BEGINS, START);
    assert.equal(pace.opening(KNOWN, PACED, START).reason, "paced");
    const next = pace.opening(BEGINS, PACED, START);
    assert.equal(next.reason, "new_chat_limit");
    assert.ok(next.atMs >= START + 2 * MINUTE && next.atMs <= START + 2.5 * MINUTE, `${next.atMs - START}`);
    assert.ok(pace.opening(FOLLOWS, PACED, START).atMs <= START + 8000, "a second message to the same stranger begins nothing");
  });

  it("tells no more than thirty stories a day", () => {
    const left = flood(new TenantPace(DEFAULTS, seeded(6)), PACED, START + 2 * DAY, () => STORY);
    assert.equal(mostWithin(left.map(({ atMs }) => atMs), DAY), 30);
  });
});

describe("a number in its first week", () => {
  const linked: Circumstance = { profile: "paced", linkedAtMs: START };
  const pace = new TenantPace(DEFAULTS, seeded(8));
  const left = flood(pace, linked, START + 8 * DAY, () => KNOWN);
  const others = left.map(({ atMs }) => atMs);

  it("sends twenty messages that are no replies on the first day, and 1.8 times more each day", () => {
    const limits = [20, 36, 64, 116, 209, 377, 680];
    assert.deepEqual(limits.map((_, day) => pace.warmUp(START, START + day * DAY)), limits.map((limit, day) => ({ day: day + 1, limit })));
    limits.forEach((limit, day) => {
      const until = others.filter((atMs) => atMs < START + (day + 1) * DAY);
      assert.ok(mostWithin(until, DAY) <= limit, `day ${day + 1}`);
    });
    assert.equal(others.filter((atMs) => atMs < START + DAY).length, 20);
    assert.equal(pace.warmUp(START, START + 7 * DAY), undefined);
  });

  it("never stands still for a day, and is past it after a week", () => {
    const pauses = others.slice(1).map((atMs, index) => atMs - (others[index] ?? 0));
    assert.ok(Math.max(...pauses) <= DAY);
    assert.ok(others.filter((atMs) => atMs >= START + 7 * DAY).length > 200);
  });

  it("answers as always", () => {
    const fresh = new TenantPace(DEFAULTS, seeded(8));
    const answers = flood(fresh, linked, START + HOUR, () => REPLY);
    assert.ok(answers.length >= 1400, `${answers.length}`);
  });
});

describe("the profile for conversations", () => {
  it("lets more than 120 messages a minute leave in running chats, for an hour", () => {
    const random = seeded(9);
    const left = flood(new TenantPace(DEFAULTS, seeded(9)), CONVERSATIONS, START + HOUR - 1, () => pick(random, REPLY, KNOWN)).map(({ atMs }) => atMs);
    for (let minute = 0; minute < 20; minute += 1) {
      const during = left.filter((atMs) => atMs >= START + minute * MINUTE && atMs < START + (minute + 1) * MINUTE);
      assert.ok(during.length >= 120, `minute ${minute}: ${during.length}`);
    }
    assert.ok(left.length >= 60 * 120, `${left.length} in the hour`);
    assert.ok(mostWithin(left, MINUTE) <= 240 && mostWithin(left, HOUR) <= 9000);
  });

  it("holds a message in a running chat up for half a second at most while its limits last", () => {
    const pace = new TenantPace(DEFAULTS, seeded(10));
    pace.add(KNOWN, START);
    assert.ok(pace.opening(REPLY, CONVERSATIONS, START).atMs <= START + 500);
    assert.equal(pace.opening(REPLY, CONVERSATIONS, START + 501).atMs, START + 501);
  });

  it("paces strangers as ever, busy chats or not", () => {
    const random = seeded(11);
    const left = flood(new TenantPace(DEFAULTS, seeded(11)), CONVERSATIONS, START + 2 * HOUR, () => (random() < 0.9 ? KNOWN : BEGINS));
    const begun = times(left, ({ kind }) => kind === "fresh");
    assert.ok(mostWithin(begun, 2 * MINUTE) <= 1 && begun.length === 20, `${begun.length}`);
  });
});

describe("the profile without pacing", () => {
  it("holds nothing up", () => {
    const pace = new TenantPace(DEFAULTS, seeded(12));
    for (let i = 0; i < 10_000; i += 1) {
      assert.equal(pace.opening(BEGINS, { profile: "unpaced", linkedAtMs: START }, START).atMs, START);
      pace.add(BEGINS, START);
    }
  });
});

describe("a number whose process was restarted", () => {
  it("keeps within its limits over any number of restarts", () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seeded(seed);
      const spans = new Map<number, Departures>();
      const all: { kind: ChatKind; atMs: number }[] = [];
      for (let nowMs = START; nowMs < START + 6 * HOUR; ) {
        const pace = new TenantPace(DEFAULTS, random);
        pace.restore([...spans].map(([atMs, departures]) => ({ atMs, ...departures })), nowMs);
        const endMs = nowMs + Math.floor(random() * 5 * MINUTE);
        const left = flood(pace, PACED, endMs, () => pick(random, REPLY, KNOWN, BEGINS), nowMs);
        for (const { kind, atMs } of left) {
          const spanMs = Math.floor(atMs / PACE_SPAN_MS) * PACE_SPAN_MS;
          const sum = { ...(spans.get(spanMs) ?? NOTHING) };
          if (kind.kind === "reply") sum.replies += 1;
          if (kind.kind === "known") sum.known += 1;
          if (kind.kind === "fresh") sum.fresh += 1;
          if (kind.kind === "fresh") sum.begun += 1;
          spans.set(spanMs, sum);
        }
        all.push(...left);
        nowMs = endMs + 1;
      }
      const others = times(all, ({ kind }) => kind !== "reply");
      assert.ok(mostWithin(others, MINUTE) <= 8 && mostWithin(others, HOUR) <= 200, `seed ${seed}`);
      assert.ok(mostWithin(times(all, ({ kind }) => kind === "fresh"), DAY) <= 20, `seed ${seed}`);
      assert.ok(mostWithin(times(all, ({ kind }) => kind === "reply"), MINUTE) <= 60, `seed ${seed}`);
      assert.ok(others.length > 200);
    }
  });
});
