// Calls the gateway's REST API, which stands beside the page. Every call ends: by its answer, its deadline or its view.

const ROOT = new URL("../../../", import.meta.url);
const SECONDS = 20;

/** The API refused something, or did not answer. code: the API's, or `unreachable`. */
export class ApiError extends Error {
  constructor(code, { status = 0, detail = "", retryable = false } = {}) {
    super(detail || code);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.retryable = retryable;
  }
}

export class Api {
  #credential = () => null;
  #refused = () => {};

  /** credential: gives the token of now, or null. refused: told when the API does not know it any more. */
  authorise(credential, refused) {
    this.#credential = credential;
    this.#refused = refused;
  }

  get(path, options = {}) {
    return this.call("GET", path, options);
  }

  post(path, body, options = {}) {
    return this.call("POST", path, { ...options, body });
  }

  /**
   * Call and return the answer's JSON.
   * @param {{body?: any, signal?: AbortSignal, seconds?: number, headers?: Record<string, string>, credential?: string}} options
   */
  async call(method, path, options = {}) {
    const limit = AbortSignal.timeout((options.seconds ?? SECONDS) * 1000);
    const response = await this.#request(method, path, options, limit);
    let document = null;
    try {
      document = await response.json();
    } catch {
      if (options.signal?.aborted) throw new ApiError("gone");
      throw new ApiError("unreachable", { retryable: true });
    }
    if (!response.ok) throw this.#problem(response, document, options);
    return document;
  }

  /** Begin a stream; returns the response once its head is there. */
  async open(path, signal) {
    const opening = new AbortController();
    const timer = setTimeout(() => opening.abort(), SECONDS * 1000);
    try {
      const response = await this.#request("GET", path, { signal }, opening.signal);
      if (!response.ok) throw this.#problem(response, await response.json().catch(() => ({})), {});
      return response;
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(method, path, options, limit) {
    const headers = { ...options.headers };
    const credential = options.credential ?? this.#credential();
    if (credential !== null) headers.Authorization = `Bearer ${credential}`;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await fetch(new URL(path, ROOT), {
        method,
        headers,
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        keepalive: options.keepalive === true,
      });
    } catch {
      // Gone with its view, too late, or no network: nothing of that is worth telling apart but the first.
      if (options.signal?.aborted) throw new ApiError("gone");
      throw new ApiError("unreachable", { retryable: true });
    }
  }

  #problem(response, document, options) {
    const { code, detail, retryable } = document ?? {};
    if (response.status === 401 && options.credential === undefined) this.#refused();
    return new ApiError(typeof code === "string" ? code : "unreachable", {
      status: response.status,
      detail: typeof detail === "string" ? detail : "",
      retryable: retryable === true,
    });
  }
}

/** A part of an address, whatever it holds. */
export function part(text) {
  return encodeURIComponent(text);
}

/** A random name for something that must happen once. Works where the page is not served over HTTPS, too. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
