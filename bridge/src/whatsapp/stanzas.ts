/** Stands between a connection's WebSocket and Baileys: what is to be on disk first is, and nothing Baileys cannot read ends the process. */
import type { BinaryNode, WASocket } from "./baileys.js";

type Socket = WASocket["ws"];

/** What happens to a stanza before Baileys gets it. */
export interface FirstRecorded {
  /** Undefined when there is nothing to record. Rejects when it cannot be recorded, and then Baileys never sees the stanza. */
  record: (stanza: BinaryNode) => Promise<void> | undefined;
  isOpen: () => boolean;
}

/** Baileys acknowledges stanzas when it has handled them, so it gets each only when what is to be recorded of it is on disk. */
export function recordFirst(ws: Socket, tag: string, { record, isOpen }: FirstRecorded): void {
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
        () => undefined,
      );
    }
  });
}

/** Baileys reads frames in a promise nobody holds: one it cannot read would end the process. */
export function containFrames(ws: Socket, contain: (error: unknown) => void): void {
  for (const read of ws.listeners("message") as ((data: unknown) => unknown)[]) {
    ws.off("message", read);
    ws.on("message", (data: unknown) => {
      try {
        Promise.resolve(read(data)).catch(contain);
      } catch (error) {
        contain(error);
      }
    });
  }
}
