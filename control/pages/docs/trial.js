// "Try it": a form for one operation, its request in three languages, and what the gateway answers to it.

import { codeBlock, el, inline, tabs } from "./dom.js";
import { curl, python, typescript } from "./snippets.js";
import { FORM_TYPE, JSON_TYPE } from "./spec.js";

const SHOWN_HEADERS = ["content-type", "retry-after", "ratelimit", "ratelimit-policy", "idempotent-replayed", "x-request-id", "location", "etag"];
const MOST_CHARACTERS = 200_000;

/** Names that stand for the gateway this page comes from, below whatever folder a proxy put it. */
const base = new URL(".", location.href).href.replace(/\/$/, "");

/**
 * @param {import("./spec.js").Spec} spec
 * @param {{id: string, method: string, path: string, said: any}} operation
 * @param {{key: string, tenant: string, language: number}} who what stands at the top of the page
 */
export function trial(spec, operation, who) {
  const { method, path, said } = operation;
  const keyed = said.security.length > 0;
  const contents = said.requestBody?.content ?? {};
  const inputs = new Map();
  let body;
  let file;

  const rows = said.parameters.map((parameter) => {
    const id = `p-${parameter.name}`;
    const preset = parameter.name === "tenantId" ? who.tenant : parameter.in === "path" ? (parameter.example ?? "") : "";
    const field = parameter.schema.enum
      ? el("select", { id }, !parameter.required && el("option", { value: "" }, "–"), ...parameter.schema.enum.map((value) => el("option", { value }, value)))
      : el("input", { id, value: preset, placeholder: parameter.schema.default ?? parameter.example ?? "", autocomplete: "off", spellcheck: false });
    field.addEventListener("input", show);
    inputs.set(parameter, field);
    const label = el("label", { htmlFor: id }, el("code", {}, parameter.name), " ", el("span", { class: "soft" }, parameter.in), parameter.required && el("span", { class: "must" }, "required"));
    return el("div", {}, label, field, el("p", { class: "soft small" }, ...inline(parameter.description)));
  });

  if (contents[JSON_TYPE]) {
    const examples = spec.examples(contents[JSON_TYPE]);
    body = el("textarea", { id: "body", class: "mono", spellcheck: false, rows: 10, "aria-label": "Body" });
    const choice = el("select", { id: "example" }, ...examples.map(([name]) => el("option", { value: name }, name)));
    const fill = () => {
      const found = examples.find(([name]) => name === choice.value);
      body.value = found ? JSON.stringify(found[1], null, 2) : "{}";
      show();
    };
    choice.addEventListener("change", fill);
    body.addEventListener("input", show);
    rows.push(el("div", {}, el("label", { htmlFor: "example" }, "Body, from the example"), examples.length > 0 && choice, body));
    queueMicrotask(fill);
  }
  if (contents[FORM_TYPE]) {
    file = el("input", { id: "file", type: "file" });
    file.addEventListener("change", show);
    rows.push(el("div", {}, el("label", { htmlFor: "file" }, "File, in place of a URL"), file));
  }

  const samples = el("div", { class: "samples" });
  const answer = el("div", { class: "answer", "aria-live": "polite" });
  const send = el("button", { type: "submit", class: "main" }, "Send");
  const stop = el("button", { type: "button", hidden: true }, "Stop");
  const note = keyed ? null : el("span", { class: "soft small" }, "Needs no key.");
  const form = el("form", { class: "trial", onsubmit: run }, ...rows, el("div", { class: "row" }, send, stop, note));
  show();
  return el("section", {}, el("h2", {}, "Try it"), form, answer, el("h2", {}, "As code"), samples);

  /** @returns {import("./snippets.js").Request} */
  function request() {
    let filled = path;
    const query = new URLSearchParams();
    /** @type {Record<string, string>} */
    const headers = {};
    for (const [parameter, field] of inputs) {
      const value = field.value.trim();
      if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value || `{${parameter.name}}`));
      else if (value !== "" && parameter.in === "query") query.set(parameter.name, value);
      else if (value !== "") headers[parameter.name] = value;
    }
    const url = `${base}${filled}${query.size > 0 ? `?${query}` : ""}`;
    const chosen = file?.files[0];
    if (chosen) return { method, url, keyed, headers, form: [["payload", compact(without(body.value))], ["file", `@${chosen.name}`]] };
    return { method, url, keyed, headers, json: body === undefined || body.value.trim() === "" ? undefined : compact(body.value) };
  }

  function show() {
    const made = request();
    const languages = Object.entries({ curl, TypeScript: typescript, Python: python });
    const parts = languages.map(([name, write]) => /** @type {[string, () => Node]} */ ([name, () => codeBlock(write(made))]));
    samples.replaceChildren(tabs(parts, "Language", who.language, (at) => (who.language = at)));
  }

  async function run(event) {
    event.preventDefault();
    const made = request();
    if (keyed && who.key === "") {
      answer.replaceChildren(el("p", { class: "note warn" }, "Enter an API key at the top of the page first."));
      return;
    }
    /** @type {Record<string, string>} */
    const headers = { ...made.headers };
    if (keyed) headers.Authorization = `Bearer ${who.key}`;
    let payload;
    if (made.form) {
      payload = new FormData();
      payload.set("payload", made.form[0][1]);
      payload.set("file", file.files[0]);
    } else if (made.json !== undefined) {
      headers["Content-Type"] = JSON_TYPE;
      payload = made.json;
    }
    const ending = new AbortController();
    send.setAttribute("aria-busy", "true");
    send.disabled = true;
    stop.hidden = false;
    stop.addEventListener("click", () => ending.abort(), { once: true });
    const began = performance.now();
    try {
      const response = await fetch(made.url, { method, headers, body: payload, signal: ending.signal, credentials: "omit", cache: "no-store" });
      await tell(answer, response, performance.now() - began);
    } catch (error) {
      const words = ending.signal.aborted ? "Stopped." : `There was no answer: ${error.message}`;
      answer.append(el("p", { class: "note warn" }, words));
    } finally {
      send.removeAttribute("aria-busy");
      send.disabled = false;
      stop.hidden = true;
    }
  }
}

async function tell(place, response, ms) {
  const good = response.status < 400;
  const kind = response.headers.get("content-type") ?? "";
  const headers = SHOWN_HEADERS.filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
  place.replaceChildren(
    el("p", {}, el("span", { class: `badge ${good ? "good" : "bad"}`, id: "status" }, String(response.status)), ` ${Math.round(ms)} ms`),
    el("pre", { class: "soft small" }, headers.join("\n")),
  );
  if (kind.startsWith("image/")) {
    const picture = el("img", { class: "picture", alt: "The answer, a picture" });
    picture.src = await dataUrl(await response.blob());
    place.append(picture);
    return;
  }
  const shown = el("code", { id: "answer" });
  place.append(el("pre", { tabIndex: 0 }, shown));
  if (!kind.startsWith("text/event-stream")) {
    const text = await response.text();
    shown.textContent = pretty(text).slice(0, MOST_CHARACTERS);
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    shown.textContent = (shown.textContent + part.value).slice(-MOST_CHARACTERS);
  }
}

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The picture cannot be read.")));
    reader.readAsDataURL(blob);
  });
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text; // Somebody is still typing; the gateway says what is wrong with it.
  }
}

/** The fields beside an uploaded file. */
function without(text) {
  try {
    const fields = JSON.parse(text);
    delete fields.mediaUrl;
    delete fields.mediaBase64;
    return JSON.stringify(fields);
  } catch {
    return text;
  }
}
