import { PN_SERVER, isUser, domainOf, bareJid } from "../wire/jid.js";
import { child, children, el, textOf, type Stanza } from "../wire/stanza.js";
import { digitsOf, type Directory } from "../world/directory.js";
import type { Person } from "../world/person.js";
import type { Delivery } from "../service/delivery.js";
import { IqError, type IqHandler } from "./request.js";

/** Users one request may name. */
const MAX_USERS = 2_000;

/**
 * Who has which devices, LID, about text …, or is on WhatsApp at all. Users that do not exist are left out, except
 * from the number check, which says so.
 */
export function usyncHandler(directory: Directory, delivery: Delivery): IqHandler {
  return ({ person: asking }, iq) => {
    const usync = child(iq, "usync");
    const protocols = children(child(usync, "query")).map((each) => each.tag);
    const users = children(child(usync, "list"), "user");
    if (!usync || protocols.length === 0) throw new IqError(400, "no usync query");
    if (users.length > MAX_USERS) throw new IqError(413, "too many users");
    const list = users.flatMap((user) => answer(asking, protocols, user));
    const result = el("result", {}, protocols.map((protocol) => el(protocol)));
    const { sid, mode, context } = usync.attrs;
    return { content: [el("usync", { sid, index: "0", last: "true", mode, context }, [result, el("list", {}, list)])] };
  };

  function answer(asking: Person, protocols: string[], user: Stanza): Stanza[] {
    const phone = textOf(child(user, "contact"));
    const asked = user.attrs["jid"];
    if (asked === undefined) return phone === undefined ? [] : numberCheck(asking, protocols, phone);
    const person = isUser(asked) ? directory.resolve(bareJid(asked)) : undefined;
    if (!person) return protocols.includes("contact") ? [el("user", { jid: asked }, [el("contact", { type: "out" })])] : [];
    return [el("user", { jid: asked }, facts(asking, protocols, person, asked))];
  }

  function numberCheck(asking: Person, protocols: string[], phone: string): Stanza[] {
    const digits = digitsOf(phone);
    const person = directory.dial(digits);
    const jid = person?.jid ?? `${digits ?? phone.replace(/\D/g, "")}@${PN_SERVER}`;
    const contact = el("contact", { type: person ? "in" : "out" }, Buffer.from(phone));
    const rest = person ? facts(asking, protocols.filter((each) => each !== "contact"), person, jid) : [];
    return [el("user", { jid }, [contact, ...rest])];
  }

  function facts(asking: Person, protocols: string[], person: Person, asked: string): Stanza[] {
    return protocols.flatMap((protocol) => {
      switch (protocol) {
        case "devices":
          delivery.watchDevices(person, asking);
          return deviceList(person);
        case "lid":
          // For somebody asked for by LID the client would take it for a phone number.
          return domainOf(asked) === "lid" ? [] : el("lid", { val: person.lidJid });
        case "contact":
          return el("contact", { type: "in" });
        case "status":
          return el("status", { t: String(person.aboutAt) }, Buffer.from(person.about));
        case "disappearing_mode":
          return el("disappearing_mode", { duration: String(person.ephemeral), t: "0" });
        case "picture":
          return person.picture ? el("picture", { id: person.picture.id }) : [];
        default:
          return [];
      }
    });
  }
}

/** Linked devices need a key index of at least 1, or the client skips them silently. */
function deviceList(person: Person): Stanza {
  const devices = [el("device", { id: "0" })];
  for (const { id, keyIndex } of person.companions.values()) devices.push(el("device", { id: String(id), "key-index": String(keyIndex) }));
  return el("devices", {}, [el("device-list", { hash: "0" }, devices)]);
}
