/** Where a message is built for: the chat, how people are addressed in it, and who we are there. */
import type { GroupMetadata } from "../baileys.js";
import { bareJid, isChannelJid, isGroupJid, isStatusJid, lidJid, phoneJid } from "../jid.js";
import type { KeptParty } from "../../store/messages.js";
import type { Link } from "../link.js";

/** What WhatsApp tells apart: not every kind of message exists in every kind of chat. */
export type ChatKind = "person" | "group" | "channel" | "story";

/** The kind of chat a recipient of the contract is. */
export function chatKindOf(recipient: string): ChatKind {
  if (isGroupJid(recipient)) return "group";
  if (isChannelJid(recipient)) return "channel";
  return isStatusJid(recipient) ? "story" : "person";
}

export class Scene {
  readonly tenantId: string;
  readonly link: Link;
  readonly chatId: string;
  readonly kind: ChatKind;
  /** Undefined outside groups, and when WhatsApp did not tell: then sending will say why. */
  readonly group: GroupMetadata | undefined;

  private constructor(tenantId: string, link: Link, chatId: string, group: GroupMetadata | undefined) {
    this.tenantId = tenantId;
    this.link = link;
    this.chatId = chatId;
    this.kind = chatKindOf(chatId);
    this.group = group;
  }

  static async of(tenantId: string, link: Link, chatId: string): Promise<Scene> {
    const group = isGroupJid(chatId) ? await link.groups.get(chatId).catch(() => undefined) : undefined;
    return new Scene(tenantId, link, chatId, group);
  }

  /** True where people go by their LID and not by their number. Baileys takes a group of unknown mode for one. */
  get usesLids(): boolean {
    if (this.kind === "group") return (this.group?.addressingMode as string | undefined) !== "pn";
    return lidJid(this.chatId) !== undefined;
  }

  /** Our own address in this chat. */
  get self(): string | undefined {
    const { phone, lid } = this.link.self;
    return this.usesLids ? (lidJid(lid) ?? phoneJid(phone)) : (phoneJid(phone) ?? lidJid(lid));
  }

  /** True when we may delete what others wrote. */
  get isAdmin(): boolean {
    const { phone, lid } = this.link.self;
    const me = [phoneJid(phone), lidJid(lid)].filter((jid) => jid !== undefined);
    return this.group?.participants.some((member) => (member.admin === "admin" || member.admin === "superadmin") && me.some((jid) => [member.id, member.phoneNumber, member.lid].some((other) => bareJid(other) === jid))) === true;
  }

  /** Somebody's address as it is used in this chat, or the one that is known. */
  async addressOf(someone: KeptParty): Promise<string | undefined> {
    const { phone, lid, other } = await this.complete(someone);
    return this.usesLids ? (lid ?? phone ?? other) : (phone ?? lid ?? other);
  }

  /** Fills in the other address of somebody, from the group or from what the session has learnt. */
  async complete({ phone, lid, other }: KeptParty): Promise<KeptParty> {
    if (other !== undefined || (phone === undefined) === (lid === undefined)) return { phone, lid, other };
    const member = this.group?.participants.find(({ id, phoneNumber, lid: memberLid }) => [id, phoneNumber, memberLid].some((jid) => jid !== undefined && bareJid(jid) === (phone ?? lid)));
    const addresses = [member?.id, member?.phoneNumber, member?.lid];
    const { addressBook } = this.link;
    return {
      phone: phone ?? addresses.map(phoneJid).find((jid) => jid !== undefined) ?? (await addressBook.phoneOf(lid ?? "")),
      lid: lid ?? addresses.map(lidJid).find((jid) => jid !== undefined) ?? (await addressBook.lidOf(phone ?? "")),
    };
  }
}
