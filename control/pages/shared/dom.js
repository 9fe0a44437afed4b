// Elements from code. Whatever is put into them is text: there is no way here to give markup, a style or a script.

const LINKS = /^(#|\.\/)/;

/**
 * Make an element: h("button", { class: "main", click: () => … }, "text", child, …). A function is a listener of the
 * event with that name; true sets an attribute without a value; null, undefined and false leave it out.
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) setAttribute(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setAttribute(element, name, value) {
  if (/^on/i.test(name) || name === "style" || name === "srcdoc") throw new Error(`${name} is not set from code`);
  // An address may come from anywhere; only our own ever become links.
  if (name === "href" && !LINKS.test(value)) throw new Error("only links within the page");
  element.setAttribute(name, value === true ? "" : String(value));
}

/** Replace what an element holds, and only when it is something else: what is read aloud is read once. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A state in one word. tone: good, warn, bad or nothing. */
export function badge(text, tone = "") {
  return h("span", { class: `badge ${tone}`.trim() }, text);
}

/** A labelled field. */
export function field(id, label, control) {
  control.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

/**
 * Let a button show that it works, and not be pressed twice meanwhile. It stays focused, so it is not disabled.
 * @param {HTMLElement} button
 */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Say something to those who listen instead of looking. */
export function announce(text) {
  const place = document.getElementById("announcements");
  if (place) place.textContent = text;
}
