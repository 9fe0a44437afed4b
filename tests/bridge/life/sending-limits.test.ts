import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Limits } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000311";

describe("the limits of a number", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ SEND_PROFILE: "paced" });
    await gateway.paired("acme", OWNER);
  });
  after(() => gateway.end());
  afterEach(() => gateway.sandbox.delete("/faults"));

  const limits = (): Promise<Limits> => gateway.rpc.call("limits.get", { tenantId: "acme" });
  const restrictions = (fits: (some: Limits["restrictions"]) => boolean): Promise<Limits["restrictions"]> =>
    waitFor("the restrictions", async () => {
      const some = (await limits()).restrictions;
      return fits(some) ? some : undefined;
    });

  it("are those of the settings, in its first days with a warm-up", async () => {
    const { profile, isDefault, warmUp, buckets } = await limits();
    assert.deepEqual([profile, isDefault, warmUp], ["paced", true, { day: 1, days: 7 }]);
    assert.equal(buckets.find(({ name }) => name === "warm_up_day")?.limit, 20);
  });

  it("are the tenant's own once it chose, also after the bridge was killed", async () => {
    const chosen = await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "conversations" });
    assert.deepEqual([chosen.profile, chosen.isDefault], ["conversations", false]);
    await gateway.bridge.kill();
    await gateway.restart();
    assert.equal((await limits()).profile, "conversations");
    assert.deepEqual(await gateway.rpc.call("limits.set", { tenantId: "acme" }).then(({ profile, isDefault }) => [profile, isDefault]), ["paced", true]);
    await assert.rejects(gateway.rpc.call("limits.get", { tenantId: "nobody" }), { data: { name: "session_not_found", retryable: false } });
    await gateway.waitState("acme", "connected");
  });

  it("show the timelock and the quota of new chats as WhatsApp tells them", async () => {
    await gateway.sandbox.post("/faults", { kind: "timelock-notice", ms: 60_000, number: OWNER });
    const [timelock] = await restrictions((some) => some.length === 1);
    assert.equal(timelock?.kind, "reachout_timelock");
    assert.ok(Math.abs((timelock.untilMs ?? 0) - Date.now() - 60_000) < 10_000);
    await gateway.sandbox.post("/faults", { kind: "timelock-notice", ms: 0, number: OWNER });
    await restrictions((some) => some.length === 0);
    await gateway.sandbox.post("/faults", { kind: "capping-notice", quota: 50, spent: 50, status: "CAPPED", ms: 90_000, number: OWNER });
    const [capping] = await restrictions((some) => some.length === 1);
    assert.deepEqual([capping?.kind, capping?.quota, capping?.used, capping?.status], ["message_capping", 50, 50, "CAPPED"]);
    assert.ok(Math.abs((capping?.untilMs ?? 0) - Date.now() - 90_000) < 10_000);
    assert.equal((await gateway.session("acme")).state, "connected", "a quota is no restriction of the session");
  });

  it("are asked of WhatsApp with each login", async () => {
    await gateway.sandbox.post("/faults", { kind: "timelock", ms: 60_000, number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "capping", quota: 7, spent: 3, status: "FIRST_WARNING", ms: 90_000, number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    const both = await restrictions((some) => some.length === 2 && some[1]?.quota === 7);
    assert.deepEqual(both.map(({ kind }) => kind), ["reachout_timelock", "message_capping"]);
    assert.equal((await gateway.waitState("acme", "restricted")).reason, "restricted_by_whatsapp");
    await gateway.sandbox.delete("/faults");
    await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    await restrictions((some) => some.length === 0);
    await gateway.waitState("acme", "connected");
  });

  it("stay as they were when WhatsApp does not answer, and nothing else suffers", async () => {
    await gateway.sandbox.post("/faults", { kind: "refuse-request", xmlns: "w:mex", code: 500, number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    await gateway.waitState("acme", "reconnecting");
    await gateway.waitState("acme", "connected");
    assert.deepEqual((await limits()).restrictions, []);
  });

  it("are gone with the tenant", async () => {
    await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "unpaced" });
    await gateway.rpc.call("session.delete", { tenantId: "acme" });
    await gateway.paired("acme", OWNER);
    assert.deepEqual(await limits().then(({ profile, warmUp }) => [profile, warmUp]), ["paced", { day: 1, days: 7 }]);
  });
});
