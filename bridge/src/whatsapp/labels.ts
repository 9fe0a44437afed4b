/**
 * Labels of WhatsApp Business. They live in the account's app state, an encrypted log that its devices write together;
 * what came through it is kept in the store. Somebody who writes at the same time as another device is refused, which
 * Baileys does not notice: it goes on as if it had been taken.
 */
import { BridgeError } from "../errors.js";
import type { Logger } from "../log.js";
import type { Label } from "../rpc/contract.gen.js";
import type { Store } from "../store/store.js";
import type { BinaryNode, WASocket } from "./baileys.js";
import { wellFormed } from "./content.js";
import type { Link } from "./link.js";
import { childOf, childrenOf } from "./nodes.js";
import type { Questions } from "./questions.js";

/** The part of the app state that holds labels (Baileys lib/Utils/chat-utils.js). */
const COLLECTION = "regular";

const COLORS = 20;
const MAX_NAME_LENGTH = 256;
const LABEL_ID = /^[0-9]{1,18}$/;

/** How often a change is written anew when another device was faster. */
const TRIES = 3;
const CONFLICT = 409;

/** How long a list waits for what the phone has to tell; it is answered in time with what is known. */
const READ_WITHIN_MS = 3000;

/** How long the phone may take, after it was linked, to share the key that opens the app state. */
const KEY_WITHIN_MS = 5000;

/** What a label is put on: a chat, or one message in it. */
export interface LabelTarget {
  chatId: string;
  messageId: string | undefined;
}

export class Labels {
  readonly #store: Store;
  readonly #questions: Questions;
  readonly #log: Logger;
  /** Pairings whose labels were read from the beginning since the process started: only changes come by themselves. */
  readonly #read = new Set<string>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(store: Store, questions: Questions, log: Logger) {
    this.#store = store;
    this.#questions = questions;
    this.#log = log;
  }

  /** Notes the labels that come over a connection. */
  listen(link: Link): void {
    link.sock.ev.on("labels.edit", ({ id, name, color, deleted, predefinedId }) => {
      const label = { labelId: id, name: nameOf(name), color: colorOf(color), ...(predefinedId === undefined ? {} : { predefined: true }) };
      // The app state has them still, should this fail: they are read from there when the process starts anew.
      this.#keep(link, label, deleted).catch((error: unknown) => {
        this.#log.warn({ tenantId: link.pairing.tenantId, err: error }, "a label was not noted");
      });
    });
  }

  /** The labels in the order of their ids, as far as they are known. */
  async list(link: Link): Promise<Label[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, READ_WITHIN_MS)));
    await Promise.race([late, this.#readAll(link).catch(() => undefined)]);
    clearTimeout(timer);
    return this.known(link.pairing);
  }

  /** What is known without asking. */
  known(pairing: Link["pairing"]): Label[] {
    const labels = this.#store.directory.all<Label>(pairing, "label").map(({ value }) => value);
    return labels.sort((a, b) => Number(a.labelId) - Number(b.labelId));
  }

  /** Makes a label, or changes the one with the id. @throws BridgeError label_not_found, store_unavailable, and what Questions.ask throws */
  async save(link: Link, labelId: string | undefined, name: string, color: number): Promise<Label> {
    await this.#readAll(link);
    const known = labelId === undefined ? undefined : this.#find(link, labelId);
    const label: Label = { labelId: known?.labelId ?? this.#nextId(link), name, color, ...(known?.predefined === true ? { predefined: true } : {}) };
    await this.#write(link, (sock) => sock.addLabel("", { id: label.labelId, name, color, deleted: false }));
    await this.#keep(link, label, false);
    return label;
  }

  /** @throws BridgeError label_not_found, store_unavailable, and what Questions.ask throws */
  async delete(link: Link, labelId: string): Promise<void> {
    await this.#readAll(link);
    const label = this.#find(link, labelId);
    await this.#write(link, (sock) => sock.addLabel("", { id: labelId, name: label.name, color: label.color, deleted: true }));
    await this.#keep(link, label, true);
  }

  /** Puts a label on a chat or message, or takes it off. @throws BridgeError label_not_found, and what Questions.ask throws */
  async assign(link: Link, labelId: string, { chatId, messageId }: LabelTarget, assigned: boolean): Promise<void> {
    await this.#readAll(link);
    this.#find(link, labelId);
    await this.#write(link, (sock) => {
      if (messageId === undefined) return assigned ? sock.addChatLabel(chatId, labelId) : sock.removeChatLabel(chatId, labelId);
      return assigned ? sock.addMessageLabel(chatId, messageId, labelId) : sock.removeMessageLabel(chatId, messageId, labelId);
    });
  }

  #find(link: Link, labelId: string): Label {
    const known = this.#store.directory.get<Label>(link.pairing, "label", labelId);
    if (known === undefined) throw new BridgeError("label_not_found");
    return known.value;
  }

  #nextId(link: Link): string {
    return String(this.known(link.pairing).reduce((highest, { labelId }) => Math.max(highest, Number(labelId)), 0) + 1);
  }

  async #keep(link: Link, label: Label, deleted: boolean): Promise<void> {
    if (!LABEL_ID.test(label.labelId)) return;
    await this.#store.writer.soon(() => {
      if (deleted) this.#store.directory.delete(link.pairing, "label", label.labelId);
      else this.#store.directory.put(link.pairing, "label", label.labelId, label, Date.now());
    });
  }

  /** Reads the labels from the beginning, once for each process: what was there before this one looked never comes again. */
  #readAll(link: Link): Promise<void> {
    const { sessionId: id, tenantId } = link.pairing;
    if (this.#read.has(id)) return Promise.resolve();
    const underWay = this.#reading.get(id);
    if (underWay !== undefined) return underWay;
    const reading = awaitKey(link)
      .then(() => this.#questions.ask(tenantId, "labels", link, () => link.run((sock) => readAnew(sock))))
      .then(async () => {
        // What Baileys emitted is written by now, or with this.
        await this.#store.writer.soon(() => undefined);
        this.#read.add(id);
      })
      .finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  #write(link: Link, change: (sock: WASocket) => Promise<void>): Promise<void> {
    return this.#questions.ask(link.pairing.tenantId, "labels", link, () => link.run((sock) => writeSurely(sock, change)));
  }
}

