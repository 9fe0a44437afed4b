import { bareJid } from "../wire/jid.js";
import { bytesOf, child, children, el, textOf } from "../wire/stanza.js";
import { randomBytes } from "../wire/curve.js";
import type { Directory } from "../world/directory.js";
import { notification, unixTime, type Delivery } from "../service/delivery.js";
import { IqError, type IqHandler } from "./request.js";

const NO_CONTENT: IqHandler = () => ({});

/** An account's own settings: privacy, blocklist, about, disappearing messages, and what only needs a nod. */
export function accountHandlers(directory: Directory, delivery: Delivery): [xmlns: string, handler: IqHandler][] {
  const privacy: IqHandler = ({ person }, iq) => {
    const tokens = child(iq, "tokens");
    if (tokens) {
      for (const token of children(tokens, "token")) {
        const { jid = "", t, type } = token.attrs;
        const peer = directory.resolve(bareJid(jid));
        if (!peer || peer === person) continue;
        const issued = el("token", { jid: person.jid, t, type }, bytesOf(token) ?? randomBytes(32));
        const stanza = notification(person.jid, "privacy_token", [el("tokens", {}, [issued])], { sender_lid: person.lidJid });
        delivery.toCompanions(peer, stanza);
      }
      return { content: [el("tokens")] };
    }
    const settings = child(iq, "privacy");
    if (iq.attrs["type"] === "set") {
      for (const { attrs } of children(settings, "category")) {
        const { name, value } = attrs;
        if (name === undefined || value === undefined || !(name in person.privacy)) throw new IqError(400, "unknown privacy setting");
        person.privacy[name] = value;
      }
      person.touch();
    }
    const categories = Object.entries(person.privacy).map(([name, value]) => el("category", { name, value }));
    return { content: [el("privacy", {}, categories)] };
  };

  const blocklist: IqHandler = ({ person, companion }, iq) => {
    if (iq.attrs["type"] === "set") {
      const item = child(iq, "item");
      const { action, jid } = item?.attrs ?? {};
      const target = directory.resolve(jid && bareJid(jid));
      if (!target) throw new IqError(404, "nobody has this address");
      if (action === "block") person.block(target.number);
      else person.blocked.delete(target.number);
      person.touch();
      const change = el("blocklist", {}, [el("item", { jid: target.lidJid, action: action ?? "unblock" })]);
      delivery.toCompanions(person, notification(person.jid, "account_sync", [change]), companion);
      return {};
    }
    const items = [...person.blocked].flatMap((number) => {
      const blocked = directory.lookup(number);
      return blocked ? [el("item", { jid: blocked.lidJid })] : [];
    });
    return { content: [el("list", {}, items)] };
  };

  const about: IqHandler = ({ person }, iq) => {
    const text = textOf(child(iq, "status"));
    if (text !== undefined) {
      person.about = text;
      person.aboutAt = Number(unixTime());
      person.touch();
    }
    return {};
  };

  const disappearing: IqHandler = ({ person, companion }, iq) => {
    const duration = child(iq, "disappearing_mode")?.attrs["duration"];
    if (iq.attrs["type"] === "set" && duration !== undefined) {
      person.ephemeral = Number(duration) || 0;
      person.touch();
      const change = el("disappearing_mode", { duration: String(person.ephemeral), t: unixTime() });
      delivery.toCompanions(person, notification(person.jid, "account_sync", [change]), companion);
    }
    return { content: [el("disappearing_mode", { duration: String(person.ephemeral) })] };
  };

  const business: IqHandler = (_session, iq) => {
    const jid = child(child(iq, "business_profile"), "profile")?.attrs["jid"];
    const owner = directory.resolve(jid && bareJid(jid));
    if (jid === undefined || !owner?.business) return { content: [el("business_profile")] };
    const { category, ...facts } = owner.business;
    const parts = Object.entries(facts).map(([name, text]) => el(name, {}, Buffer.from(text)));
    if (category !== undefined) parts.push(el("categories", {}, [el("category", { id: "1" }, Buffer.from(category))]));
    return { content: [el("business_profile", { v: "244" }, [el("profile", { jid }, parts)])] };
  };

  return [
    ["privacy", privacy],
    ["blocklist", blocklist],
    ["status", about],
    ["disappearing_mode", disappearing],
    ["abt", () => ({ content: [el("props", { hash: "sandbox", ab_key: "sandbox" }, props())] })],
    ["w:p", NO_CONTENT],
    ["w:stats", NO_CONTENT],
    ["urn:xmpp:whatsapp:dirty", NO_CONTENT],
    ["urn:xmpp:whatsapp:push", NO_CONTENT],
    ["w:biz", business],
    ["bot", () => ({ content: [el("bot", { v: "2" })] })],
  ];
}

/** Switches Baileys reads (chats.js, fetchProps): privacy tokens on 1:1 messages and pictures, issued to the number. */
function props(): ReturnType<typeof el>[] {
  const values = { "10518": "true", "9666": "true", "14303": "false" };
  return Object.entries(values).map(([code, value]) => el("prop", { config_code: code, config_value: value }));
}
