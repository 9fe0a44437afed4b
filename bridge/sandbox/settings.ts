import { parseArgs } from "node:util";

export interface Settings {
  /** 0 picks a free port. */
  port: number;
  host: string;
  /** State directory; absent: everything lives in memory. */
  dir: string | undefined;
  /** Only make keys and certificate, then exit. */
  init: boolean;
  /** Further names in the TLS certificate. */
  tlsNames: string[];
  /** Host and port in media addresses; absent: that of the listener. */
  mediaHost: string | undefined;
  advSecret: Buffer | undefined;
  refTtlMs: number | undefined;
  receiptDelayMs: number;
  maxCompanions: number;
  claimFullPreKeyStock: boolean;
  ledgerEntries: number;
  ledgerBytes: number;
  logLevel: string;
}

/** What a sandbox in a test starts from: memory only, any free port. */
export const DEFAULTS: Settings = {
  port: 0,
  host: "127.0.0.1",
  dir: undefined,
  init: false,
  tlsNames: [],
  mediaHost: undefined,
  advSecret: undefined,
  refTtlMs: undefined,
  receiptDelayMs: 150,
  maxCompanions: 30,
  claimFullPreKeyStock: false,
  ledgerEntries: 200_000,
  ledgerBytes: 128 << 20,
  logLevel: "silent",
};

/** Settings from flags and environment; flags win. Throws with the offending name when a value makes no sense. */
export function readSettings(argv: string[], env: NodeJS.ProcessEnv): Settings {
  const { values } = parseArgs({
    args: argv,
    options: { port: { type: "string" }, host: { type: "string" }, dir: { type: "string" }, init: { type: "boolean" } },
  });
  const text = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const number = (name: string, fallback: number, given = text(name)): number => {
    const value = given === undefined ? fallback : Number(given);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} must be a whole number, not "${given ?? ""}"`);
    return value;
  };
  const port = number("SANDBOX_PORT", 8443, values.port ?? text("SANDBOX_PORT"));
  if (port > 65_535) throw new Error("SANDBOX_PORT must be below 65536");
  const stock = text("SANDBOX_PREKEY_STOCK") ?? "real";
  if (stock !== "real" && stock !== "full") throw new Error('SANDBOX_PREKEY_STOCK must be "real" or "full"');
  const dir = values.dir ?? text("SANDBOX_DIR");
  if (values.init && dir === undefined) throw new Error("--init needs --dir or SANDBOX_DIR");
  const adv = text("ADV_SECRET_KEY");
  return {
    port,
    host: values.host ?? text("SANDBOX_HOST") ?? DEFAULTS.host,
    dir,
    init: values.init ?? false,
    tlsNames: (text("SANDBOX_TLS_NAMES") ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""),
    mediaHost: text("SANDBOX_MEDIA_HOST"),
    advSecret: adv === undefined ? undefined : Buffer.from(adv, "base64"),
    refTtlMs: text("SANDBOX_REF_TTL_MS") === undefined ? undefined : number("SANDBOX_REF_TTL_MS", 0),
    receiptDelayMs: number("SANDBOX_RECEIPT_DELAY_MS", DEFAULTS.receiptDelayMs),
    maxCompanions: number("SANDBOX_MAX_COMPANIONS", DEFAULTS.maxCompanions),
    claimFullPreKeyStock: stock === "full",
    ledgerEntries: number("SANDBOX_LEDGER_ENTRIES", DEFAULTS.ledgerEntries),
    ledgerBytes: number("SANDBOX_LEDGER_BYTES", DEFAULTS.ledgerBytes),
    logLevel: text("SANDBOX_LOG_LEVEL") ?? "info",
  };
}
