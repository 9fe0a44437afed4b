import { formatJid, LID_SERVER, PN_SERVER, type Domain } from "../wire/jid.js";
import { AppState, type AppStateRecord } from "./appstate.js";
import { Companion, type CompanionRecord } from "./companion.js";

/** The values a real account starts with; `readreceipts` must be `all` for read receipts to be sent at all. */
const DEFAULT_PRIVACY = {
  readreceipts: "all", last: "all", online: "all", profile: "all", status: "all", groupadd: "all", calladd: "all",
  messages: "all", stickers: "all", defense: "off",
};
const MAX_BLOCKED = 10_000;
const MAX_DEVICE_ID = 98;

export interface Picture {
  id: string;
  /** Path under the media server. */
  path: string;
}

/** What a business says about itself. */
export interface BusinessProfile {
  description?: string;
  address?: string;
  website?: string;
  email?: string;
  category?: string;
}

export interface PersonRecord {
  number: string;
  name: string;
  exists: boolean;
  declared: boolean;
  autoReply?: string;
  retryOnDuplicate?: boolean;
  aliases?: string[];
  business?: BusinessProfile;
  addressing: Domain;
  about: string;
  aboutAt: number;
  picture?: Picture;
  privacy: Record<string, string>;
  blocked: string[];
  ephemeral: number;
  lastDevice: number;
  companions: CompanionRecord[];
  appState: AppStateRecord;
  phone?: unknown;
}

/** Somebody with a phone number: a mock contact, or the owner of linked devices, or both. Device 0 is the mock phone. */
export class Person {
  name: string;
  exists: boolean;
  /** Named through the admin interface or paired, as opposed to made up because somebody asked for the number. */
  declared: boolean;
  /** What the phone answers to every text; `{text}` stands for the text received. */
  autoReply: string | undefined;
  /**
   * Whether the phone asks again for a message whose copy its ratchet refuses. A real client that has the message says
   * nothing, so this is for seeing what a sender makes of one that does.
   */
  retryOnDuplicate: boolean;
  /** The domain in which this person's own messages travel. */
  addressing: Domain;
  about: string;
  aboutAt: number;
  picture: Picture | undefined;
  /** Digits of further numbers under which people dial this one. */
  aliases: string[];
  business: BusinessProfile | undefined;
  /** Seconds; the account's default disappearing mode. */
  ephemeral: number;
  readonly privacy: Record<string, string>;
  readonly blocked: Set<string>;
  readonly companions = new Map<number, Companion>();
  readonly appState: AppState;
  /** Presence of the mock phone; companions carry their own. */
  phoneAvailable = false;
  lastSeen = 0;
  private lastDevice: number;

  constructor(
    readonly number: string,
    readonly lid: string,
    private readonly changed: (person: Person) => void,
    saved?: Partial<PersonRecord>,
  ) {
    this.name = saved?.name ?? `Contact ${number.slice(-4)}`;
    this.exists = saved?.exists ?? true;
    this.declared = saved?.declared ?? false;
    this.autoReply = saved?.autoReply;
    this.retryOnDuplicate = saved?.retryOnDuplicate ?? false;
    this.addressing = saved?.addressing ?? "pn";
    this.about = saved?.about ?? "Hey there! I am using WhatsApp.";
    this.aboutAt = saved?.aboutAt ?? Math.floor(Date.now() / 1000);
    this.picture = saved?.picture;
    this.aliases = saved?.aliases ?? [];
    this.business = saved?.business;
    this.ephemeral = saved?.ephemeral ?? 0;
    this.privacy = { ...DEFAULT_PRIVACY, ...saved?.privacy };
    this.blocked = new Set(saved?.blocked);
    this.lastDevice = saved?.lastDevice ?? 0;
    this.appState = new AppState(saved?.appState);
    for (const record of saved?.companions ?? []) this.companions.set(record.id, Companion.restore(record, () => { this.touch(); }));
  }

  get jid(): string {
    return formatJid(this.number, PN_SERVER);
  }

  get lidJid(): string {
    return formatJid(this.lid, LID_SERVER);
  }

  /** This person's address, or that of one of the devices, in the given domain. */
  address(domain: Domain, device = 0): string {
    return domain === "lid" ? formatJid(this.lid, LID_SERVER, device) : formatJid(this.number, PN_SERVER, device);
  }

  get online(): boolean {
    if (this.phoneAvailable) return true;
    for (const companion of this.companions.values()) if (companion.active && companion.available) return true;
    return false;
  }

  /** The next free device id; ids fit one byte and 99 is reserved for hosted devices. Undefined when all are taken. */
  nextDeviceId(): number | undefined {
    for (let i = 0; i < MAX_DEVICE_ID; i++) {
      this.lastDevice = (this.lastDevice % MAX_DEVICE_ID) + 1;
      if (!this.companions.has(this.lastDevice)) return this.lastDevice;
    }
    return undefined;
  }

  block(number: string): void {
    if (this.blocked.size < MAX_BLOCKED) this.blocked.add(number);
    this.touch();
  }

  touch(): void {
    this.changed(this);
  }

  toJSON(): PersonRecord {
    const { number, name, exists, declared, addressing, about, aboutAt, ephemeral, privacy, lastDevice, appState } = this;
    return {
      number, name, exists, declared, addressing, about, aboutAt, ephemeral, privacy, lastDevice,
      appState: appState.toJSON(),
      blocked: [...this.blocked],
      companions: [...this.companions.values()].map((companion) => companion.toJSON()),
      ...(this.autoReply === undefined ? {} : { autoReply: this.autoReply }),
      ...(this.aliases.length > 0 ? { aliases: this.aliases } : {}),
      ...(this.business ? { business: this.business } : {}),
      ...(this.retryOnDuplicate ? { retryOnDuplicate: true } : {}),
      ...(this.picture ? { picture: this.picture } : {}),
    };
  }
}
