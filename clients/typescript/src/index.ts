/** A client of the WhatsApp gateway for Node 20 and newer, Deno, Bun, and edge runtimes. No dependencies. */
export { WhatsAppClient, type SendOptions } from "./client.js";
export { GatewayError, type FieldError } from "./problem.js";
export type { CallOptions, ClientOptions } from "./transport.js";
export { verifyWebhook, webhookRoute, WebhookRefused, type VerifyOptions } from "./webhook.js";
export type * from "./types.gen.js";
