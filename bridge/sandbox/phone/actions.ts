import { createDecipheriv } from "node:crypto";
import { proto } from "baileys/WAProto/index.js";
import { hkdf } from "../wire/curve.js";
import type { Phone } from "./phone.js";

const MAC_BYTES = 32;

/** One thing a linked device did to chats, contacts or labels. */
export interface AppAction {
  collection: string;
  /** Version of the collection it made. */
  version: number;
  operation: "set" | "remove";
  /** What it is about, e.g. `["label_jid", "1", "55…@s.whatsapp.net"]`. */
  index: string[];
  value: Record<string, unknown>;
}

/**
 * What the linked devices put into the account's app state, opened with the phone's key (Baileys chat-utils.js,
 * encodeSyncdPatch). Patches under another key are left out.
 */
export function appActions(phone: Phone): AppAction[] {
  const { id, data } = phone.appStateKey;
  // Index key, value key, value MAC key, snapshot MAC key and patch MAC key, 32 bytes each.
  const valueKey = hkdf(data, 160, "WhatsApp Mutation Keys").subarray(32, 64);
  const actions: AppAction[] = [];
  for (const { collection, version, patch } of phone.person.appState.all()) {
    const { mutations, keyId } = proto.SyncdPatch.decode(patch);
    if (!keyId?.id || !id.equals(keyId.id)) continue;
    for (const { operation, record } of mutations) {
      const sealed = record?.value?.blob;
      const action = sealed && open(valueKey, Buffer.from(sealed));
      if (!action) continue;
      const removed = operation === proto.SyncdMutation.SyncdOperation.REMOVE;
      const index = JSON.parse(Buffer.from(action.index).toString("utf8")) as string[];
      actions.push({ collection, version, operation: removed ? "remove" : "set", index, value: proto.SyncActionValue.create(action.value ?? {}).toJSON() });
    }
  }
  return actions;
}

/** Labels as the actions leave them. */
export interface LabelBook {
  labels: { id: string; name: string; color: number }[];
  /** Chat → ids of its labels. */
  chats: Record<string, string[]>;
  /** Message id → ids of its labels. */
  messages: Record<string, string[]>;
}

export function labelBook(actions: AppAction[]): LabelBook {
  const labels = new Map<string, { id: string; name: string; color: number }>();
  const chats = new Map<string, Set<string>>();
  const messages = new Map<string, Set<string>>();
  for (const { index: [kind, label = "", chat = "", message = ""], value } of actions) {
    const edit = value["labelEditAction"] as { name?: string; color?: number; deleted?: boolean } | undefined;
    const association = value["labelAssociationAction"] as { labeled?: boolean } | undefined;
    if (kind === "label_edit" && edit) {
      if (edit.deleted) labels.delete(label);
      else labels.set(label, { id: label, name: edit.name ?? "", color: edit.color ?? 0 });
    } else if (association) {
      const [book, key] = kind === "label_message" ? [messages, message] : [chats, chat];
      const held = book.get(key) ?? new Set();
      if (association.labeled) held.add(label);
      else held.delete(label);
      book.set(key, held);
    }
  }
  return { labels: [...labels.values()], chats: listed(chats), messages: listed(messages) };
}

function listed(book: Map<string, Set<string>>): Record<string, string[]> {
  return Object.fromEntries([...book].filter(([, held]) => held.size > 0).map(([key, held]) => [key, [...held]]));
}

function open(key: Buffer, sealed: Buffer): { index: Uint8Array; value?: proto.ISyncActionValue | null } | undefined {
  try {
    const decipher = createDecipheriv("aes-256-cbc", key, sealed.subarray(0, 16));
    const { index, value } = proto.SyncActionData.decode(Buffer.concat([decipher.update(sealed.subarray(16, -MAC_BYTES)), decipher.final()]));
    return index ? { index, value: value ?? null } : undefined;
  } catch {
    return undefined;
  }
}
