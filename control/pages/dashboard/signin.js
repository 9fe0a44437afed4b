// The sign-in: an API key, which is exchanged for a token and not kept.

import { busy, field, h } from "../shared/dom.js";
import { show } from "./faults.js";

export function signIn({ words, access, notice, done }) {
  const key = h("input", {
    type: "password",
    autocomplete: "current-password",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    "data-first": true,
    "aria-describedby": "key-hint key-fault",
  });
  const fault = h("p", { id: "key-fault", class: "note", hidden: notice === null, role: "status" });
  if (notice !== null) fault.textContent = words.text(`sign_in.${notice}`);
  const button = h("button", { type: "submit", class: "main wide" }, words.text("sign_in.button"));

  async function submit(event) {
    event.preventDefault();
    await busy(button, async () => {
      try {
        await access.signIn(key.value.trim());
      } catch (error) {
        show(words, fault, error);
        key.setAttribute("aria-invalid", "true");
        key.select();
        key.focus();
        return;
      }
      key.value = "";
      await done();
    });
  }

  return h(
    "section",
    { class: "sheet sign-in", "aria-labelledby": "view-title" },
    h("h1", { id: "view-title", tabindex: "-1" }, words.text("sign_in.title")),
    h("p", { class: "soft", id: "key-hint" }, words.text("sign_in.hint")),
    h("form", { submit, novalidate: true }, field("key", words.text("sign_in.key"), key), fault, button),
  );
}
