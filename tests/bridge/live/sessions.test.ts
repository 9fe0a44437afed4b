import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { EXIT } from "../../../bridge/src/errors.js";
import { Gateway } from "../support/gateway.js";
import { makeDirectory } from "../support/places.js";
import { BridgeProcess, SandboxProcess } from "../support/processes.js";
import { Follower, RpcFailure } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const FIRST = "+5511910000001";
const SECOND = "+5511910000002";

interface Accounts {
  accounts: { number: string; devices: { device: number }[] }[];
}

describe("sessions", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("first", FIRST);
    await gateway.paired("second", SECOND);
  });
  after(() => gateway.end());

  const strike = (kind: string, number: string, more: object = {}): Promise<unknown> => gateway.sandbox.post("/faults", { kind, number, ...more });
  const statesOf = (tenantId: string, from = 0): string[] => gateway.follower.of("session.status").filter((event) => event.tenantId === tenantId && event.position > from).map((event) => [event.data.state, event.data.reason].filter((each) => each !== undefined).join("/"));
  /** Waits for the loss of the link, then for the session to be back; asking for it spares the backoff. */
  const comesBack = async (tenantId: string, from: number): Promise<void> => {
    await waitFor("the loss", () => statesOf(tenantId, from).length > 0);
    await gateway.rpc.call("session.start", { tenantId, waitMs: 10_000 });
    await waitFor("the reconnection", () => statesOf(tenantId, from).includes("connected"));
  };
  const head = async (): Promise<number> => (await gateway.rpc.call("system.health", {})).journal.headPosition;

  it("start once, however often they are started", async () => {
    const before = await head();
    const [a, b] = await Promise.all([1, 2].map(() => gateway.rpc.call("session.start", { tenantId: "first", waitMs: 5000 })));
    assert.equal(a?.state, "connected");
    assert.equal(b?.sessionId, a.sessionId);
    assert.equal(await head(), before);
  });

  it("are not there for a tenant that never started one", async () => {
    for (const method of ["session.get", "session.stop", "session.logout"] as const) {
      await assert.rejects(gateway.rpc.call(method, { tenantId: "nobody" }), { data: { name: "session_not_found", retryable: false } });
    }
  });

  it("are listed in the order of their tenants, a page at a time", async () => {
    const { sessions, hasMore } = await gateway.rpc.call("session.list", { limit: 1 });
    assert.deepEqual([sessions.map((session) => session.tenantId), hasMore], [["first"], true]);
    const rest = await gateway.rpc.call("session.list", { after: "first", limit: 10 });
    assert.deepEqual([rest.sessions.map((session) => session.tenantId), rest.hasMore], [["second"], false]);
  });

  it("stop and start again without a new QR code", async () => {
    const stopped = await gateway.rpc.call("session.stop", { tenantId: "first" });
    assert.deepEqual([stopped.state, stopped.reason, stopped.phoneNumber], ["disconnected", "stopped", FIRST]);
    const started = await gateway.rpc.call("session.start", { tenantId: "first", waitMs: 10_000 });
    assert.equal(started.state, "connected");
    assert.equal(started.sessionId, stopped.sessionId);
  });

  it("come back by themselves when the link is cut", async () => {
    const from = await head();
    await strike("drop", FIRST);
    await waitFor("the reconnection", () => statesOf("first", from).includes("connected"));
    assert.deepEqual(statesOf("first", from), ["reconnecting/connection_lost", "connected"]);
    assert.deepEqual(statesOf("second", from), []);
  });

  it("come back at once when WhatsApp asks for a restart or is briefly unavailable", async () => {
    for (const [kind, reason] of [["restart", "restart_required"], ["unavailable", "service_unavailable"], ["bad-session", "bad_session"]] as const) {
      const from = await head();
      await strike(kind, FIRST);
      await comesBack("first", from);
      assert.deepEqual(statesOf("first", from), [`reconnecting/${reason}`, "connected"], kind);
    }
  });

  for (const frame of ["node", "cipher"]) {
    it(`survive a frame that cannot be read (${frame}): that one reconnects, no other notices`, async () => {
      const from = await head();
      await strike("undecodable", FIRST, { frame });
      await comesBack("first", from);
      assert.deepEqual(statesOf("second", from), []);
      assert.equal(gateway.bridge.child.exitCode, null);
    });
  }

  it("come back when the bridge is killed and started again", async () => {
    const { sessionId } = await gateway.session("first");
    await gateway.bridge.kill();
    await gateway.restart();
    for (const tenantId of ["first", "second"]) await gateway.waitState(tenantId, "connected");
    assert.equal((await gateway.session("first")).sessionId, sessionId);
  });

  it("are closed without logging out when the bridge is told to end, within five seconds and with exit code 0", async () => {
    const begun = Date.now();
    assert.equal(await gateway.bridge.stop(), EXIT.ok);
    assert.ok(Date.now() - begun < 5000);
    const { accounts } = await gateway.sandbox.get<Accounts>("/accounts");
    assert.equal(accounts.flatMap((account) => account.devices).length, 2);
    await gateway.restart();
    for (const tenantId of ["first", "second"]) await gateway.waitState(tenantId, "connected");
  });

  it("stop and do not fight when another connection took their place", async () => {
    await strike("replaced", SECOND);
    const session = await gateway.waitState("second", "failed");
    assert.equal(session.reason, "connection_replaced");
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState("first", "connected");
    assert.equal((await gateway.session("second")).state, "failed");
    assert.equal((await gateway.rpc.call("session.start", { tenantId: "second", waitMs: 10_000 })).state, "connected");
  });

  it("stop with a reason when WhatsApp forbids them", async () => {
    for (const [kind, reason] of [["forbidden", "forbidden"], ["multi-device", "multi_device_mismatch"]] as const) {
      await strike(kind, SECOND);
      assert.equal((await gateway.waitState("second", "failed")).reason, reason);
      assert.equal((await gateway.rpc.call("session.start", { tenantId: "second", waitMs: 10_000 })).state, "connected");
    }
  });

  it("forget the pairing when the phone unlinks the device, and pair anew under a new sessionId", async () => {
    const before = await gateway.session("second");
    await strike("logged-out", SECOND);
    const session = await gateway.waitState("second", "logged_out");
    assert.deepEqual([session.reason, session.sessionId], ["logged_out_by_phone", before.sessionId]);
    await assert.rejects(gateway.send("second", FIRST, "x"), { data: { name: "session_not_connected", retryable: true } });
    const again = await gateway.paired("second", SECOND);
    assert.notEqual(again.sessionId, before.sessionId);
    const sequences = gateway.follower.events.filter((event) => event.sessionId === again.sessionId).map((event) => event.sequence);
    assert.deepEqual(sequences.slice(0, 3), [1, 2, 3]);
  });

  it("log out on request: the phone no longer has the device, the next start needs a QR code", async () => {
    const { accounts: before } = await gateway.sandbox.get<Accounts>("/accounts");
    assert.ok(before.some((account) => account.number === FIRST));
    const session = await gateway.rpc.call("session.logout", { tenantId: "first" });
    assert.deepEqual([session.state, session.reason], ["logged_out", "logged_out_by_request"]);
    await waitFor("the device to be unlinked", async () => {
      const { accounts } = await gateway.sandbox.get<Accounts>("/accounts");
      return !accounts.some((account) => account.number === FIRST);
    });
    const next = await gateway.rpc.call("session.start", { tenantId: "first", waitMs: 10_000 });
    assert.equal(next.state, "qr");
    assert.ok(next.qr !== undefined && next.qr.expiresAtMs > Date.now());
    assert.notEqual(next.sessionId, session.sessionId);
  });

  it("that were stopped are unlinked too when they are logged out", async () => {
    const devices = async (): Promise<number> => (await gateway.sandbox.get<Accounts>("/accounts")).accounts.flatMap((account) => account.devices).length;
    const before = await devices();
    await gateway.rpc.call("session.stop", { tenantId: "second" });
    assert.equal((await gateway.rpc.call("session.logout", { tenantId: "second" })).state, "logged_out");
    await waitFor("the device to be unlinked", async () => (await devices()) === before - 1);
  });
});

