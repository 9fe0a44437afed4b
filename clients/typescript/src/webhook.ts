/**
 * Webhooks: is it from the gateway, and what does it say. Web Crypto only, so that it runs in Node, on edge runtimes and
 * in workers alike.
 */
import type { WebhookEvent } from "./types.gen.js";

/** A request that must not be believed: answer it with 401. */
export class WebhookRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "WebhookRefused";
  }
}

export interface VerifyOptions {
  /** How old a webhook may be, in seconds; 300 by default. */
  toleranceSeconds?: number;
}

type HeaderSource = Headers | Record<string, string | string[] | undefined>;

const encoder = new TextEncoder();

/**
 * Answers the event of a webhook whose signature, age and form are right.
 * @param body the bytes as they came, before any JSON parser.
 * @param secret the webhook's secret, or several while it is being replaced.
 * @throws WebhookRefused otherwise.
 */
export async function verifyWebhook(body: string | Uint8Array | ArrayBuffer, headers: HeaderSource, secret: string | readonly string[], options: VerifyOptions = {}): Promise<WebhookEvent> {
  const raw = typeof body === "string" ? encoder.encode(body) : new Uint8Array(body);
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const given = headerOf(headers, "webhook-signature");
  if (id === undefined || timestamp === undefined || given === undefined) throw new WebhookRefused("The webhook is not signed.");
  const secrets = (typeof secret === "string" ? [secret] : secret).filter((each) => each !== "");
  if (secrets.length === 0) throw new TypeError("The webhook's secret is empty.");
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/.test(timestamp) || age > (options.toleranceSeconds ?? 300)) throw new WebhookRefused("The webhook is too old, or this machine's clock is wrong.");
  const head = encoder.encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + raw.length);
  signed.set(head);
  signed.set(raw, head.length);
  const signatures = given.split(" ").filter((each) => each.startsWith("v1,")).flatMap((each) => bytesOf(each.slice(3)) ?? []);
  if (!(await isSigned(signed, signatures, secrets))) throw new WebhookRefused("The webhook's signature is not right.");
  return JSON.parse(new TextDecoder().decode(raw)) as WebhookEvent;
}

/**
 * Makes a route of Next.js, or of anything else that has Request and Response:
 * `export const POST = webhookRoute({ secret, onEvent })`.
 *
 * It answers 200 once `onEvent` is done, 401 to strangers, and 500 when `onEvent` throws: the gateway then sends the event
 * again. The same event may come twice; drop it by `event.id`.
 */
export function webhookRoute(options: VerifyOptions & { secret: string | readonly string[] | undefined; onEvent: (event: WebhookEvent) => unknown }): (request: Request) => Promise<Response> {
  return async (request) => {
    let event: WebhookEvent;
    try {
      event = await verifyWebhook(await request.arrayBuffer(), request.headers, options.secret ?? "", options);
    } catch (error) {
      if (error instanceof WebhookRefused) return new Response("refused", { status: 401 });
      throw error;
    }
    await options.onEvent(event);
    return new Response("ok");
  };
}

async function isSigned(signed: Uint8Array<ArrayBuffer>, signatures: readonly Uint8Array<ArrayBuffer>[], secrets: readonly string[]): Promise<boolean> {
  for (const secret of secrets) {
    const key = await crypto.subtle.importKey("raw", keyOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    // `verify` compares in constant time.
    for (const signature of signatures) if (await crypto.subtle.verify("HMAC", key, signature, signed)) return true;
  }
  return false;
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const decoded = secret.startsWith("whsec_") ? bytesOf(secret.slice(6)) : undefined;
  return decoded === undefined || decoded.length === 0 ? encoder.encode(secret) : decoded;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return Array.isArray(found) ? found[0] : found;
}