function nameOf(name: unknown): string {
  return typeof name === "string" ? wellFormed(name, MAX_NAME_LENGTH) : "";
}

function colorOf(color: unknown): number {
  const value = Number(color);
  return Number.isSafeInteger(value) && value >= 0 && value < COLORS ? value : 0;
}

/** Waits for the phone to share what opens the app state, as it does when it has linked the device. @throws BridgeError whatsapp_refused */
async function awaitKey({ sock }: Link): Promise<void> {
  const hasKey = (): boolean => sock.authState.creds.myAppStateKeyId !== undefined;
  if (hasKey()) return;
  let look: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, KEY_WITHIN_MS);
    look = () => {
      if (hasKey()) resolve();
    };
    sock.ev.on("creds.update", look);
  });
  clearTimeout(timer);
  sock.ev.off("creds.update", look);
  if (!hasKey()) throw new BridgeError("whatsapp_refused", { reason: "no_app_state_key" });
}

/** Forgets how far the app state was read and reads it again. Whoever reads from the beginning also gets rid of a broken state. */
async function readAnew(sock: WASocket): Promise<void> {
  await sock.authState.keys.set({ "app-state-sync-version": { [COLLECTION]: null } });
  await sock.resyncAppState([COLLECTION], false);
  sock.ev.flush();
}

/** @throws BridgeError whatsapp_refused when other devices are faster each time. */
async function writeSurely(sock: WASocket, change: (sock: WASocket) => Promise<void>): Promise<void> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const outcome = { refused: false };
    const watch = (answer: BinaryNode): void => {
      outcome.refused ||= childrenOf(childOf(answer, "sync"), "collection").some(({ attrs }) => attrs["name"] === COLLECTION && attrs["type"] === "error");
    };
    sock.ws.on("CB:iq,,sync", watch);
    try {
      await change(sock);
    } finally {
      sock.ws.off("CB:iq,,sync", watch);
    }
    if (!outcome.refused) return;
    // What Baileys believes to have written is not there.
    await readAnew(sock);
  }
  throw new BridgeError("whatsapp_refused", { whatsappError: CONFLICT });
}
