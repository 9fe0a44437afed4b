import { proto } from "baileys/WAProto/index.js";
import { mediaMessage } from "../phone/upload.js";
import { MEDIA_KINDS } from "../phone/mediacrypto.js";
import type { InboxMessage } from "../phone/inbox.js";
import type { Phone } from "../phone/phone.js";
import type { Phones } from "../phone/phones.js";
import { votePoll } from "../phone/vote.js";
import type { MediaStore } from "../world/media.js";
import type { Directory } from "../world/directory.js";
import type { Person } from "../world/person.js";
import { AdminError, Fields, LARGE_BODY, type AdminRequest, type AdminRouter } from "./http.js";

export interface PeopleServices {
  directory: Directory;
  phones: Phones;
  media: MediaStore;
  mediaHost: () => string;
}

/** What contacts and the mock phones of paired numbers have in common: speaking, and what they have read. */
export function peopleRoutes(router: AdminRouter, services: PeopleServices): void {
  for (const base of ["/contacts", "/mock-phone"]) {
    router.add("POST", `${base}/:number/say`, async ({ params, body }) => {
      const phone = phoneOf(services, params["number"]);
      const fields = await body(LARGE_BODY);
      const to = fields.text("group") ?? fields.needText("to");
      const message = await messageFrom(fields, phone, services);
      return { id: await said(phone.say(to, message, sendOptions(fields, services))) };
    });

    router.add("GET", `${base}/:number/messages`, async ({ params, query, wait }) => {
      const { inbox } = phoneOf(services, params["number"]);
      const filter = filterFrom(query);
      const messages = await inbox.messages.poll(query.number("after") ?? 0, wait, filter);
      const id = query.text("id");
      const failures = inbox.failures.after(0).filter((each) => id === undefined || each.id === id);
      return { messages, failures, cursor: messages.at(-1)?.position ?? inbox.messages.last };
    });

    router.add("GET", `${base}/:number/receipts`, async ({ params, query, wait }) => {
      const { inbox } = phoneOf(services, params["number"]);
      const type = query.text("type");
      const id = query.text("id");
      const receipts = await inbox.receipts.poll(query.number("after") ?? 0, wait, (each) => {
        return (type === undefined || each.type === type) && (id === undefined || each.ids.includes(id));
      });
      return { receipts, cursor: receipts.at(-1)?.position ?? inbox.receipts.last };
    });
  }

  router.add("GET", "/contacts", () => ({ contacts: [...services.directory.all()].map(describe) }));
  router.add("GET", "/contacts/:number", ({ params }) => describe(personOf(services, params["number"])));
  router.add("POST", "/contacts", async ({ body }) => declare(await body(), services));
  router.add("POST", "/contacts/:number/receipt", async (request) => receipt(request, services));
  router.add("POST", "/contacts/:number/vote", async ({ params, body }) => {
    const phone = phoneOf(services, params["number"]);
    const fields = await body();
    const id = fields.needText("id");
    const poll = phone.inbox.messages.find((each) => each.id === id);
    if (!poll) throw new AdminError(404, "message_absent", `the contact has no message ${id}`);
    return { id: await said(votePoll(phone, poll, fields.texts("options") ?? [])) };
  });
  router.add("POST", "/contacts/:number/forget-keys", ({ params }) => {
    const phone = phoneOf(services, params["number"]);
    phone.signal.forget();
    phone.senderKeys.forget();
    phone.person.touch();
    return {};
  });
}

/** Somebody who exists. @throws AdminError */
export function personOf(services: Pick<PeopleServices, "directory">, number: string | undefined): Person {
  const person = services.directory.lookup(number);
  if (!person) throw new AdminError(404, "number_absent", `nobody on WhatsApp has the number ${number ?? ""}`);
  return person;
}

/** The mock phone of somebody who exists. @throws AdminError */
export function phoneOf(services: PeopleServices, number: string | undefined): Phone {
  return services.phones.of(personOf(services, number));
}

function describe(person: Person): object {
  const { number, name, exists, jid, lidJid, autoReply, addressing, about } = person;
  return {
    number: `+${number}`, name, exists, jid, lid: lidJid, autoReply, addressing, about, declared: person.declared,
    devices: [0, ...person.companions.keys()],
  };
}

function declare(fields: Fields, { directory }: PeopleServices): object {
  const person = directory.entry(fields.needText("number"));
  if (!person) throw new AdminError(422, "number_invalid", "the number is no phone number, or there are too many");
  person.declared = true;
  person.exists = fields.flag("exists") ?? person.exists;
  person.name = fields.text("name") ?? person.name;
  person.about = fields.text("about") ?? person.about;
  person.addressing = fields.oneOf("addressing", ["pn", "lid"]) ?? person.addressing;
  const reply = fields.text("autoReply");
  if (reply !== undefined) person.autoReply = reply === "" ? undefined : reply;
  person.touch();
  return describe(person);
}

