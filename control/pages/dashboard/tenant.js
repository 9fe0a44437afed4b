// One tenant: its number and how to link it, messages, events, webhooks, limits.

import { h } from "../shared/dom.js";
import { accountPanel } from "./account.js";
import { eventsPanel } from "./events.js";
import { limitsPanel } from "./limits.js";
import { linkPanel } from "./link.js";
import { Live } from "./live.js";
import { sandboxPanel } from "./sandbox.js";
import { sendPanel } from "./send.js";
import { webhooksPanel } from "./webhooks.js";

export function tenantView(context, tenantId) {
  const { words, access, sandbox } = context;
  const live = new Live(context, tenantId);
  const own = { ...context, tenantId, live };
  const view = h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "heading" },
      h("div", {}, h("a", { href: "#/", class: "small" }, words.text("tenant.back")), h("h1", { tabindex: "-1" }, tenantId)),
    ),
    h(
      "div",
      { class: "columns" },
      h("div", { class: "stack" }, linkPanel(own), access.may("messages:send") && sendPanel(own), access.may("sessions:read") && limitsPanel(own), access.may("tenants:read") && accountPanel(own)),
      h(
        "div",
        { class: "stack" },
        sandbox && access.isOperator && sandboxPanel(own),
        access.may("events:read") && eventsPanel(own),
        access.may("webhooks:read") && webhooksPanel(own),
      ),
    ),
  );
  live.begin();
  return view;
}
