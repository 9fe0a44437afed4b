// Puts a state on the page. Everything that comes from outside becomes text, a checked colour or a checked address.

import { onColor } from "./color.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

export class View {
  #words;
  #brand = { name: null, color: null, logo: null };
  #shown = { key: "opening", values: {}, kind: "" };
  #done = false;

  constructor(words) {
    this.#words = words;
    words.onChange(() => this.#speak());
    this.#speak();
  }

  /** Show whose page this is. */
  brand(brand, returnUrl) {
    this.#brand = brand;
    if (brand.color !== null && /^#[0-9a-f]{6}$/.test(brand.color)) {
      // Properties set by script are no inline style to the page's policy, and these are checked colours.
      // eslint-disable-next-line no-restricted-properties
      const { style } = document.documentElement;
      style.setProperty("--brand", brand.color);
      style.setProperty("--on-brand", onColor(brand.color));
    }
    if (brand.logo !== null && /^data:image\/(png|jpeg);base64,/.test(brand.logo)) {
      at("logo").src = brand.logo;
      at("logo").hidden = false;
    }
    if (returnUrl !== null && /^https?:\/\//.test(returnUrl)) at("return").href = returnUrl;
    this.#speak();
  }

  /** Say one sentence. kind: "", "good" or "bad". */
  say(key, values = {}, kind = "") {
    this.#shown = { key, values, kind };
    this.#sentence();
  }

  /** Show only what the state needs. way: "qr", "code" or none. */
  panels({ methods = false, way = "", code = "", qr = "", again = "", done = false, over = false }) {
    at("methods").hidden = !methods;
    at("qr-panel").hidden = way !== "qr";
    at("code-panel").hidden = way !== "code";
    at("qr").hidden = qr === "";
    if (qr.startsWith("data:image/png;base64,")) at("qr").src = qr;
    at("number-form").hidden = code !== "";
    at("code-shown").hidden = code === "";
    at("code").textContent = code;
    at("again-line").hidden = again === "";
    if (again !== "") this.#name(at("again"), again);
    at("done-panel").hidden = !done;
    at("promise").hidden = done || over;
    at("return").hidden = !at("return").hasAttribute("href");
    at("close").hidden = !at("return").hidden;
    if (done && !this.#done) at("title").focus();
    this.#done = done;
  }

  numberEnds(digits) {
    at("number-ends").textContent = digits === null ? "" : this.#words.text("numberEnds", { digits });
  }

  /** Show what is wrong with the number that was typed; nothing with "". */
  numberError(key) {
    at("number-error").textContent = key === "" ? "" : this.#words.text(key);
    at("number").setAttribute("aria-invalid", String(key !== ""));
    if (key !== "") at("number").focus();
  }

  busy(id, busy) {
    at(id).setAttribute("aria-busy", String(busy));
    at(id).disabled = busy;
  }

  #name(element, key) {
    element.setAttribute("data-text", key);
    element.textContent = this.#words.text(key);
  }

  #speak() {
    const words = this.#words;
    words.apply();
    at("qr").alt = words.text("qrAlt");
    const { name } = this.#brand;
    at("title").textContent = name === null ? words.text("title") : words.text("titleFor", { name });
    at("logo").alt = name ?? "";
    at("language").textContent = words.text("switchTo");
    at("language").lang = words.language === "en" ? "pt-BR" : "en";
    this.#sentence();
  }

  #sentence() {
    const { key, values, kind } = this.#shown;
    const text = this.#words.text(key, values);
    const status = at("status");
    // Saying the same again would have it read aloud again.
    if (status.textContent !== text) status.textContent = text;
    status.className = kind;
    const title = at("title").textContent;
    document.title = kind === "good" ? `${text} · ${title}` : title;
  }
}
