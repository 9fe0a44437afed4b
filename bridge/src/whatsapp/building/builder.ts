/**
 * Turns what a caller wants to say into the message WhatsApp gets. What can be known without WhatsApp is checked when a
 * message is accepted; the rest, and the upload of its file, comes when it is its turn.
 */
import { BridgeError } from "../../errors.js";
import type { MessageContext, OutgoingContent } from "../../rpc/contract.gen.js";
import { BuildRefused, type BuildRequest, type Built, type ContentBuilder } from "../../sending/ports.js";
import type { Store } from "../../store/store.js";
import { proto } from "../baileys.js";
import type { Link } from "../link.js";
import { NotPossible } from "../media/not-possible.js";
import type { Spool } from "../media/spool.js";
import type { Uploads } from "../media/uploads.js";
import type { Numbers } from "../numbers.js";
import { audienceOf } from "./audience.js";
import { checkDeletable, checkEditable, deletePart, editPart, reactionPart } from "./changes.js";
import { contextFor } from "./context.js";
import { familyOf, filePart, hasFile } from "./files.js";
import { checkForwardable, forwardPart } from "./forwarding.js";
import { mentionsFor, type Mentions } from "./mentions.js";
import { asViewOnce, withContext, withSecret, type Part } from "./part.js";
import { checkPossible } from "./possible.js";
import type { References } from "./references.js";
import { chatKindOf, Scene } from "./scene.js";
import { contactsPart, eventPart, locationPart, pollPart, textPart } from "./words.js";

export interface BuilderDeps {
  store: Store;
  references: References;
  numbers: Numbers;
  spool: Spool;
  uploads: Uploads;
}

const NO_CONTEXT: MessageContext = {};

export class MessageBuilder implements ContentBuilder {
  readonly #deps: BuilderDeps;

  constructor(deps: BuilderDeps) {
    this.#deps = deps;
  }

  async check(request: BuildRequest): Promise<void> {
    const { spool } = this.#deps;
    try {
      checkPossible(request);
      this.#checkReferences(request);
      if (hasFile(request.content)) {
        await spool.verify(request.content.file);
        await spool.claim(request.content.file, request.tenantId, request.messageId);
      }
    } catch (error) {
      throw error instanceof NotPossible ? refusalOf(error) : error;
    }
  }

  async build(link: Link, request: BuildRequest, signal: AbortSignal): Promise<Built> {
    try {
      return await this.#build(link, request, signal);
    } catch (error) {
      if (error instanceof NotPossible) throw new BuildRefused(error.code, { cause: error });
      if (error instanceof BridgeError && error.errorName === "recipient_not_on_whatsapp") throw new BuildRefused("recipient_not_on_whatsapp", { cause: error });
      throw error;
    }
  }

  release({ tenantId, messageId, content }: BuildRequest): void {
    if (hasFile(content)) this.#deps.spool.release(content.file, tenantId, messageId);
  }

  /** @throws NotPossible */
  #checkReferences({ pairing, to, chatId, content, context }: BuildRequest): void {
    const { references } = this.#deps;
    const chat = chatId ?? to;
    if (context?.replyTo !== undefined) references.plausible(pairing, context.replyTo, chat);
    switch (content.type) {
      case "reaction":
        references.plausible(pairing, content.messageId, chat);
        return;
      case "edit":
        checkEditable(references.plausible(pairing, content.messageId, chat), Date.now());
        return;
      case "delete":
        checkDeletable(references.plausible(pairing, content.messageId, chat), chatKindOf(chat) === "group");
        return;
      case "forward": {
        const { message } = references.plausible(pairing, content.messageId, content.chatId);
        if (message !== undefined) checkForwardable(message);
        return;
      }
      default:
    }
  }

  async #build(link: Link, request: BuildRequest, signal: AbortSignal): Promise<Built> {
    const { numbers, references } = this.#deps;
    const { tenantId, content, context = NO_CONTEXT, audience } = request;
    const chatId = request.chatId ?? (await numbers.chatOf(tenantId, link, request.to));
    const scene = await Scene.of(tenantId, link, chatId);
    const mentions = await mentionsFor(scene, context, numbers);
    const part = await this.#part(scene, request, mentions, signal);
    const quoted = context.replyTo === undefined ? undefined : await references.inScene(scene, context.replyTo);
    if (quoted?.fromMe === true && quoted.message === undefined) throw new Error("the message to reply to was not built yet");
    const info = await contextFor(scene, context, { mentions, quoted, expirationSeconds: this.#expirationOf(scene, request) });
    const encoded = proto.Message.encode(finished(part.message, content, info, scene)).finish();
    return {
      encoded,
      ...(part.attributes === undefined ? {} : { attributes: part.attributes }),
      ...(part.nodes === undefined ? {} : { nodes: part.nodes }),
      ...(audience === undefined ? {} : { statusJids: await audienceOf(scene, audience, numbers) }),
    };
  }

  /** Seconds after which the chat lets messages disappear; 0 for never. What changes other messages does not disappear. */
  #expirationOf({ kind, group, chatId }: Scene, { pairing, content: { type } }: BuildRequest): number {
    if (type === "edit" || type === "delete" || type === "reaction") return 0;
    return kind === "person" ? this.#deps.store.disappearing.seconds(pairing, chatId) : (group?.ephemeralDuration ?? 0);
  }

  async #part(scene: Scene, request: BuildRequest, { say }: Mentions, signal: AbortSignal): Promise<Part> {
    const { references, uploads } = this.#deps;
    const { pairing, content } = request;
    if (hasFile(content)) {
      const { link } = scene;
      const uploaded = await uploads.upload({ link, pairing, file: content.file, family: familyOf(content), toChannel: scene.kind === "channel", signal });
      return filePart(content, uploaded, say);
    }
    switch (content.type) {
      case "text":
        return textPart(content, scene, say);
      case "location":
        return locationPart(content);
      case "contacts":
        return contactsPart(content);
      case "poll":
        return pollPart(content, scene);
      case "event":
        return eventPart(content);
      case "reaction":
        return reactionPart(content, await references.inScene(scene, content.messageId), scene);
      case "edit":
        return editPart(content, await references.inScene(scene, content.messageId), scene, say);
      case "delete":
        return deletePart(content, await references.inScene(scene, content.messageId), scene);
      case "forward":
        return forwardPart(references.plausible(pairing, content.messageId, content.chatId), scene);
    }
  }
}

/** The whole message: content, what it refers to, wrappings, secret. */
function finished(message: proto.IMessage, content: OutgoingContent, info: proto.IContextInfo | undefined, scene: Scene): proto.IMessage {
  const target = message.protocolMessage?.editedMessage ?? message;
  if (message.protocolMessage?.type !== proto.Message.ProtocolMessage.Type.REVOKE && !message.reactionMessage) withContext(target, info);
  const wrapped = "viewOnce" in content && content.viewOnce ? asViewOnce(message) : message;
  // Nobody votes or reports by secret in a channel, and a reaction has none.
  return scene.kind === "channel" || message.reactionMessage ? wrapped : withSecret(wrapped);
}

/** What a caller is told at once. */
function refusalOf({ code, reason, cause }: NotPossible): BridgeError {
  if (code === "media_unusable") return new BridgeError("media_missing", {}, { cause });
  return code === "content_not_possible" ? new BridgeError(code, { reason }) : new BridgeError(code);
}
