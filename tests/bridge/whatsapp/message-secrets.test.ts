import assert from "node:assert/strict";
import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import { after, describe, it } from "node:test";
import type { EventData } from "../../../bridge/src/rpc/contract.gen.js";
import { checkEventData } from "../../../bridge/src/rpc/validate.js";
import { proto } from "../../../bridge/src/whatsapp/baileys.js";
import { dedupKey, readEnvelope, type AddressBook, type Self } from "../../../bridge/src/whatsapp/incoming.js";
import { MessageEvents } from "../../../bridge/src/whatsapp/message-events.js";
import { openTestStore } from "../support/test-store.js";

const self: Self = { phone: "5511910000001:3@s.whatsapp.net", lid: "900@lid", name: "Acme" };
const nobody: AddressBook = { lidOf: () => Promise.resolve(undefined), phoneOf: () => Promise.resolve(undefined) };
const { MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const { SecretEncType } = proto.Message.SecretEncryptedMessage;
const { EventResponseType } = proto.Message.EventResponseMessage;
const FROM = { from: "5511920000001@s.whatsapp.net", sender_lid: "800@lid", t: "1795442599" };

function sealFor(use: string, plain: Uint8Array, { secret, id, author, changer, bound = false }: { secret: Uint8Array; id: string; author: string; changer: string; bound?: boolean }): { encPayload: Buffer; encIv: Buffer } {
  const key = Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `${id}${author}${changer}${use}`, 32));
  const encIv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, encIv);
  if (bound) cipher.setAAD(Buffer.from(`${id}\0${changer}`));
  return { encPayload: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]), encIv };
}

describe("what is encrypted with a message's secret", () => {
  const { store, pairing } = openTestStore();
  after(() => {
    store.close();
  });
  const events = new MessageEvents(store, pairing, () => self);
  const secret = randomBytes(32);

  const read = async (message: proto.IMessage, attrs: Record<string, string> = {}): Promise<EventData | undefined> => {
    const envelope = readEnvelope({ id: "NEXT", ...FROM, ...attrs }, self, 5);
    assert.ok(envelope);
    const reading = await events.read(envelope, message, nobody, false);
    if (reading?.kept !== undefined) {
      const { messageId, message: kept } = reading.kept;
      store.writer.now(() => {
        store.messages.record("t", messageId, dedupKey("t", envelope), kept, Date.now());
      });
    }
    return reading === undefined ? undefined : checkEventData(reading.event);
  };

  it("opens by whichever addresses it was made with: edits, reactions, answers to events", async () => {
    await read({ conversation: "frist", messageContextInfo: { messageSecret: secret } }, { id: "TEXT" });
    await read({ eventMessage: { name: "Fair" }, messageContextInfo: { messageSecret: secret } }, { id: "FAIR" });
    const edited = proto.Message.encode({ protocolMessage: { type: MESSAGE_EDIT, key: { id: "TEXT" }, editedMessage: { conversation: "first" } } }).finish();
    for (const author of ["800@lid", "5511920000001@s.whatsapp.net"]) {
      const sealed = sealFor("Message Edit", edited, { secret, id: "TEXT", author, changer: author });
      const event = await read({ secretEncryptedMessage: { targetMessageKey: { id: "TEXT" }, secretEncType: SecretEncType.MESSAGE_EDIT, ...sealed } });
      assert.deepEqual(event?.type === "message.edited" ? [event.messageId, event.content] : event, ["TEXT", { type: "text", text: "first" }]);
    }
    const reaction = proto.Message.ReactionMessage.encode({ text: "👍" }).finish();
    const reacted = await read({ encReactionMessage: { targetMessageKey: { id: "TEXT" }, ...sealFor("Enc Reaction", reaction, { secret, id: "TEXT", author: "800@lid", changer: "800@lid" }) } });
    assert.deepEqual(reacted?.type === "message.reaction" ? [reacted.messageId, reacted.emoji, reacted.targetFromMe] : reacted, ["TEXT", "👍", false]);
    const going = proto.Message.EventResponseMessage.encode({ response: EventResponseType.GOING }).finish();
    const answer = sealFor("Event Response", going, { secret, id: "FAIR", author: "800@lid", changer: "800@lid", bound: true });
    const answered = await read({ encEventResponseMessage: { eventCreationMessageKey: { id: "FAIR" }, ...answer } });
    assert.deepEqual(answered?.type === "message" ? answered.content : answered, { type: "event_response", eventMessageId: "FAIR", response: "going", known: true });
  });

  it("is named but not believed when it was made by somebody else or with another secret", async () => {
    const edited = proto.Message.encode({ protocolMessage: { type: MESSAGE_EDIT, key: { id: "TEXT" }, editedMessage: { conversation: "forged" } } }).finish();
    for (const [changer, key] of [["801@lid", secret], ["800@lid", randomBytes(32)]] as const) {
      const sealed = sealFor("Message Edit", edited, { secret: key, id: "TEXT", author: "800@lid", changer });
      const event = await read({ secretEncryptedMessage: { targetMessageKey: { id: "TEXT" }, secretEncType: SecretEncType.MESSAGE_EDIT, ...sealed } });
      assert.deepEqual(event?.type === "message" ? event.content : event, { type: "other", whatsappType: "secretEncryptedMessage" });
    }
    const response = await read({ encEventResponseMessage: { eventCreationMessageKey: { id: "GONE" }, encPayload: randomBytes(40), encIv: randomBytes(12) } });
    assert.deepEqual(response?.type === "message" ? response.content : response, { type: "event_response", eventMessageId: "GONE", response: "unknown", known: false });
  });
});
