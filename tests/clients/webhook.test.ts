import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { verifyWebhook, webhookRoute, WebhookRefused } from "../../clients/typescript/src/index.js";

const SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const BODY = '{"event":"message","tenantId":"shop","data":{}}';

function headers(body = BODY, { secret = SECRET, ageSeconds = 0 } = {}): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
  const signature = createHmac("sha256", key).update(`evt_1.${timestamp}.${body}`).digest("base64");
  return { "Webhook-Id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

describe("a webhook", () => {
  it("is opened whatever form the runtime gives it in", async () => {
    for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY).buffer]) {
      assert.equal((await verifyWebhook(body, headers(), SECRET)).event, "message");
      assert.equal((await verifyWebhook(body, new Headers(headers()), SECRET)).event, "message");
    }
  });

  it("is opened with a secret of one's own, and with either of two while one is replaced", async () => {
    assert.equal((await verifyWebhook(BODY, headers(BODY, { secret: "a-secret-of-my-own" }), "a-secret-of-my-own")).event, "message");
    assert.equal((await verifyWebhook(BODY, headers(), ["another-secret", SECRET])).event, "message");
    const both = headers();
    both["webhook-signature"] = `v1,AAAA v2,x ${both["webhook-signature"] ?? ""}`;
    assert.equal((await verifyWebhook(BODY, both, SECRET)).event, "message");
  });

  it("is refused when it is changed, unsigned, signed by somebody else, or old", async () => {
    const cases: [string, Record<string, string>][] = [
      [`${BODY} `, headers()],
      [BODY, {}],
      [BODY, headers(BODY, { secret: "somebody-else" })],
      [BODY, headers(BODY, { ageSeconds: 301 })],
      [BODY, headers(BODY, { ageSeconds: -301 })],
      [BODY, { ...headers(), "webhook-timestamp": "soon" }],
      [BODY, { ...headers(), "Webhook-Id": "evt_2" }],
      [BODY, { ...headers(), "webhook-signature": "v1,not base64" }],
    ];
    for (const [body, given] of cases) await assert.rejects(verifyWebhook(body, given, SECRET), WebhookRefused);
    await assert.rejects(verifyWebhook(BODY, headers(), ""), TypeError);
  });

  it("comes through a route to the application, and strangers do not", async () => {
    const seen: string[] = [];
    const route = webhookRoute({ secret: SECRET, onEvent: (event) => seen.push(event.event) });
    const request = (given: Record<string, string>): Request => new Request("https://app.example/api/whatsapp", { method: "POST", body: BODY, headers: given });
    assert.equal((await route(request(headers()))).status, 200);
    assert.equal((await route(request({}))).status, 401);
    assert.deepEqual(seen, ["message"]);
    // The gateway sends it again when the application could not take it.
    await assert.rejects(webhookRoute({ secret: SECRET, onEvent: () => Promise.reject(new Error("no database")) })(request(headers())), /no database/);
    await assert.rejects(webhookRoute({ secret: undefined, onEvent: () => undefined })(request(headers())), TypeError);
  });
});
