import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";

describe("what WhatsApp says right after the handshake", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());

  it("is never lost: every login of many comes through the first time", async () => {
    for (let n = 0; n < 12; n += 1) {
      const session = await gateway.rpc.call("session.start", { tenantId: `login-${n}`, waitMs: 5000 });
      assert.equal(session.state, "qr", `session ${n}`);
      await gateway.rpc.call("session.stop", { tenantId: `login-${n}` });
    }
  });
});