function receipt({ params, body }: AdminRequest, services: PeopleServices): Promise<object> {
  return body().then((fields) => {
    const phone = phoneOf(services, params["number"]);
    const type = fields.oneOf("type", ["delivered", "read", "played"]) ?? "read";
    const to = fields.needText("to");
    const ids = fields.texts("ids") ?? [];
    if (ids.length === 0) throw new AdminError(422, "field_missing", '"ids" is missing');
    const entry = phone.inbox.messages.find((each) => each.id === ids[0]);
    if (to.endsWith("@g.us") || to === "status@broadcast") {
      const participant = fields.text("participant") ?? entry?.from;
      if (!participant) throw new AdminError(422, "field_missing", '"participant" is missing and the message is not in the inbox');
      phone.receipt(type, to, ids, participant);
    } else {
      const target = services.directory.resolve(to) ?? services.directory.lookup(to);
      if (!target) throw new AdminError(404, "number_absent", `nobody has the address ${to}`);
      // In the domain in which the message came, as a real phone does.
      phone.receipt(type, entry && entry.number === target.number ? entry.from : to.includes("@") ? to : target.jid, ids);
    }
    return {};
  });
}

function filterFrom(query: Fields): (entry: InboxMessage) => boolean {
  const wanted = { id: query.text("id"), number: query.text("from")?.replace(/\D/g, ""), chat: query.text("chat"), text: query.text("text") };
  return (entry) =>
    (wanted.id === undefined || entry.id === wanted.id) &&
    (wanted.number === undefined || entry.number === wanted.number) &&
    (wanted.chat === undefined || entry.chat === wanted.chat) &&
    (wanted.text === undefined || entry.text === wanted.text);
}

/** The message somebody is to say: `text`, `message` (JSON, bytes as base64) or `media`, quoting another if asked. */
async function messageFrom(fields: Fields, phone: Phone, { media, mediaHost }: PeopleServices): Promise<proto.IMessage> {
  const context = quoteOf(fields, phone);
  const text = fields.text("text");
  const json = fields.object("message");
  const file = fields.object("media");
  if (text !== undefined) return context ? { extendedTextMessage: { text, contextInfo: context } } : { conversation: text };
  if (json) {
    try {
      return proto.Message.fromObject(json);
    } catch (err) {
      throw new AdminError(422, "message_invalid", `"message" is no message: ${err instanceof Error ? err.message : ""}`);
    }
  }
  if (!file) throw new AdminError(422, "field_missing", 'one of "text", "message", "media" is needed');
  const about = new Fields(file);
  const kind = about.oneOf("kind", MEDIA_KINDS);
  if (!kind) throw new AdminError(422, "field_missing", '"media.kind" is missing');
  const bytes = Buffer.from(about.needText("base64"), "base64");
  const details = {
    mimetype: about.text("mimetype"), caption: about.text("caption"), fileName: about.text("fileName"), seconds: about.number("seconds"),
    ptt: about.flag("ptt"),
  };
  return mediaMessage(media, mediaHost(), kind, bytes, details, context);
}

function quoteOf(fields: Fields, phone: Phone): proto.IContextInfo | undefined {
  const quote = fields.object("quote");
  if (!quote) return undefined;
  const asked = new Fields(quote);
  const stanzaId = asked.needText("id");
  const entry = phone.inbox.messages.find((each) => each.id === stanzaId);
  const own = phone.sent.get(stanzaId);
  const quotedMessage = entry ? proto.Message.fromObject(entry.message) : (own?.message ?? { conversation: asked.text("text") ?? "" });
  const participant = asked.text("participant") ?? entry?.from ?? phone.person.address(phone.person.addressing);
  return { stanzaId, participant, quotedMessage };
}

function sendOptions(fields: Fields, { directory }: PeopleServices): { id?: string; audience?: Person[] } {
  const id = fields.text("id");
  const audience = fields.texts("audience")?.flatMap((number) => directory.lookup(number) ?? []);
  return { ...(id === undefined ? {} : { id }), ...(audience ? { audience } : {}) };
}

async function said(task: Promise<string>): Promise<string> {
  try {
    return await task;
  } catch (err) {
    throw new AdminError(404, "recipient_absent", err instanceof Error ? err.message : "the message could not be sent");
  }
}
