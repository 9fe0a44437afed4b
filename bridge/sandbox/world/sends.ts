import { createHash } from "node:crypto";
import { bytesOf, children, type Stanza } from "../wire/stanza.js";

/** Messages remembered, all accounts together; the oldest go. */
const MAX_SENDS = 100_000;
/** Accounts and chats whose messages are numbered; the oldest begin anew. */
const MAX_CHATS = 50_000;

/** What one device got of one message. */
export interface SendCopies {
  /** Digits of the receiver's number. */
  number: string;
  device: number;
  /** Copies that reached this device. */
  copies: number;
  /**
   * How many of them it could open: more than 1 is a message read twice. Absent for linked devices, whose keys the
   * server does not have.
   */
  readable?: number;
  /** Whether all copies were the same bytes. */
  identical: boolean;
  /** How often this device asked for the message again. */
  retries: number;
  /** Position of the first readable copy in this phone's inbox: the order in which its owner saw messages. */
  firstRead?: number;
}

/** One message of an account, as the server and the receiving devices met it. */
export interface Send {
  /** 1, 2, 3 … in the order in which messages first arrived at the server. */
  position: number;
  time: number;
  id: string;
  /** Digits of the sender's number. */
  number: string;
  device: number;
  chat: string;
  /** 1, 2, 3 … among the account's messages in this chat. */
  chatPosition: number;
  /**
   * How often the server got it from the account for all devices. Baileys also sends to all when the receiver's phone
   * asked for it again (messages-recv.js, sendMessagesAgain); resends to a single device are not counted.
   */
  arrivals: number;
  /** Resends to the one device that had asked. */
  resends: number;
  /** What the account was told: `none` when no acknowledgement left the server. */
  ack: "sent" | "none" | "refused";
  /** Code of the refusal. */
  error?: string;
  /** What it says, as the first mock phone that could read it understood it. */
  kind?: string;
  text?: string;
  devices: SendCopies[];
}

export interface SendQuery {
  after?: number | undefined;
  limit?: number | undefined;
  /** Digits. */
  number?: string | undefined;
  chat?: string | undefined;
  id?: string | undefined;
}

interface Row extends Omit<Send, "devices"> {
  /** By `number:device`; `mark` stands for the bytes of the first copy. */
  devices: Map<string, { copies: SendCopies; mark: string }>;
}

/** Who sent. */
export interface SendKey {
  /** Digits of the sender's number. */
  number: string;
  id: string;
}

const MAX_PAGE = 10_000;

/**
 * Every message the accounts sent and what became of it at each receiving device, for whoever has to prove that none
 * was lost and none could be read twice. In memory only.
 */
export class Sends {
  private readonly rows = new Map<string, Row>();
  private readonly chats = new Map<string, number>();
  private next = 1;

  /** A message reached the server. `resend`: because a device had asked for it again. */
  arrived({ number, id }: SendKey, device: number, chat: string, resend: boolean): void {
    const known = this.rows.get(`${number}:${id}`);
    if (known) {
      if (resend) known.resends += 1;
      else known.arrivals += 1;
      return;
    }
    // A resend of what has been forgotten would be numbered as if it were new.
    if (resend) return;
    this.rows.set(`${number}:${id}`, {
      position: this.next++, time: Date.now(), id, number, device, chat, chatPosition: this.count(`${number}:${chat}`),
      arrivals: 1, resends: 0, ack: "none", devices: new Map(),
    });
    if (this.rows.size > MAX_SENDS) dropOldest(this.rows);
  }

  /** The server acknowledged or refused it; an acknowledgement that follows a refusal is what counts. */
  answered({ number, id }: SendKey, error: string | undefined): void {
    const row = this.rows.get(`${number}:${id}`);
    if (!row || row.ack === "sent") return;
    row.ack = error === undefined ? "sent" : "refused";
    if (error === undefined) delete row.error;
    else row.error = error;
  }

  /** A copy was handed to a device. `mark` stands for its bytes. */
  copied({ number, id }: SendKey, receiver: string, device: number, mark: string): void {
    const row = this.rows.get(`${number}:${id}`);
    if (!row) return;
    const known = row.devices.get(`${receiver}:${device}`);
    if (known) {
      known.copies.copies += 1;
      if (known.mark !== mark) known.copies.identical = false;
      return;
    }
    const phone = device === 0 ? { readable: 0 } : {};
    row.devices.set(`${receiver}:${device}`, { copies: { number: receiver, device, copies: 1, ...phone, identical: true, retries: 0 }, mark });
  }

  /** A mock phone opened a copy. */
  read({ number, id }: SendKey, receiver: string, position: number, kind: string, text: string | undefined): void {
    const row = this.rows.get(`${number}:${id}`);
    const copies = row?.devices.get(`${receiver}:0`)?.copies;
    if (!row || !copies) return;
    copies.readable = (copies.readable ?? 0) + 1;
    copies.firstRead ??= position;
    row.kind ??= kind;
    if (text !== undefined) row.text ??= text;
  }

  /** A device asked for it again. */
  retried({ number, id }: SendKey, receiver: string, device: number): void {
    const copies = this.rows.get(`${number}:${id}`)?.devices.get(`${receiver}:${device}`)?.copies;
    if (copies) copies.retries += 1;
  }

  /** Matching messages after a position, oldest first, and the position to continue from. */
  query(query: SendQuery): { sends: Send[]; cursor: number } {
    const limit = Math.min(query.limit ?? 1_000, MAX_PAGE);
    const sends: Send[] = [];
    let cursor = Math.min(query.after ?? 0, this.next - 1);
    for (const row of this.rows.values()) {
      if (row.position <= cursor) continue;
      if (sends.length >= limit) break;
      cursor = row.position;
      if (matches(row, query)) sends.push(present(row));
    }
    return { sends, cursor };
  }

  clear(): void {
    this.rows.clear();
    this.chats.clear();
  }

  private count(chat: string): number {
    const position = (this.chats.get(chat) ?? 0) + 1;
    this.chats.delete(chat);
    this.chats.set(chat, position);
    if (this.chats.size > MAX_CHATS) dropOldest(this.chats);
    return position;
  }
}

/** Stands for the ciphertexts of a stanza: the same for the same bytes only. */
export function markOf(stanza: Stanza): string {
  const hash = createHash("sha256");
  for (const enc of children(stanza, "enc")) hash.update(`${enc.attrs["type"] ?? ""}:`).update(bytesOf(enc) ?? "");
  return hash.digest("base64");
}

function matches(row: Row, query: SendQuery): boolean {
  if (query.number !== undefined && row.number !== query.number) return false;
  if (query.id !== undefined && row.id !== query.id) return false;
  return query.chat === undefined || row.chat === query.chat;
}

function present(row: Row): Send {
  return { ...row, devices: [...row.devices.values()].map(({ copies }) => copies) };
}

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
