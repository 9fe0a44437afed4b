// The reader's language: ?lang= in the address, else the saved choice, else the browser's, else English.
//
// A page gives one dictionary per language, `{ en: {…}, "pt-BR": {…} }`, all with the same keys. `{name}` in a text is
// filled in. Whatever is filled in becomes text and never markup, because texts only ever reach textContent and
// attributes that hold text.

const SAVED = "language";

/** Which of `offered` the reader gets. */
export function choose(offered, address = location.search, browser = navigator.languages) {
  const wishes = [new URLSearchParams(address).get("lang"), saved(), ...browser];
  for (const wish of wishes) {
    if (!wish) continue;
    const tag = wish.toLowerCase();
    const found =
      offered.find((name) => name.toLowerCase() === tag) ??
      offered.find((name) => name.toLowerCase().split("-")[0] === tag.split("-")[0]);
    if (found) return found;
  }
  return offered[0];
}

function saved() {
  try {
    return localStorage.getItem(SAVED);
  } catch {
    return null; // Storage is forbidden in some windows; the page works without.
  }
}

/** The words of a page in one language at a time. */
export class Words {
  #dictionaries;
  #language;
  #listeners = new Set();

  constructor(dictionaries) {
    this.#dictionaries = dictionaries;
    this.#language = choose(this.languages);
  }

  get languages() {
    return Object.keys(this.#dictionaries);
  }

  get language() {
    return this.#language;
  }

  /** Change the language for now and for the next visit. */
  change(language) {
    if (!this.languages.includes(language) || language === this.#language) return;
    this.#language = language;
    try {
      localStorage.setItem(SAVED, language);
    } catch {
      // Then it lasts as long as the page.
    }
    for (const listener of this.#listeners) listener();
  }

  /** Call `listener` after each change of the language. */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  has(key) {
    return Object.hasOwn(this.#dictionaries[this.#language], key);
  }

  /** The text of a key, with `{name}` filled in from `values`. An unknown key is a fault of the page. */
  text(key, values = {}) {
    if (!this.has(key)) throw new Error(`no text for ${key}`);
    return this.#dictionaries[this.#language][key].replace(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
  }

  /** The text of a code that a later gateway may know and this page not: then the code itself. */
  textOf(group, code) {
    return this.has(`${group}.${code}`) ? this.text(`${group}.${code}`) : String(code);
  }

  /** A moment for people; `iso` as the API gives it. */
  moment(iso) {
    const at = new Date(iso ?? NaN);
    if (Number.isNaN(at.getTime())) return "–";
    const today = at.toDateString() === new Date().toDateString();
    /** @type {Intl.DateTimeFormatOptions} */
    const day = today ? {} : { day: "2-digit", month: "short", year: "numeric" };
    return new Intl.DateTimeFormat(this.#language, { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
  }

  number(value) {
    return new Intl.NumberFormat(this.#language).format(value);
  }

  /**
   * Put texts into everything below `root` that names one: data-text, data-label, data-placeholder, data-title.
   * @param {Document | HTMLElement} root
   */
  apply(root = document) {
    if (root === document) document.documentElement.lang = this.#language;
    for (const element of root.querySelectorAll("[data-text]")) {
      element.textContent = this.text(element.getAttribute("data-text"));
    }
    for (const [name, attribute] of ATTRIBUTES) {
      for (const element of root.querySelectorAll(`[data-${name}]`)) {
        element.setAttribute(attribute, this.text(element.getAttribute(`data-${name}`)));
      }
    }
  }
}

const ATTRIBUTES = [
  ["label", "aria-label"],
  ["placeholder", "placeholder"],
  ["title", "title"],
];
