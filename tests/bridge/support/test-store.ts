/** A store in a directory of its own. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { MessageEvent } from "../../../bridge/src/rpc/contract.gen.js";
import type { NewMessage } from "../../../bridge/src/store/outbox-row.js";
import type { NewEvent } from "../../../bridge/src/store/events.js";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import { openStore, type Store, type StorePlaces } from "../../../bridge/src/store/store.js";
import { makeDirectory } from "./places.js";

export function placesIn(directory: string): StorePlaces {
  return { storePath: join(directory, "bridge", "store.sqlite"), lockPath: join(directory, "bridge", "bridge.lock"), masterKeyPath: join(directory, "secrets", "master.key"), masterKey: undefined, masterKeyPrevious: undefined, backupDir: join(directory, "backup") };
}

/** A new store with one pairing of tenant `t`. */
export function openTestStore(directory: string = makeDirectory()): { store: Store; pairing: Pairing; places: StorePlaces } {
  const places = placesIn(directory);
  const store = openStore(places);
  const pairing = store.writer.now(() => store.sessions.newPairing("t", Date.now()));
  return { store, pairing, places };
}

/** A received text. */
export function sampleMessage(text: string): MessageEvent {
  return { type: "message", messageId: "M1", chatId: "5511920000001@s.whatsapp.net", isGroup: false, fromMe: false, sender: { phoneNumber: "+5511920000001" }, sentAtMs: 1, content: { type: "text", text } };
}

export function sampleEvent(pairing: Pairing, text: string, more: Partial<NewEvent> = {}): NewEvent {
  return { pairingId: pairing.id, occurredAtMs: Date.now(), data: sampleMessage(text), dedup: randomBytes(32), ...more };
}

/** A text about to be accepted, to one person. */
export function sampleOutgoing(pairing: Pairing, messageId: string, more: Partial<NewMessage> = {}): NewMessage {
  const chatId = "5511920000001@s.whatsapp.net";
  return {
    tenantId: pairing.tenantId,
    messageId,
    pairingId: pairing.id,
    request: { recipient: "+5511920000001", content: { type: "text", text: "hello" } },
    built: { chatId, encoded: Buffer.from("encoded") },
    addresses: [chatId],
    rank: 0,
    acceptedAtMs: Date.now(),
    expiresAtMs: Date.now() + 86_400_000,
    holdWhenUncertain: false,
    ...more,
  };
}
