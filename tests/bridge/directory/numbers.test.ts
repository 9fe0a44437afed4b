import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CheckedNumber } from "../../../bridge/src/rpc/contract.gen.js";
import { formsOf } from "../../../bridge/src/whatsapp/number-forms.js";
import { Gateway } from "../support/gateway.js";
import { questions } from "../support/questions.js";
import { refused, RpcFailure } from "../support/rpc-client.js";

const OWNER = "+5511910000041";

describe("the forms of a number", () => {
  const cases: [given: string, forms: string[]][] = [
    ["+5511988887777", ["+5511988887777", "+551188887777"]],
    ["+551188887777", ["+551188887777", "+5511988887777"]],
    ["+551133334444", ["+551133334444"]],
    ["+5511933334444", ["+5511933334444"]],
    ["+525512345678", ["+525512345678", "+5215512345678"]],
    ["+5215512345678", ["+5215512345678", "+525512345678"]],
    ["+541123456789", ["+541123456789", "+5491123456789"]],
    ["+5491123456789", ["+5491123456789", "+541123456789"]],
    ["+14155550123", ["+14155550123"]],
  ];
  for (const [given, forms] of cases) {
    it(`of ${given} are ${forms.join(" and ")}`, () => {
      assert.deepEqual(formsOf(given), forms);
    });
  }
});

describe("checking numbers", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "60000" });
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  const check = async (...phoneNumbers: [string, ...string[]]): Promise<CheckedNumber[]> => (await gateway.rpc.call("number.check", { tenantId: "acme", phoneNumbers })).numbers;
  const asked = async (): Promise<number> => (await questions(gateway.sandbox, "usync", "contact")).length;

  it("answers with the form WhatsApp knows, in Brazil, Mexico and Argentina", async () => {
    const known = ["+551188887777", "+5215512345678", "+5491123456789"];
    for (const number of known) await gateway.sandbox.post("/contacts", { number });
    const found = await check("+5511988887777", "+525512345678", "+541123456789");
    assert.deepEqual(found.map(({ jid }) => jid), known.map((number) => `${number.slice(1)}@s.whatsapp.net`));
    const { lid } = await gateway.sandbox.get<{ lid: string }>("/contacts/+551188887777");
    assert.equal(found[0]?.lid, lid);
  });

  it("sends a message to that form", async () => {
    const sent = await gateway.send("acme", "+5511988887777", "hello");
    assert.equal(sent.chatId, "551188887777@s.whatsapp.net");
  });

  it("says no of a number without an account, and keeps both answers for a while", async () => {
    await gateway.sandbox.post("/contacts", { number: "+14155550100", exists: false });
    const before = await asked();
    const [absent, present] = await check("+14155550100", "+14155550101");
    assert.deepEqual([absent, present?.exists], [{ phoneNumber: "+14155550100", exists: false }, true]);
    assert.equal(await asked(), before + 1);
    await check("+14155550101", "+14155550100");
    assert.equal(await asked(), before + 1, "nothing is asked twice");
    await assert.rejects(gateway.send("acme", "+14155550100", "anybody?"), refused("recipient_not_on_whatsapp"));
    assert.equal(await asked(), before + 1);
  });

  it("asks for many numbers in one question, however many want them at the same time", async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => `+1415556${String(index).padStart(4, "0")}`);
    const before = await asked();
    const answers = await Promise.all([check("+14155561000", ...numbers), check("+14155561000", ...numbers), check("+14155561000", ...numbers.slice(5))]);
    assert.ok(answers.flat().every(({ exists }) => exists));
    assert.equal(await asked(), before + 1);
  });

  it("remembers an account over a restart of the bridge", async () => {
    const before = await asked();
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState("acme", "connected");
    assert.equal((await check("+14155550101"))[0]?.jid, "14155550101@s.whatsapp.net");
    assert.equal(await asked(), before);
  });

  it("stops asking when WhatsApp wants fewer questions, and says how long", async () => {
    await gateway.sandbox.post("/faults", { kind: "refuse-request", xmlns: "usync", tag: "usync", code: 429 });
    const limited = await check("+14155550200").catch((error: unknown) => error);
    assert.ok(limited instanceof RpcFailure && limited.data.name === "whatsapp_rate_limited");
    assert.ok(Number(limited.data["retryAfterMs"]) > 50_000);
    await gateway.sandbox.delete("/faults");
    const before = await asked();
    await assert.rejects(check("+14155550201"), refused("whatsapp_rate_limited"));
    assert.equal(await asked(), before, "nothing was asked");
    assert.equal((await check("+14155550101"))[0]?.exists, true, "what is known is still answered");
  });

  it("says that the session is not connected", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    await assert.rejects(check("+14155550300"), refused("session_not_connected"));
    await assert.rejects(gateway.rpc.call("number.check", { tenantId: "nobody", phoneNumbers: ["+14155550300"] }), refused("session_not_found"));
  });
});

describe("the pace of number checks", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "60" });
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  it("is kept by refusing what would have to wait too long, while messages still find their recipients", async () => {
    const some = (from: number): string[] => Array.from({ length: 50 }, (_, index) => `+1415557${String(from + index).padStart(4, "0")}`);
    const check = ([first = "", ...others]: string[]): Promise<unknown> => gateway.rpc.call("number.check", { tenantId: "acme", phoneNumbers: [first, ...others] });
    await check(some(0));
    const refusal = await check(some(50)).catch((error: unknown) => error);
    assert.ok(refusal instanceof RpcFailure && refusal.data.name === "whatsapp_rate_limited");
    const waitMs = Number(refusal.data["retryAfterMs"]);
    assert.ok(waitMs > 15_000 && waitMs <= 25_000, `${waitMs} ms`);
    const began = Date.now();
    assert.equal((await gateway.send("acme", "+14155579999", "hello")).status, "sent");
    assert.ok(Date.now() - began < 5000);
  });
});