describe("a bridge", () => {
  it("starts no more sessions than it is set to hold", async () => {
    const gateway = await Gateway.start({ MAX_SESSIONS: "1" });
    await gateway.rpc.call("session.start", { tenantId: "one", waitMs: 0 });
    await assert.rejects(gateway.rpc.call("session.start", { tenantId: "two", waitMs: 0 }), { data: { name: "session_limit_reached", retryable: true } });
    await gateway.rpc.call("session.stop", { tenantId: "one" });
    await gateway.rpc.call("session.start", { tenantId: "two", waitMs: 0 });
    await gateway.end();
  });

  it("does not start beside another one on the same data, and leaves that one alone", async () => {
    const directory = makeDirectory();
    const first = await BridgeProcess.start(directory);
    const second = BridgeProcess.spawn(directory, { RUN_DIR: join(directory, "other") });
    assert.equal(await second.ended(), EXIT.anotherBridge);
    assert.match(String(second.log.at(-1)?.["msg"]), /already running/);
    const client = await first.client();
    assert.equal((await client.call("system.health", {})).store, "ok");
    client.close();
    await first.stop();
  });

  it("refuses to start with half a sandbox, and to trust WhatsApp's own name as one", async () => {
    const directory = makeDirectory();
    const half = BridgeProcess.spawn(directory, { SANDBOX_URL: "wss://127.0.0.1:1/ws/chat" });
    assert.equal(await half.ended(), EXIT.badConfig);
    const real = BridgeProcess.spawn(directory, { SANDBOX_URL: "wss://web.whatsapp.com/ws/chat", SANDBOX_ROOT_KEY_FILE: "/dev/null" });
    assert.equal(await real.ended(), EXIT.badConfig);
    assert.match(String(real.log.at(-1)?.["msg"]), /WhatsApp itself/);
  });
});

