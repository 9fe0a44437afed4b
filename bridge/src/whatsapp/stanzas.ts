/** Stands between what a connection's WebSocket says and Baileys: what is to be on disk first is. */
import type { BinaryNode, WASocket } from "./baileys.js";

type Socket = WASocket["ws"];

/** What the connection is asked and told. */
export interface Guard {
  isOpen: () => boolean;
  /** Something cannot be recorded: Baileys never sees the stanza, and it has to stay at WhatsApp. */
  onFailure: () => void;
}

/**
 * Baileys acknowledges stanzas when it has handled them, so it gets each only when what is to be recorded of it is on disk.
 * @param record answers undefined when there is nothing to record.
 */
export function recordFirst(ws: Socket, tag: string, { isOpen, onFailure }: Guard, record: (stanza: BinaryNode) => Promise<void> | undefined): void {
  const event = `CB:${tag}`;
  const handlers = ws.listeners(event) as ((stanza: BinaryNode) => void)[];
  ws.removeAllListeners(event);
  const handle = (stanza: BinaryNode): void => {
    for (const handler of handlers) handler.call(ws, stanza);
  };
  ws.on(event, (stanza: BinaryNode) => {
    const recorded = record(stanza);
    if (recorded === undefined) handle(stanza);
    else {
      recorded.then(
        () => {
          // On a link that is gone it could not be acknowledged: WhatsApp tells again.
          if (isOpen()) handle(stanza);
        },
        onFailure,
      );
    }
  });
}
