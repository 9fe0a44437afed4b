import type { Session } from "../service/login.js";
import type { Stanza } from "../wire/stanza.js";

/** A request to refuse: answered `<iq type="error"><error code text/></iq>`. */
export class IqError extends Error {
  constructor(
    readonly code: number,
    text: string,
  ) {
    super(text);
  }
}

export interface IqReply {
  content?: Stanza[];
  /** Further attributes of the answer. */
  attrs?: Record<string, string>;
  /** Runs once the answer has been sent. */
  after?: () => void | Promise<void>;
}

/** Answers one kind of request. Throws IqError to refuse it. */
export type IqHandler = (session: Session, iq: Stanza) => IqReply | Promise<IqReply>;
