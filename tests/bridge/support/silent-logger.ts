/** A logger for Baileys that says nothing. */
import type { SocketConfig } from "../../../bridge/src/whatsapp/baileys.js";

const nothing = (): void => undefined;

export const silentLogger: SocketConfig["logger"] = { level: "silent", child: () => silentLogger, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
