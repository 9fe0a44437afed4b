/** A folder, free ports and settings of a gateway of its own. */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The project's folder: this file runs as build/bench/stack/installation.js. */
export const ROOT = new URL("../../../", import.meta.url).pathname;

/** Not to be met: what is measured is never whether the gateway limits. */
export const NO_LIMIT = { RATE_LIMIT_OPERATOR: "1000000/1", RATE_LIMIT_KEY: "1000000/1", RATE_LIMIT_TENANT: "1000000/1", RATE_LIMIT_IP: "1000000/1" };

export interface Installation {
  /** Everything is written below it. */
  directory: string;
  url: string;
  sandboxPort: number;
  apiKey: string;
  /** For the scripts of the project. */
  environment: NodeJS.ProcessEnv;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @param more settings beside the usual ones. */
export async function newInstallation(more: Record<string, string>): Promise<Installation> {
  // Short, because Unix sockets live below it.
  const directory = mkdtempSync(join(tmpdir(), "wagb-"));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const apiKey = randomBytes(24).toString("hex");
  const environment = {
    ...process.env,
    DATA_DIR: directory,
    RUN_DIR: join(directory, "run"),
    HOST: "127.0.0.1",
    PORT: String(port),
    SANDBOX_PORT: String(sandboxPort),
    // A ledger of every stanza would be most of what the sandbox's memory and collector are busy with.
    SANDBOX_LEDGER_ENTRIES: "1000",
    API_KEY: apiKey,
    SEND_PROFILE: "unpaced",
    LOG_LEVEL: "info",
    // What the shell or .env says of another installation.
    ...Object.fromEntries(["REDIS_URL", "WEBHOOK_URL", "LOCAI_WEBHOOK_URL", "MASTER_KEY", "LOGS", "BRIDGE_SOCKET"].map((name) => [name, ""])),
    ...more,
  };
  return { directory, url: `http://127.0.0.1:${port}`, sandboxPort, apiKey, environment };
}
