// The API's pages, drawn from /openapi.json: a list to search, and one operation at a time with a form to try it.

import { codeBlock, el, inline, prose, tabs } from "./dom.js";
import { schemaView } from "./schema.js";
import { FORM_TYPE, JSON_TYPE, Spec } from "./spec.js";
import { trial } from "./trial.js";

const find = (id) => /** @type {any} */ (document.getElementById(id));
const content = find("content");

/** What stands at the top. The key lives here and nowhere else: it is gone when the window is. */
const who = { key: "", tenant: find("tenant").value, language: 0 };

/** @type {Spec} */
let spec;

function overview() {
  const { info } = spec.document;
  return [
    el("h1", {}, `${info.title} ${info.version}`),
    el("p", { class: "soft" }, info.summary),
    ...prose(info.description),
    el("h2", {}, "Generate a client"),
    el("p", {}, ...inline("The document is at "), el("a", { href: "openapi.json" }, "openapi.json"), ", OpenAPI 3.1. Any generator takes it:"),
    codeBlock(`npx openapi-typescript ${new URL("openapi.json", location.href)} -o gateway.d.ts`),
    el("h2", {}, "Chapters"),
    el("ul", { class: "plain" }, ...spec.chapters().map((tag) => el("li", {}, el("strong", {}, tag.name), ": ", tag.description))),
    el("p", {}, el("a", { href: "#/errors" }, "All errors"), " · ", el("a", { href: "#/events" }, "All events")),
  ];
}

function operationView(operation) {
  const { method, path, said } = operation;
  const parts = [
    el("p", { class: "soft" }, said.tags[0]),
    el("h1", {}, said.summary),
    el("p", { class: "address" }, el("span", { class: `method ${method.toLowerCase()}` }, method), " ", el("code", {}, path)),
    ...prose(said.description),
  ];
  const body = said.requestBody?.content;
  if (path.endsWith("/ws")) parts.push(el("p", { class: "note" }, "A WebSocket cannot be tried from here; the stream of server-sent events carries the same."));
  else parts.push(trial(spec, operation, who));
  if (body) {
    parts.push(el("h2", {}, `Body${said.requestBody.required ? "" : ", may be left out"}`), schemaView(spec, body[JSON_TYPE].schema));
    if (body[FORM_TYPE]) parts.push(el("p", { class: "note" }, ...inline(spec.resolve(body[FORM_TYPE].schema).description)));
  }
  parts.push(el("h2", {}, "Answers"));
  for (const [status, given] of Object.entries(said.responses)) {
    const response = spec.resolve(given);
    if (response.content?.["application/problem+json"]) continue;
    parts.push(el("h3", {}, el("span", { class: "badge good" }, status), " ", ...inline(response.description)));
    for (const [type, one] of Object.entries(response.content ?? {})) parts.push(...answerView(type, one));
  }
  parts.push(el("h2", {}, "Errors"), errorTable(spec.errors(said)));
  return parts;
}

function answerView(type, one) {
  const examples = spec.examples(one);
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return [
    type !== JSON_TYPE && el("p", { class: "soft" }, el("code", {}, type)),
    examples.length > 0 && tabs(examples.map(([name, value]) => [name, () => codeBlock(text(value))]), "Examples"),
    type === JSON_TYPE && el("details", {}, el("summary", {}, "Fields"), schemaView(spec, one.schema)),
  ].filter(Boolean);
}

function errorTable(errors) {
  const row = ({ status, code, problem }) =>
    el("tr", {}, el("td", {}, status), el("td", {}, el("code", {}, code)), el("td", {}, problem.title), el("td", {}, problem.retryable ? "yes" : "no"));
  const head = el("tr", {}, ...["Status", "code", "Meaning", "Retry"].map((title) => el("th", { scope: "col" }, title)));
  return el("div", { class: "wide" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...errors.map(row))));
}

function allErrors() {
  const problems = Object.entries(spec.document.components.examples).map(([code, { value }]) => ({ status: String(value.status), code, problem: value }));
  problems.sort((a, b) => a.status.localeCompare(b.status) || a.code.localeCompare(b.code));
  return [el("h1", {}, "Errors"), el("p", {}, ...inline("Every error is `application/problem+json` (RFC 9457). Decide by `code`.")), errorTable(problems)];
}

function allEvents() {
  const parts = [el("h1", {}, "Events"), el("p", {}, "Sent to webhooks, signed, and given by the operations of the chapter Events.")];
  for (const [kind, { post }] of Object.entries(spec.document.webhooks)) {
    const one = post.requestBody.content[JSON_TYPE];
    parts.push(el("h2", { id: kind }, el("code", {}, kind)), ...prose(post.description), codeBlock(JSON.stringify(spec.examples(one)[0][1], null, 2)));
    parts.push(el("details", {}, el("summary", {}, "Fields"), schemaView(spec, one.schema)));
  }
  return parts;
}

function list() {
  const wish = find("search").value;
  const here = location.hash;
  const item = (href, ...children) => el("li", {}, el("a", { href, "aria-current": href === here ? "page" : null }, ...children));
  const chapters = spec.chapters(wish).map((tag) =>
    el("section", {}, el("h2", {}, tag.name), el("ul", {}, ...tag.operations.map(({ id, method, said }) => item(`#/${id}`, el("span", { class: `method ${method.toLowerCase()}` }, method), el("span", {}, said.summary))))),
  );
  const pages = el("ul", {}, item("#/", "Overview"), item("#/errors", "Errors"), item("#/events", "Events"));
  const none = chapters.length === 0 && el("p", { class: "soft" }, "Nothing holds these words.");
  find("list").replaceChildren(...[wish === "" && pages, ...chapters, none].filter(Boolean));
}

function draw(focus = true) {
  const name = location.hash.replace(/^#\/?/, "");
  const pages = new Map([["errors", allErrors], ["events", allEvents]]);
  const operation = spec.find(name);
  const parts = operation ? operationView(operation) : (pages.get(name) ?? overview)();
  content.replaceChildren(el("article", {}, ...parts));
  document.title = `${operation?.said.summary ?? "API"} · WhatsApp gateway`;
  list();
  scrollTo(0, 0);
  if (focus) content.focus({ preventScroll: true });
}

async function begin() {
  find("who").addEventListener("submit", (event) => event.preventDefault());
  find("key").addEventListener("input", (event) => (who.key = event.target.value.trim()));
  find("tenant").addEventListener("input", (event) => {
    who.tenant = event.target.value.trim();
    const field = find("p-tenantId");
    if (field) {
      field.value = who.tenant;
      field.dispatchEvent(new Event("input"));
    }
  });
  find("search").addEventListener("input", list);
  addEventListener("keydown", (event) => {
    const typing = /** @type {HTMLElement} */ (event.target).closest?.("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      find("search").focus();
    }
  });
  try {
    const response = await fetch("openapi.json", { credentials: "omit" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    spec = new Spec(await response.json());
  } catch (error) {
    content.replaceChildren(el("p", { class: "note bad" }, `The document could not be loaded (${error.message}). Load the page again.`));
    return;
  }
  find("version").textContent = spec.document.info.version;
  addEventListener("hashchange", () => {
    if (location.hash === "" || location.hash.startsWith("#/")) draw();
  });
  draw(false);
}

await begin();
