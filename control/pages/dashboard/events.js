// The last events of a tenant, newest first. All of it was written by others: it is shown as text.

import { h } from "../shared/dom.js";

const KEPT = 50;
const LONGEST = 300;

export function eventsPanel({ words, live }) {
  const list = h("ol", { class: "events", tabindex: "0", "aria-labelledby": "events-title" });
  const empty = h("p", { class: "soft empty" }, words.text("events.none"));

  function add(event) {
    empty.hidden = true;
    list.prepend(row(words, event));
    while (list.children.length > KEPT) list.lastElementChild.remove();
  }
  live.on("past", (events) => events.slice(-KEPT).forEach(add));
  live.on("event", add);

  return h("section", { class: "sheet stack", "aria-labelledby": "events-title", id: "events" }, h("h2", { id: "events-title" }, words.text("events.title")), empty, list);
}

function row(words, event) {
  const raw = h("pre", { tabindex: "0" });
  const details = h("details", { toggle: () => (raw.textContent ||= JSON.stringify(event, null, 2)) }, h("summary", {}, words.text("events.details")), raw);
  return h(
    "li",
    { "data-event": event.event },
    h("div", { class: "between" }, h("strong", {}, words.textOf("event", event.event)), h("time", { class: "soft small", datetime: event.timestamp }, words.moment(event.timestamp))),
    h("p", {}, short(summary(words, event))),
    details,
  );
}

/** What an event says in a line. */
function summary(words, { event, data }) {
  const who = data.name || data.from || data.chatId || "";
  switch (event) {
    case "message":
    case "message.edited":
      return `${data.fromMe ? words.text("events.phone") : who}: ${data.message || data.media?.fileName || words.textOf("kind", data.type)}`;
    case "message.status":
      return `${data.to || data.chatId}: ${words.textOf("status", data.status)}`;
    case "message.reaction":
      return `${who}: ${data.emoji}`;
    case "session.qr":
      return words.text(data.qr ? "events.qr" : "events.no_qr");
    case "session.status":
      return words.textOf("state", data.status);
    case "group.update":
      return [data.subject || data.groupId, words.textOf("group", data.action)].join(": ");
    case "contact.update":
      return data.contact?.name || data.contact?.phoneNumber || "";
    case "presence":
      return `${data.chatId}: ${data.presence}`;
    case "call":
      return data.status;
    default:
      return who;
  }
}

function short(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
