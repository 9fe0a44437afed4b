import { randomBytes } from "node:crypto";
import type { Phones } from "../phone/phones.js";
import type { Domain } from "../wire/jid.js";
import { SERVER_JID } from "../wire/jid.js";
import { el, type Stanza, type StanzaContent } from "../wire/stanza.js";
import type { Companion } from "../world/companion.js";
import type { Directory } from "../world/directory.js";
import type { Faults } from "../world/faults.js";
import type { Person } from "../world/person.js";

/** Whose device lists one client is told about, per person asked for. */
const MAX_WATCHERS = 1_000;

/** Hands stanzas to devices, whether a client or a mock phone is behind them. */
export class Delivery {
  private readonly watchers = new Map<string, Set<string>>();

  constructor(
    private readonly phones: Phones,
    private readonly directory: Directory,
    private readonly faults: Faults,
  ) {}

  /** To one device; nothing happens when it does not exist. */
  toDevice(person: Person, device: number, stanza: Stanza): void {
    if (device === 0) {
      this.phones.of(person).deliver(stanza);
      return;
    }
    const companion = person.companions.get(device);
    if (!companion) return;
    const twice = stanza.tag === "message" && this.faults.take("duplicate", person.number) !== undefined;
    companion.deliver(stanza, twice ? 2 : 1);
  }

  /** To every device of a person, or every one but one. */
  toPerson(person: Person, stanza: Stanza, except?: number): void {
    if (except !== 0) this.toDevice(person, 0, stanza);
    for (const device of person.companions.keys()) if (device !== except) this.toDevice(person, device, stanza);
  }

  /** To the linked devices only. */
  toCompanions(person: Person, stanza: Stanza, except?: Companion): void {
    for (const companion of person.companions.values()) if (companion !== except) companion.deliver(stanza);
  }

  /** What is worth nothing later. */
  transient(person: Person, stanza: Stanza): void {
    for (const companion of person.companions.values()) companion.sendNow(stanza);
  }

  /** Notes that somebody looks at a person's device list and wants to hear of changes. */
  watchDevices(watched: Person, watcher: Person): void {
    if (watched === watcher) return;
    const watchers = this.watchers.get(watched.number) ?? new Set();
    if (watchers.size < MAX_WATCHERS) watchers.add(watcher.number);
    this.watchers.set(watched.number, watchers);
  }

  /** Tells own devices and everybody who looked that a device came or went. */
  devicesChanged(person: Person, change: "add" | "remove", companion: Companion): void {
    const domains: Domain[] = ["pn", "lid"];
    const devices = domains.map((domain) =>
      el("device", { jid: person.address(domain, companion.id), "key-index": String(companion.keyIndex) }),
    );
    const stanza = notification(person.jid, "devices", [el(change, {}, devices)], { lid: person.lidJid });
    this.toCompanions(person, stanza, companion);
    for (const number of this.watchers.get(person.number) ?? []) {
      const watcher = this.directory.lookup(number);
      if (watcher) this.toCompanions(watcher, stanza);
    }
  }

  clear(): void {
    this.watchers.clear();
  }
}

/** A server notification with a fresh id. `from` defaults to the server itself. */
export function notification(from: string | undefined, type: string, content: StanzaContent, attrs: Record<string, string | undefined> = {}): Stanza {
  return el("notification", { from: from ?? SERVER_JID, type, id: newStanzaId(), t: unixTime(), ...attrs }, content);
}

/** A fresh id for what the server itself says: 16 hex digits. */
export function newStanzaId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

/** Seconds since 1970, as stanzas carry them. */
export function unixTime(): string {
  return String(Math.floor(Date.now() / 1000));
}
