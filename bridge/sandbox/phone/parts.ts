import type { proto } from "baileys/WAProto/index.js";
import type { Log } from "../log.js";
import type { Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Groups } from "../world/groups.js";
import type { MediaStore } from "../world/media.js";
import type { Sends } from "../world/sends.js";
import type { Person } from "../world/person.js";
import type { KeyBundle } from "../world/prekeys.js";
import type { Inbox } from "./inbox.js";
import type { SenderKeys } from "./senderkeys.js";
import type { SignalUser } from "./signal.js";

/** The way from a mock phone into the server: what a client would put on the wire. */
export interface Uplink {
  message(sender: Person, stanza: Stanza): void;
  receipt(sender: Person, stanza: Stanza): void;
}

/** What the phones share. */
export interface PhoneWorld {
  directory: Directory;
  groups: Groups;
  media: MediaStore;
  /** Host and port clients find the media server at. */
  mediaHost: () => string;
  uplink: Uplink;
  /** Where is noted what could be read. */
  sends: Sends;
  /** Key bundle of any device, phones included; undefined when there is no such device. */
  bundle(person: Person, device: number): KeyBundle | undefined;
  /** Milliseconds between reading a message and the delivery receipt for it. */
  receiptDelayMs: number;
  log: Log;
}

/** A message this phone sent, kept for those who ask for it again. */
export interface SentMessage {
  to: string;
  message: proto.IMessage;
  attrs: Record<string, string>;
}

/** The pieces a phone is made of, as the modules that read and write messages need them. */
export interface PhoneParts {
  readonly person: Person;
  readonly world: PhoneWorld;
  readonly signal: SignalUser;
  readonly senderKeys: SenderKeys;
  readonly inbox: Inbox;
  readonly sent: Map<string, SentMessage>;
}

/** Device ids of a person: the phone and every linked device. */
export function deviceIds(person: Person): number[] {
  return [0, ...person.companions.keys()];
}
