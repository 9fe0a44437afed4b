// Sends a test message and shows what becomes of it, as far as it is known and no further.

import { announce, busy, field, h, setText } from "../shared/dom.js";
import { newKey, part } from "./api.js";
import { show } from "./faults.js";
import { STEPS, stepOf } from "./states.js";

const SHOWN = 4;
const SENDING_SECONDS = 40;
const LOOK_MS = 3000;
const LOOKS_BETWEEN = 5;
const ANSWER = "wait=1"; // What comes after a second is told by events.

export function sendPanel(context) {
  const { words, api, tenantId, live, lifetime } = context;
  const to = h("input", { type: "tel", autocomplete: "off", required: true, placeholder: "+55 11 99999-9999" });
  const text = h("textarea", { required: true, maxlength: "4096", rows: "3" });
  const button = h("button", { type: "submit", class: "main" }, words.text("send.button"));
  const fault = h("p", { class: "note", hidden: true });
  const list = h("ul", { class: "sent" });
  const sent = new Map();
  // A request that had no answer is asked again under its key, and never becomes a second message.
  let attempt = { key: newKey(), content: "" };

  async function submit(event) {
    event.preventDefault();
    const body = { to: to.value.trim(), message: text.value, type: "text" };
    const content = JSON.stringify(body);
    if (content !== attempt.content) attempt = { key: newKey(), content };
    await busy(button, async () => {
      try {
        const headers = { "Idempotency-Key": attempt.key };
        const answer = await api.post(`api/v1/messages/${part(tenantId)}/send?${ANSWER}`, body, { headers, seconds: SENDING_SECONDS, signal: lifetime.signal });
        attempt = { key: newKey(), content: "" };
        fault.hidden = true;
        text.value = "";
        text.focus();
        add(answer, body);
      } catch (error) {
        show(words, fault, error);
        // Refused: what is sent next is another attempt.
        if (error.code !== "unreachable" && error.status < 500) attempt = { key: newKey(), content: "" };
      }
    });
  }

  function add(answer, { to: recipient, message }) {
    const row = newRow(words, recipient, message);
    sent.set(answer.messageId, row);
    list.prepend(row.element);
    while (list.children.length > SHOWN) list.lastElementChild.remove();
    row.update(answer);
  }

  live.on("event", ({ event, data }) => {
    if (event === "message.status") sent.get(data.messageId)?.update(data);
  });
  // Events tell of each step at once. What a message waits for they do not, and a stream may be broken.
  let looks = 0;
  lifetime.every(LOOK_MS, async () => {
    looks += 1;
    for (const [id, row] of sent) {
      if (row.done || !list.contains(row.element)) sent.delete(id);
      else if (row.waits || looks % LOOKS_BETWEEN === 0) row.update(await api.get(`api/v1/messages/${part(tenantId)}/${part(id)}`, { signal: lifetime.signal }));
    }
  });

  return h(
    "section",
    { class: "sheet stack", "aria-labelledby": "send-title", id: "send" },
    h("h2", { id: "send-title" }, words.text("send.title")),
    h("form", { class: "stack tight", submit }, field("send-to", words.text("send.to"), to), field("send-text", words.text("send.text"), text), fault, h("div", { class: "actions" }, button)),
    list,
  );
}

function newRow(words, recipient, message) {
  const steps = STEPS.map((name) => h("li", {}, words.text(`status.${name}`)));
  const note = h("p", { class: "small soft" });
  const element = h(
    "li",
    {},
    h("p", {}, h("strong", {}, recipient), " ", h("span", { class: "soft" }, message)),
    h("ol", { class: "steps", "aria-label": words.text("send.steps") }, ...steps),
    note,
  );
  const row = { element, update, done: false, waits: true };
  let reached = -1;
  let told = "";

  function update({ status, heldBy, failure, expectedAt }) {
    const step = stepOf(status);
    // Events may arrive after an answer that says more.
    if (step !== -1 && step < reached) return;
    // An event repeats what the answer said, and does not say what it waits for.
    if (status === told && heldBy === undefined) return;
    reached = Math.max(reached, step);
    steps.forEach((item, place) => {
      item.className = place <= reached ? "reached" : "";
      if (place === reached) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    element.dataset.status = status;
    setText(note, noteOf(words, { status, heldBy, failure, expectedAt }));
    note.className = status === "failed" || status === "unknown" ? "note bad" : "small soft";
    row.waits = status === "accepted";
    row.done = status === "failed" || step >= STEPS.indexOf("read");
    if (status !== told) announce(`${words.textOf("status", status)} – ${recipient}`);
    told = status;
  }
  return row;
}

function noteOf(words, { status, heldBy, failure, expectedAt }) {
  if (status === "failed") return words.textOf("failure", failure?.code ?? "unknown");
  if (status === "unknown") return words.text("status.unknown_note");
  if (status !== "accepted" || !heldBy) return "";
  const when = expectedAt ? ` ${words.text("send.expected", { time: words.moment(expectedAt) })}` : "";
  return words.textOf("held", heldBy) + when;
}
