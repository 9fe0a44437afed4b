// Asks before something that cannot be taken back. The focus returns to where it was.

import { h } from "../shared/dom.js";

/** Ask; returns whether it was confirmed. Escape and the other button say no. */
export function confirmed(words, { title, text, action }) {
  return new Promise((resolve) => {
    const no = h("button", { type: "button", click: () => dialog.close("no") }, words.text("cancel"));
    const yes = h("button", { type: "button", class: "danger", click: () => dialog.close("yes") }, action);
    const dialog = h(
      "dialog",
      { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", close: () => answered() },
      h("h2", { id: "confirm-title" }, title),
      h("p", { id: "confirm-text", class: "soft" }, text),
      h("div", { class: "actions end" }, no, yes),
    );
    const answered = () => {
      const value = dialog.returnValue === "yes";
      dialog.remove();
      resolve(value);
    };
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
