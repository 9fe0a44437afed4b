/** What people choose or pass on by tapping: buttons and rows, invitations, orders, products. */
import type { IncomingContent } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import { isGroupJid, lidJid, phoneNumberOf } from "../jid.js";
import { safeMessageId } from "../message-id.js";
import { addressIn, msOf, said, wellFormed, whole, words } from "./values.js";

const MAX_CAPTION = 65_536;

export function describeReply(inner: proto.IMessage): IncomingContent | undefined {
  return describeChoice(inner) ?? describeInvite(inner) ?? describeTrade(inner);
}

interface Choice {
  id: unknown;
  title: unknown;
  contextInfo: proto.IContextInfo | null | undefined;
}

function describeChoice(inner: proto.IMessage): IncomingContent | undefined {
  const choice = choiceIn(inner);
  if (choice === undefined) return undefined;
  const { stanzaId } = choice.contextInfo ?? {};
  return said({
    type: "button_reply" as const,
    buttonId: words(choice.id, 1024) ?? "",
    title: words(choice.title, 4096),
    messageId: typeof stanzaId === "string" && stanzaId !== "" ? safeMessageId(stanzaId) : undefined,
  });
}

function choiceIn({ buttonsResponseMessage: button, templateButtonReplyMessage: template, listResponseMessage: list, interactiveResponseMessage: flow }: proto.IMessage): Choice | undefined {
  if (button !== null && button !== undefined) return { id: button.selectedButtonId, title: button.selectedDisplayText, contextInfo: button.contextInfo };
  if (template !== null && template !== undefined) return { id: template.selectedId, title: template.selectedDisplayText, contextInfo: template.contextInfo };
  if (list !== null && list !== undefined) return { id: list.singleSelectReply?.selectedRowId, title: list.title, contextInfo: list.contextInfo };
  if (flow === null || flow === undefined) return undefined;
  const { name, paramsJson } = flow.nativeFlowResponseMessage ?? {};
  return { id: idIn(paramsJson) ?? name, title: flow.body?.text, contextInfo: flow.contextInfo };
}

/** The id in what a flow answers, when it is short JSON with one. */
function idIn(json: string | null | undefined): unknown {
  if (json === null || json === undefined || json.length > 16_384) return undefined;
  try {
    const answer: unknown = JSON.parse(json);
    return typeof answer === "object" && answer !== null ? (answer as { id?: unknown }).id : undefined;
  } catch {
    return undefined;
  }
}

function describeInvite({ groupInviteMessage: invite }: proto.IMessage): IncomingContent | undefined {
  const groupId = addressIn(invite?.groupJid);
  const code = words(invite?.inviteCode, 256);
  if (invite === null || invite === undefined || groupId === undefined || !isGroupJid(groupId) || code === undefined) return undefined;
  return said({
    type: "group_invite" as const,
    groupId,
    code,
    subject: words(invite.groupName, 1024),
    expiresAtMs: msOf(invite.inviteExpiration),
    caption: words(invite.caption, MAX_CAPTION),
  });
}

function describeTrade({ orderMessage: order, productMessage: product }: proto.IMessage): IncomingContent | undefined {
  const orderId = words(order?.orderId, 256);
  if (order !== null && order !== undefined && orderId !== undefined) {
    return said({ type: "order" as const, orderId, token: words(order.token, 1024), itemCount: whole(order.itemCount), message: words(order.message, MAX_CAPTION) });
  }
  const productId = words(product?.product?.productId, 256);
  if (product === null || product === undefined || productId === undefined) return undefined;
  const owner = addressIn(product.businessOwnerJid);
  const businessOwner = owner === undefined ? undefined : said({ phoneNumber: phoneNumberOf(owner), lid: lidJid(owner) });
  return said({ type: "product" as const, productId, title: product.product?.title === undefined ? undefined : words(wellFormed(product.product.title ?? "", 4096), 4096), businessOwner });
}
