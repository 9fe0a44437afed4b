import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Session, SessionReason, SessionState } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

/** One row of the table as it is seen from outside: the fault at the next login, and what the session says then. */
interface Row {
  kind: string;
  state: SessionState;
  reason: SessionReason;
  whatsappCode?: number;
}

const STOPS: Row[] = [
  { kind: "forbidden", state: "failed", reason: "forbidden", whatsappCode: 403 },
  { kind: "banned", state: "failed", reason: "forbidden", whatsappCode: 406 },
  { kind: "outdated", state: "failed", reason: "client_outdated", whatsappCode: 405 },
  { kind: "multi-device", state: "failed", reason: "multi_device_mismatch", whatsappCode: 411 },
  { kind: "replaced", state: "failed", reason: "connection_replaced", whatsappCode: 440 },
];

const RETURNS: Row[] = [
  { kind: "drop", state: "reconnecting", reason: "connection_lost" },
  { kind: "drop-mid-frame", state: "reconnecting", reason: "connection_lost" },
  { kind: "close", state: "reconnecting", reason: "connection_lost" },
  { kind: "undecodable", state: "reconnecting", reason: "connection_lost" },
  { kind: "unavailable", state: "reconnecting", reason: "service_unavailable", whatsappCode: 503 },
  { kind: "experimental", state: "reconnecting", reason: "service_unavailable", whatsappCode: 501 },
  { kind: "bad-session", state: "reconnecting", reason: "bad_session", whatsappCode: 500 },
];

describe("the end of a connection, on the wire", () => {
  let gateway: Gateway;
  let tenants = 0;

  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());
  afterEach(() => gateway.sandbox.delete("/faults"));

  const pairedTenant = async (): Promise<{ tenantId: string; number: string }> => {
    tenants += 1;
    const tenantId = `t${tenants}`;
    const number = `+55119100002${String(tenants).padStart(2, "0")}`;
    await gateway.paired(tenantId, number);
    return { tenantId, number };
  };
  const statuses = (tenantId: string): { state: SessionState; reason?: SessionReason; whatsappCode?: number }[] =>
    gateway.follower.of("session.status").filter((event) => event.tenantId === tenantId).map((event) => event.data);
  const until = (tenantId: string, row: Pick<Row, "state" | "reason">): Promise<Session> =>
    waitFor(`${tenantId} to be ${row.state}, ${row.reason}`, async () => {
      const session = await gateway.session(tenantId);
      return session.state === row.state && session.reason === row.reason ? session : undefined;
    });

  for (const row of STOPS) {
    it(`"${row.kind}" stops the session as ${row.state} with reason ${row.reason}, and it does not come back by itself`, async () => {
      const { tenantId, number } = await pairedTenant();
      await gateway.sandbox.post("/faults", { kind: row.kind, number });
      const session = await until(tenantId, row);
      assert.equal(session.whatsappCode, row.whatsappCode);
      assert.equal(session.retryAtMs, undefined);
      const told = await waitFor("the event", () => statuses(tenantId).find((status) => status.reason === row.reason));
      assert.equal(told.whatsappCode, row.whatsappCode);
      // A person may try: nothing was forgotten.
      await gateway.rpc.call("session.start", { tenantId, waitMs: 5000 });
      assert.equal((await gateway.waitState(tenantId, "connected")).reason, undefined);
    });
  }

  for (const row of RETURNS) {
    it(`"${row.kind}" makes the session ${row.state} with reason ${row.reason}, and it comes back by itself`, async () => {
      const { tenantId, number } = await pairedTenant();
      await gateway.sandbox.post("/faults", { kind: row.kind, number });
      const told = await waitFor("the event", () => statuses(tenantId).find((status) => status.reason === row.reason));
      assert.equal(told.state, row.state);
      assert.equal(told.whatsappCode, row.whatsappCode);
      const session = await gateway.waitState(tenantId, "connected");
      assert.equal(session.reason, undefined);
      assert.equal(session.whatsappCode, undefined);
      assert.equal(session.attempt, undefined);
    });
  }

  it("\"logged-out\" forgets the pairing, and the next start shows a QR code", async () => {
    const { tenantId, number } = await pairedTenant();
    await gateway.sandbox.post("/faults", { kind: "logged-out", number });
    const session = await until(tenantId, { state: "logged_out", reason: "logged_out_by_phone" });
    assert.equal(session.whatsappCode, 401);
    const again = await gateway.rpc.call("session.start", { tenantId, waitMs: 5000 });
    assert.equal(again.state, "qr");
    assert.notEqual(again.sessionId, session.sessionId);
    await gateway.rpc.call("session.stop", { tenantId });
  });

  it("a restart WhatsApp asks for is over in a moment and nobody's error", async () => {
    const { tenantId, number } = await pairedTenant();
    const before = statuses(tenantId).length;
    await gateway.sandbox.post("/faults", { kind: "restart", number });
    await waitFor("the restart", () => statuses(tenantId).slice(before).some((status) => status.state === "connected"));
    assert.deepEqual(statuses(tenantId).slice(before).map(({ state, reason }) => [state, reason]), [["reconnecting", "restart_required"], ["connected", undefined]]);
  });

  it("a ban says until when it lasts, is waited out, also by a start and over a restart of the bridge, and ends by itself", async () => {
    const { tenantId, number } = await pairedTenant();
    await gateway.sandbox.post("/faults", { kind: "temp-ban", on: "login", ms: 4000, number });
    await gateway.sandbox.post("/faults", { kind: "drop", number });
    const banned = await until(tenantId, { state: "restricted", reason: "temporarily_banned" });
    assert.equal(banned.whatsappCode, 402);
    const leftMs = (banned.restrictedUntilMs ?? 0) - Date.now();
    assert.ok(leftMs > 1000 && leftMs <= 4000, `${leftMs} ms left`);
    const told = await waitFor("the event", () => gateway.follower.of("session.status").find((event) => event.tenantId === tenantId && event.data.reason === "temporarily_banned"));
    assert.equal(told.data.restrictedUntilMs, banned.restrictedUntilMs);
    const started = await gateway.rpc.call("session.start", { tenantId, waitMs: 0 });
    assert.equal(started.state, "restricted");
    await gateway.bridge.kill();
    await gateway.restart();
    const resumed = await gateway.session(tenantId);
    assert.equal(resumed.state, "restricted");
    assert.equal(resumed.restrictedUntilMs, banned.restrictedUntilMs);
    await assert.rejects(gateway.send(tenantId, "+5511920000001", "no", { queue: false }), { data: { name: "session_not_connected", retryable: true } });
    const back = await gateway.waitState(tenantId, "connected");
    assert.ok(Date.now() >= (banned.restrictedUntilMs ?? 0));
    assert.equal(back.restrictedUntilMs, undefined);
  });

  it("a session that keeps being refused waits longer and longer, says so, and gives a broken one up", async () => {
    const { tenantId, number } = await pairedTenant();
    await gateway.sandbox.post("/faults", { kind: "unavailable", on: "login", forMs: 60_000, number });
    await gateway.sandbox.post("/faults", { kind: "drop", number });
    const first = await waitFor("a second failure", async () => {
      const session = await gateway.session(tenantId);
      return (session.attempt ?? 0) >= 2 ? session : undefined;
    });
    assert.equal(first.reason, "service_unavailable");
    assert.ok((first.retryAtMs ?? 0) > Date.now() - 100);
    await gateway.sandbox.delete("/faults");
    await gateway.waitState(tenantId, "connected");
  });
});
