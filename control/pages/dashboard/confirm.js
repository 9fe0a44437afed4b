// Asks before something that cannot be taken back. The focus returns to where it was.

import { field, h } from "../shared/dom.js";

/**
 * Ask; returns whether it was confirmed. Escape and the other button say no.
 * @param {{title: string, text: string, action: string, typed?: string}} question typed: what has to be typed for a yes
 */
export function confirmed(words, question) {
  const { title, text, action, typed } = question;
  return new Promise((resolve) => {
    const no = h("button", { type: "button", click: () => dialog.close("no") }, words.text("cancel"));
    const yes = h("button", { type: "button", class: "danger", disabled: typed !== undefined, click: () => dialog.close("yes") }, action);
    const word = typed !== undefined && h("input", { autocomplete: "off", autocapitalize: "none", spellcheck: "false", input: () => (yes.disabled = word.value !== typed) });
    const dialog = h(
      "dialog",
      { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", close: () => answered() },
      h("h2", { id: "confirm-title" }, title),
      h("p", { id: "confirm-text", class: "soft" }, text),
      word && field("confirm-word", words.text("confirm.type", { word: typed }), word),
      h("div", { class: "actions end" }, no, yes),
    );
    const answered = () => {
      const value = dialog.returnValue === "yes";
      dialog.remove();
      resolve(value);
    };
    document.body.append(dialog);
    dialog.showModal();
    (word || no).focus();
  });
}
