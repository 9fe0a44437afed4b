import type { Pictures } from "../service/pictures.js";
import { digitsOf, type Directory } from "../world/directory.js";
import type { BusinessProfile, Person } from "../world/person.js";
import { AdminError, Fields, LARGE_BODY, type AdminRouter } from "./http.js";
import { personOf, type PeopleServices } from "./people.js";

const BUSINESS_FIELDS = ["description", "address", "website", "email", "category"] as const;

/** Who contacts are: naming them, declaring them absent or reachable under other numbers, their picture. */
export function contactRoutes(router: AdminRouter, services: PeopleServices, pictures: Pictures): void {
  router.add("GET", "/contacts", () => ({ contacts: [...services.directory.all()].map(describe) }));
  router.add("GET", "/contacts/:number", ({ params }) => describe(personOf(services, params["number"])));
  router.add("POST", "/contacts", async ({ body }) => describe(declare(await body(), services.directory)));

  router.add("POST", "/contacts/:number/picture", async ({ params, body }) => {
    const person = personOf(services, params["number"]);
    const image = (await body(LARGE_BODY)).text("base64");
    const picture = await pictures.set(person, person, image === undefined ? undefined : Buffer.from(image, "base64"), 0);
    return { id: picture?.id };
  });
}

function describe(person: Person): object {
  const { number, name, exists, jid, lidJid, autoReply, addressing, about, declared, business, retryOnDuplicate } = person;
  return {
    number: `+${number}`, name, exists, jid, lid: lidJid, autoReply, addressing, about, business, declared,
    aliases: person.aliases.length > 0 ? person.aliases.map((each) => `+${each}`) : undefined,
    retryOnDuplicate: retryOnDuplicate || undefined,
    blocked: person.blocked.size > 0 ? [...person.blocked].map((each) => `+${each}`) : undefined,
    devices: [0, ...person.companions.keys()],
  };
}

/** Changes what is named; the person is the one WhatsApp knows, whichever number was given. */
function declare(fields: Fields, directory: Directory): Person {
  const given = fields.needText("number");
  const known = fields.text("whatsappNumber");
  const person = known === undefined ? (directory.dial(given) ?? directory.entry(given)) : directory.entry(known);
  if (!person) throw new AdminError(422, "number_invalid", "the number is no phone number, or there are too many");
  person.declared = true;
  person.exists = fields.flag("exists") ?? person.exists;
  person.name = fields.text("name") ?? person.name;
  person.about = fields.text("about") ?? person.about;
  person.retryOnDuplicate = fields.flag("retryOnDuplicate") ?? person.retryOnDuplicate;
  person.addressing = fields.oneOf("addressing", ["pn", "lid"]) ?? person.addressing;
  const groupAdd = fields.oneOf("groupAdd", ["all", "none"]);
  if (groupAdd) person.privacy["groupadd"] = groupAdd;
  const reply = fields.text("autoReply");
  if (reply !== undefined) person.autoReply = reply === "" ? undefined : reply;
  const business = fields.object("business");
  if (business) person.business = profile(new Fields(business));
  alias(person, fields, known === undefined ? undefined : given, directory);
  person.touch();
  return person;
}

function alias(person: Person, fields: Fields, given: string | undefined, directory: Directory): void {
  const listed = fields.texts("aliases");
  if (!listed && given === undefined) return;
  const dialled = given === undefined ? [] : [given];
  const numbers = [...(listed ?? person.aliases), ...dialled].map((each) => digitsOf(each) ?? each);
  try {
    directory.setAliases(person, [...new Set(numbers)].filter((each) => each !== person.number));
  } catch (err) {
    throw new AdminError(422, "number_invalid", err instanceof Error ? err.message : "that cannot be another number");
  }
}

function profile(about: Fields): BusinessProfile {
  const business: BusinessProfile = {};
  for (const name of BUSINESS_FIELDS) {
    const text = about.text(name);
    if (text !== undefined) business[name] = text;
  }
  return business;
}
