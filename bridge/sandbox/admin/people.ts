import { proto } from "baileys/WAProto/index.js";
import { appActions, labelBook } from "../phone/actions.js";
import { mediaIn, readMedia } from "../phone/download.js";
import type { InboxMessage } from "../phone/inbox.js";
import type { Phone } from "../phone/phone.js";
import type { Phones } from "../phone/phones.js";
import { votePoll } from "../phone/vote.js";
import type { MediaStore } from "../world/media.js";
import type { Directory } from "../world/directory.js";
import type { Person } from "../world/person.js";
import { composeMessage } from "./compose.js";
import { AdminError, Fields, LARGE_BODY, Plain, type AdminRequest, type AdminRouter } from "./http.js";

/** What may stand in a header. */
const MIMETYPE = /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/;

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
      const vote = fields.object("vote");
      if (vote) return { id: await voted(phone, new Fields(vote)) };
      const message = await composeMessage(fields, phone, to, services);
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

    router.add("GET", `${base}/:number/messages/:id/media`, async ({ params }) => {
      const entry = phoneOf(services, params["number"]).inbox.messages.find((each) => each.id === params["id"]);
      if (!entry) throw new AdminError(404, "message_absent", `there is no message ${params["id"] ?? ""}`);
      return file(proto.Message.fromObject(entry.message), services.media);
    });

    router.add("GET", `${base}/:number/presence`, async ({ params, query, wait }) => {
      const { inbox } = phoneOf(services, params["number"]);
      const number = query.text("from")?.replace(/\D/g, "");
      const chat = query.text("chat");
      const presences = await inbox.presences.poll(query.number("after") ?? 0, wait, (each) => {
        return (number === undefined || each.number === number) && (chat === undefined || each.chat === chat);
      });
      return { presences, cursor: presences.at(-1)?.position ?? inbox.presences.last };
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

  router.add("GET", "/mock-phone/:number/app-state", ({ params }) => {
    const actions = appActions(phoneOf(services, params["number"]));
    return { actions, ...labelBook(actions) };
  });
  router.add("POST", "/contacts/:number/receipt", async (request) => receipt(request, services));
  router.add("POST", "/contacts/:number/vote", async ({ params, body }) => {
    const phone = phoneOf(services, params["number"]);
    return { id: await voted(phone, await body()) };
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
  const person = services.directory.dial(number);
  if (!person) throw new AdminError(404, "number_absent", `nobody on WhatsApp has the number ${number ?? ""}`);
  return person;
}

/** The mock phone of somebody who exists. @throws AdminError */
export function phoneOf(services: PeopleServices, number: string | undefined): Phone {
  return services.phones.of(personOf(services, number));
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
  const wanted = { id: query.text("id"), number: query.text("from")?.replace(/\D/g, ""), chat: query.text("chat"), text: query.text("text"), type: query.text("type") };
  return (entry) =>
    (wanted.id === undefined || entry.id === wanted.id) &&
    (wanted.number === undefined || entry.number === wanted.number) &&
    (wanted.chat === undefined || entry.chat === wanted.chat) &&
    (wanted.type === undefined || entry.type === wanted.type) &&
    (wanted.text === undefined || entry.text === wanted.text);
}

function sendOptions(fields: Fields, { directory }: PeopleServices): { id?: string; audience?: Person[]; attrs?: Record<string, string> } {
  const id = fields.text("id");
  const audience = fields.texts("audience")?.flatMap((number) => directory.lookup(number) ?? []);
  const hidden = fields.text("hidden");
  return { ...(id === undefined ? {} : { id }), ...(audience ? { audience } : {}), ...(hidden === undefined ? {} : { attrs: { hidden } }) };
}

async function voted(phone: Phone, about: Fields): Promise<string> {
  const id = about.needText("id");
  const poll = phone.inbox.messages.find((each) => each.id === id);
  if (!poll) throw new AdminError(404, "message_absent", `the contact has no message ${id}`);
  return said(votePoll(phone, poll, about.texts("options") ?? []));
}

/** The decrypted file of a message. */
async function file(message: proto.IMessage, media: MediaStore): Promise<Plain> {
  const type = mediaIn(message)?.part.mimetype;
  try {
    return new Plain(type && MIMETYPE.test(type) ? type : "application/octet-stream", await readMedia(message, media));
  } catch (err) {
    throw new AdminError(404, "media_absent", err instanceof Error ? err.message : "the file cannot be read");
  }
}

async function said(task: Promise<string>): Promise<string> {
  try {
    return await task;
  } catch (err) {
    throw new AdminError(404, "recipient_absent", err instanceof Error ? err.message : "the message could not be sent");
  }
}
