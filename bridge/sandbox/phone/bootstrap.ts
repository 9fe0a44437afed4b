import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { proto } from "baileys/WAProto/index.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Companion } from "../world/companion.js";
import { newMessageId, type Phone } from "./phone.js";

const compress = promisify(deflate);

/**
 * What a phone sends a newly linked device once that listens: the key of the app state, then the history. The client
 * holds back its events until a history message arrived after `ib offline` (Baileys chats.js, AwaitingInitialSync).
 */
export async function bootstrapMessages(phone: Phone, companion: Companion): Promise<Stanza[]> {
  const Type = proto.Message.ProtocolMessage.Type;
  const { id, data } = phone.appStateKey;
  const keyShare: proto.IMessage = {
    protocolMessage: {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: {
        keys: [
          {
            keyId: { keyId: id },
            keyData: { keyData: data, fingerprint: { rawId: 1, currentIndex: 1, deviceIndexes: [0, companion.keyIndex] }, timestamp: Date.now() },
          },
        ],
      },
    },
  };
  const HistoryType = proto.HistorySync.HistorySyncType;
  const { person } = phone;
  const initial = await historyMessage({
    syncType: HistoryType.INITIAL_BOOTSTRAP,
    conversations: conversationsOf(phone),
    progress: 100,
    chunkOrder: 1,
    phoneNumberToLidMappings: [{ pnJid: person.jid, lidJid: person.lidJid }],
  });
  const names = await historyMessage({
    syncType: HistoryType.PUSH_NAME,
    pushnames: [{ id: person.jid, pushname: person.name }],
    progress: 100,
    chunkOrder: 1,
  });
  const stanzas: Stanza[] = [];
  for (const message of [keyShare, initial, names]) stanzas.push(await peerMessage(phone, companion, message));
  return stanzas;
}

/** A message from the phone to one of its own linked devices, addressed as the server passes it on. */
export async function peerMessage(phone: Phone, companion: Companion, message: proto.IMessage): Promise<Stanza> {
  const { person } = phone;
  const enc = await phone.run(() => phone.writer.sealFor({ person, device: companion.id }, message));
  const attrs = {
    from: person.jid, id: newMessageId(), t: String(Math.floor(Date.now() / 1000)), type: "text", category: "peer",
    notify: person.name, sender_lid: person.lidJid,
  };
  return el("message", attrs, [enc]);
}

/** A history-sync notification that carries its history inside, compressed. */
export async function historyMessage(history: proto.IHistorySync): Promise<proto.IMessage> {
  const payload = await compress(proto.HistorySync.encode(proto.HistorySync.create(history)).finish());
  return {
    protocolMessage: {
      type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: history.syncType as unknown as proto.Message.HistorySyncType,
        chunkOrder: history.chunkOrder ?? 1,
        progress: history.progress ?? 100,
        initialHistBootstrapInlinePayload: payload,
      },
    },
  };
}

/** The chats the phone remembers, newest messages included. */
function conversationsOf(phone: Phone): proto.IConversation[] {
  const chats = new Map<string, proto.IConversation>();
  for (const entry of phone.inbox.messages.after(0).slice(-200)) {
    if (entry.type === "" || entry.type === "protocolMessage") continue;
    const chat = chats.get(entry.chat) ?? { id: entry.chat, messages: [], unreadCount: 0 };
    const at = Math.floor(entry.time / 1000);
    chat.conversationTimestamp = at;
    chat.messages?.push({
      message: {
        key: { remoteJid: entry.chat, id: entry.id, fromMe: entry.fromMe, ...(entry.chat === entry.from ? {} : { participant: entry.from }) },
        message: proto.Message.fromObject(entry.message),
        messageTimestamp: at,
      },
    });
    chats.set(entry.chat, chat);
  }
  return [...chats.values()];
}
