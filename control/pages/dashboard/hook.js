// A webhook's own form: where it goes and what it is told. For a new one, and for one that is there.

import { busy, field, h, setText } from "../shared/dom.js";
import { show } from "./faults.js";

/** The kinds of events; the gateway takes no others, and all when none is chosen. */
export const KINDS = [
  ...["message", "message.status", "message.edited", "message.deleted", "message.reaction", "message.unreadable"],
  ...["session.status", "session.qr", "group.update", "contact.update", "presence", "call", "webhook.disabled"],
];

/**
 * The form. id: begins the ids of its fields. save: called with the body; raises ApiError. done: called when that worked.
 * fill(webhook) puts one's values into it, unless somebody is writing there.
 */
export function hookForm(context, { id, button, save, done }) {
  const { words } = context;
  const url = h("input", { type: "url", required: true, maxlength: "2048", autocomplete: "off", autocapitalize: "none", spellcheck: "false", placeholder: "https://app.example/whatsapp" });
  const description = h("input", { maxlength: "256", autocomplete: "off" });
  const boxes = KINDS.map((kind) => h("input", { type: "checkbox", value: kind, checked: true }));
  const fault = h("p", { class: "note", hidden: true });
  const submit = h("button", { type: "submit", class: "main" }, button);
  let filled = "";

  function body() {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    const all = chosen.length === KINDS.length || chosen.length === 0;
    return { url: url.value.trim(), description: description.value.trim() || null, events: all ? null : chosen };
  }

  async function send(event) {
    event.preventDefault();
    await busy(submit, async () => {
      try {
        await save(body());
        fault.hidden = true;
        filled = JSON.stringify(body());
      } catch (error) {
        show(words, fault, error);
        url.focus();
        return;
      }
      await done();
    });
  }

  const element = h(
    "form",
    { class: "stack", submit: send },
    field(`${id}-url`, words.text("hook.url"), url),
    field(`${id}-description`, words.text("hook.description"), description),
    h("fieldset", {}, h("legend", {}, words.text("hook.events")), h("div", { class: "boxes" }, ...boxes.map((box) => h("label", { class: "box plain" }, box, " ", words.textOf("event", box.value))))),
    fault,
    h("div", { class: "actions" }, submit),
  );
  return {
    element,
    fill(webhook) {
      const changed = filled !== "" && filled !== JSON.stringify(body());
      if (changed) return;
      url.value = webhook.url;
      description.value = webhook.description ?? "";
      for (const box of boxes) box.checked = webhook.events === null || webhook.events.includes(box.value);
      filled = JSON.stringify(body());
    },
    clear() {
      element.reset();
      setText(fault, "");
      fault.hidden = true;
    },
  };
}
