// What went wrong, in the reader's words where this page has them, else in the API's sentence.

import { announce, setText } from "../shared/dom.js";

/** The sentence for an ApiError. */
export function sentence(words, error) {
  if (words.has(`error.${error.code}`)) return words.text(`error.${error.code}`);
  return error.detail || error.code;
}

/** Show an error in a note and say it; nothing for what ended with its view. */
export function show(words, note, error) {
  if (error.name !== "ApiError") throw error;
  if (error.code === "gone") return;
  note.className = "note bad";
  note.hidden = false;
  setText(note, sentence(words, error));
  announce(note.textContent);
}
