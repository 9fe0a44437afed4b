// How each part of the gateway is, in words.

import { badge, h, setText } from "../shared/dom.js";

const EVERY_MS = 10_000;

export function healthPanel({ words, api, lifetime }) {
  const parts = h("ul", { class: "parts" });
  const about = h("p", { class: "soft small" });
  let shown = "";

  async function load() {
    let health = null;
    try {
      health = await api.get("health", { signal: lifetime.signal });
    } catch (error) {
      if (error.code === "gone") return;
    }
    const found = health === null ? [["control", "unreachable", "bad"]] : partsOf(health);
    const now = JSON.stringify(found);
    if (now !== shown) {
      shown = now;
      parts.replaceChildren(
        ...found.map(([name, state, tone]) =>
          h("li", {}, h("span", {}, words.text(`part.${name}`)), badge(words.textOf("health", state), tone)),
        ),
      );
    }
    setText(about, health === null ? "" : versions(words, health));
  }

  lifetime.every(EVERY_MS, load);
  return h("section", { class: "sheet", "aria-labelledby": "health-title" }, h("h2", { id: "health-title" }, words.text("health.title")), parts, about);
}

/** Each part with its state and tone. What is not known, because the bridge is away, is not shown. */
function partsOf(health) {
  const { bridge, redis, degraded } = health;
  const found = [
    ["control", "up", "good"],
    ["bridge", bridge.status, tone(bridge.status === "up")],
    ["redis", redis.status, tone(redis.status === "up")],
  ];
  if (bridge.whatsapp) found.push(["whatsapp", bridge.whatsapp, bridge.whatsapp === "unreachable" ? "bad" : bridge.whatsapp === "reachable" ? "good" : ""]);
  if (bridge.store) found.push(["store", bridge.store, tone(bridge.store === "ok")]);
  if (degraded.includes("webhooks")) found.push(["webhooks", "failing", "bad"]);
  return found;
}

function tone(good) {
  return good ? "good" : "bad";
}

function versions(words, { version, uptime, bridge }) {
  const hours = uptime / 3600;
  const since = hours < 1 ? words.text("health.minutes", { n: words.number(Math.floor(uptime / 60)) }) : words.text("health.hours", { n: words.number(Math.floor(hours)) });
  const baileys = bridge.baileysVersion ? ` · Baileys ${bridge.baileysVersion}` : "";
  return `${words.text("health.version", { version })}${baileys} · ${since}`;
}
