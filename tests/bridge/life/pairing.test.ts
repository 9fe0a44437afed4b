import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

describe("pairing", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());
  afterEach(() => gateway.sandbox.delete("/faults"));

  it("shows the same QR code to whoever starts the session twice, or twice at once", async () => {
    const start = () => gateway.rpc.call("session.start", { tenantId: "twice", waitMs: 10_000 });
    const [one, two] = await Promise.all([start(), start()]);
    const three = await start();
    assert.equal(one.state, "qr");
    assert.deepEqual([two.qr, three.qr], [one.qr, one.qr]);
    assert.deepEqual([two.sessionId, three.sessionId], [one.sessionId, one.sessionId]);
  });

  it("by a code that is typed on the phone connects the session, and the code is told with its end", async () => {
    const number = "+5511910000401";
    const { pairingCode, session } = await gateway.rpc.call("session.pairingCode", { tenantId: "code", phoneNumber: number });
    assert.equal(session.state, "qr");
    assert.deepEqual(session.pairingCode, pairingCode);
    const leftMs = pairingCode.expiresAtMs - Date.now();
    assert.ok(leftMs > 100_000 && leftMs <= 160_000, `${leftMs} ms left`);
    assert.deepEqual((await gateway.session("code")).pairingCode, pairingCode);
    const again = await gateway.rpc.call("session.pairingCode", { tenantId: "code", phoneNumber: number });
    assert.deepEqual(again.pairingCode, pairingCode);
    await gateway.sandbox.post("/mock-phone/enter-code", { code: pairingCode.code, number });
    const connected = await gateway.waitState("code", "connected");
    assert.equal(connected.phoneNumber, number);
    assert.equal(connected.pairingCode, undefined);
    await assert.rejects(gateway.rpc.call("session.pairingCode", { tenantId: "code", phoneNumber: number }), { data: { name: "session_already_paired", retryable: false } });
  });

  it("by a code nobody typed in logs nobody out: after a restart the QR code is there again, and works", async () => {
    const number = "+5511910000402";
    await gateway.rpc.call("session.pairingCode", { tenantId: "half", phoneNumber: number });
    await gateway.bridge.kill();
    await gateway.restart();
    const qr = await waitFor("a QR code", async () => (await gateway.session("half")).qr);
    assert.equal((await gateway.session("half")).pairingCode, undefined);
    await gateway.sandbox.scan(qr.text, number);
    await gateway.waitState("half", "connected");
    const states = gateway.follower.of("session.status").filter((event) => event.tenantId === "half").map((event) => event.data.state);
    assert.ok(!states.includes("logged_out"), states.join(" "));
  });

  it("by a code WhatsApp refuses says so, and the QR code still works", async () => {
    const number = "+5511910000403";
    await gateway.sandbox.post("/faults", { kind: "refuse-code", number });
    await assert.rejects(gateway.rpc.call("session.pairingCode", { tenantId: "refused", phoneNumber: number }), { data: { name: "pairing_code_refused", retryable: true } });
    const { qr, pairingCode } = await gateway.session("refused");
    assert.equal(pairingCode, undefined);
    await gateway.sandbox.scan(qr?.text ?? "", number);
    await gateway.waitState("refused", "connected");
  });

  for (const [way, number] of [["a QR code", "+5511910000404"], ["a pairing code", "+5511910000405"]] as const) {
    it(`by ${way} ends as failed when WhatsApp wants a passkey, and one start goes on`, async () => {
      const tenantId = way.replaceAll(" ", "-");
      await gateway.sandbox.post("/faults", { kind: "passkey", count: 1, number });
      if (way === "a QR code") {
        const { qr } = await gateway.rpc.call("session.start", { tenantId, waitMs: 10_000 });
        await assert.rejects(gateway.sandbox.scan(qr?.text ?? "", number), /passkey_required/);
      } else {
        const { pairingCode } = await gateway.rpc.call("session.pairingCode", { tenantId, phoneNumber: number });
        await assert.rejects(gateway.sandbox.post("/mock-phone/enter-code", { code: pairingCode.code, number }), /passkey_required/);
      }
      const session = await gateway.waitState(tenantId, "failed");
      assert.equal(session.reason, "passkey_required");
      const next = await gateway.rpc.call("session.start", { tenantId, waitMs: 10_000 });
      assert.equal(next.state, "qr");
      await gateway.sandbox.scan(next.qr?.text ?? "", number);
      await gateway.waitState(tenantId, "connected");
    });
  }

  it("is a device of its own for every tenant that links the same number", async () => {
    const number = "+5511910000406";
    await gateway.paired("first", number);
    await gateway.paired("second", number);
    assert.equal((await gateway.session("first")).state, "connected");
    await gateway.sandbox.say("+5511920000406", number, "for both");
    await waitFor("both to hear it", () => ["first", "second"].every((tenantId) => gateway.follower.texts(tenantId).includes("for both")));
  });
});
