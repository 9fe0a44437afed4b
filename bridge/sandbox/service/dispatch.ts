import { setTimeout as sleep } from "node:timers/promises";
import type { IqHandler, IqReply } from "../iq/request.js";
import { IqError } from "../iq/request.js";
import type { Log } from "../log.js";
import { SERVER_JID } from "../wire/jid.js";
import { children, el, type Stanza } from "../wire/stanza.js";
import type { Fault, Faults } from "../world/faults.js";
import type { Session } from "./login.js";
import type { Messages } from "./messages.js";
import { chatstateContent, type Presences } from "./presence.js";
import type { Receipts } from "./receipts.js";
import { strike } from "./strike.js";

/** What the server writes beside the code of a refusal. */
const ERROR_TEXTS: Partial<Record<number, string>> = {
  400: "bad-request", 401: "not-authorized", 403: "forbidden", 404: "item-not-found", 406: "not-acceptable", 408: "request-timeout",
  419: "resource-limit", 429: "rate-overlimit", 500: "internal-server-error", 503: "service-unavailable",
};

/** What a logged-in client's stanzas lead to. */
export class Dispatch {
  constructor(
    private readonly handlers: ReadonlyMap<string, IqHandler>,
    private readonly messages: Messages,
    private readonly receipts: Receipts,
    private readonly presences: Presences,
    private readonly faults: Faults,
    private readonly log: Log,
  ) {}

  /** Never throws: a stanza that cannot be handled is logged, and the link goes on. */
  received(session: Session, stanza: Stanza): void {
    try {
      this.handle(session, stanza);
    } catch (err) {
      this.log.error({ err, tag: stanza.tag, jid: session.connection.jid }, "stanza could not be handled");
    }
  }

  private handle(session: Session, stanza: Stanza): void {
    const { person, companion } = session;
    switch (stanza.tag) {
      case "iq":
        void this.iq(session, stanza);
        return;
      case "message":
        this.message(session, stanza);
        return;
      case "receipt":
        this.receipt(session, stanza);
        return;
      case "ack":
        if (companion.queue.acked(stanza)) person.touch();
        return;
      case "presence":
        this.presences.received(person, companion, stanza);
        return;
      case "chatstate":
        this.presences.chatstate({ person, device: companion.id }, stanza.attrs["to"] ?? "", chatstateContent(stanza));
        return;
      case "call":
        this.call(session, stanza);
        return;
      default:
        // `<ib>` carries telemetry and `offline_batch`, which need no answer.
        return;
    }
  }

  private message(session: Session, stanza: Stanza): void {
    const { person, companion, connection } = session;
    const { ack, delayMs, cut } = this.messages.accept({ person, device: companion.id }, stanza);
    if (cut) {
      connection.destroy();
      return;
    }
    if (ack && delayMs === undefined) connection.send(ack);
    else if (ack) setTimeout(() => { connection.send(ack); }, delayMs);
    for (const fault of this.faults.list()) {
      if (fault.on !== "message" || (fault.number && fault.number !== person.number)) continue;
      const struck = this.faults.take(fault.kind, person.number, (each) => each.id === fault.id);
      if (struck) strike(connection, struck);
    }
  }

  private receipt(session: Session, stanza: Stanza): void {
    const { person, companion, connection } = session;
    const { id, to, participant, recipient, type } = stanza.attrs;
    connection.send(el("ack", { class: "receipt", id, from: to ?? SERVER_JID, participant, recipient, type }));
    if (id !== undefined && companion.queue.messageDone(id)) person.touch();
    this.receipts.forward({ person, device: companion.id }, stanza);
  }

  /** Calls cannot be made; a link is handed out, everything else is acknowledged. */
  private call(session: Session, stanza: Stanza): void {
    const { id, to } = stanza.attrs;
    const created = Array.isArray(stanza.content) && stanza.content.some((each) => each.tag === "link_create");
    const content = created ? [el("link_create", { token: `sandbox${Date.now().toString(36)}` })] : undefined;
    session.connection.send(el("ack", { class: "call", id, from: to ?? SERVER_JID }, content));
  }

  private async iq(session: Session, stanza: Stanza): Promise<void> {
    const { id = "", type, to, xmlns = "" } = stanza.attrs;
    if (type !== "get" && type !== "set" && xmlns === "") return;
    const answer = { from: to ?? SERVER_JID, id };
    let reply: IqReply;
    const fits = (fault: Fault): boolean => {
      return (!fault.xmlns || fault.xmlns === xmlns) && (!fault.tag || fault.tag === children(stanza)[0]?.tag);
    };
    if (this.faults.take("swallow-request", session.person.number, fits)) return;
    const slow = this.faults.take("delay-request", session.person.number, fits);
    if (slow) await sleep(slow.ms ?? 1_000);
    try {
      const refused = this.faults.take("refuse-request", session.person.number, fits);
      if (refused) throw new IqError(refused.code ?? 500, ERROR_TEXTS[refused.code ?? 500] ?? "internal-server-error");
      const handler = this.handlers.get(xmlns);
      if (!handler) throw new IqError(501, `nothing answers ${xmlns}`);
      reply = await handler(session, stanza);
    } catch (err) {
      if (!(err instanceof IqError)) this.log.error({ err, xmlns }, "request failed");
      const { code, message } = err instanceof IqError ? err : new IqError(500, "internal error");
      session.connection.send(el("iq", { ...answer, type: "error" }, [el("error", { code: String(code), text: message })]));
      return;
    }
    session.connection.send(el("iq", { ...answer, type: "result", ...reply.attrs }, reply.content));
    try {
      await reply.after?.();
    } catch (err) {
      this.log.error({ err, xmlns }, "follow-up of a request failed");
    }
  }
}
