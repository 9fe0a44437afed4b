// The dashboard: who is signed in, which view is shown, in which language.

import { announce, h, setText } from "../shared/dom.js";
import { Words } from "../shared/i18n.js";
import { Lifetime } from "../shared/lifetime.js";
import { Access } from "./access.js";
import { Api } from "./api.js";
import { auditView } from "./audit.js";
import { en } from "./en.js";
import { keysView } from "./keys.js";
import { overview } from "./overview.js";
import { pt } from "./pt.js";
import { signIn } from "./signin.js";
import { tenantView } from "./tenant.js";

const words = new Words({ en, "pt-BR": pt });
const api = new Api();
const main = document.getElementById("main");
const access = new Access(api, () => {
  notice = "ended";
  render();
});

let lifetime = new Lifetime();
let notice = null;

/** Draw the view that the address names, or the sign-in. */
function render() {
  lifetime.end();
  lifetime = new Lifetime();
  words.apply();
  document.getElementById("sign-out").hidden = !access.signedIn;
  navigation();
  const context = { words, api, access, lifetime, sandbox };
  const view = access.signedIn ? viewOf(location.hash, context) : signInView();
  main.replaceChildren(view);
  const heading = main.querySelector("h1");
  document.title = `${heading.textContent} – ${words.text("title")}`;
  const first = /** @type {HTMLElement} */ (main.querySelector("[data-first]")) ?? heading;
  first.focus();
}

function viewOf(hash, context) {
  const [, room, name] = hash.replace(/^#/, "").split("/");
  if (room === "tenants" && name) {
    try {
      return tenantView(context, decodeURIComponent(name));
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
  }
  if (room === "keys" && access.may("keys:read")) return keysView(context);
  if (room === "audit" && access.may("audit:read")) return auditView(context);
  return overview(context);
}

/** The links between views that whoever is signed in may see. */
function navigation() {
  const nav = document.getElementById("navigation");
  const open = [["", "list.title", true], ["keys", "keys.title", access.may("keys:read")], ["audit", "audit.title", access.may("audit:read")]];
  const room = location.hash.replace(/^#\/?/, "").split("/")[0];
  nav.replaceChildren(
    ...open
      .filter(([, , may]) => may)
      .map(([name, key]) => h("a", { href: `#/${name}`, "aria-current": name === room ? "page" : name === "" && room === "tenants" ? "true" : null }, words.text(String(key)))),
  );
  nav.hidden = !access.signedIn || nav.children.length < 2;
}

function signInView() {
  return signIn({
    words,
    access,
    notice,
    done: () => {
      notice = null;
      return begin();
    },
  });
}

/** Whether the gateway is connected to a sandbox; asked once, without a key. */
let sandbox = false;
async function look() {
  const health = await api.get("health").catch(() => null);
  sandbox = health?.sandbox === true;
  document.getElementById("sandbox").hidden = !sandbox;
}

async function begin() {
  await look();
  render();
  if (access.signedIn) announce(words.text("signed_in"));
}

function languages() {
  const choice = document.getElementById("language");
  choice.replaceChildren(
    ...words.languages.map((name) => h("option", { value: name, selected: name === words.language, lang: name }, NAMES[name])),
  );
  choice.addEventListener("change", (event) => {
    const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    words.change(chosen);
  });
  words.onChange(() => {
    render();
    choice.focus();
  });
}

const NAMES = { en: "English", "pt-BR": "Português" };

document.getElementById("sign-out").addEventListener("click", async () => {
  const leaving = access.signOut();
  location.hash = "";
  notice = "signed_out";
  render();
  await leaving;
});
addEventListener("hashchange", render);
document.getElementById("skip").addEventListener("click", (event) => {
  // The address after # names a view here, and no place in the page.
  event.preventDefault();
  main.focus();
});

languages();
words.apply();
setText(document.getElementById("loading"), words.text("loading"));
await access.resume();
await begin();
