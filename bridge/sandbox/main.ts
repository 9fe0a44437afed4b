import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useKeyObjects } from "./fastkeys.js";
import { makeLog } from "./log.js";
import { Sandbox } from "./sandbox.js";
import { readSettings, type Settings } from "./settings.js";
import { loadKeys } from "./wire/keys.js";

/** Without a state directory the certificate still has to be somewhere a client can read it from. */
async function certificateFile(settings: Settings, pem: string): Promise<string> {
  if (settings.dir !== undefined) return join(settings.dir, "ca.pem");
  const file = join(await mkdtemp(join(tmpdir(), "whatsapp-sandbox-")), "ca.pem");
  await writeFile(file, pem, { mode: 0o600 });
  return file;
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings.init && settings.dir !== undefined) {
    await loadKeys(settings.dir, settings.tlsNames);
    return;
  }
  useKeyObjects();
  const log = makeLog(settings.logLevel);
  const sandbox = await Sandbox.open(settings);
  const { url, adminUrl, ca, rootKey } = await sandbox.listen();
  const caFile = await certificateFile(settings, ca);
  // Nothing a client or a test does may bring the server down for the others.
  process.on("unhandledRejection", (err) => { log.error({ err }, "unhandled rejection"); });
  let closing = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      void sandbox.close().finally(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ event: "listening", url, adminUrl, caFile, rootKey })}\n`);
}

main().catch((err: unknown) => {
  makeLog("info").fatal({ err }, "sandbox could not start");
  process.exitCode = 1;
});
