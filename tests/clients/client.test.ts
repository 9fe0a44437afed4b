import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { GatewayError, WhatsAppClient } from "../../clients/typescript/src/index.js";
import { AnsweringServer } from "./server.js";

const SENT = { success: true, messageId: "3EB0C1D2E3F405162738AB", status: "sent" };
const BUSY = { status: 503, headers: { "Retry-After": "0" }, body: { code: "bridge_unavailable", detail: "Not now.", retryable: true } };

describe("the TypeScript client", () => {
  let server: AnsweringServer;
  let client: WhatsAppClient;

  before(async () => {
    server = await AnsweringServer.start();
    client = new WhatsAppClient({ baseUrl: `${server.url}/`, apiKey: "wk_live_of_a_test", timeoutMs: 5000 });
  });
  after(() => server.stop());

  const refusal = async (work: Promise<unknown>): Promise<GatewayError> => {
    const error = await work.then(() => undefined, (reason: unknown) => reason);
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  };

  it("says what the API wants to hear, with the key in its header", async () => {
    server.will({ status: 200, body: { connected: false } }, { status: 200, body: SENT });
    await new WhatsAppClient(server.url, "wk_live_of_a_test").startSession("my/shop", { webhook: { url: "https://app.example" } });
    await client.sendMessage("shop", "+5511987654321", "Olá", { wait: 3 });
    const [start, send] = server.asked;
    assert.deepEqual([start?.method, start?.url, start?.headers.authorization], ["POST", "/api/v1/sessions/my%2Fshop/start", "Bearer wk_live_of_a_test"]);
    assert.deepEqual(JSON.parse(start?.body ?? ""), { webhook: { url: "https://app.example" } });
    assert.equal(send?.url, "/api/v1/messages/shop/send?wait=3");
    assert.deepEqual(JSON.parse(send.body), { to: "+5511987654321", message: "Olá", type: "text" });
  });

  for (const [name, trouble] of [["no answer", "drop"], ["the gateway asks to come back", BUSY]] as const) {
    it(`sends a message again under the same key when there is ${name}`, async () => {
      server.will(trouble, trouble, { status: 200, body: SENT });
      assert.equal((await client.sendMessage("shop", { to: "+5511987654321", message: "once" })).messageId, SENT.messageId);
      const keys = server.asked.map((each) => each.headers["idempotency-key"]);
      assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
      assert.match(keys[0] as string, /^[0-9a-f-]{36}$/);
    });
  }

  it("does not say again what could happen twice, nor what is refused for good", async () => {
    server.will("drop", { status: 200 });
    assert.equal((await refusal(client.createGroup("shop", { subject: "x", participants: ["+5511987654321"] }))).code, "no_answer");
    assert.equal(server.asked.length, 1);
    server.will({ status: 422, body: { code: "invalid_recipient", detail: "No number.", retryable: false, errors: [{ field: "to", message: "is no number" }] }, headers: { "X-Request-Id": "r1" } });
    const error = await refusal(client.sendMessage("shop", "nobody", "x"));
    assert.deepEqual([error.code, error.status, error.message, error.requestId, error.errors], ["invalid_recipient", 422, "No number.", "r1", [{ field: "to", message: "is no number" }]]);
    assert.equal(server.asked.length, 1);
  });

  it("gives up after so many tries, and at once when it would have to wait long", async () => {
    server.will(BUSY, BUSY, BUSY, BUSY, BUSY);
    assert.equal((await refusal(client.getHealth())).code, "bridge_unavailable");
    assert.equal(server.asked.length, 4);
    server.will({ status: 429, headers: { "Retry-After": "3600" }, body: { code: "queue_full", detail: "Full.", retryable: true } });
    const error = await refusal(client.sendMessage("shop", "+5511987654321", "x"));
    assert.deepEqual([error.code, error.retryAfter], ["queue_full", 3600]);
  });

  it("takes an answer that is not the gateway's own for what it is", async () => {
    server.will({ status: 400, body: "<html>" });
    const error = await refusal(client.getHealth());
    assert.deepEqual([error.code, error.status, error.retryable], ["http_400", 400, false]);
  });

  it("carries its key to no other address", async () => {
    server.will({ status: 307, headers: { Location: "/elsewhere" } }, { status: 200 });
    assert.equal((await refusal(new WhatsAppClient({ baseUrl: server.url, apiKey: "k", retries: 0 }).getHealth())).code, "no_answer");
    assert.equal(server.asked.length, 1);
  });

  it("ends at its deadline, and when it is told to", async () => {
    server.will("hang");
    assert.match((await refusal(client.createGroup("shop", { subject: "x", participants: ["+5511987654321"] }, { timeoutMs: 50 }))).message, /in time/);
    server.will("hang");
    const controller = new AbortController();
    const call = client.getHealth({ signal: controller.signal });
    controller.abort();
    await assert.rejects(call, { name: "AbortError" });
  });

  it("refuses an address that is none and an empty key", () => {
    assert.throws(() => new WhatsAppClient("whatsapp", "key"), TypeError);
    assert.throws(() => new WhatsAppClient("https://whatsapp.example", " "), TypeError);
  });
});
