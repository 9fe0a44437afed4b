/** Sends contents of all kinds through a gateway, and looks at what the other side made of them. */
import assert from "node:assert/strict";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { MessageContext, MessageSendParams, OutgoingContent, OutgoingMessage, SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import type { Gateway } from "./gateway.js";
import { putFile } from "./spool-files.js";
import { waitFor } from "./wait.js";

export class Talk {
  constructor(
    readonly gateway: Gateway,
    readonly tenantId: string,
    readonly contact: string,
  ) {}

  file(bytes: Buffer, mimeType: string): SpoolFile {
    return putFile(this.gateway.dataDir, bytes, mimeType);
  }

  async send(to: string, content: OutgoingContent, context?: MessageContext, more: Partial<MessageSendParams> = {}): Promise<OutgoingMessage> {
    const params = { tenantId: this.tenantId, to, content, waitMs: 10_000, ...(context === undefined ? {} : { context }), ...more };
    return (await this.gateway.rpc.call("message.send", params)).message;
  }

  /** What a contact read under this id. */
  async read(id: string, by: string = this.contact): Promise<InboxMessage> {
    const { messages } = await this.gateway.sandbox.get<{ messages: InboxMessage[] }>(`/contacts/${by}/messages?wait=5000&id=${id}`);
    assert.ok(messages[0], `message ${id} did not reach ${by}`);
    return messages[0];
  }

  /** Sends and reads. */
  async pass(to: string, content: OutgoingContent, context?: MessageContext, more: Partial<MessageSendParams> = {}): Promise<InboxMessage> {
    const sent = await this.send(to, content, context, more);
    assert.ok(["sent", "delivered"].includes(sent.status), sent.status);
    return this.read(sent.messageId);
  }

  /** The contact says something to the account or in a group; resolves when the event is there. */
  async hear(said: object, by: string = this.contact): Promise<string> {
    const { id } = await this.gateway.sandbox.post<{ id: string }>(`/contacts/${by}/say`, said);
    await waitFor(`the message ${id}`, () => this.gateway.follower.of("message").some((event) => event.data.messageId === id));
    return id;
  }
}
