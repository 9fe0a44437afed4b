import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { BridgeProcess } from "../support/processes.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";

describe("whom the bridge believes", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  afterEach(() => gateway.sandbox.delete("/faults"));
  after(() => gateway.end());

  const complaints = (bridge: BridgeProcess = gateway.bridge): number => bridge.log.filter((line) => line["msg"] === "the server could not prove that it is WhatsApp").length;

  it("is no server with another root key than the one it was told", async () => {
    const rootKeyFile = join(gateway.directory, "other.key");
    writeFileSync(rootKeyFile, randomBytes(32));
    const bridge = await BridgeProcess.start(join(gateway.directory, "elsewhere"), { ...gateway.sandbox.env, SANDBOX_ROOT_KEY_FILE: rootKeyFile });
    try {
      const rpc = await bridge.client();
      const { state, qr } = await rpc.call("session.start", { tenantId: "acme", waitMs: 3000 });
      assert.deepEqual([state, qr], ["connecting", undefined]);
      assert.ok(complaints(bridge) > 0);
      rpc.close();
    } finally {
      await bridge.kill();
    }
  });

  it("is no phone whose account did not sign, although it knows the code's secret", async () => {
    const { qr } = await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    await gateway.sandbox.post("/faults", { kind: "forged-account", count: 1 });
    const scanned = gateway.sandbox.scan(qr?.text ?? "", OWNER).then(() => "linked", () => "refused");
    await waitFor("the connection to end", () => gateway.bridge.log.some((line) => line["msg"] === "connection ended"));
    const { state, phoneNumber } = await gateway.session("acme");
    assert.notEqual(state, "connected");
    assert.equal(phoneNumber, undefined);
    const { accounts } = await gateway.sandbox.get<{ accounts: { devices: unknown[] }[] }>("/accounts");
    assert.deepEqual(accounts.filter((account) => account.devices.length > 0), []);
    void scanned;
  });

  for (const [forgery, number] of [["root", "+5511910000011"], ["leaf", "+5511910000012"], ["signature", "+5511910000013"]] as const) {
    it(`is no server with a chain forged at its ${forgery}, and the session is there again with a good one`, async () => {
      // The tenant of the test before still shows codes, and would take the forged handshake for itself.
      await gateway.rpc.call("session.stop", { tenantId: "acme" });
      await gateway.paired(forgery, number);
      const before = complaints();
      await gateway.sandbox.post("/faults", { kind: "forged-certificate", forgery, count: 1 });
      await gateway.sandbox.post("/faults", { kind: "drop", number });
      await waitFor("the complaint", () => complaints() > before);
      await gateway.waitState(forgery, "connected");
      assert.equal(complaints(), before + 1);
    });
  }
});
