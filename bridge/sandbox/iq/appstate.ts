import { proto } from "baileys/WAProto/index.js";
import { bytesOf, child, children, el, type Stanza } from "../wire/stanza.js";
import type { Person } from "../world/person.js";
import { notification, type Delivery } from "../service/delivery.js";
import type { IqHandler } from "./request.js";

/** Patches in one answer; the client asks again while there are more. */
const PAGE = 100;

/**
 * App-state collections. Every collection asked for is answered: Baileys asks for one that is left out again and
 * again without a pause, and holds the account's lock meanwhile.
 */
export function appStateHandler(delivery: Delivery): IqHandler {
  return ({ person, companion }, iq) => {
    const changed: string[] = [];
    const content = children(child(iq, "sync"), "collection").map((collection) => {
      const name = collection.attrs["name"] ?? "";
      const patch = bytesOf(child(collection, "patch") ?? child(child(collection, "patches"), "patch"));
      if (!patch) return current(person, name, Number(collection.attrs["version"] ?? 0));
      return append(person, name, Number(collection.attrs["version"] ?? 0), patch, changed);
    });
    return {
      content: [el("sync", {}, content)],
      after: () => {
        if (changed.length === 0) return;
        person.touch();
        const collections = changed.map((name) => el("collection", { name, version: String(person.appState.version(name)) }));
        delivery.toCompanions(person, notification(person.jid, "server_sync", collections), companion);
      },
    };
  };
}

function current(person: Person, name: string, known: number): Stanza {
  const { patches, more } = person.appState.since(name, known, PAGE);
  const version = String(person.appState.version(name));
  const attrs = { name, version, ...(more ? { has_more_patches: "true" } : {}) };
  return patches.length === 0 ? el("collection", attrs) : el("collection", attrs, [el("patches", {}, patches.map((each) => el("patch", {}, each)))]);
}

/** A patch must build on the newest version, or it is refused with what the client lacks. */
function append(person: Person, name: string, base: number, patch: Buffer, changed: string[]): Stanza {
  const { appState } = person;
  if (base !== appState.version(name)) {
    const refused = current(person, name, base);
    const error = el("error", { code: "409", text: "conflict" });
    return el("collection", { ...refused.attrs, type: "error" }, [error, ...children(refused)]);
  }
  // A patch without its own version would be taken for the one after the collection's.
  const stamp = (version: number): Buffer => {
    const decoded = proto.SyncdPatch.decode(patch);
    decoded.version = proto.SyncdVersion.create({ version });
    return Buffer.from(proto.SyncdPatch.encode(decoded).finish());
  };
  const version = appState.append(name, stamp);
  if (version === false) return el("collection", { name, type: "error" }, [el("error", { code: "400", text: "too many collections" })]);
  changed.push(name);
  return el("collection", { name, version: String(version) });
}
