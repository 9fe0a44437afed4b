/** What WhatsApp tells of one person, question by question, read without trust in what comes back. */
import type { BusinessProfile } from "../rpc/contract.gen.js";
import type { BinaryNode, WASocket } from "./baileys.js";
import { wellFormed } from "./content.js";
import { bareJid, lidJid } from "./jid.js";
import { childOf, childrenOf, secondsToMs, textOf } from "./nodes.js";

const MAX_ABOUT_LENGTH = 2048;
const MAX_URL_LENGTH = 2048;
const MAX_WEBSITES = 10;

/** What the question for devices and the like answers of a person. */
export interface Facts {
  lid: string | undefined;
  about: string | undefined;
  aboutSetAtMs: number | undefined;
}

/** Asks for LID and about text; undefined when WhatsApp does not know the address. Baileys' own question throws at one that is hidden. */
export async function askFacts(sock: WASocket, jid: string): Promise<Facts | undefined> {
  const answer = (await sock.query({
    tag: "iq",
    attrs: { to: "s.whatsapp.net", type: "get", xmlns: "usync" },
    content: [{
      tag: "usync",
      attrs: { context: "interactive", mode: "query", sid: sock.generateMessageTag(), last: "true", index: "0" },
      content: [
        { tag: "query", attrs: {}, content: [{ tag: "status", attrs: {} }, { tag: "lid", attrs: {} }] },
        { tag: "list", attrs: {}, content: [{ tag: "user", attrs: { jid } }] },
      ],
    }],
  })) as BinaryNode | undefined;
  const user = childOf(childOf(childOf(answer, "usync"), "list"), "user");
  if (user === undefined || childOf(user, "contact")?.attrs["type"] === "out") return undefined;
  const status = childOf(user, "status");
  const about = textOf(status);
  const shown = about !== undefined && about !== "";
  return {
    lid: lidJid(childOf(user, "lid")?.attrs["val"]) ?? lidJid(jid),
    about: shown ? wellFormed(about, MAX_ABOUT_LENGTH) : undefined,
    aboutSetAtMs: shown ? secondsToMs(status?.attrs["t"]) : undefined,
  };
}

/** Where WhatsApp keeps somebody's picture; undefined when there is none. */
export async function askPicture(sock: WASocket, jid: string): Promise<string | undefined> {
  const url = await sock.profilePictureUrl(jid, "image");
  return url !== undefined && url.length <= MAX_URL_LENGTH ? url : undefined;
}

/** What a business says of itself; undefined for everybody else. */
export async function askBusiness(sock: WASocket, jid: string): Promise<BusinessProfile | undefined> {
  const profile = await sock.getBusinessProfile(jid);
  if (profile === undefined) return undefined;
  const text = (value: string | undefined, maxLength: number): string | undefined => (value === undefined || value === "" ? undefined : wellFormed(value, maxLength));
  const all = {
    description: text(profile.description, 8192),
    category: text(profile.category, 512),
    email: text(profile.email ?? undefined, 512),
    address: text(profile.address, 2048),
  };
  const websites = profile.website.flatMap((each) => text(each, MAX_URL_LENGTH) ?? []).slice(0, MAX_WEBSITES);
  const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  if (Object.keys(said).length === 0 && websites.length === 0) return undefined;
  return { ...said, ...(websites.length === 0 ? {} : { websites: websites as NonNullable<BusinessProfile["websites"]> }) };
}

/** Asks who is blocked. */
export async function askBlocked(sock: WASocket): Promise<string[]> {
  const answer = (await sock.query({ tag: "iq", attrs: { xmlns: "blocklist", to: "s.whatsapp.net", type: "get" } })) as BinaryNode | undefined;
  return childrenOf(childOf(answer, "list"), "item").flatMap(({ attrs }) => bareJid(attrs["jid"]) ?? []);
}

/** Blocks or unblocks somebody. WhatsApp names people by LID here, and wants the number beside it to block one. */
export async function changeBlock(sock: WASocket, action: "block" | "unblock", lid: string, phone: string | undefined): Promise<void> {
  const attrs = { action, jid: lid, ...(action === "block" && phone !== undefined ? { pn_jid: phone } : {}) };
  await sock.query({ tag: "iq", attrs: { xmlns: "blocklist", to: "s.whatsapp.net", type: "set" }, content: [{ tag: "item", attrs }] });
}
