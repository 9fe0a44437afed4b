import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Attempts, backoffMs, STABLE_AFTER_MS } from "../../../bridge/src/whatsapp/attempts.js";
import { readEnding } from "../../../bridge/src/whatsapp/ending.js";
import { BY_CODE, verdictOn, type Ending } from "../../../bridge/src/whatsapp/reconnect.js";
import { Timers } from "../../../bridge/src/whatsapp/timers.js";

const LOST: Ending = {
  opened: true, paired: true, statusCode: undefined, toldByWhatsApp: true, qrRanOut: false, systemError: undefined,
  viaProxy: false, banMs: undefined, passkeyAsked: false, storeFailed: false,
};
const after = (ending: Partial<Ending>): string => {
  const { next, state, reason } = verdictOn({ ...LOST, ...ending });
  return `${next} ${state} ${reason}`;
};

const HOUR_MS = 60 * 60_000;

describe("the table of endings", () => {
  it("says for every code what follows", () => {
    const rows: [number | undefined, string][] = [
      [401, "forget logged_out logged_out_by_phone"],
      [402, "wait restricted temporarily_banned"],
      [403, "stop failed forbidden"],
      [405, "stop failed client_outdated"],
      [406, "stop failed forbidden"],
      [408, "backoff reconnecting connection_lost"],
      [409, "stop failed client_outdated"],
      [411, "stop failed multi_device_mismatch"],
      [428, "backoff reconnecting connection_lost"],
      [440, "stop failed connection_replaced"],
      [500, "backoff reconnecting bad_session"],
      [501, "backoff reconnecting service_unavailable"],
      [503, "backoff reconnecting service_unavailable"],
      [515, "now reconnecting restart_required"],
      [undefined, "backoff reconnecting connection_lost"],
      [999, "backoff reconnecting connection_lost"],
    ];
    for (const [statusCode, verdict] of rows) assert.equal(after({ statusCode }), verdict, String(statusCode));
    assert.deepEqual([...BY_CODE.keys()].sort(), rows.map(([code]) => code).filter((code) => code !== undefined && code !== 999).sort());
  });

  it("never ends a pairing when WhatsApp was not even reached, whatever a proxy answered", () => {
    for (const statusCode of [401, 403, 407, 440, 500, 515, undefined]) {
      assert.equal(after({ statusCode, opened: false }), "backoff reconnecting whatsapp_unreachable");
      assert.equal(after({ statusCode, opened: false, paired: false }), "backoff connecting whatsapp_unreachable");
    }
  });

  it("tells a name server's failure, the proxy's and the network's apart", () => {
    for (const systemError of ["ENOTFOUND", "EAI_AGAIN"]) assert.equal(after({ opened: false, systemError }), "backoff reconnecting dns_failure");
    for (const systemError of ["ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT", undefined]) {
      assert.equal(after({ opened: false, systemError }), "backoff reconnecting whatsapp_unreachable");
    }
    assert.equal(after({ opened: false, viaProxy: true, systemError: "ENOTFOUND" }), "backoff reconnecting proxy_unreachable");
    assert.equal(after({ viaProxy: true, statusCode: 428 }), "backoff reconnecting connection_lost");
  });

  it("begins anew with codes when they ran out unscanned, and not when the network broke", () => {
    assert.equal(after({ paired: false, statusCode: 408, qrRanOut: true }), "newQr connecting connection_lost");
    assert.equal(after({ paired: false, statusCode: 408 }), "backoff connecting connection_lost");
    assert.equal(after({ paired: false, statusCode: 428 }), "backoff connecting connection_lost");
  });

  it("does not log out, replace or break a session that has no account", () => {
    for (const statusCode of [401, 440, 500]) assert.equal(after({ paired: false, statusCode }), "backoff connecting connection_lost");
  });

  it("stops when a passkey was asked for, and waits for the disk when the disk was it", () => {
    assert.equal(after({ paired: false, passkeyAsked: true }), "stop failed passkey_required");
    assert.equal(after({ storeFailed: true, statusCode: 401 }), "backoff reconnecting store_unavailable");
  });

  it("passes on WhatsApp's own code, and none that Baileys made up", () => {
    assert.equal(verdictOn({ ...LOST, statusCode: 503 }).whatsappCode, 503);
    assert.equal(verdictOn({ ...LOST, statusCode: 428, toldByWhatsApp: false }).whatsappCode, undefined);
    assert.equal(verdictOn({ ...LOST, statusCode: 503, opened: false }).whatsappCode, undefined);
  });

  it("waits out a ban as long as WhatsApp said, and some hours when it did not", () => {
    assert.equal(verdictOn({ ...LOST, statusCode: 402, banMs: HOUR_MS }, 1000).untilMs, 1000 + HOUR_MS);
    assert.equal(verdictOn({ ...LOST, statusCode: 402 }, 1000).untilMs, 1000 + 6 * HOUR_MS);
  });

  it("is read from what Baileys ends with", () => {
    const boom = (message: string, statusCode: number, data?: unknown): unknown => Object.assign(new Error(message), { output: { statusCode }, data });
    const read = readEnding(boom("Connection Failure", 402, { reason: "402", code: "101", expire: "3600" }));
    assert.deepEqual(read, { statusCode: 402, toldByWhatsApp: true, qrRanOut: false, systemError: undefined, banMs: HOUR_MS });
    assert.equal(readEnding(boom("Connection Failure", 402, { expire: "-5" })).banMs, undefined);
    assert.ok((readEnding(boom("Connection Failure", 402, { expire: "99999999999" })).banMs ?? 0) < 400 * 24 * HOUR_MS);
    const dns = readEnding(boom("WebSocket Error (getaddrinfo ENOTFOUND x)", 408, Object.assign(new Error(), { code: "ENOTFOUND" })));
    assert.deepEqual(dns, { statusCode: 408, toldByWhatsApp: false, qrRanOut: false, systemError: "ENOTFOUND", banMs: undefined });
    assert.equal(readEnding(boom("QR refs attempts ended", 408)).qrRanOut, true);
    for (const nothing of [undefined, null, "text", 5, {}]) assert.equal(readEnding(nothing).statusCode, undefined);
  });
});

