/**
 * What an application does with the client, step by step: `node journey.js start|talk|verify`, one JSON line out.
 * BASE_URL, API_KEY, TENANT and CONTACT say where; `verify` reads a recorded webhook from stdin.
 */
import { text } from "node:stream/consumers";
import { GatewayError, verifyWebhook, WhatsAppClient, type WebhookEvent } from "../../clients/typescript/src/index.js";

const { BASE_URL = "", API_KEY = "", TENANT = "", CONTACT = "", SECRET = "" } = process.env;

const steps: Record<string, () => Promise<unknown>> = {
  async start() {
    const { qr, status } = await new WhatsAppClient(BASE_URL, API_KEY).startSession(TENANT);
    return { qr, status };
  },

  async talk() {
    const client = new WhatsAppClient({ baseUrl: BASE_URL, apiKey: API_KEY });
    const session = await client.waitUntilConnected(TENANT, 30);
    const sent = await client.sendMessage(TENANT, CONTACT, "from TypeScript");
    const again = await client.sendMessage(TENANT, { to: CONTACT, message: "said twice" }, { idempotencyKey: "journey-1" });
    const same = await client.sendMessage(TENANT, { to: CONTACT, message: "said twice" }, { idempotencyKey: "journey-1" });
    const form = new FormData();
    for (const [name, value] of Object.entries({ to: CONTACT, type: "document", fileName: "list.txt" })) form.set(name, value);
    form.set("file", new Blob(["eggs"], { type: "text/plain" }), "list.txt");
    const file = await client.sendMessage(TENANT, form);
    const wrong = await client.sendMessage(TENANT, "nobody", "x").catch((error: unknown) => (error instanceof GatewayError ? error.code : String(error)));
    const found = (await client.checkNumbers(TENANT, { numbers: [CONTACT] })).numbers[0]?.exists;
    const known = await client.getMessage(TENANT, sent.messageId);
    const events: WebhookEvent[] = [];
    for await (const page of client.eventPages(TENANT)) {
      events.push(...page.events);
      if (events.some((event) => event.event === "message.status" && event.data.messageId === sent.messageId)) break;
    }
    return { connected: session.connected, phoneNumber: session.phoneNumber, status: sent.status, id: sent.messageId, once: again.messageId === same.messageId, file: file.status, wrong, found, knownTo: known.to, events: events.map((event) => event.event) };
  },

  async verify() {
    const { body, headers } = JSON.parse(await text(process.stdin)) as { body: string; headers: Record<string, string> };
    const event = await verifyWebhook(body, headers, SECRET);
    return { event: event.event, tenantId: event.tenantId };
  },
};

const step = steps[process.argv[2] ?? ""];
if (step === undefined) throw new Error("start, talk or verify");
process.stdout.write(`${JSON.stringify(await step())}\n`);
