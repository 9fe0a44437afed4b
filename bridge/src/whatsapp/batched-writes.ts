/**
 * Lets what is written to a connection in one turn of the event loop leave together: one TLS record and one system call
 * for a stanza and the acknowledgements that go with it. Nothing waits longer than the turn.
 */
import type { Writable } from "node:stream";

/** Call it once for a stream. */
export function batchWrites(stream: Pick<Writable, "cork" | "uncork" | "write">): void {
  const write = stream.write.bind(stream);
  let held = false;
  stream.write = ((...args: Parameters<typeof write>) => {
    if (!held) {
      held = true;
      stream.cork();
      setImmediate(() => {
        held = false;
        stream.uncork();
      });
    }
    return write(...args);
  }) as Writable["write"];
}
