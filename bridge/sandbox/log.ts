import { destination, pino, type Logger } from "pino";

export type Log = Logger;

/** JSON lines on stderr; stdout carries only the `listening` line. */
export function makeLog(level: string): Log {
  return pino({ level, base: { process: "sandbox" } }, destination({ dest: 2, sync: true }));
}

/** libsignal prints whole sessions, private keys included, through console; nothing here uses console otherwise. */
export function silenceConsole(): void {
  const nothing = (): void => undefined;
  Object.assign(globalThis.console, { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing });
}
