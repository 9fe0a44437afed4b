import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startBridge } from "../../../bridge/src/bridge.js";
import { readConfig } from "../../../bridge/src/config.js";
import { SILENT } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { SandboxProcess } from "../support/processes.js";
import { Follower, RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

describe("a QR code nobody scans", () => {
  it("is replaced by new ones, five rounds of them, and then the session ends", async () => {
    const directory = makeDirectory();
    const sandbox = await SandboxProcess.start(directory);
    const config = readConfig({ DATA_DIR: join(directory, "data"), ...sandbox.env });
    const bridge = await startBridge(config, SILENT, { qrTimeoutMs: 40 });
    const [client, follower] = await Promise.all([RpcClient.open(config.socketPath), Follower.open(config.socketPath)]);
    await client.call("session.start", { tenantId: "acme", waitMs: 5000 });
    await waitFor("the end", async () => (await client.call("session.get", { tenantId: "acme" })).state === "disconnected", 20_000);
    const session = await client.call("session.get", { tenantId: "acme" });
    assert.equal(session.reason, "qr_attempts_exhausted");
    const codes = follower.of("session.qr").length;
    assert.ok(codes >= 25, `${codes} codes`);
    assert.deepEqual(follower.of("session.status").map((event) => event.data.state), ["connecting", "qr", "disconnected"]);
    follower.stop();
    client.close();
    await bridge.stop();
    await sandbox.stop();
  });
});
