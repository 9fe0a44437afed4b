// Buttons that exist in the sandbox only: a mock phone scans the code, a mock contact speaks.

import { announce, busy, field, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { show } from "./faults.js";

const SECONDS = 35;

export function sandboxPanel({ words, api, tenantId, live, lifetime }) {
  const base = `api/v1/sandbox/${part(tenantId)}`;
  const note = h("p", { class: "note", hidden: true, role: "status" });
  const scan = h("button", { type: "button", disabled: true, click: () => act(scan, "scan", {}, "phoneNumber") }, words.text("sandbox.scan"));
  const from = h("input", { type: "tel", autocomplete: "off", required: true, value: "+5511912345678" });
  const name = h("input", { autocomplete: "off", maxlength: "256", value: "Maria" });
  const text = h("input", { autocomplete: "off", required: true, maxlength: "4096", value: words.text("sandbox.example") });
  const say = h("button", { type: "submit", disabled: true }, words.text("sandbox.say"));

  live.on("session", (session) => {
    scan.disabled = session?.status !== "qr";
    say.disabled = session?.status !== "connected";
  });

  async function act(button, action, body, told) {
    await busy(button, async () => {
      try {
        const answer = await api.post(`${base}/${action}`, body, { seconds: SECONDS, signal: lifetime.signal });
        note.className = "note good";
        note.hidden = false;
        setText(note, words.text(`sandbox.${action}_done`, { value: answer[told] }));
        announce(note.textContent);
      } catch (error) {
        show(words, note, error);
      }
    });
  }
  function submit(event) {
    event.preventDefault();
    const named = name.value.trim() === "" ? {} : { name: name.value };
    act(say, "say", { from: from.value, text: text.value, ...named }, "messageId");
  }

  return h(
    "section",
    { class: "sheet stack sandbox", "aria-labelledby": "sandbox-title", id: "sandbox-panel" },
    h("h2", { id: "sandbox-title" }, words.text("sandbox.title")),
    h("p", { class: "soft small" }, words.text("sandbox.hint")),
    h("div", { class: "actions" }, scan),
    h(
      "form",
      { class: "stack tight", submit },
      h("div", { class: "pair" }, field("contact-number", words.text("sandbox.number"), from), field("contact-name", words.text("sandbox.name"), name)),
      field("contact-text", words.text("sandbox.text"), text),
      h("div", { class: "actions" }, say),
    ),
    note,
  );
}
