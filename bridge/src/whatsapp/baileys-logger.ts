/**
 * The logger all Baileys sockets share. Baileys logs whole stanzas and keys as fields, so only its constant
 * messages pass, and only at debug level.
 */
import type { Logger } from "../log.js";
import type { SocketConfig } from "./baileys.js";

type BaileysLogger = SocketConfig["logger"];

export function makeBaileysLogger(log: Logger): BaileysLogger {
  const nothing = (): void => undefined;
  const pass = (level: string) => (_fields: unknown, message?: string): void => {
    if (message !== undefined) log.debug({ severity: level, said: message.replace(/\d{5,}/g, "***").slice(0, 120) }, "baileys");
  };
  const logger: BaileysLogger = {
    level: "silent",
    child: () => logger,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: pass("warn"),
    error: pass("error"),
  };
  return logger;
}