describe("waiting between attempts", () => {
  it("doubles up to a cap, with jitter", () => {
    assert.deepEqual([0, 1, 2, 6, 50].map((attempt) => backoffMs(attempt, 60_000, () => 1)), [1000, 2000, 4000, 60_000, 60_000]);
    assert.deepEqual([0, 50].map((attempt) => backoffMs(attempt, 60_000, () => 0)), [500, 30_000]);
  });

  /** Attempts a session makes in a day when each connection lasts so long before it ends so. */
  const attemptsInADay = (lastsMs: number, reason: "connection_lost" | "service_unavailable" | "whatsapp_unreachable" | "restart_required"): number => {
    const attempts = new Attempts();
    let nowMs = 0;
    let made = 0;
    while (nowMs < 24 * HOUR_MS) {
      made += 1;
      if (reason === "connection_lost" || reason === "restart_required") attempts.connected(nowMs);
      nowMs += lastsMs;
      attempts.ended(nowMs);
      nowMs += attempts.next({ next: reason === "restart_required" ? "now" : "backoff", reason }) ?? Infinity;
    }
    return made;
  };

  it("keeps a session that connects and drops at once from coming back more than a few hundred times a day", () => {
    for (const lastsMs of [0, 20, 1000, 10_000, STABLE_AFTER_MS - 1]) {
      const made = attemptsInADay(lastsMs, "connection_lost");
      assert.ok(made < 600, `${made} attempts a day when a connection lasts ${lastsMs} ms`);
    }
  });

  it("keeps a session that WhatsApp refuses, or restarts without end, from coming back in a hot loop", () => {
    assert.ok(attemptsInADay(50, "service_unavailable") < 600);
    assert.ok(attemptsInADay(50, "restart_required") < 600);
  });

  it("tries about twice a minute at most while the network is gone", () => {
    const made = attemptsInADay(20, "whatsapp_unreachable");
    assert.ok(made > 1000 && made < 3000, `${made} attempts`);
  });

  it("begins anew only after a connection that stayed", () => {
    const attempts = new Attempts();
    const lose = (connectedMs: number): void => {
      attempts.connected(0);
      attempts.ended(connectedMs);
      attempts.next({ next: "backoff", reason: "connection_lost" });
    };
    for (let i = 0; i < 5; i += 1) lose(STABLE_AFTER_MS - 1);
    assert.equal(attempts.failed, 5);
    lose(STABLE_AFTER_MS);
    assert.equal(attempts.failed, 1);
  });

  it("restarts at once when WhatsApp asks for it after a scan, and gives a broken session up after five tries", () => {
    const attempts = new Attempts();
    assert.equal(attempts.next({ next: "now", reason: "restart_required" }), 0);
    assert.equal(attempts.failed, 0);
    for (let i = 0; i < 5; i += 1) assert.notEqual(attempts.next({ next: "backoff", reason: "bad_session" }), undefined);
    assert.equal(attempts.next({ next: "backoff", reason: "bad_session" }), undefined);
  });

  it("waits for times longer than a timer of Node can be", (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const timers = new Timers<"ban">();
    let fired = 0;
    const longest = 2 ** 31 - 1;
    timers.set("ban", longest + 1000, () => (fired += 1));
    test.mock.timers.tick(longest);
    test.mock.timers.tick(999);
    assert.equal(fired, 0);
    assert.equal(timers.has("ban"), true);
    test.mock.timers.tick(1);
    assert.equal(fired, 1);
    assert.equal(timers.has("ban"), false);
  });
});
