// Something that is shown once and never again: a secret, a key, a link. It can be copied, and is gone with its view.

import { announce, h, setText } from "../shared/dom.js";

const COPIED_MS = 2000;

/** A place for it, empty at first. show(note, value) fills it and takes the focus; clear() empties it. */
export function shownOnce(words) {
  const note = h("p", { class: "note good" });
  const value = h("output", { class: "secret mono", tabindex: "-1" });
  const copy = h("button", { type: "button", class: "small", click: take }, words.text("once.copy"));
  const element = h("div", { class: "stack tight once", hidden: true }, note, h("div", { class: "pair-end" }, value, copy));

  async function take() {
    try {
      await navigator.clipboard.writeText(value.textContent);
      setText(copy, words.text("once.copied"));
      announce(words.text("once.copied"));
      setTimeout(() => setText(copy, words.text("once.copy")), COPIED_MS);
    } catch {
      // No clipboard without HTTPS: then it is at least marked, to be copied by hand.
      getSelection()?.selectAllChildren(value);
    }
  }

  return {
    element,
    show(said, secret) {
      setText(note, said);
      setText(value, secret);
      setText(copy, words.text("once.copy"));
      element.hidden = false;
      value.focus();
      announce(said);
    },
    clear() {
      element.hidden = true;
      setText(value, "");
    },
  };
}
