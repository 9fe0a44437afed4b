// All numbers with their states, a page at a time, with a search; and how the parts of the gateway are.

import { badge, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { show } from "./faults.js";
import { healthPanel } from "./health.js";
import { SESSION_TONE } from "./states.js";

const EVERY_MS = 5000;
const FETCHED = 500;
const TENANTS_FETCHED = 200;
const MOST = 5000;
const SHOWN = 25;
const TENANT_ID = "[A-Za-z0-9][A-Za-z0-9_\\-]{0,63}";

export function overview(context) {
  const { words, lifetime } = context;
  const fault = h("p", { class: "note bad", hidden: true });
  const list = h("ul", { class: "rows" });
  const empty = h("p", { class: "soft empty", hidden: true });
  const count = h("p", { class: "soft small", role: "status" });
  const search = h("input", { type: "search", "aria-label": words.text("list.search"), placeholder: words.text("list.search"), input: () => redraw(0) });
  const state = stateChoice(words, () => redraw(0));
  const back = h("button", { type: "button", click: () => redraw(first - SHOWN) }, words.text("list.back"));
  const on = h("button", { type: "button", click: () => redraw(first + SHOWN) }, words.text("list.on"));
  const rows = new Map();
  let all = null;
  let first = 0;

  async function load() {
    try {
      all = await sessions(context);
      fault.hidden = true;
    } catch (error) {
      show(words, fault, error);
      return;
    }
    redraw(first);
  }

  function redraw(from) {
    if (all === null) return;
    const found = all.filter((session) => matches(session, search.value, state.value));
    first = Math.min(Math.max(from, 0), Math.max(Math.ceil(found.length / SHOWN) - 1, 0) * SHOWN);
    const shown = found.slice(first, first + SHOWN);
    // Rows stay the same elements while they are shown, so that the focus stays where it is.
    for (const [id, row] of rows) {
      if (!shown.some((session) => session.tenantId === id)) {
        row.element.remove();
        rows.delete(id);
      }
    }
    shown.forEach((session, place) => {
      const row = rows.get(session.tenantId) ?? newRow(words, session.tenantId);
      rows.set(session.tenantId, row);
      row.update(session);
      if (list.children[place] !== row.element) list.insertBefore(row.element, list.children[place] ?? null);
    });
    empty.hidden = shown.length > 0;
    setText(empty, words.text(all.length === 0 ? "list.none" : "list.no_match"));
    const last = first + shown.length;
    setText(count, shown.length === 0 ? "" : words.text("list.count", { first: words.number(first + 1), last: words.number(last), all: words.number(found.length) }));
    back.hidden = on.hidden = found.length <= SHOWN;
    back.disabled = first === 0;
    on.disabled = last >= found.length;
  }

  lifetime.every(EVERY_MS, load);
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "heading" },
      h("div", {}, h("h1", { tabindex: "-1" }, words.text("list.title")), h("p", { class: "soft" }, words.text("list.hint"))),
      openForm(words),
    ),
    fault,
    h(
      "section",
      { class: "sheet", "aria-label": words.text("list.title") },
      h("div", { class: "filters" }, search, state),
      h("div", { class: "row head", "aria-hidden": "true" }, ...["tenant", "number", "state", "since"].map((name) => h("span", {}, words.text(`list.${name}`)))),
      list,
      empty,
      h("div", { class: "actions between" }, count, h("div", { class: "actions" }, back, on)),
    ),
    healthPanel(context),
  );
}

/** Every session, and the tenants that have none, as far as a page can usefully show them. */
async function sessions(context) {
  const found = await pages(context, "sessions", FETCHED);
  const known = new Set(found.map((session) => session.tenantId));
  const tenants = context.access.may("tenants:read") ? await pages(context, "tenants", TENANTS_FETCHED) : [];
  for (const { tenantId, createdAt } of tenants) {
    if (!known.has(tenantId)) found.push({ tenantId, status: "disconnected", phoneNumber: null, since: createdAt });
  }
  return found.sort((one, other) => (one.tenantId < other.tenantId ? -1 : 1));
}

async function pages({ api, lifetime }, name, limit) {
  const found = [];
  let after = "";
  while (found.length < MOST) {
    const page = await api.get(`api/v1/${name}?limit=${limit}${after}`, { signal: lifetime.signal });
    found.push(...page[name]);
    if (page.next === null) break;
    after = `&after=${part(page.next)}`;
  }
  return found;
}

function matches(session, search, state) {
  if (state !== "" && session.status !== state) return false;
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return true;
  const digits = wanted.replace(/[\s().+-]/g, "");
  const isNumber = /^\d{3,}$/.test(digits);
  return session.tenantId.toLowerCase().includes(wanted) || (isNumber && (session.phoneNumber ?? "").includes(digits));
}

function newRow(words, id) {
  const number = h("span", { class: "number" });
  const state = h("span", {});
  const since = h("span", { class: "soft small since" });
  const element = h(
    "li",
    {},
    h("a", { class: "row", href: `#/tenants/${part(id)}` }, h("strong", {}, id), number, state, since),
  );
  let shown = "";
  function update(session) {
    setText(number, session.phoneNumber ?? "–");
    setText(since, words.moment(session.since));
    if (session.status !== shown) {
      shown = session.status;
      state.replaceChildren(badge(words.textOf("state", shown), SESSION_TONE[shown]));
    }
  }
  return { element, update };
}

function stateChoice(words, changed) {
  const states = ["connected", "qr", "pairing", "connecting", "reconnecting", "restricted", "logged_out", "failed", "disconnected"];
  return h(
    "select",
    { "aria-label": words.text("list.state"), change: changed },
    h("option", { value: "" }, words.text("list.any_state")),
    ...states.map((name) => h("option", { value: name }, words.text(`state.${name}`))),
  );
}

/** Goes to a tenant by its id, which need not have a session yet. */
function openForm(words) {
  const id = h("input", { id: "open-id", required: true, pattern: TENANT_ID, maxlength: "64", autocapitalize: "none", spellcheck: "false", placeholder: words.text("open.label"), title: words.text("open.rule") });
  function submit(event) {
    event.preventDefault();
    location.hash = `#/tenants/${part(id.value)}`;
  }
  return h(
    "form",
    { class: "open", submit },
    h("label", { for: "open-id", class: "aloud" }, words.text("open.label")),
    id,
    h("button", { type: "submit" }, words.text("open.button")),
  );
}
