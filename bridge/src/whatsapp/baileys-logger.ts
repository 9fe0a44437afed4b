/**
 * What of Baileys' log lines gets into ours. Baileys logs whole stanzas and keys as fields, so only its constant
 * messages pass, and only at debug level.
 */
import type { Logger } from "../log.js";
import type { SocketConfig } from "./baileys.js";
import type { StanzaTaps } from "./stanza-taps.js";

type BaileysLogger = SocketConfig["logger"];

/** The logger of one tenant's socket. */
export type BaileysLoggers = (tenantId: string) => BaileysLogger;

export function makeBaileysLoggers(log: Logger, taps: StanzaTaps): BaileysLoggers {
  const nothing = (): void => undefined;
  return (tenantId) => {
    const pass = (severity: string) => (_fields: unknown, message?: string): void => {
      if (message !== undefined && log.isLevelEnabled("debug")) log.debug({ tenantId, severity, said: message.replace(/\d{5,}/g, "***").slice(0, 120) }, "baileys");
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
    return taps.logger(tenantId, logger);
  };
}
