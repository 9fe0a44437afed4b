/**
 * Keeps what a group message costs constant. Baileys skips every other step of its own sender key and keeps the key of
 * the skipped step for a message that will never come, because nobody else writes with this key: up to 2000 of them, read
 * and written with each message, half a megabyte as JSON. Here a sender key of our own keeps none. The sender keys of
 * others, whose messages may come out of order, are left as they are, and so is what goes over the wire.
 */
import { SenderKeyRecord } from "baileys/lib/Signal/Group/sender-key-record.js";
import { SenderKeyState } from "baileys/lib/Signal/Group/sender-key-state.js";

/** Only who made a sender key has its private half. */
function isOurs(state: SenderKeyState): boolean {
  return (state.getSigningKeyPrivate()?.length ?? 0) > 0;
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on the state it is asked of
const { addSenderMessageKey } = SenderKeyState.prototype;

SenderKeyState.prototype.addSenderMessageKey = function (this: SenderKeyState, key) {
  if (!isOurs(this)) addSenderMessageKey.call(this, key);
};

// eslint-disable-next-line @typescript-eslint/unbound-method -- it does not use `this`
const { deserialize } = SenderKeyRecord;

/** Also sheds what was kept before. */
SenderKeyRecord.deserialize = (data) => {
  const record = deserialize(data);
  for (const structure of record.serialize()) {
    if (structure.senderSigningKey.private !== undefined && structure.senderSigningKey.private.length > 0) structure.senderMessageKeys.length = 0;
  }
  return record;
};
