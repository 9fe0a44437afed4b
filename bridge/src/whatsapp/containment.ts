/**
 * Baileys leaves promises unhandled when something breaks under it. Node ends a process for that, and every
 * session with it; here it ends the one connection the promise belonged to.
 */
import { EXIT } from "../errors.js";
import type { Logger } from "../log.js";
import { failingLink } from "./link.js";

/** Installs the process's last handlers. An error that is no connection's own ends the process: its state is unknown then. */
export function containFailures(log: Logger, exit: (code: number) => void): () => void {
  const rejected = (error: unknown): void => {
    const link = failingLink();
    if (link === undefined) log.error({ err: error }, "a promise nobody waits for failed");
    else link.contain(error);
  };
  const thrown = (error: unknown): void => {
    const link = failingLink();
    if (link === undefined) {
      log.fatal({ err: error }, "an error nobody handles");
      exit(EXIT.internal);
    } else link.contain(error);
  };
  process.on("unhandledRejection", rejected);
  process.on("uncaughtException", thrown);
  return () => {
    process.off("unhandledRejection", rejected);
    process.off("uncaughtException", thrown);
  };
}
