// A number's state with its sentence, the QR code as it changes, a pairing code, and start, restart, stop, log out.

import { announce, badge, busy, field, h, setText } from "../shared/dom.js";
import { part } from "./api.js";
import { confirmed } from "./confirm.js";
import { show } from "./faults.js";
import { inviteForm } from "./invite.js";
import { SESSION_TONE } from "./states.js";

const PICTURE = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;
const RUNNING = ["connecting", "qr", "pairing", "connected", "reconnecting", "restricted"];
const LINKED = ["connected", "reconnecting", "restricted"];
const STARTING_SECONDS = 45;

export function linkPanel(context) {
  const { words, live, access } = context;
  const state = h("span", {}, badge(words.text("link.looking")));
  const number = h("strong", { class: "number" });
  const sentence = h("p", {});
  const since = h("p", { class: "soft small" });
  const offline = h("p", { class: "note warn", hidden: true }, words.text("link.offline"));
  const fault = h("p", { class: "note", hidden: true });
  const picture = h("img", { class: "qr", alt: words.text("link.qr_alt"), width: 264, height: 264, hidden: true });
  const pairing = pairingForm(context, fault);
  const linking = h("div", { class: "linking", hidden: true }, picture, h("div", { class: "stack tight" }, steps(words), pairing.element));
  const buttons = actions(context, fault);
  let before = null;

  live.on("session", (session) => {
    const status = session?.status ?? "disconnected";
    const text = words.textOf("state", status);
    state.replaceChildren(badge(text, SESSION_TONE[status]));
    setText(number, session?.phoneNumber ?? "");
    setText(sentence, told(words, session));
    setText(since, session ? words.text("link.since", { time: words.moment(session.since) }) + restOf(words, session) : "");
    linking.hidden = status !== "qr";
    if (status !== "qr") {
      picture.hidden = true;
      pairing.clear();
    }
    buttons.show(status, session !== null);
    if (before !== null && before !== status) {
      fault.hidden = true;
      announce(`${text}. ${sentence.textContent}`);
    }
    before = status;
  });
  live.on("qr", (qr) => {
    const fits = typeof qr.qrCode === "string" && PICTURE.test(qr.qrCode);
    if (fits) picture.src = qr.qrCode;
    picture.hidden = !fits;
  });
  live.on("link", (link) => {
    offline.hidden = link !== "broken";
  });

  return h(
    "section",
    { class: "sheet stack", "aria-labelledby": "link-title", id: "link" },
    h("div", { class: "between" }, h("h2", { id: "link-title" }, words.text("link.title")), state),
    h("div", { class: "stack tight" }, number, sentence, since),
    offline,
    linking,
    fault,
    access.may("sessions:write") && buttons.element,
    access.may("sessions:write") && inviteForm(context),
  );
}

/** The state's sentence and the reason's, in the reader's language where it is known, else the API's own. */
function told(words, session) {
  if (session === null) return words.text("link.none");
  const known = words.has(`sentence.${session.status}`) && (session.reason === null || words.has(`reason.${session.reason}`));
  if (!known) return session.message;
  const reason = session.reason === null ? "" : ` ${words.text(`reason.${session.reason}`)}`;
  return words.text(`sentence.${session.status}`) + reason;
}

function restOf(words, session) {
  const rest = [];
  if (session.restrictedUntil) rest.push(words.text("link.restricted_until", { time: words.moment(session.restrictedUntil) }));
  if (session.retryAt) rest.push(words.text("link.retry_at", { time: words.moment(session.retryAt) }));
  if (session.whatsappCode !== null) rest.push(words.text("link.code", { code: session.whatsappCode }));
  return rest.map((text) => ` · ${text}`).join("");
}

function steps(words) {
  return h("ol", { class: "numbered" }, ...[1, 2, 3].map((n) => h("li", {}, words.text(`link.step_${n}`))));
}

function pairingForm({ words, api, tenantId, access, lifetime, live }, fault) {
  const code = h("output", { class: "code mono", for: "pairing-number", hidden: true });
  const number = h("input", { type: "tel", autocomplete: "tel", required: true, placeholder: "+55 11 99999-9999" });
  const button = h("button", { type: "submit" }, words.text("pairing.button"));
  async function submit(event) {
    event.preventDefault();
    await busy(button, async () => {
      try {
        const answer = await api.post(`api/v1/sessions/${part(tenantId)}/pairing-code`, { phoneNumber: number.value }, { seconds: STARTING_SECONDS, signal: lifetime.signal });
        fault.hidden = true;
        code.hidden = false;
        setText(code, answer.code);
        live.nudge();
        announce(words.text("pairing.said", { code: [...answer.code].join(" ") }));
      } catch (error) {
        show(words, fault, error);
      }
    });
  }
  const element = access.may("sessions:write")
    ? h(
        "details",
        {},
        h("summary", {}, words.text("pairing.title")),
        h("form", { class: "stack tight", submit }, field("pairing-number", words.text("pairing.number"), number), button, code, h("p", { class: "soft small" }, words.text("pairing.hint"))),
      )
    : h("div", {});
  return { element, clear: () => (code.hidden = true) };
}

function actions({ words, api, tenantId, lifetime, live }, fault) {
  const buttons = {};
  const element = h("div", { class: "actions" });
  for (const [name, tone, asks] of [["start", "main", false], ["restart", "", true], ["stop", "", true], ["logout", "danger", true]]) {
    const button = h("button", { type: "button", class: tone, hidden: true }, words.text(`action.${name}`));
    button.addEventListener("click", () => press(button, name, asks));
    buttons[String(name)] = button;
    element.append(button);
  }

  async function press(button, name, asks) {
    const label = words.text(`action.${name}`);
    if (asks) {
      const title = words.text(`confirm.${name}.title`, { tenant: tenantId });
      if (!(await confirmed(words, { title, text: words.text(`confirm.${name}.text`), action: label }))) return;
    }
    await busy(button, async () => {
      try {
        await api.post(`api/v1/sessions/${part(tenantId)}/${name}`, undefined, { seconds: STARTING_SECONDS, signal: lifetime.signal });
        fault.hidden = true;
      } catch (error) {
        show(words, fault, error);
      }
      live.nudge();
    });
  }

  return {
    element,
    show(status, exists) {
      const focused = /** @type {HTMLElement} */ (document.activeElement);
      buttons.start.hidden = RUNNING.includes(status);
      buttons.restart.hidden = !exists || !RUNNING.includes(status) || status === "qr";
      buttons.stop.hidden = !RUNNING.includes(status);
      buttons.logout.hidden = !LINKED.includes(status);
      // A button that is gone must not take the focus with it.
      const all = Object.values(buttons);
      if (all.includes(focused) && focused.hidden) all.find((button) => !button.hidden)?.focus();
    },
  };
}
