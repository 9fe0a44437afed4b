import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Session } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";

describe("stop, restart, log out and delete", () => {
  let gateway: Gateway;
  let numbers = 0;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());

  const number = (): string => `+55119100005${String((numbers += 1)).padStart(2, "0")}`;
  const start = (tenantId: string, waitMs = 10_000): Promise<Session> => gateway.rpc.call("session.start", { tenantId, waitMs });
  const stop = (tenantId: string): Promise<Session> => gateway.rpc.call("session.stop", { tenantId });
  const restart = (tenantId: string, waitMs = 10_000): Promise<Session> => gateway.rpc.call("session.restart", { tenantId, waitMs });
  const logout = (tenantId: string): Promise<Session> => gateway.rpc.call("session.logout", { tenantId });
  const drop = (tenantId: string): Promise<{ deleted: boolean }> => gateway.rpc.call("session.delete", { tenantId });

  it("are four different things", async () => {
    const phone = number();
    const first = await gateway.paired("four", phone);
    const restarted = await restart("four");
    assert.equal(restarted.state, "connected");
    assert.equal(restarted.sessionId, first.sessionId);
    assert.equal((await stop("four")).reason, "stopped");
    assert.equal((await start("four")).sessionId, first.sessionId);
    assert.equal((await logout("four")).state, "logged_out");
    assert.deepEqual(await drop("four"), { deleted: true });
    await assert.rejects(gateway.session("four"), { data: { name: "session_not_found", retryable: false } });
  });

  it("change nothing when they are asked for again", async () => {
    await gateway.paired("again", number());
    const [a, b] = [await stop("again"), await stop("again")];
    assert.deepEqual(b, a);
    const [c, d] = [await logout("again"), await logout("again")];
    assert.deepEqual(d, c);
    assert.deepEqual([await drop("again"), await drop("again")], [{ deleted: true }, { deleted: false }]);
  });

  it("are done once when they are asked for twice at once", async () => {
    const phone = number();
    await gateway.paired("once", phone);
    for (const state of (await Promise.all([restart("once"), restart("once")])).map((session) => session.state)) assert.equal(state, "connected");
    const [one, two] = await Promise.all([stop("once"), stop("once")]);
    assert.deepEqual(two, one);
    await start("once");
    await gateway.waitState("once", "connected");
    const outs = await Promise.all([logout("once"), logout("once")]);
    assert.deepEqual(outs.map((session) => session.state), ["logged_out", "logged_out"]);
    const { devices } = await gateway.sandbox.get<{ devices: number[] }>(`/contacts/${phone}`);
    assert.deepEqual(devices, [0]);
    const [gone] = await Promise.all([drop("once"), drop("once")]);
    assert.deepEqual(gone, { deleted: true });
  });

  it("work while a QR code is shown, and the start that waits is answered", async () => {
    const shown = await start("qr");
    const renewed = await restart("qr");
    assert.equal(renewed.state, "qr");
    assert.notEqual(renewed.qr?.text, shown.qr?.text);
    assert.equal((await stop("qr")).state, "disconnected");
    await start("qr");
    assert.equal((await logout("qr")).state, "logged_out");
    await start("qr");
    assert.deepEqual(await drop("qr"), { deleted: true });
  });

  it("work while the session connects, or waits for its next attempt", async () => {
    const phone = number();
    await gateway.paired("retry", phone);
    await gateway.sandbox.post("/faults", { kind: "unavailable", on: "login", forMs: 20_000, number: phone });
    await gateway.sandbox.post("/faults", { kind: "drop", number: phone });
    await gateway.waitState("retry", "reconnecting");
    assert.equal((await restart("retry", 0)).state, "connecting");
    assert.equal((await stop("retry")).state, "disconnected");
    await start("retry", 0);
    assert.equal((await stop("retry")).state, "disconnected");
    await gateway.sandbox.delete("/faults");
    assert.equal((await start("retry")).state, "connected");
    await gateway.sandbox.post("/faults", { kind: "unavailable", on: "login", forMs: 20_000, number: phone });
    await gateway.sandbox.post("/faults", { kind: "drop", number: phone });
    await gateway.waitState("retry", "reconnecting");
    assert.deepEqual(await drop("retry"), { deleted: true });
    await gateway.sandbox.delete("/faults");
  });

  it("end as the last one said, whatever is asked for at once, and leave one connection at most", async () => {
    const phone = number();
    await gateway.paired("storm", phone);
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 5; i += 1) calls.push(stop("storm"), start("storm", 0), restart("storm", 0));
    await Promise.all(calls);
    await gateway.waitState("storm", "connected");
    await gateway.send("storm", "+5511920000501", "still one");
    const { connections } = await gateway.sandbox.get<{ connections: { jid?: string }[] }>("/status").catch(() => ({ connections: [] }));
    assert.ok(connections.filter((each) => each.jid?.startsWith(phone.slice(1)) === true).length <= 1);
    const replaced = gateway.follower.of("session.status").some((event) => event.tenantId === "storm" && event.data.reason === "connection_replaced");
    assert.equal(replaced, false);
  });

  it("let a deleted tenant begin anew at once, and answer who waited for it", async () => {
    const waiting = start("gone", 20_000);
    const deleted = drop("gone").catch((error: unknown) => error);
    await Promise.all([waiting, deleted]);
    await drop("gone");
    const [, session] = await Promise.all([drop("gone"), start("gone")]);
    assert.equal(session.state, "qr");
  });

  it("say session_not_found for a tenant that has none, but deleting it is done already", async () => {
    for (const call of [stop, logout, restart]) await assert.rejects(call("nobody"), { data: { name: "session_not_found", retryable: false } });
    assert.deepEqual(await drop("nobody"), { deleted: false });
  });

  it("leave nothing that comes back after the bridge was killed", async () => {
    await gateway.paired("kept", number());
    await gateway.paired("dropped", number());
    await stop("kept");
    await drop("dropped");
    await gateway.bridge.kill();
    await gateway.restart();
    assert.equal((await gateway.session("kept")).state, "disconnected");
    await assert.rejects(gateway.session("dropped"), { data: { name: "session_not_found", retryable: false } });
    assert.equal((await start("kept")).state, "connected");
  });
});
