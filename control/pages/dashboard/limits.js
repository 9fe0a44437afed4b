// How full a tenant's queue is and how much of its limits is used.

import { h, setText } from "../shared/dom.js";
import { part } from "./api.js";

const EVERY_MS = 10_000;

export function limitsPanel({ words, api, tenantId, lifetime }) {
  const about = h("p", { class: "soft small" });
  const list = h("ul", { class: "limits" });
  const panel = h("section", { class: "sheet stack", "aria-labelledby": "limits-title", id: "limits", hidden: true }, h("h2", { id: "limits-title" }, words.text("limits.title")), about, list);
  const meters = new Map();

  lifetime.every(EVERY_MS, async () => {
    const now = await api.get(`api/v1/sessions/${part(tenantId)}/limits`, { signal: lifetime.signal });
    panel.hidden = false;
    setText(about, aboutOf(words, now));
    draw("queue", words.text("limits.queue"), now.queued, now.queueLimit);
    for (const bucket of now.buckets) draw(bucket.name, words.textOf("limit", bucket.name), bucket.used, bucket.limit);
  });

  function draw(name, label, used, limit) {
    const row = meters.get(name) ?? newMeter(label, list);
    meters.set(name, row);
    row.meter.setAttribute("max", String(Math.max(limit, 1)));
    row.meter.setAttribute("high", String(limit * 0.8));
    row.meter.setAttribute("optimum", "0");
    row.meter.setAttribute("value", String(used));
    setText(row.figure, `${words.number(used)} / ${words.number(limit)}`);
  }
  return panel;
}

function newMeter(label, list) {
  const meter = h("meter", { min: "0", "aria-label": label });
  const figure = h("span", { class: "small soft" });
  list.append(h("li", {}, h("span", { class: "small" }, label), figure, meter));
  return { meter, figure };
}

function aboutOf(words, { profile, warmUp, restrictions, nextSendAt, parkedNewChats }) {
  const said = [words.textOf("profile", profile)];
  if (warmUp) said.push(words.text("limits.warm_up", { day: warmUp.day, days: warmUp.days }));
  for (const one of restrictions) said.push(words.textOf("restriction", one.kind));
  if (parkedNewChats > 0) said.push(words.text("limits.parked", { n: words.number(parkedNewChats) }));
  if (nextSendAt) said.push(words.text("limits.next", { time: words.moment(nextSendAt) }));
  return said.join(" · ");
}
