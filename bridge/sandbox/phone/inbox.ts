import type { PlainContent } from "./plain.js";

/** What a mock phone made of one message. */
export interface InboxMessage {
  /** 1, 2, 3 … per phone. */
  position: number;
  /** Unix time in milliseconds at which the phone read it. */
  time: number;
  id: string;
  /** Chat as the phone sees it: the peer's bare address, the group, or status@broadcast. */
  chat: string;
  /** Bare address of the author in the domain the message travelled in. */
  from: string;
  /** Digits of the author's number. */
  number: string;
  device: number;
  /** The phone owner's own message, sent from a linked device. */
  fromMe: boolean;
  /** What carried the content; `encTypes` also has the key distribution in front of it. */
  encType: string;
  encTypes: string[];
  /** 1 for the first time this id was decrypted here, 2 for the second, … */
  copy: number;
  /** Kind of content, e.g. `conversation` or `imageMessage`. */
  type: string;
  text?: string;
  /** Hex SHA-256 of the decrypted bytes without padding. */
  plaintextSha256: string;
  media?: InboxMedia;
  /** The same in plain words. */
  content: PlainContent;
  message: Record<string, unknown>;
}

export interface InboxMedia {
  kind: string;
  mimetype?: string;
  fileName?: string;
  /** Whether it could be fetched and its MAC and hashes were right. */
  ok: boolean;
  bytes?: number;
  /** Hex SHA-256 of the decrypted file. */
  sha256?: string;
  error?: string;
}

export interface InboxFailure {
  position: number;
  time: number;
  id: string;
  chat: string;
  number: string;
  device: number;
  encTypes: string[];
  /** `duplicate`: this very ciphertext was read before. */
  reason: "duplicate" | "undecryptable";
  error: string;
}

export interface InboxReceipt {
  position: number;
  time: number;
  /** `delivered`, `read`, `played`, `retry`, … */
  type: string;
  chat: string;
  number: string;
  device: number;
  ids: string[];
}

/** Somebody typing or recording to this phone's owner, or stopping to. */
export interface InboxPresence {
  position: number;
  time: number;
  state: "composing" | "recording" | "paused";
  chat: string;
  /** Digits of the number of who is typing. */
  number: string;
}

/** Entries kept per list and phone; the oldest go. */
const MAX_ENTRIES = 1_000;
const MAX_COUNTED_IDS = 10_000;

/** A list with positions that one can wait on. */
export class Feed<T extends { position: number }> {
  private entries: T[] = [];
  private next = 1;
  private readonly waiters = new Set<() => void>();

  push(entry: Omit<T, "position">): T {
    const added = { ...entry, position: this.next++ } as T;
    this.entries.push(added);
    if (this.entries.length > MAX_ENTRIES * 1.5) this.entries = this.entries.slice(-MAX_ENTRIES);
    for (const waiter of [...this.waiters]) waiter();
    return added;
  }

  after(position: number): T[] {
    const from = this.entries.findIndex((entry) => entry.position > position);
    return from < 0 ? [] : this.entries.slice(from);
  }

  find(fits: (entry: T) => boolean): T | undefined {
    return this.entries.findLast(fits);
  }

  /** Resolves with entries after a position as soon as there are any, at the latest after `waitMs` (maybe empty). */
  async poll(position: number, waitMs: number, fits: (entry: T) => boolean = () => true): Promise<T[]> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const found = this.after(position).filter(fits);
      const left = deadline - Date.now();
      if (found.length > 0 || left <= 0) return found;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiters.delete(done);
          resolve();
        };
        const timer = setTimeout(done, left);
        this.waiters.add(done);
      });
    }
  }

  get last(): number {
    return this.next - 1;
  }
}

/** Everything a mock phone has read, failed to read, and been told about its own messages. Kept in memory only. */
export class Inbox {
  readonly messages = new Feed<InboxMessage>();
  readonly failures = new Feed<InboxFailure>();
  readonly receipts = new Feed<InboxReceipt>();
  readonly presences = new Feed<InboxPresence>();
  private readonly copies = new Map<string, number>();

  /** Counts one more decryption of this id. */
  count(id: string): number {
    const copy = (this.copies.get(id) ?? 0) + 1;
    this.copies.delete(id);
    this.copies.set(id, copy);
    if (this.copies.size > MAX_COUNTED_IDS) {
      const oldest = this.copies.keys().next();
      if (!oldest.done) this.copies.delete(oldest.value);
    }
    return copy;
  }
}
