import type { Phones } from "../phone/phones.js";
import { bareJid, parseJid } from "../wire/jid.js";
import { bytesOf, child, children, el, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import { bundleElements, readPreKeys, readSignedPreKey } from "../world/prekeys.js";
import type { Session } from "../service/login.js";
import { notification } from "../service/delivery.js";
import { IqError, type IqHandler, type IqReply } from "./request.js";

/** Below this the server asks a device for more one-time keys (Baileys: MIN_PREKEY_COUNT). */
const LOW_STOCK = 5;

/** Signal keys: how many are left, upload, rotate, check, and fetch those of others. */
export function encryptHandler(directory: Directory, phones: Phones, claimFullStock: boolean): IqHandler {
  return (session, iq) => {
    const { companion, person } = session;
    if (iq.attrs["type"] === "get") {
      if (child(iq, "count")) return { content: [el("count", { value: String(claimFullStock ? 812 : companion.preKeys.count) })] };
      if (child(iq, "digest")) return digest(session);
      const request = child(iq, "key");
      if (request) return { content: [el("list", {}, children(request, "user").flatMap((user) => bundle(user.attrs["jid"] ?? "")))] };
      throw new IqError(400, "unknown encrypt request");
    }
    const rotated = readSignedPreKey(child(child(iq, "rotate") ?? iq, "skey"));
    if (!rotated) throw new IqError(400, "no signed pre-key");
    companion.signed = rotated;
    companion.preKeys.add(readPreKeys(child(iq, "list")));
    person.touch();
    return {};
  };

  /** Users without such a device are left out: one `<error>` would make the client give up on all of them. */
  function bundle(jid: string): Stanza[] {
    const person = directory.resolve(bareJid(jid));
    const device = parseJid(jid)?.device ?? 0;
    const found = person && phones.bundle(person, device);
    if (!found) return [];
    const owner = person.companions.get(device);
    if (owner && found.oneTime && owner.preKeys.count === LOW_STOCK - 1) {
      owner.deliver(notification(undefined, "encrypt", [el("count", { value: String(owner.preKeys.count) })]));
    }
    return [el("user", { jid }, bundleElements(found))];
  }
}

function digest({ companion }: Session): IqReply {
  const [registration, type, identity, skey] = bundleElements({ ...companion.keys, signed: companion.signed });
  const parts = [registration, type, identity, skey].filter((each) => each !== undefined);
  return { content: [el("digest", {}, [...parts, el("hash", {}, bytesOf(skey) ?? Buffer.alloc(20))])] };
}
