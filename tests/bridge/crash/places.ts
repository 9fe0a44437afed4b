/** One sandbox for a whole campaign, and bridges on stores of their own beside it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../support/places.js";
import { SandboxProcess, type BridgeProcess } from "../support/processes.js";
import type { RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

export interface Ground {
  directory: string;
  sandbox: SandboxProcess;
  dataDir(name: string): string;
  end(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const directory = makeDirectory();
  const sandbox = await SandboxProcess.start(directory);
  return {
    directory,
    sandbox,
    dataDir: (name) => join(directory, name),
    end: async () => {
      await sandbox.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Opens a connection to a bridge that may die at any moment; undefined when it is dead. */
export async function reach(bridge: BridgeProcess, timeoutMs = 20_000): Promise<RpcClient | undefined> {
  return waitFor("the bridge to answer or to die", async () => {
    if (bridge.isDead) return { rpc: undefined };
    if (!bridge.log.some((line) => line["msg"] === "bridge ready")) return undefined;
    return { rpc: await bridge.client().catch(() => undefined) };
  }, timeoutMs).then(({ rpc }) => rpc);
}

/** Waits for a tenant to be connected; throws with what the session says otherwise. */
export async function connected(rpc: RpcClient, tenantId: string): Promise<void> {
  let last = "";
  await waitFor(`${tenantId} to be connected`, async () => {
    const session = await rpc.call("session.start", { tenantId, waitMs: 1000 });
    last = session.state;
    return session.state === "connected" || (session.state === "qr" ? Promise.reject(new Error("a QR code is shown: the pairing is lost")) : false);
  }, 20_000).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : ""} (${last})`);
  });
}
