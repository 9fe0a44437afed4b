/**
 * Silences `console` in this process. libsignal prints whole sessions, private keys included, through
 * console.info and console.warn, past any logger. Everything of ours goes through pino. Import it before Baileys.
 */
const silence = (): void => undefined;

for (const method of ["debug", "error", "info", "log", "trace", "warn", "dir", "table"] as const) {
  // eslint-disable-next-line no-console -- this is what the rule is for
  console[method] = silence;
}

// The proxy agents use the package debug, which writes past the console, passwords of proxies included.
delete process.env["DEBUG"];

export {};
