import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { SendingConfig } from "../../../bridge/src/config.js";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import type { Store } from "../../../bridge/src/store/store.js";
import { PacingGovernor } from "../../../bridge/src/sending/governor.js";
import type { Candidate } from "../../../bridge/src/sending/ports.js";
import { SILENT } from "../support/in-process.js";
import { openTestStore } from "../support/test-store.js";
import { DAY, DEFAULTS, HOUR, MINUTE, mostWithin, range, refusal, SECOND, seeded, START } from "./numbers.js";

const ACCOUNT = "+5511910000001";
const NOTHING_ASIDE = { newChats: 0, nextMs: undefined };
const IDLE = { count: () => 0, heads: () => [], aside: () => NOTHING_ASIDE };

describe("the governor", () => {
  let store: Store;
  let pairing: Pairing;
  let governor: PacingGovernor;
  let tenants = 0;
  let asked: string[] = [];
  let woken: string[] = [];
  before(() => {
    ({ store } = openTestStore());
  });
  after(() => {
    store.close();
  });
  beforeEach(() => {
    pairing = newTenant();
    asked = [];
    woken = [];
    governor = governorWith({});
  });

  function newTenant(): Pairing {
    const tenantId = `tenant-${(tenants += 1)}`;
    return store.writer.now(() => {
      const made = store.sessions.newPairing(tenantId, START);
      store.sessions.save({ tenantId, pairingId: made.id, shouldRun: true, state: "connected", reason: undefined, sinceMs: START, phoneNumber: ACCOUNT, lid: "100000000000001@lid", name: undefined, lastActivityMs: undefined, whatsappCode: undefined, restrictedUntilMs: undefined });
      return made;
    });
  }

  function governorWith(some: Partial<SendingConfig>): PacingGovernor {
    const made = new PacingGovernor({ store, log: SILENT, config: { ...DEFAULTS, ...some }, random: seeded(1) });
    made.connect({ wake: (tenantId) => woken.push(tenantId), askWhatsApp: (tenantId) => asked.push(tenantId) });
    return made;
  }

  function to(chat: number | string, more: Partial<Candidate> = {}): Candidate {
    return { tenantId: pairing.tenantId, pairing, chatId: typeof chat === "string" ? chat : jid(chat), type: "text", batchId: undefined, acceptedAtMs: START, ...more };
  }

  const jid = (chat: number): string => `55119200${String(chat).padStart(5, "0")}@s.whatsapp.net`;
  const lid = (chat: number): string => `2000000000${String(chat).padStart(5, "0")}@lid`;

  function heard(chat: number | string, atMs: number, ...more: string[]): void {
    const address = typeof chat === "string" ? chat : jid(chat);
    store.writer.now(() => {
      store.chats.heard(pairing.tenantId, ACCOUNT, [...more, address], atMs);
    });
  }

  function leave(candidate: Candidate, nowMs: number): void {
    governor.left(candidate, nowMs);
    store.writer.flush();
  }

  /** Hands over what may leave, as a dispatcher would, until nothing is left or a time. @returns what left when. */
  function dispatch(queue: Candidate[], fromMs: number, untilMs: number): { candidate: Candidate; atMs: number }[] {
    const left: { candidate: Candidate; atMs: number }[] = [];
    const waiting = [...queue];
    for (let nowMs = fromMs; nowMs <= untilMs && waiting.length > 0; ) {
      const ordered = [...waiting].sort((a, b) => governor.priority(a, nowMs) - governor.priority(b, nowMs));
      let nextMs = Infinity;
      let gone: Candidate | undefined;
      for (const candidate of ordered) {
        const decision = governor.decide(candidate, nowMs);
        if (decision.go) {
          gone = candidate;
          break;
        }
        assert.ok(decision.untilMs === undefined || decision.untilMs > nowMs, "held until later than now");
        nextMs = Math.min(nextMs, decision.untilMs ?? Infinity);
      }
      if (gone === undefined) {
        nowMs = nextMs;
        continue;
      }
      leave(gone, nowMs);
      left.push({ candidate: gone, atMs: nowMs });
      waiting.splice(waiting.indexOf(gone), 1);
    }
    return left;
  }

  function waitOf(candidate: Candidate, nowMs: number): { reason: string; ms: number | undefined } | undefined {
    const decision = governor.decide(candidate, nowMs);
    return decision.go ? undefined : { reason: decision.reason, ms: decision.untilMs === undefined ? undefined : decision.untilMs - nowMs };
  }

  describe("of a paced number", () => {
    it("lets replies overtake what waits, and batches come last", () => {
      for (const chat of [1, 2, 3]) heard(chat, START - HOUR);
      for (const chat of [4, 5]) heard(chat, START - 10 * DAY);
      const queue = [to(20, { batchId: "b" }), to(4, { batchId: "b" }), to(10), to(4), to(5), to(1), to(2), to(3)];
      const left = dispatch(queue, START, START + HOUR).map(({ candidate }) => candidate);
      assert.deepEqual(left.slice(0, 3).map(({ chatId }) => chatId), [jid(1), jid(2), jid(3)]);
      assert.deepEqual(left.slice(3, 6).map(({ chatId }) => chatId), [jid(4), jid(5), jid(10)]);
      assert.equal(left.length, 8);
    });

    it("keeps the limits of new chats apart: one in two minutes, and what may leave goes on", () => {
      for (let chat = 1; chat <= 10; chat += 1) heard(chat, START - 2 * DAY);
      const left = dispatch([...range(101, 105), ...range(1, 10)].map((chat) => to(chat)), START, START + 11 * MINUTE);
      const begun = left.filter(({ candidate }) => candidate.chatId >= jid(101)).map(({ atMs }) => atMs);
      const known = left.filter(({ candidate }) => candidate.chatId < jid(101)).map(({ atMs }) => atMs);
      assert.equal(begun.length, 5);
      assert.ok(mostWithin(begun, 2 * MINUTE) === 1);
      assert.equal(known.length, 10);
      assert.ok((known.at(-1) ?? 0) < START + 3 * MINUTE);
    });

    it("lets nothing starve: strangers and batches get their turn behind an endless stream of others", () => {
      for (let chat = 1; chat <= 60; chat += 1) heard(chat, START - 2 * DAY);
      const queue = [to(500, { batchId: "b" }), to(501, { batchId: "b" }), to(600), ...range(1, 60).map((chat) => to(chat))];
      const order = dispatch(queue, START, START + 6 * MINUTE).map(({ candidate }) => candidate);
      const at = (chat: number): number => order.findIndex(({ chatId }) => chatId === jid(chat));
      assert.ok(at(600) >= 0 && at(600) <= 8, `stranger ${at(600)}`);
      assert.ok(at(500) >= 0 && at(500) <= 25, `batch ${at(500)}`);
    });

    it("lets a stranger have its turn even where a dispatcher sees only part of what waits", () => {
      for (let chat = 1; chat <= 30; chat += 1) heard(chat, START - 2 * DAY);
      const stranger = to(600);
      let strangerMs = 0;
      // A window that always holds known chats before the stranger gets in, as long as any of them may leave soon.
      for (let nowMs = START; nowMs < START + 4 * MINUTE && strangerMs === 0; nowMs += 250) {
        const soon = range(1, 30).map((chat) => governor.decide(to(chat), nowMs)).findIndex((decision) => decision.go || (decision.untilMs ?? Infinity) - nowMs < 5000);
        if (soon >= 0) {
          if (governor.decide(to(soon + 1), nowMs).go) leave(to(soon + 1), nowMs);
        } else if (governor.decide(stranger, nowMs).go) {
          leave(stranger, nowMs);
          strangerMs = nowMs;
        }
      }
      assert.ok(strangerMs > 0, "the stranger got through");
      assert.ok(woken.length > 0, "and whoever let it go first was told to go on");
    });

    it("counts a second message to a stranger within a day as part of the chat it began", () => {
      leave(to(1), START);
      assert.equal(waitOf(to(2), START)?.reason, "new_chat_limit");
      const second = waitOf(to(1), START);
      assert.equal(second?.reason, "paced");
      assert.ok((second.ms ?? 0) <= 8000);
      assert.equal(waitOf(to(1), START + 8 * SECOND), undefined);
    });

    it("knows an exchange that runs from our side, and forgets one after a month of silence", () => {
      heard(1, START - 40 * DAY);
      leave(to(9, { type: "reaction" }), START - 3 * MINUTE);
      store.writer.now(() => {
        store.chats.wrote(pairing.tenantId, ACCOUNT, [jid(1)], START - 20 * DAY);
      });
      leave(to(2), START);
      assert.equal(waitOf(to(1), START + 10 * SECOND), undefined, "they wrote once and we wrote since");
      heard(3, START - 31 * DAY);
      assert.equal(waitOf(to(3), START + 10 * SECOND)?.reason, "new_chat_limit");
    });

    it("never calls a reaction, an edit or a deletion a new chat", () => {
      leave(to(1), START);
      for (const type of ["reaction", "edit", "delete"] as const) assert.equal(waitOf(to(2, { type }), START + 9 * SECOND), undefined, type);
      assert.equal(waitOf(to(2), START + 9 * SECOND)?.reason, "new_chat_limit");
    });

    it("takes groups, stories, channels and oneself for known, and a group that just spoke for a chat to answer in", () => {
      leave(to(1), START);
      const nowMs = START + 9 * SECOND;
      for (const chat of ["120363040000000001@g.us", "status@broadcast", "120363040000000002@newsletter", "5511910000001@s.whatsapp.net", "100000000000001@lid"]) assert.equal(waitOf(to(chat), nowMs), undefined, chat);
      heard("120363040000000001@g.us", START);
      leave(to(3, { type: "reaction" }), nowMs);
      assert.ok((waitOf(to("120363040000000001@g.us"), nowMs)?.ms ?? 0) <= 1500);
      assert.equal(governor.priority(to("120363040000000001@g.us"), nowMs), 0);
      assert.ok(governor.priority(to("120363040000000001@g.us"), nowMs + 11 * MINUTE) > 0);
    });

    it("takes a person's number and LID for one chat", () => {
      leave(to(9), START);
      heard(1, START - HOUR, lid(1));
      for (const chat of [jid(1), lid(1)]) assert.equal(governor.priority(to(chat), START), 0, chat);
      assert.equal(waitOf(to(lid(2)), START)?.reason, "new_chat_limit");
    });

    it("does not take the chats of another number for its own", () => {
      store.writer.now(() => {
        store.chats.heard(pairing.tenantId, "+5511910000002", [jid(1)], START - HOUR);
      });
      assert.ok(governor.priority(to(1), START) > 0);
    });

    it("goes on with its counts after a restart", () => {
      for (let chat = 1; chat <= 8; chat += 1) {
        heard(chat, START - 2 * DAY);
        leave(to(chat), START + chat * SECOND);
      }
      governor = governorWith({});
      assert.ok((waitOf(to(1), START + 10 * SECOND)?.ms ?? 0) > 45 * SECOND);
      leave(to(50), START + 80 * SECOND);
      governor = governorWith({});
      assert.equal(waitOf(to(51), START + 100 * SECOND)?.reason, "new_chat_limit");
      const { buckets } = governor.limits(pairing.tenantId, IDLE, START + 100 * SECOND);
      assert.equal(buckets.find(({ name }) => name === "new_chats_day")?.used, 1);
      assert.equal(buckets.find(({ name }) => name === "hour")?.used, 9);
    });
  });

  describe("of a number that was just linked", () => {
    it("counts the first week from the linking, and not again when the same number is linked anew", () => {
      governor.linked(pairing, ACCOUNT, START);
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START + HOUR).warmUp, { day: 1, days: 7 });
      governor.linked(pairing, ACCOUNT, START + 3 * DAY);
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START + 3 * DAY).warmUp, { day: 4, days: 7 });
      governor.linked(pairing, "+5511910000009", START + 4 * DAY);
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START + 4 * DAY).warmUp, { day: 1, days: 7 });
      assert.equal(governor.limits(pairing.tenantId, IDLE, START + 4 * DAY).buckets.find(({ name }) => name === "warm_up_day")?.limit, 20);
    });

    it("lets it answer without end, and holds the twenty-first other message of the day", () => {
      governor.linked(pairing, ACCOUNT, START);
      heard(1, START);
      for (let chat = 10; chat < 40; chat += 1) heard(chat, START - 2 * DAY);
      const left = dispatch([...range(10, 39).map((chat) => to(chat)), ...range(1, 30).map(() => to(1))], START, START + HOUR);
      assert.equal(left.filter(({ candidate }) => candidate.chatId !== jid(1)).length, 20);
      assert.equal(left.filter(({ candidate }) => candidate.chatId === jid(1)).length, 30);
      const { buckets } = governor.limits(pairing.tenantId, IDLE, START + HOUR);
      assert.equal(buckets.find(({ name }) => name === "warm_up_day")?.used, 20);
    });
  });

  describe("of a number WhatsApp restricts", () => {
    const untilMs = START + HOUR;

    for (const profile of ["paced", "conversations", "unpaced"] as const) {
      it(`parks first messages only, until the time WhatsApp named (${profile})`, () => {
        governor.choose(pairing.tenantId, profile, START);
        heard(1, START - MINUTE);
        heard(2, START - 5 * DAY);
        governor.timelock(pairing, true, untilMs, START);
        assert.deepEqual(waitOf(to(3), START), { reason: "restricted", ms: HOUR });
        for (const chat of [1, 2]) assert.equal(waitOf(to(chat), START), undefined);
        for (const type of ["reaction", "edit"] as const) assert.equal(waitOf(to(3, { type }), START), undefined);
        const limits = governor.limits(pairing.tenantId, { count: () => 3, heads: () => [to(1), to(3), to(4)], aside: () => NOTHING_ASIDE }, START);
        assert.deepEqual(limits.restrictions, [{ kind: "reachout_timelock", untilMs }]);
        assert.equal(limits.parkedNewChats, 2);
        assert.equal(limits.nextSendAtMs, START);
        assert.equal(waitOf(to(3), untilMs), undefined);
        assert.deepEqual(governor.limits(pairing.tenantId, IDLE, untilMs).restrictions, []);
      });
    }

    it("remembers it over a restart, and ends it when WhatsApp says so", () => {
      governor.timelock(pairing, true, undefined, START);
      governor = governorWith({});
      assert.deepEqual(waitOf(to(3), START + DAY), { reason: "restricted", ms: undefined });
      assert.equal(governor.expectedAt(to(3), 0, START), undefined);
      woken = [];
      governor.timelock(pairing, false, undefined, START + DAY);
      assert.deepEqual(woken, [pairing.tenantId]);
      assert.equal(waitOf(to(3), START + DAY), undefined);
    });

    it("parks first messages when the quota of new chats is used up or WhatsApp says CAPPED, until the cycle ends", () => {
      governor.capping(pairing, { quota: 100, used: 99, status: "SECOND_WARNING", cycleEndsAtMs: untilMs }, START);
      assert.equal(waitOf(to(3), START), undefined);
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START).restrictions, [{ kind: "message_capping", quota: 100, used: 99, status: "SECOND_WARNING", untilMs }]);
      leave(to(3), START);
      assert.deepEqual(asked, [pairing.tenantId], "WhatsApp is asked how it counts");
      assert.deepEqual(waitOf(to(4), START), { reason: "restricted", ms: HOUR });
      heard(5, START);
      assert.equal(waitOf(to(5), START + 2 * SECOND), undefined);
      governor.capping(pairing, { quota: 0, used: 0, status: "CAPPED", cycleEndsAtMs: undefined }, START);
      assert.deepEqual(waitOf(to(4), START), { reason: "restricted", ms: DAY });
      governor.capping(pairing, { quota: 0, used: 0, status: "NONE", cycleEndsAtMs: undefined }, START);
      assert.equal(waitOf(to(4), START)?.reason, "new_chat_limit");
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START).restrictions, []);
    });

    it("takes a refusal with 463 for a restriction until WhatsApp answers, and at most for a minute the first time", () => {
      governor.refused(to(3), 463, START);
      assert.deepEqual(waitOf(to(4), START), { reason: "restricted", ms: MINUTE });
      assert.equal(waitOf(to(4), START + MINUTE), undefined);
      governor.refused(to(5), 479, START + MINUTE);
      assert.equal(waitOf(to(4), START + MINUTE), undefined, "another error is no restriction");
    });

    it("believes WhatsApp once when it says that nothing is wrong, and not while it keeps refusing", () => {
      governor.refused(to(3), 463, START);
      governor.timelock(pairing, false, undefined, START + SECOND);
      assert.equal(waitOf(to(4), START + SECOND), undefined);
      governor.refused(to(4), 463, START + 2 * SECOND);
      governor.timelock(pairing, false, undefined, START + 3 * SECOND);
      assert.deepEqual(waitOf(to(5), START + 2 * SECOND), { reason: "restricted", ms: 2 * MINUTE });
      for (let i = 0; i < 10; i += 1) governor.refused(to(5), 463, START + 4 * SECOND);
      assert.deepEqual(waitOf(to(5), START + 4 * SECOND), { reason: "restricted", ms: HOUR });
      governor.refused(to(5), 463, START + DAY);
      assert.deepEqual(waitOf(to(5), START + DAY), { reason: "restricted", ms: MINUTE }, "the next day is another matter");
    });

    it("does not take over what WhatsApp said about the number before", () => {
      governor.linked(pairing, ACCOUNT, START);
      governor.timelock(pairing, true, untilMs, START);
      governor.linked(pairing, "+5511910000009", START);
      assert.deepEqual(governor.limits(pairing.tenantId, IDLE, START).restrictions, []);
    });
  });

  describe("of a full queue", () => {
    it("says when there will be room, and is right", () => {
      governor = governorWith({ queueLimit: 30 });
      for (const chat of range(1, 30)) heard(chat, START - 2 * DAY);
      const queue = range(1, 30).map((chat) => to(chat));
      governor.admit(pairing.tenantId, 1, 29, START);
      const left = dispatch(queue.slice(0, 10), START, START + HOUR);
      const nowMs = (left.at(-1)?.atMs ?? 0) + 1;
      for (const count of [1, 5, 12]) {
        const retryAfterMs = refusal(() => {
          governor.admit(pairing.tenantId, count, 30, nowMs);
        });
        const trial = governorWith({ queueLimit: 30 });
        const before = governor;
        governor = trial;
        const freed = dispatch(range(1, 30).map((chat) => to(chat)), nowMs, nowMs + HOUR)[count - 1]?.atMs ?? 0;
        governor = before;
        assert.ok(Math.abs(freed - nowMs - retryAfterMs) <= 15 * SECOND + 4 * SECOND * count, `${count}: ${retryAfterMs} said, ${freed - nowMs} true`);
        store.writer.now(() => store.pace.prune(Infinity, 10_000));
        for (const { atMs } of left) store.writer.now(() => {
          store.pace.add(pairing.tenantId, atMs, { replies: 0, known: 1, fresh: 0, begun: 0, stories: 0 });
        });
      }
    });

    it("tells an unpaced tenant to come back in a second", () => {
      governor = governorWith({ queueLimit: 10, profile: "unpaced" });
      assert.equal(refusal(() => {
        governor.admit(pairing.tenantId, 1, 10, START);
      }), 1000);
    });
  });

  describe("asked for the limits", () => {
    it("shows profile, pauses, buckets and what waits", () => {
      const limits = governor.limits(pairing.tenantId, IDLE, START);
      assert.equal(limits.profile, "paced");
      assert.equal(limits.isDefault, true);
      assert.equal(limits.queueLimit, 1000);
      assert.deepEqual(limits.gapMs, { min: 1000, median: 2500, max: 8000 });
      assert.deepEqual(limits.buckets.map(({ name, limit }) => [name, limit]), [["minute", 8], ["hour", 200], ["day", 1000], ["replies_minute", 60], ["replies_hour", 1500], ["replies_day", 10_000], ["new_chats_hour", 30], ["new_chats_day", 20], ["stories_day", 30]]);
    });

    it("follows the tenant's own choice at once, keeps it over a restart, and gives it up again", () => {
      leave(to(1), START);
      governor.choose(pairing.tenantId, "unpaced", START);
      assert.deepEqual(woken, [pairing.tenantId]);
      assert.equal(waitOf(to(2), START), undefined);
      governor = governorWith({});
      const limits = governor.limits(pairing.tenantId, IDLE, START);
      assert.deepEqual([limits.profile, limits.isDefault, limits.buckets, limits.gapMs], ["unpaced", false, [], undefined]);
      governor.choose(pairing.tenantId, undefined, START);
      assert.equal(governor.limits(pairing.tenantId, IDLE, START).isDefault, true);
      assert.equal(waitOf(to(2), START)?.reason, "new_chat_limit", "what left meanwhile counts");
    });
  });

  it("forgets a tenant that was erased, in memory and in the store", () => {
    leave(to(1), START);
    heard(1, START);
    governor.choose(pairing.tenantId, "conversations", START);
    store.writer.now(() => {
      store.eraser.shred(pairing.tenantId);
      governor.erased(pairing.tenantId);
    });
    while (!store.writer.now(() => store.eraser.sweep(pairing.tenantId)));
    const limits = governor.limits(pairing.tenantId, IDLE, START);
    assert.deepEqual([limits.profile, limits.buckets.every(({ used }) => used === 0)], ["paced", true]);
    assert.deepEqual(store.chats.times(pairing.tenantId, ACCOUNT, jid(1)), { heardAtMs: undefined, wroteAtMs: undefined });
  });
});
