// The connect page: opens the link in the address, starts the session, shows the code until the number is connected.

import { Words } from "../shared/i18n.js";
import { ask, open, Refusal, watch } from "./link.js";
import { TEXTS } from "./texts.js";
import { View } from "./view.js";

const words = new Words(TEXTS);
const view = new View(words);
const leaving = new AbortController();

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

let visit = "";
let method = "both";
let way = "qr";
let started = false;
let hadCode = false;
let now = { phase: "idle", cause: null, qrCode: null, pairingCode: null, numberEnds: null };

begin();

async function begin() {
  at("language").addEventListener("click", switchLanguage);
  at("methods").addEventListener("change", () => choose(at("by-code").checked ? "code" : "qr"));
  at("number-form").addEventListener("submit", askForCode);
  at("other-number").addEventListener("click", otherNumber);
  at("copy").addEventListener("click", copy);
  at("again").addEventListener("click", () => start());
  // Another link pasted into the same window.
  addEventListener("hashchange", () => location.reload());
  const opened = await openLink();
  if (opened === null) return;
  visit = opened.visit;
  method = opened.method;
  if (opened.language !== null && !chosen()) words.change(opened.language === "pt" ? "pt-BR" : opened.language);
  view.brand(opened.brand, opened.returnUrl);
  // Who reads this on a phone can hardly scan it with the same phone.
  const onPhone = matchMedia("(pointer: coarse) and (max-width: 600px)").matches;
  choose(method === "code" || (method === "both" && onPhone) ? "code" : "qr");
  await follow();
}

async function openLink() {
  for (let failures = 0; ; failures += 1) {
    try {
      return await open(location.hash.slice(1));
    } catch (error) {
      if (error instanceof Refusal && error.over) {
        over(error.code);
        return null;
      }
      view.say("retrying");
      await pause(failures);
    }
  }
}

/** Read the stream, again when it breaks, until the number is connected or the link is over. */
async function follow() {
  for (let failures = 0; ; failures += 1) {
    try {
      const ended = await watch(visit, (state) => {
        failures = 0;
        take(state);
      }, leaving.signal);
      if (ended !== null) return now.phase === "connected" ? undefined : over(ended);
    } catch (error) {
      if (now.phase === "connected") return;
      if (error instanceof Refusal && error.over) return over(error.code);
    }
    if (now.phase === "connected") return;
    if (failures > 0) view.say("retrying");
    await pause(failures);
  }
}

function take(state) {
  now = state;
  if (state.phase === "connected") leaving.abort();
  // Once: a code that nobody scanned is asked for again by a person.
  if (state.phase === "idle" && state.cause === null && method !== "code" && !started) start();
  show();
}

function show() {
  const { phase, cause, qrCode, pairingCode, numberEnds } = now;
  if (phase === "connected") {
    view.numberEnds(numberEnds);
    view.panels({ done: true });
    view.say("phase.connected", {}, "good");
    return;
  }
  if (phase === "linking") {
    view.panels({});
    view.say("phase.linking");
    return;
  }
  const stopped = phase === "failed" || (phase === "idle" && cause !== null);
  if (stopped && way === "qr") {
    view.panels({ methods: method === "both", again: phase === "failed" ? "again" : "newCode" });
    view.say(`cause.${cause ?? "service_trouble"}`, {}, "bad");
    return;
  }
  const code = way === "code" ? (pairingCode ?? "") : "";
  view.panels({ methods: method === "both", way, code, qr: way === "qr" ? (qrCode ?? "") : "" });
  if (way === "qr") {
    view.say(cause === null ? `phase.${phase}` : `cause.${cause}`);
  } else if (code !== "") {
    view.say("codeFor", { code });
  } else if (phase === "failed") {
    view.say(`cause.${cause}`, {}, "bad");
  } else {
    view.say(hadCode ? "codeOver" : "askFirst");
  }
  hadCode ||= code !== "";
}

async function start() {
  started = true;
  view.busy("again", true);
  try {
    take(await ask(visit, "POST", "start"));
  } catch (error) {
    failed(error);
  } finally {
    view.busy("again", false);
  }
}

async function askForCode(event) {
  event.preventDefault();
  view.numberError("");
  view.busy("ask", true);
  try {
    hadCode = false;
    take(await ask(visit, "POST", "pairing-code", { phoneNumber: at("number").value }));
    if (now.pairingCode !== null) at("copy").focus();
  } catch (error) {
    if (error instanceof Refusal && error.over) over(error.code);
    else view.numberError(problem(error));
  } finally {
    view.busy("ask", false);
  }
}

function otherNumber() {
  now = { ...now, pairingCode: null };
  hadCode = false;
  show();
  at("number").focus();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(now.pairingCode ?? "");
    at("copy").textContent = words.text("copied");
    setTimeout(() => (at("copy").textContent = words.text("copy")), 2_000);
  } catch {
    // Not allowed here: the code stands above and can be selected.
  }
}

function choose(wanted) {
  way = wanted;
  at("by-qr").checked = way === "qr";
  at("by-code").checked = way === "code";
  show();
}

function over(code) {
  leaving.abort();
  view.panels({ over: true });
  view.say(words.has(`over.${code}`) ? `over.${code}` : "over.unauthorized", {}, "bad");
}

function failed(error) {
  if (error instanceof Refusal && error.over) return over(error.code);
  view.panels({ methods: method === "both", again: "again" });
  view.say(problem(error), {}, "bad");
  return undefined;
}

function problem(error) {
  const key = `problem.${error instanceof Refusal ? error.code : "other"}`;
  return words.has(key) ? key : "problem.other";
}

function switchLanguage() {
  words.change(words.language === "en" ? "pt-BR" : "en");
  show();
}

/** Whether the reader has said which language: that wins over the link's. */
function chosen() {
  try {
    return new URLSearchParams(location.search).has("lang") || localStorage.getItem("language") !== null;
  } catch {
    return false;
  }
}

function pause(failures) {
  return new Promise((done) => setTimeout(done, Math.min(10_000, 500 * 2 ** failures)));
}
