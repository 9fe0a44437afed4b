/** One request: its address, its deadline, and when it is said again. */
import { errorOf, GatewayError } from "./problem.js";

/** How a client reaches its gateway. */
export interface ClientOptions {
  /** Where the gateway is, such as `https://whatsapp.example.com`. */
  baseUrl: string;
  /** An API key. Keep it on your server: whoever has it can send. */
  apiKey: string;
  /** What one try may take, in milliseconds; 35,000 by default. Sending waits a little longer than the gateway does. */
  timeoutMs?: number;
  /** How often a request is said again that may be said again; 3 by default, 0 for never. */
  retries?: number;
  /** Another fetch than the runtime's. */
  fetch?: typeof fetch;
}

/** What one call may say beside its own arguments. */
export interface CallOptions {
  /** Ends the call from outside. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** A request to the gateway. */
export interface Call extends CallOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  headers?: Record<string, string | undefined>;
  /** Whether saying it twice does no more than saying it once: GET and PUT do, and whatever has an Idempotency-Key. */
  repeatable?: boolean;
}

const TIMEOUT_MS = 35_000;
const RETRIES = 3;
/** Longer than that nobody waits inside a call: the caller is told, and when to come back. */
const LONGEST_WAIT_MS = 20_000;

export class Transport {
  readonly #base: string;
  readonly #options: ClientOptions;

  /** @throws TypeError when the address is none or the key is empty. */
  constructor(options: ClientOptions) {
    this.#base = new URL(options.baseUrl).href.replace(/\/+$/, "");
    if (options.apiKey.trim() === "") throw new TypeError("The API key is empty.");
    this.#options = options;
  }

  /** Answers the JSON of a success. @throws GatewayError */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.response(method, path, call);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new GatewayError({ code: "no_answer", detail: "The gateway's answer broke off.", retryable: call.repeatable ?? isRepeatable(method) }, { cause: error });
    }
  }

  /** Answers a success, its body still to be read. @throws GatewayError */
  async response(method: string, path: string, call: Call = {}): Promise<Response> {
    const repeatable = call.repeatable ?? isRepeatable(method);
    const retries = repeatable ? (this.#options.retries ?? RETRIES) : 0;
    for (let attempt = 0; ; attempt += 1) {
      const error = await this.#once(method, path, call);
      if (error instanceof Response) return error;
      const waitMs = error.retryAfter === undefined ? 250 * 2 ** attempt * (1 + Math.random()) : error.retryAfter * 1000;
      if (attempt >= retries || !error.retryable || waitMs > LONGEST_WAIT_MS || call.signal?.aborted === true) throw error;
      await pause(waitMs, call.signal);
    }
  }

  async #once(method: string, path: string, call: Call): Promise<Response | GatewayError> {
    const url = new URL(this.#base + path);
    for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = new Headers({ Authorization: `Bearer ${this.#options.apiKey}` });
    const form = call.body instanceof FormData;
    // The boundary of a form is the runtime's to say.
    if (call.body !== undefined && !form) headers.set("Content-Type", "application/json");
    for (const [name, value] of Object.entries(call.headers ?? {})) if (value !== undefined) headers.set(name, value);
    const deadline = AbortSignal.timeout(call.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS);
    try {
      const response = await (this.#options.fetch ?? fetch)(url, {
        method,
        headers,
        ...(call.body === undefined ? {} : { body: form ? (call.body as FormData) : JSON.stringify(call.body) }),
        signal: call.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]),
        // The key belongs to this address and to no other.
        redirect: "error",
      });
      return response.ok ? response : await errorOf(response);
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      return new GatewayError({ code: "no_answer", detail: deadline.aborted ? "The gateway did not answer in time." : "The gateway could not be reached.", retryable: true }, { cause: error });
    }
  }
}

function isRepeatable(method: string): boolean {
  return method === "GET" || method === "PUT";
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
  signal?.throwIfAborted();
}
