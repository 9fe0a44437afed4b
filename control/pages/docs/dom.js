// Elements without markup: whatever is shown becomes text, because the page's policy allows nothing else.

/**
 * Make an element. `given`: properties, `class`, `data-…`, `aria-…` and `on…`; children are texts and nodes.
 * @param {string} name
 * @param {Record<string, any>} [given]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (key in made && !key.includes("-")) made[key] = value;
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === "") made.append(child);
  return made;
}

/** The small part of Markdown that the document uses: paragraphs, lists, `code` and **strong**. */
export function prose(text) {
  return (text ?? "").split(/\n\n+/).map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith("- "))) {
      return el("ul", { class: "plain" }, ...lines.map((line) => el("li", {}, ...inline(line.slice(2)))));
    }
    return el("p", {}, ...inline(block.replaceAll("\n", " ")));
  });
}

/** One line of it. */
export function inline(text) {
  return (text ?? "").split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`") && part.length > 2) return el("code", {}, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 4) return el("strong", {}, part.slice(2, -2));
    return part;
  });
}

/** A block of code with a button that copies it. */
export function codeBlock(text, label = "Copy") {
  const button = el("button", { type: "button", class: "plain copy" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select and copy it yourself"; // No clipboard outside https and localhost.
    }
    setTimeout(() => (button.textContent = label), 1500);
  });
  return el("div", { class: "code" }, button, el("pre", { tabIndex: 0 }, el("code", {}, text)));
}

/**
 * Tabs that show one of several parts; arrow keys walk them.
 * @param {[string, () => Node][]} parts
 * @param {string} name what they are, read aloud
 * @param {((at: number) => void) | undefined} onChoose
 */
export function tabs(parts, name, first = 0, onChoose = undefined) {
  const shown = el("div", { role: "tabpanel" });
  const buttons = parts.map(([title], at) =>
    el("button", { type: "button", role: "tab", class: "tab", onclick: () => choose(at) }, title),
  );
  function choose(at) {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === at));
      button.tabIndex = index === at ? 0 : -1;
    });
    shown.replaceChildren(parts[at][1]());
    onChoose?.(at);
  }
  const row = el("div", { role: "tablist", "aria-label": name, class: "tabs" }, ...buttons);
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    choose(at);
    buttons[at].focus();
  });
  choose(first);
  return el("div", {}, row, shown);
}
