import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { queryObjects } from "node:v8";
import { startBridge, type Bridge } from "../../../bridge/src/bridge.js";
import { readConfig } from "../../../bridge/src/config.js";
import { Link } from "../../../bridge/src/whatsapp/link.js";
import { SILENT } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { SandboxProcess } from "../support/processes.js";
import { RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000901";
const ROUNDS = 25;

/** Everything Node holds open for this process, by kind. */
function held(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

describe("a session that reconnects again and again", () => {
  let sandbox: SandboxProcess;
  let bridge: Bridge;
  let client: RpcClient;
  before(async () => {
    const directory = makeDirectory();
    sandbox = await SandboxProcess.start(directory);
    const config = readConfig({ DATA_DIR: join(directory, "data"), ...sandbox.env });
    bridge = await startBridge(config, SILENT);
    client = await RpcClient.open(config.socketPath);
    const { qr } = await client.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    await sandbox.scan(qr?.text ?? "", OWNER);
    await connected();
  });
  after(async () => {
    client.close();
    await bridge.stop();
    await sandbox.kill();
  });

  const connected = (): Promise<unknown> => waitFor("the connection", async () => (await client.call("session.get", { tenantId: "acme" })).state === "connected", 20_000);

  it("leaves no connection, timer, listener or heap behind", async (test) => {
    const round = async (): Promise<void> => {
      assert.equal((await client.call("session.restart", { tenantId: "acme", waitMs: 10_000 })).state, "connected");
    };
    for (let i = 0; i < 5; i += 1) await round();
    const linksBefore = queryObjects(Link) as unknown as number;
    const heapBefore = process.memoryUsage().heapUsed;
    const heldBefore = held();
    const listenersBefore = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
    for (let i = 0; i < ROUNDS; i += 1) await round();
    const links = await waitFor("the old connections to be collected", () => {
      const count = queryObjects(Link) as unknown as number;
      return count <= Math.max(3, linksBefore) ? count : undefined;
    });
    const grownKib = (process.memoryUsage().heapUsed - heapBefore) / 1024;
    test.diagnostic(`${links} connections reachable after ${ROUNDS} more, heap ${grownKib.toFixed(0)} KiB larger`);
    assert.ok(grownKib / ROUNDS < 200, `${grownKib} KiB in ${ROUNDS} rounds`);
    assert.equal(process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0), listenersBefore);
    // What the last connections had planned may take a few seconds to run out; what leaks never does.
    await waitFor("as many timers and sockets as before", () => Object.entries(held()).every(([kind, count]) => count <= (heldBefore[kind] ?? 0) + 3), 20_000);
  });

  it("that WhatsApp drops three times in a row waits longer each time", async () => {
    const began = Date.now();
    for (let i = 0; i < 3; i += 1) {
      await sandbox.post("/faults", { kind: "drop", number: OWNER });
      await waitFor("the end", async () => (await client.call("session.get", { tenantId: "acme" })).state === "reconnecting");
      await connected();
    }
    assert.ok(Date.now() - began >= 500 + 1000 + 2000);
  });
});
