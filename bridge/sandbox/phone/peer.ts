import { proto } from "baileys/WAProto/index.js";
import type { Companion } from "../world/companion.js";
import { historyMessage, peerMessage } from "./bootstrap.js";
import type { InboxMessage } from "./inbox.js";
import type { Phone } from "./phone.js";

/** Messages in one answer about older history. */
const MAX_HISTORY = 200;

/**
 * Answers what a linked device asks its phone for: a message it could not read, or older messages of a chat (Baileys
 * messages-recv.js, requestPlaceholderResend and fetchMessageHistory). Other requests stay unanswered.
 */
export async function answerPeer(phone: Phone, companion: Companion, requestId: string, message: proto.IMessage): Promise<void> {
  const request = message.protocolMessage?.peerDataOperationRequestMessage;
  const Operation = proto.Message.PeerDataOperationRequestType;
  if (request?.peerDataOperationRequestType === Operation.PLACEHOLDER_MESSAGE_RESEND) {
    const found = (request.placeholderMessageResendRequest ?? []).flatMap(({ messageKey }) => {
      return phone.inbox.messages.find((entry) => entry.id === messageKey?.id) ?? [];
    });
    const peerDataOperationResult = found.map((entry) => ({
      placeholderMessageResendResponse: { webMessageInfoBytes: proto.WebMessageInfo.encode(webMessage(entry)).finish() },
    }));
    if (peerDataOperationResult.length === 0) return;
    await send(phone, companion, {
      protocolMessage: {
        type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
        peerDataOperationRequestResponseMessage: {
          peerDataOperationRequestType: Operation.PLACEHOLDER_MESSAGE_RESEND, stanzaId: requestId, peerDataOperationResult,
        },
      },
    });
  } else if (request?.peerDataOperationRequestType === Operation.HISTORY_SYNC_ON_DEMAND) {
    const { chatJid, oldestMsgId, onDemandMsgCount } = request.historySyncOnDemandRequest ?? {};
    const chat = phone.inbox.messages.after(0).filter((entry) => entry.chat === chatJid);
    const oldest = chat.findIndex((entry) => entry.id === oldestMsgId);
    const older = chat.slice(0, oldest < 0 ? chat.length : oldest).slice(-Math.min(onDemandMsgCount ?? MAX_HISTORY, MAX_HISTORY));
    await send(phone, companion, await historyMessage({
      syncType: proto.HistorySync.HistorySyncType.ON_DEMAND,
      conversations: [{ id: chatJid ?? "", messages: older.reverse().map((entry) => ({ message: webMessage(entry) })) }],
      progress: 100,
      chunkOrder: 1,
    }));
  }
}

async function send(phone: Phone, companion: Companion, message: proto.IMessage): Promise<void> {
  companion.deliver(await peerMessage(phone, companion, message));
}

function webMessage(entry: InboxMessage): proto.IWebMessageInfo {
  return {
    key: { remoteJid: entry.chat, id: entry.id, fromMe: entry.fromMe, ...(entry.chat === entry.from ? {} : { participant: entry.from }) },
    message: proto.Message.fromObject(entry.message),
    messageTimestamp: Math.floor(entry.time / 1000),
  };
}
