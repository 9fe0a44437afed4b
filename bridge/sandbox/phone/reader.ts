import { createHash } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { bareJid, isChannel, parseJid } from "../wire/jid.js";
import { bytesOf, child, children, type Stanza } from "../wire/stanza.js";
import type { Person } from "../world/person.js";
import { contentType, textIn, unpad, unwrap } from "./content.js";
import { fetchMedia } from "./download.js";
import type { InboxMessage } from "./inbox.js";
import type { PhoneParts } from "./parts.js";
import { plainContent, type PlainContent } from "./plain.js";
import { addressOf, type EncType } from "./signal.js";
import { openVote } from "./vote.js";

/** Who sent a stanza, as far as the stanza tells. */
export interface Author {
  person: Person;
  device: number;
  /** Address in the stanza, with device. */
  jid: string;
}

export type Reading =
  | { kind: "content"; author: Author; entry: InboxMessage; message: proto.Message }
  | { kind: "keys" }
  | { kind: "failure"; reason: "duplicate" | "undecryptable" };

/** Ciphertexts remembered per phone to tell a second copy from a message that cannot be read. */
const MAX_SEEN = 50_000;

/** Reads incoming message stanzas: decrypts, takes in group keys, fetches media, writes the inbox. */
export class Reader {
  private readonly seen = new Set<string>();

  constructor(private readonly parts: PhoneParts) {}

  async read(stanza: Stanza): Promise<Reading | undefined> {
    if (isChannel(stanza.attrs["from"])) {
      await this.readPosted(stanza);
      return undefined;
    }
    const author = this.authorOf(stanza);
    if (!author) return undefined;
    const encs = children(stanza, "enc");
    const encTypes = encs.map((enc) => enc.attrs["type"] ?? "");
    let content: { message: proto.Message; plain: Buffer; encType: string } | undefined;
    try {
      for (const enc of encs) {
        const plain = unpad(await this.open(stanza, author, enc));
        const message = proto.Message.decode(plain);
        this.takeGroupKey(message, author);
        if (contentType(message) !== "") content = { message, plain, encType: enc.attrs["type"] ?? "" };
      }
    } catch (err) {
      return this.failed(stanza, author, encTypes, err);
    }
    return content ? this.note(stanza, author, encTypes, content) : { kind: "keys" };
  }

  /** What was posted in a channel; nobody encrypts it or confirms it. */
  private async readPosted(stanza: Stanza): Promise<void> {
    const plain = bytesOf(child(stanza, "plaintext"));
    if (!plain) return;
    const { id = "", from = "" } = stanza.attrs;
    const message = proto.Message.decode(plain);
    const media = await fetchMedia(message, this.parts.world.media);
    const text = textIn(message);
    this.parts.inbox.messages.push({
      time: Date.now(), id, chat: from, from, number: "", device: 0, fromMe: false, encType: "none", encTypes: [],
      copy: this.parts.inbox.count(id), type: contentType(message), ...(text === undefined ? {} : { text }),
      plaintextSha256: createHash("sha256").update(plain).digest("hex"), ...(media ? { media } : {}), content: plainContent(message), message: message.toJSON(),
    });
  }

  private authorOf(stanza: Stanza): Author | undefined {
    const jid = stanza.attrs["participant"] ?? stanza.attrs["from"];
    const person = this.parts.world.directory.resolve(jid && bareJid(jid));
    return jid && person ? { person, device: parseJid(jid)?.device ?? 0, jid } : undefined;
  }

  private async open(stanza: Stanza, author: Author, enc: Stanza): Promise<Buffer> {
    const ciphertext = bytesOf(enc);
    if (!ciphertext) throw new Error("empty enc");
    const mark = ciphertext.subarray(-24).toString("latin1");
    const address = addressOf(author.person.lid, author.device);
    const type = enc.attrs["type"];
    let plain: Buffer;
    try {
      plain =
        type === "skmsg"
          ? this.parts.senderKeys.decrypt(stanza.attrs["from"] ?? "", address, ciphertext)
          : await this.parts.signal.decrypt(address, type as EncType, ciphertext);
    } catch (err) {
      // It is the ratchet that refuses a second copy; whether that was the reason only the ciphertext tells.
      throw this.seen.has(mark) ? new DuplicateError(err) : err;
    }
    this.seen.add(mark);
    if (this.seen.size > MAX_SEEN) {
      const oldest = this.seen.values().next();
      if (!oldest.done) this.seen.delete(oldest.value);
    }
    return plain;
  }

  private takeGroupKey(message: proto.Message, author: Author): void {
    const outer = message.deviceSentMessage?.message ?? message;
    const { groupId, axolotlSenderKeyDistributionMessage: key } = outer.senderKeyDistributionMessage ?? {};
    if (groupId && key) this.parts.senderKeys.process(groupId, addressOf(author.person.lid, author.device), key);
  }

  private failed(stanza: Stanza, author: Author, encTypes: string[], err: unknown): Reading {
    const reason = err instanceof DuplicateError ? "duplicate" : "undecryptable";
    const { id = "", from = "" } = stanza.attrs;
    const { number } = author.person;
    const error = err instanceof Error ? err.message : String(err);
    const chat = bareJid(from);
    this.parts.inbox.failures.push({ time: Date.now(), id, chat, number, device: author.device, encTypes, reason, error });
    return { kind: "failure", reason };
  }

  private async note(
    stanza: Stanza,
    author: Author,
    encTypes: string[],
    content: { message: proto.Message; plain: Buffer; encType: string },
  ): Promise<Reading> {
    const { id = "", from = "", recipient } = stanza.attrs;
    const sent = content.message.deviceSentMessage;
    const message = sent?.message ? proto.Message.fromObject(sent.message) : content.message;
    const fromMe = author.person === this.parts.person;
    const text = textIn(message);
    const media = await fetchMedia(message, this.parts.world.media);
    const plain = this.withVote(plainContent(message), message, author);
    const entry = this.parts.inbox.messages.push({
      time: Date.now(),
      id,
      chat: bareJid(sent?.destinationJid ?? recipient ?? from),
      from: bareJid(author.jid),
      number: author.person.number,
      device: author.device,
      fromMe,
      encType: content.encType,
      encTypes,
      copy: this.parts.inbox.count(id),
      type: contentType(message),
      ...(text === undefined ? {} : { text }),
      plaintextSha256: createHash("sha256").update(content.plain).digest("hex"),
      ...(media ? { media } : {}),
      content: plain,
      message: message.toJSON(),
    });
    this.parts.world.sends.read({ number: author.person.number, id }, this.parts.person.number, entry.position, plain.kind, text);
    return { kind: "content", author, entry, message };
  }

  /** A vote is opened with the secret of the poll it is for. */
  private withVote(content: PlainContent, message: proto.Message, author: Author): PlainContent {
    const update = unwrap(message).pollUpdateMessage;
    const options = update ? openVote(this.parts, update, author.person) : undefined;
    return options && content.vote ? { ...content, vote: { ...content.vote, options } } : content;
  }
}

class DuplicateError extends Error {
  constructor(cause: unknown) {
    super("this ciphertext was read before", { cause });
  }
}
