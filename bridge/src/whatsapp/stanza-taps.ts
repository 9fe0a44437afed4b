/**
 * Lets an operator see what goes over one tenant's connection. Baileys writes stanzas out as text for its logger when that
 * says `trace`, and has no other place where both directions come by; it asks for the level each time, so a tap is opened
 * and closed while the connection lives, and costs nothing while there is none.
 */
import type { SocketConfig } from "./baileys.js";

/** A stanza as Baileys writes it out: indented XML, bytes as hex. Holds message contents. */
export interface SeenStanza {
  direction: "in" | "out";
  xml: string;
}

export type StanzaTap = (stanza: SeenStanza) => void;

type BaileysLogger = SocketConfig["logger"];

const DIRECTIONS: ReadonlyMap<unknown, SeenStanza["direction"]> = new Map([
  ["recv xml", "in"],
  ["xml send", "out"],
]);

export class StanzaTaps {
  readonly #taps = new Map<string, Set<StanzaTap>>();

  /** Shows a tenant's stanzas from now on, over whichever connection. @returns a function that ends it. */
  open(tenantId: string, tap: StanzaTap): () => void {
    const taps = this.#taps.get(tenantId) ?? new Set();
    this.#taps.set(tenantId, taps.add(tap));
    return () => {
      taps.delete(tap);
      if (taps.size === 0 && this.#taps.get(tenantId) === taps) this.#taps.delete(tenantId);
    };
  }

  /** A logger for the socket of a tenant that writes to another one as before. */
  logger(tenantId: string, to: BaileysLogger): BaileysLogger {
    const taps = this.#taps;
    const logger: BaileysLogger = {
      get level() {
        return taps.has(tenantId) ? "trace" : to.level;
      },
      child: () => logger,
      trace: (fields: unknown) => {
        const open = taps.get(tenantId);
        if (open === undefined || typeof fields !== "object" || fields === null) return;
        const { xml, msg } = fields as { xml?: unknown; msg?: unknown };
        const direction = DIRECTIONS.get(msg);
        if (direction !== undefined && typeof xml === "string") for (const tap of [...open]) tap({ direction, xml });
      },
      debug: to.debug.bind(to),
      info: to.info.bind(to),
      warn: to.warn.bind(to),
      error: to.error.bind(to),
    };
    return logger;
  }
}
