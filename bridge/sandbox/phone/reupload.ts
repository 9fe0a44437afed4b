import { createCipheriv } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { hkdf, randomBytes } from "../wire/curve.js";
import { child, el, type Stanza } from "../wire/stanza.js";
import { mediaIn, readMedia } from "./download.js";
import type { PhoneParts } from "./parts.js";

/**
 * Uploads a message's file once more, because a linked device could not fetch it, and says where it is now (Baileys
 * messages-send.js, updateMediaMessage). The device asks with a `server-error` receipt.
 * @returns the content of the `mediaretry` notification
 */
export async function reupload(phone: PhoneParts, request: Stanza): Promise<Stanza[]> {
  const { id = "" } = request.attrs;
  const rmr = el("rmr", child(request, "rmr")?.attrs);
  const Result = proto.MediaRetryNotification.ResultType;
  const entry = phone.inbox.messages.find((each) => each.id === id);
  const message = entry && proto.Message.fromObject(entry.message);
  const part = message && mediaIn(message)?.part;
  if (!message || !part?.mediaKey?.length || !part.directPath) return [el("error", { code: String(Result.NOT_FOUND) }), rmr];
  const there = await readMedia(message, phone.world.media).then(() => true, () => false);
  const directPath = there ? await phone.world.media.again(part.directPath) : undefined;
  const answer = { stanzaId: id, result: directPath ? Result.SUCCESS : Result.NOT_FOUND, ...(directPath ? { directPath } : {}) };
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", hkdf(part.mediaKey, 32, "WhatsApp Media Retry Notification"), iv);
  cipher.setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(proto.MediaRetryNotification.encode(answer).finish()), cipher.final(), cipher.getAuthTag()]);
  return [el("encrypt", {}, [el("enc_p", {}, sealed), el("enc_iv", {}, iv)]), rmr];
}
