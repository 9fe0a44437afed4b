// Links for the tenant's own customer, who links the number without an account here: make one, see those there are, withdraw.

import { announce, badge, busy, field, h } from "../shared/dom.js";
import { part } from "./api.js";
import { show } from "./faults.js";
import { shownOnce } from "./once.js";

const HOUR = 3600;
const LIVES = [HOUR, 24 * HOUR, 7 * 24 * HOUR];
const TONE = { open: "good", connected: "good", used: "warn" };

export function inviteForm(context) {
  const { words, api, tenantId, lifetime } = context;
  const base = `api/v1/sessions/${part(tenantId)}/connect-link`;
  const name = h("input", { maxlength: "60", autocomplete: "off", placeholder: words.text("invite.brand_example") });
  const life = h("select", {}, ...LIVES.map((seconds) => h("option", { value: String(seconds) }, words.text(`invite.life_${seconds / HOUR}`))));
  const button = h("button", { type: "submit" }, words.text("invite.make"));
  const fault = h("p", { class: "note", hidden: true });
  const made = shownOnce(words);
  const list = h("ul", { class: "cards" });
  const element = h(
    "details",
    { toggle: () => element.open && load() },
    h("summary", {}, words.text("invite.title")),
    h(
      "form",
      { class: "stack tight", submit },
      h("p", { class: "small soft" }, words.text("invite.hint")),
      h("div", { class: "pair" }, field("invite-brand", words.text("invite.brand"), name), field("invite-life", words.text("invite.life"), life)),
      fault,
      h("div", { class: "actions" }, button),
      made.element,
    ),
    list,
  );

  async function submit(event) {
    event.preventDefault();
    await busy(button, async () => {
      const brand = name.value.trim();
      try {
        const link = await api.post(base, { expiresInSeconds: Number(life.value), ...(brand && { brand: { name: brand } }) }, { signal: lifetime.signal });
        fault.hidden = true;
        made.show(words.text("invite.made", { time: words.moment(link.expiresAt) }), link.url);
      } catch (error) {
        show(words, fault, error);
      }
      await load();
    });
  }

  async function load() {
    try {
      const { links } = await api.get(`${base}s`, { signal: lifetime.signal });
      list.replaceChildren(...links.map(row));
    } catch (error) {
      show(words, fault, error);
    }
  }

  function row(link) {
    const revoke = h("button", { type: "button", class: "danger small", click: () => busy(revoke, () => withdraw(link)) }, words.text("invite.revoke"));
    return h(
      "li",
      { class: "between" },
      h("span", { class: "small" }, badge(words.textOf("invite", link.status), TONE[link.status]), " ", link.brand.name ?? "", h("span", { class: "soft" }, ` ${words.text("invite.until", { time: words.moment(link.expiresAt) })}`)),
      revoke,
    );
  }

  async function withdraw(link) {
    try {
      await api.call("DELETE", `${base}s/${part(link.id)}`, { signal: lifetime.signal });
      fault.hidden = true;
      made.clear();
      announce(words.text("invite.revoked"));
    } catch (error) {
      show(words, fault, error);
    }
    await load();
  }

  return element;
}
