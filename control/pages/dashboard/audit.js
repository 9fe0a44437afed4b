// The audit log: who did what, newest first.

import { badge, busy, h } from "../shared/dom.js";
import { part } from "./api.js";
import { show } from "./faults.js";

const PAGE = 100;

export function auditView({ words, api, lifetime }) {
  const fault = h("p", { class: "note", hidden: true });
  const list = h("ol", { class: "cards" });
  const empty = h("p", { class: "soft empty", hidden: true }, words.text("audit.none"));
  const more = h("button", { type: "button", hidden: true, click: () => busy(more, load) }, words.text("more"));
  const tenant = h("input", { type: "search", autocapitalize: "none", "aria-label": words.text("audit.tenant"), placeholder: words.text("audit.tenant"), maxlength: "64" });
  let next = null;

  async function load() {
    const wanted = tenant.value.trim() === "" ? "" : `&tenantId=${part(tenant.value.trim())}`;
    try {
      const page = await api.get(`api/v1/audit?limit=${PAGE}${wanted}${next === null ? "" : `&before=${part(next)}`}`, { signal: lifetime.signal });
      fault.hidden = true;
      list.append(...page.entries.map((entry) => row(words, entry)));
      next = page.next;
    } catch (error) {
      show(words, fault, error);
      next = null;
    }
    more.hidden = next === null;
    empty.hidden = list.children.length > 0;
  }
  function submit(event) {
    event.preventDefault();
    next = null;
    list.replaceChildren();
    load();
  }

  load();
  return h(
    "div",
    { class: "stack" },
    h("div", {}, h("h1", { tabindex: "-1" }, words.text("audit.title")), h("p", { class: "soft" }, words.text("audit.hint"))),
    fault,
    h(
      "section",
      { class: "sheet stack", "aria-label": words.text("audit.title") },
      h("form", { class: "open", submit }, tenant, h("button", { type: "submit" }, words.text("audit.show"))),
      list,
      empty,
      h("div", { class: "actions" }, more),
    ),
  );
}

function row(words, entry) {
  const good = entry.status > 0 && entry.status < 400;
  const who = [words.textOf("holder", entry.kind), entry.keyId, entry.address].filter(Boolean).join(" · ");
  const what = [entry.tenantId, entry.target].filter(Boolean).join(" · ");
  const often = entry.count > 1 ? ` × ${words.number(entry.count)}` : "";
  return h(
    "li",
    {},
    h("div", { class: "between" }, h("span", {}, h("strong", {}, entry.action ?? entry.method), often, " ", badge(String(entry.status), good ? "good" : "bad")), h("time", { class: "soft small", datetime: entry.at }, words.moment(entry.at))),
    h("p", { class: "small soft" }, who),
    what === "" ? null : h("p", { class: "small" }, what),
  );
}
