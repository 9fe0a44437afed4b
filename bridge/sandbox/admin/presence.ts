import { formatJid, isGroup, parseJid } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import { newStanzaId, unixTime, type Delivery } from "../service/delivery.js";
import type { Presences } from "../service/presence.js";
import type { Unlinker } from "../service/unlink.js";
import { AdminError, type AdminRouter } from "./http.js";
import { personOf, type PeopleServices } from "./people.js";

/** `timeout` is a call nobody took. */
const CALL_STATES = ["offer", "accept", "reject", "terminate", "timeout"] as const;
const STATES = ["available", "unavailable", "composing", "recording", "paused"] as const;

/** What a phone does besides talking: being there, typing, ringing, taking devices off. */
export function presenceRoutes(
  router: AdminRouter,
  services: PeopleServices,
  presences: Presences,
  delivery: Delivery,
  unlinker: Unlinker,
): void {
  for (const base of ["/contacts", "/mock-phone"]) {
    router.add("POST", `${base}/:number/presence`, async ({ params, body }) => {
      const person = personOf(services, params["number"]);
      const fields = await body();
      const state = fields.oneOf("state", STATES);
      if (!state) throw new AdminError(422, "field_missing", `"state" is missing; it is one of ${STATES.join(", ")}`);
      if (state === "available" || state === "unavailable") {
        presences.setPhone(person, state === "available");
        return {};
      }
      const to = fields.needText("to");
      const parsed = parseJid(to);
      const jid = isGroup(to) ? to : parsed ? formatJid(parsed.user, parsed.server) : personOf(services, to).address(person.addressing);
      presences.chatstate({ person, device: 0 }, jid, [chatstate(state)]);
      return {};
    });
  }

  router.add("POST", "/contacts/:number/call", async ({ params, body }) => {
    const caller = personOf(services, params["number"]);
    const fields = await body();
    const called = personOf(services, fields.needText("to"));
    const id = fields.text("id") ?? newStanzaId();
    const state = fields.oneOf("state", CALL_STATES) ?? "offer";
    const details = { "call-id": id, "call-creator": caller.jid, caller_pn: caller.jid, reason: state === "timeout" ? "timeout" : undefined };
    const media = fields.flag("video") ? [el("audio", { enc: "opus", rate: "16000" }), el("video", { enc: "vp8" })] : [el("audio", { enc: "opus", rate: "16000" })];
    const info = el(state === "timeout" ? "terminate" : state, details, state === "offer" ? media : undefined);
    delivery.toCompanions(called, el("call", { from: caller.address(caller.addressing), id: newStanzaId(), t: unixTime(), notify: caller.name }, [info]));
    return { id };
  });

  router.add("POST", "/mock-phone/:number/remove-device", async ({ params, body }) => {
    const person = personOf(services, params["number"]);
    const device = (await body()).number("device") ?? [...person.companions.keys()].at(-1);
    if (device === undefined || !unlinker.unlink(person, device)) throw new AdminError(404, "device_absent", "the number has no such device");
    return {};
  });
}

function chatstate(state: "composing" | "recording" | "paused"): Stanza {
  return state === "recording" ? el("composing", { media: "audio" }) : el(state);
}
