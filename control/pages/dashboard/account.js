// The tenant behind a number, for who runs the installation: create, suspend, resume, delete, and what it uses of its quotas.

import { announce, badge, busy, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { confirmed } from "./confirm.js";
import { show } from "./faults.js";

const EVERY_MS = 15_000;
const DELETING_SECONDS = 60;

export function accountPanel(context) {
  const { words, api, tenantId, access, lifetime } = context;
  const base = `api/v1/tenants/${part(tenantId)}`;
  const state = h("span", {});
  const about = h("p", { class: "soft small" });
  const fault = h("p", { class: "note", hidden: true });
  const buttons = {
    create: h("button", { type: "button", class: "main", hidden: true, click: () => act("create") }, words.text("account.create")),
    suspend: h("button", { type: "button", class: "danger", hidden: true, click: () => act("suspend") }, words.text("account.suspend")),
    resume: h("button", { type: "button", class: "main", hidden: true, click: () => act("resume") }, words.text("account.resume")),
    delete: h("button", { type: "button", class: "danger", hidden: true, click: () => act("delete") }, words.text("account.delete")),
  };
  const panel = h(
    "section",
    { class: "sheet stack", "aria-labelledby": "account-title", id: "account", hidden: true },
    h("div", { class: "between" }, h("h2", { id: "account-title" }, words.text("account.title")), state),
    about,
    fault,
    access.may("tenants:write") && access.tenants === null && h("div", { class: "actions" }, ...Object.values(buttons)),
  );

  async function load() {
    let found = null;
    try {
      found = await api.get(base, { signal: lifetime.signal });
    } catch (error) {
      if (error.code !== "tenant_not_found") throw error;
    }
    panel.hidden = false;
    const now = found?.tenant?.state ?? "missing";
    state.replaceChildren(badge(words.textOf("account", now), { active: "good", suspended: "bad" }[now]));
    setText(about, found === null ? words.text("account.missing_hint") : aboutOf(words, found));
    buttons.create.hidden = now !== "missing";
    buttons.suspend.hidden = now !== "active";
    buttons.resume.hidden = now !== "suspended";
    buttons.delete.hidden = now === "missing";
  }

  async function act(name) {
    if (name === "suspend") {
      const title = words.text("confirm.suspend.title", { tenant: tenantId });
      if (!(await confirmed(words, { title, text: words.text("confirm.suspend.text"), action: words.text("account.suspend") }))) return;
    }
    if (name === "delete") {
      const title = words.text("confirm.delete.title", { tenant: tenantId });
      if (!(await confirmed(words, { title, text: words.text("confirm.delete.text"), action: words.text("account.delete"), typed: tenantId }))) return;
    }
    await busy(buttons[name], async () => {
      try {
        if (name === "delete") {
          await api.call("DELETE", base, { seconds: DELETING_SECONDS, signal: lifetime.signal });
          announce(words.text("account.deleted", { tenant: tenantId }));
          location.hash = "#/";
          return;
        }
        if (name === "create") await api.post("api/v1/tenants", { tenantId }, { signal: lifetime.signal });
        else await api.post(`${base}/${name}`, undefined, { signal: lifetime.signal });
        fault.hidden = true;
        await load();
        announce(state.textContent);
      } catch (error) {
        show(words, fault, error);
      }
    });
  }

  lifetime.every(EVERY_MS, load);
  return panel;
}

function aboutOf(words, { tenant, used }) {
  const said = [];
  if (tenant.name) said.push(tenant.name);
  if (tenant.suspensionReason) said.push(tenant.suspensionReason);
  if (used) {
    const limit = tenant.quotas.messagesPerDay;
    const n = words.number(used.messagesToday);
    said.push(limit === null ? words.text("account.messages", { n }) : words.text("account.quota", { n, limit: words.number(limit) }));
    if (used.storageBytes !== null) said.push(words.text("account.storage", { n: words.number(Math.ceil(used.storageBytes / 1_048_576)) }));
  }
  said.push(words.text("account.since", { time: words.moment(tenant.createdAt) }));
  return said.join(" · ");
}
