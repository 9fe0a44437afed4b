import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

describe("a session that does not reach WhatsApp", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", "+5511910001101");
    await gateway.bridge.stop();
  });
  after(() => gateway.end());

  it("says dns_failure when the name server knows no address, and comes back when it does", async () => {
    await gateway.restart({ SANDBOX_URL: "wss://no-such-host-anywhere:8443/ws/chat" });
    const session = await waitFor("the reason", async () => {
      const found = await gateway.session("acme");
      return found.reason === "dns_failure" ? found : undefined;
    }, 20_000);
    assert.ok(["connecting", "reconnecting"].includes(session.state));
    assert.ok((session.attempt ?? 0) >= 1);
    assert.equal(session.phoneNumber, "+5511910001101");
    await assert.rejects(gateway.rpc.call("session.start", { tenantId: "new", waitMs: 20_000 }), { data: { name: "whatsapp_unreachable", retryable: true } });
    assert.equal((await gateway.rpc.call("system.health", {})).whatsapp, "unreachable");
    await gateway.bridge.stop();
    await gateway.restart();
    await gateway.waitState("acme", "connected");
  });

  it("says whatsapp_unreachable when nobody answers at the address", async () => {
    await gateway.bridge.stop();
    await gateway.restart({ SANDBOX_URL: "wss://127.0.0.1:1/ws/chat" });
    const session = await waitFor("the reason", async () => {
      const found = await gateway.session("acme");
      return found.reason === "whatsapp_unreachable" ? found : undefined;
    });
    assert.ok((session.retryAtMs ?? 0) > 0);
  });
});
