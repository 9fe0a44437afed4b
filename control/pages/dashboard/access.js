// Who is signed in. The API key is exchanged for a token of some minutes and forgotten; the token is renewed while the
// page is open, and lives in memory and in this tab's sessionStorage, so that a reload does not sign out.

import { ApiError } from "./api.js";

const STORED = "sign-in";
const RENEW_AT_PART = 0.6;
const RETRY_MS = 20_000;

export class Access {
  #api;
  #now = null;
  #timer = 0;
  #ended;

  /** ended: told when somebody is not signed in any more without having asked for it. */
  constructor(api, ended) {
    this.#api = api;
    this.#ended = ended;
    api.authorise(() => this.#now?.token ?? null, () => this.#end());
  }

  get signedIn() {
    return this.#now !== null;
  }

  /** Whether a scope was given. What the API refuses is decided there; this only hides what would be refused. */
  may(scope) {
    return this.#now?.scopes.includes(scope) ?? false;
  }

  /** What may be done. */
  get scopes() {
    return this.#now?.scopes ?? [];
  }

  /** The tenants that are open to whoever is signed in; null for all. */
  get tenants() {
    return this.#now?.tenants ?? null;
  }

  get isOperator() {
    return this.may("installation");
  }

  /** Sign in by an API key. Raises ApiError. */
  async signIn(key) {
    this.#take(await this.#api.call("POST", "api/v1/tokens", { credential: key }));
  }

  /** Go on after a reload. Returns whether somebody is signed in. */
  async resume() {
    try {
      this.#now = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
    } catch {
      this.#now = null;
    }
    if (this.#now === null) return false;
    try {
      await this.#renew();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return this.signedIn;
  }

  async signOut() {
    const token = this.#now?.token;
    this.#forget();
    if (!token) return;
    try {
      await this.#api.call("DELETE", "api/v1/tokens/current", { credential: token, keepalive: true });
    } catch (error) {
      // It ends by itself within minutes.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #take(answer) {
    const { token, expiresAt, scopes, tenants } = answer;
    this.#now = { token, expiresAt, scopes, tenants };
    try {
      sessionStorage.setItem(STORED, JSON.stringify(this.#now));
    } catch {
      // Then a reload signs out.
    }
    const left = new Date(expiresAt).getTime() - Date.now();
    this.#later(Math.max(left * RENEW_AT_PART, RETRY_MS));
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#renew().catch((error) => {
        if (!(error instanceof ApiError)) throw error;
      });
    }, ms);
  }

  async #renew() {
    const before = this.#now;
    try {
      const answer = await this.#api.post("api/v1/tokens", undefined);
      if (this.#now === before) this.#take(answer);
    } catch (error) {
      if (this.#now === before && this.signedIn) this.#later(RETRY_MS);
      throw error;
    }
  }

  #end() {
    if (!this.signedIn) return;
    this.#forget();
    this.#ended();
  }

  #forget() {
    this.#now = null;
    clearTimeout(this.#timer);
    try {
      sessionStorage.removeItem(STORED);
    } catch {
      // Nothing was stored then.
    }
  }
}
