// A tenant's webhooks: whether they are well, what waits, the last deliveries, a test, sending again, and changing them.

import { announce, badge, busy, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { confirmed } from "./confirm.js";
import { show } from "./faults.js";
import { hookForm } from "./hook.js";
import { shownOnce } from "./once.js";
import { WEBHOOK_TONE } from "./states.js";

const EVERY_MS = 5000;
const ATTEMPTS = 10;
const TRIAL_SECONDS = 50;

export function webhooksPanel(context) {
  const { words, api, tenantId, lifetime } = context;
  const list = h("ul", { class: "webhooks" });
  const empty = h("p", { class: "soft empty", hidden: true }, words.text("webhooks.none"));
  const fault = h("p", { class: "note", hidden: true });
  const rows = new Map();

  async function load() {
    let page;
    try {
      page = await api.get(`api/v1/webhooks/${part(tenantId)}`, { signal: lifetime.signal });
    } catch (error) {
      show(words, fault, error);
      return;
    }
    fault.hidden = true;
    empty.hidden = page.webhooks.length > 0;
    for (const [id, row] of rows) {
      if (page.webhooks.some((webhook) => webhook.id === id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    for (const webhook of page.webhooks) {
      const row = rows.get(webhook.id) ?? newRow(context, webhook, load);
      if (!rows.has(webhook.id)) list.append(row.element);
      rows.set(webhook.id, row);
      await row.update(webhook);
    }
  }

  lifetime.every(EVERY_MS, load);
  return h(
    "section",
    { class: "sheet stack", "aria-labelledby": "webhooks-title", id: "webhooks" },
    h("h2", { id: "webhooks-title" }, words.text("webhooks.title")),
    fault,
    empty,
    list,
    context.access.may("webhooks:write") && newHook(context, load),
  );
}

/** Adds a webhook; its secret is made by the gateway and shown once. */
function newHook(context, reload) {
  const { words, api, tenantId, lifetime } = context;
  const secret = shownOnce(words);
  const form = hookForm(context, {
    id: "hook-new",
    button: words.text("hook.add"),
    async save(body) {
      const made = await api.post(`api/v1/webhooks/${part(tenantId)}`, body, { signal: lifetime.signal });
      form.clear();
      secret.show(words.text("hook.secret"), made.secret);
    },
    done: reload,
  });
  return h("details", {}, h("summary", {}, words.text("hook.new")), form.element, secret.element);
}

function newRow(context, webhook, reload) {
  const { words, api, tenantId, access, lifetime } = context;
  const base = `api/v1/webhooks/${part(tenantId)}/${part(webhook.id)}`;
  const state = h("span", {});
  const url = h("p", { class: "mono" });
  const about = h("p", { class: "small soft" });
  const result = h("p", { class: "note", hidden: true, role: "status" });
  const attempts = h("ul", { class: "attempts" });
  const details = h("details", { toggle: () => details.open && load() }, h("summary", {}, words.text("webhooks.deliveries")), attempts);
  const test = h("button", { type: "button", click: () => busy(test, tryOut) }, words.text("webhooks.test"));
  const own = access.may("webhooks:write") && !webhook.isDefault;
  const form = own && hookForm(context, { id: `hook-${webhook.id}`, button: words.text("hook.save"), save: (body) => api.call("PATCH", base, { body, signal: lifetime.signal }), done: reload });
  const secret = shownOnce(words);
  const rotate = h("button", { type: "button", click: () => ask("rotate", rotate, newSecret) }, words.text("hook.rotate"));
  const disable = h("button", { type: "button", click: () => ask("disable", disable, () => api.call("PATCH", base, { body: { enabled: false }, signal: lifetime.signal })) }, words.text("hook.disable"));
  const remove = h("button", { type: "button", class: "danger", click: () => ask("remove", remove, () => api.call("DELETE", base, { signal: lifetime.signal })) }, words.text("hook.remove"));
  const enable = h("button", { type: "button", class: "main", hidden: true, click: () => busy(enable, switchOn) }, words.text("webhooks.enable"));
  let shown = "";

  async function tryOut() {
    try {
      const answer = await api.post(`${base}/test`, undefined, { seconds: TRIAL_SECONDS, signal: lifetime.signal });
      const values = { reason: reasonText(words, answer.reason), ms: words.number(answer.milliseconds) };
      tell(answer.delivered, words.text(answer.delivered ? "webhooks.test_good" : "webhooks.test_bad", values));
    } catch (error) {
      show(words, result, error);
    }
    await reload();
  }

  async function switchOn() {
    try {
      await api.post(`${base}/enable`, undefined, { signal: lifetime.signal });
    } catch (error) {
      show(words, result, error);
    }
    await reload();
  }

  async function ask(name, button, work) {
    const question = { title: words.text(`hook.confirm_${name}`), text: words.text(`hook.confirm_${name}_text`), action: words.text(`hook.${name}`) };
    if (!(await confirmed(words, question))) return;
    await busy(button, async () => {
      try {
        await work();
      } catch (error) {
        show(words, result, error);
      }
    });
    await reload();
  }

  async function newSecret() {
    const rotated = await api.post(`${base}/rotate-secret`, undefined, { signal: lifetime.signal });
    secret.show(words.text("hook.secret_rotated", { time: words.moment(rotated.secretOverlapUntil) }), rotated.secret);
  }

  async function again(button, eventId) {
    await busy(button, async () => {
      try {
        const answer = await api.post(`${base}/deliveries/${part(eventId)}/retry`, undefined, { signal: lifetime.signal });
        tell(true, words.text(`webhooks.again_${answer.state}`));
      } catch (error) {
        show(words, result, error);
      }
    });
    await load();
  }

  function tell(good, text) {
    result.className = `note ${good ? "good" : "bad"}`;
    result.hidden = false;
    setText(result, text);
    announce(text);
  }

  async function load() {
    let page;
    try {
      page = await api.get(`${base}/deliveries?limit=${ATTEMPTS}`, { signal: lifetime.signal });
    } catch (error) {
      show(words, result, error);
      return;
    }
    const now = JSON.stringify(page.deliveries);
    if (now === shown) return;
    shown = now;
    attempts.replaceChildren(...page.deliveries.map((attempt) => attemptRow(words, attempt, access.may("webhooks:write") ? again : null)));
    if (page.deliveries.length === 0) attempts.append(h("li", { class: "soft" }, words.text("webhooks.no_deliveries")));
  }

  async function update(now) {
    state.replaceChildren(badge(words.textOf("webhook", now.state), WEBHOOK_TONE[now.state]));
    setText(url, now.url);
    setText(about, aboutOf(words, now));
    enable.hidden = now.state === "enabled";
    disable.hidden = now.state === "disabled";
    if (form) form.fill(now);
    if (details.open) await load();
  }

  const may = access.may("webhooks:write");
  const element = h("li", { class: "stack tight" }, h("div", { class: "between" }, url, state), about, may && h("div", { class: "actions" }, test, enable), result, details, own && h("details", {}, h("summary", {}, words.text("hook.change")), form.element, h("div", { class: "actions apart" }, rotate, disable, remove)), secret.element);
  return { element, update };
}

function aboutOf(words, webhook) {
  const said = [words.text("webhooks.waiting", { n: words.number(webhook.waiting) })];
  if (webhook.description) said.unshift(webhook.description);
  if (webhook.isDefault) said.unshift(words.text("webhooks.default"));
  if (webhook.disabledReason) said.push(words.textOf("disabled", webhook.disabledReason));
  if (webhook.consecutiveFailures > 0) {
    said.push(words.text("webhooks.failures", { n: words.number(webhook.consecutiveFailures), reason: reasonText(words, webhook.lastFailure ?? "") }));
  }
  if (webhook.nextProbeAt) said.push(words.text("webhooks.next", { time: words.moment(webhook.nextProbeAt) }));
  return said.join(" · ");
}

function attemptRow(words, attempt, again) {
  const button = again && h("button", { type: "button", class: "plain small", click: () => again(button, attempt.eventId) }, words.text("webhooks.again"));
  return h(
    "li",
    { "data-delivered": String(attempt.delivered) },
    h(
      "div",
      { class: "between" },
      h("span", {}, badge(attempt.delivered ? words.text("webhooks.delivered") : reasonText(words, attempt.reason), attempt.delivered ? "good" : "bad"), " ", words.textOf("event", attempt.type)),
      h("time", { class: "soft small", datetime: attempt.at }, words.moment(attempt.at)),
    ),
    h("p", { class: "small soft" }, words.text("webhooks.attempt", { n: words.number(attempt.attempt), ms: words.number(attempt.milliseconds) })),
    attempt.answer ? h("p", { class: "small mono answer" }, attempt.answer) : null,
    attempt.delivered ? null : button,
  );
}

function reasonText(words, reason) {
  return reason.startsWith("http_") ? `HTTP ${reason.slice(5)}` : words.textOf("delivery", reason);
}
