// What happens in one tenant, as it happens: its session from one stream, its events from another. Panels listen.

import { part } from "./api.js";
import { follow } from "./stream.js";

const HOUR_MS = 3_600_000;
const BACK_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS];
const PAGE = 500;
const PAGES_MOST = 8;
const NONE = ["session_not_found", "tenant_not_found"];

export class Live {
  #context;
  #tenantId;
  #nudge = new EventTarget();
  #listeners = { session: [], qr: [], event: [], past: [], link: [] };

  constructor(context, tenantId) {
    this.#context = context;
    this.#tenantId = tenantId;
  }

  /**
   * Listen. session: the state, or null without a session. qr: the code that can be scanned. past: the last events, oldest
   * first. event: one that came now. link: `open` or `broken`.
   * @param {"session" | "qr" | "event" | "past" | "link"} kind
   */
  on(kind, listener) {
    this.#listeners[kind].push(listener);
  }

  tell(kind, value) {
    for (const listener of this.#listeners[kind]) {
      try {
        listener(value);
      } catch (error) {
        // One event that cannot be shown ends neither the stream nor the other panels.
        reportError(error);
      }
    }
  }

  /** Something was done to the session: what there was none of may be there now. */
  nudge() {
    this.#nudge.dispatchEvent(new Event("go"));
  }

  begin() {
    const { access } = this.#context;
    if (access.may("sessions:read")) this.#followSession();
    if (access.may("events:read")) this.#followEvents();
  }

  #followSession() {
    const { api, lifetime } = this.#context;
    follow({
      api,
      lifetime,
      nudge: this.#nudge,
      address: () => `api/v1/sessions/${part(this.#tenantId)}/events`,
      took: (name, event) => this.tell(name === "session.qr" ? "qr" : "session", event.data),
      state: (state, error) => {
        const none = NONE.includes(error?.code);
        if (none) this.tell("session", null);
        this.tell("link", none ? "open" : state);
      },
    });
  }

  async #followEvents() {
    const { api, lifetime } = this.#context;
    let cursor = "latest";
    try {
      const found = await this.#past(api, lifetime.signal);
      cursor = found.cursor;
      this.tell("past", found.events);
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      if (error.code === "gone") return;
      this.tell("past", []);
    }
    await follow({
      api,
      lifetime,
      address: (lastId) => `api/v1/events/${part(this.#tenantId)}/stream?after=${part(lastId ?? cursor)}`,
      took: (name, event) => {
        if (name !== "gap") this.tell("event", event);
      },
    });
  }

  /** The last events. The log is read forwards only, so it is read from a while ago, and from longer ago if need be. */
  async #past(api, signal) {
    let found = { events: [], cursor: "latest" };
    for (const ms of BACK_MS) {
      let after = `${Date.now() - ms}-0`;
      const events = [];
      for (let page = 0; page < PAGES_MOST; page += 1) {
        const answer = await api.get(`api/v1/events/${part(this.#tenantId)}?limit=${PAGE}&after=${part(after)}`, { signal });
        after = answer.cursor;
        events.push(...answer.events);
        if (!answer.hasMore) break;
      }
      found = { events, cursor: after };
      if (events.length > 0) break;
    }
    return found;
  }
}
