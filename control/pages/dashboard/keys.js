// API keys: which there are, what they open, making one (shown once), replacing one, revoking one.

import { announce, badge, busy, field, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { confirmed } from "./confirm.js";
import { show } from "./faults.js";
import { shownOnce } from "./once.js";

const PAGE = 100;
/** Scopes of the installation, which no key made by API may have. */
const NEVER_GIVEN = ["installation", "metrics:read"];
const DAY_MS = 86_400_000;
const LIVES = [30, 90, 365];
const STATE_TONE = { active: "good", expired: "warn", revoked: "bad" };

export function keysView(context) {
  const { words, api, access, lifetime } = context;
  const fault = h("p", { class: "note", hidden: true });
  const list = h("ul", { class: "cards" });
  const replaced = shownOnce(words);
  const empty = h("p", { class: "soft empty", hidden: true }, words.text("keys.none"));
  const more = h("button", { type: "button", hidden: true, click: () => busy(more, load) }, words.text("more"));
  let next = null;

  async function load() {
    try {
      const page = await api.get(`api/v1/keys?limit=${PAGE}${next === null ? "" : `&after=${part(next)}`}`, { signal: lifetime.signal });
      list.append(...page.keys.map((key) => row(context, key, fault, replaced, reload)));
      next = page.next;
      more.hidden = next === null;
      empty.hidden = list.children.length > 0;
    } catch (error) {
      show(words, fault, error);
    }
  }
  function reload() {
    next = null;
    list.replaceChildren();
    return load();
  }

  load();
  return h(
    "div",
    { class: "stack" },
    h("div", {}, h("h1", { tabindex: "-1" }, words.text("keys.title")), h("p", { class: "soft" }, words.text("keys.hint"))),
    fault,
    access.may("keys:write") && newKeyForm(context, reload),
    replaced.element,
    h("section", { class: "sheet stack", "aria-label": words.text("keys.title") }, list, empty, h("div", { class: "actions" }, more)),
  );
}

function row({ words, api, access, lifetime }, key, fault, replaced, reload) {
  const rotate = h("button", { type: "button", class: "small", click: replace }, words.text("keys.rotate"));
  async function replace() {
    const title = words.text("keys.rotate_title", { name: key.name });
    if (!(await confirmed(words, { title, text: words.text("keys.rotate_text"), action: words.text("keys.rotate") }))) return;
    await busy(rotate, async () => {
      try {
        const made = await api.post(`api/v1/keys/${part(key.id)}/rotate`, undefined, { signal: lifetime.signal });
        fault.hidden = true;
        await reload();
        replaced.show(words.text("keys.rotated", { name: key.name, time: words.moment(made.previousValidUntil) }), made.key);
      } catch (error) {
        show(words, fault, error);
      }
    });
  }
  const revoke = h("button", { type: "button", class: "danger small", click: press }, words.text("keys.revoke"));
  async function press() {
    const title = words.text("keys.confirm.title", { name: key.name });
    if (!(await confirmed(words, { title, text: words.text("keys.confirm.text"), action: words.text("keys.revoke") }))) return;
    await busy(revoke, async () => {
      try {
        await api.call("DELETE", `api/v1/keys/${part(key.id)}`, { signal: lifetime.signal });
        fault.hidden = true;
        announce(words.text("keys.revoked", { name: key.name }));
      } catch (error) {
        show(words, fault, error);
      }
      await reload();
    });
  }
  const used = key.lastUsedAt === null ? words.text("keys.unused") : words.text("keys.used", { time: words.moment(key.lastUsedAt) });
  const ends = key.expiresAt === null ? "" : ` · ${words.text("keys.ends", { time: words.moment(key.expiresAt) })}`;
  return h(
    "li",
    { class: "stack tight" },
    h("div", { class: "between" }, h("strong", {}, key.name), badge(words.textOf("key", key.state), STATE_TONE[key.state])),
    h("p", { class: "small" }, h("span", { class: "mono" }, `${key.begins}…`), ` · ${key.tenants === null ? words.text("keys.all_tenants") : key.tenants.join(", ")}`),
    h("p", { class: "small soft" }, key.scopes.join(", ")),
    h("div", { class: "between" }, h("p", { class: "small soft" }, `${words.text("keys.made", { time: words.moment(key.createdAt) })} · ${used}${ends}`), access.may("keys:write") && key.state === "active" && h("div", { class: "actions" }, rotate, revoke)),
  );
}

function newKeyForm({ words, api, access, lifetime }, reload) {
  const name = h("input", { autocomplete: "off", required: true, maxlength: "100", placeholder: words.text("keys.name_example") });
  const tenants = h("input", { autocomplete: "off", autocapitalize: "none", spellcheck: "false", placeholder: "my-shop, other-shop", value: (access.tenants ?? []).join(", ") });
  // Said and not left out: a key for everything is nothing to get by an empty field.
  const everywhere = h("input", { type: "checkbox", change: () => (tenants.disabled = everywhere.checked) });
  const boxes = access.scopes
    .filter((scope) => !NEVER_GIVEN.includes(scope))
    .map((scope) => h("input", { type: "checkbox", name: "scope", value: scope, checked: !/^(tenants|keys|audit):/.test(scope) }));
  const fault = h("p", { class: "note", hidden: true });
  const life = h("select", {}, h("option", { value: "" }, words.text("keys.for_ever")), ...LIVES.map((days) => h("option", { value: String(days) }, words.text("keys.days", { n: words.number(days) }))));
  const made = shownOnce(words);
  const button = h("button", { type: "submit", class: "main" }, words.text("keys.make"));

  async function submit(event) {
    event.preventDefault();
    const ids = tenants.value.split(/[\s,]+/).filter((id) => id !== "");
    if (ids.length === 0 && !everywhere.checked) {
      fault.className = "note bad";
      fault.hidden = false;
      setText(fault, words.text("keys.which"));
      tenants.focus();
      announce(fault.textContent);
      return;
    }
    const expiresAt = life.value === "" ? null : new Date(Date.now() + Number(life.value) * DAY_MS).toISOString();
    const body = { name: name.value, expiresAt, tenants: everywhere.checked ? null : ids, scopes: boxes.filter((box) => box.checked).map((box) => box.value) };
    await busy(button, async () => {
      try {
        const { key } = await api.post("api/v1/keys", body, { signal: lifetime.signal });
        fault.hidden = true;
        name.value = "";
        made.show(words.text("keys.once"), key);
      } catch (error) {
        show(words, fault, error);
        return;
      }
      await reload();
    });
  }

  return h(
    "details",
    { class: "sheet" },
    h("summary", {}, words.text("keys.new")),
    h(
      "form",
      { class: "stack", submit },
      h("div", { class: "pair" }, field("key-name", words.text("keys.name"), name), field("key-life", words.text("keys.life"), life)),
      h("div", {}, field("key-tenants", words.text("keys.tenants"), tenants), access.tenants === null && h("label", { class: "box plain" }, everywhere, " ", words.text("keys.everywhere"))),
      h("fieldset", {}, h("legend", {}, words.text("keys.scopes")), h("div", { class: "boxes" }, ...boxes.map((box) => h("label", { class: "box" }, box, " ", box.value)))),
      fault,
      h("div", { class: "actions" }, button),
      made.element,
    ),
  );
}