describe("without WhatsApp", () => {
  const refusal = (name: string) => (error: unknown): boolean => error instanceof RpcFailure && error.data.name === name;

  it("a start fails fast, the session keeps trying, and comes up by itself when WhatsApp is back", async () => {
    const directory = makeDirectory();
    const sandbox = await SandboxProcess.start(directory);
    await sandbox.stop();
    const bridge = await BridgeProcess.start(join(directory, "data"), sandbox.env);
    const client = await bridge.client();
    const follower = await Follower.open(bridge.socketPath);
    const begun = Date.now();
    await assert.rejects(client.call("session.start", { tenantId: "acme", waitMs: 20_000 }), refusal("whatsapp_unreachable"));
    assert.ok(Date.now() - begun < 1500, `it took ${Date.now() - begun} ms`);
    const session = await client.call("session.get", { tenantId: "acme" });
    assert.deepEqual([session.state, session.reason], ["connecting", "whatsapp_unreachable"]);
    assert.ok(session.retryAtMs !== undefined);
    const health = await client.call("system.health", {});
    assert.deepEqual([health.whatsapp, health.store, health.sessions], ["unreachable", "ok", { connecting: 1 }]);
    await assert.rejects(client.call("session.start", { tenantId: "acme", waitMs: 20_000 }), refusal("whatsapp_unreachable"));
    const back = await SandboxProcess.start(directory, { SANDBOX_PORT: sandbox.port });
    await waitFor("a QR code", () => follower.of("session.qr").length > 0, 20_000);
    assert.equal((await client.call("system.health", {})).whatsapp, "reachable");
    assert.deepEqual(follower.of("session.status").map((event) => event.data.state), ["connecting", "connecting", "qr"]);
    follower.stop();
    client.close();
    await bridge.stop();
    await back.stop();
  });

  it("a start fails within two seconds when nothing answers at all", async () => {
    const directory = makeDirectory();
    const sandbox = await SandboxProcess.start(directory);
    await sandbox.stop();
    const hole = createServer(() => undefined).listen(Number(sandbox.port), "127.0.0.1");
    const bridge = await BridgeProcess.start(join(directory, "data"), sandbox.env);
    const client = await bridge.client();
    const begun = Date.now();
    await assert.rejects(client.call("session.start", { tenantId: "acme", waitMs: 20_000 }), refusal("whatsapp_unreachable"));
    const took = Date.now() - begun;
    assert.ok(took > 1500 && took < 2200, `it took ${took} ms`);
    client.close();
    await bridge.stop();
    hole.close();
  });
});
