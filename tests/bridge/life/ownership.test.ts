import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Sqlite from "better-sqlite3";
import { EXIT } from "../../../bridge/src/errors.js";
import { openStore } from "../../../bridge/src/store/store.js";
import { Gateway } from "../support/gateway.js";
import { BridgeProcess } from "../support/processes.js";
import { RpcClient } from "../support/rpc-client.js";
import { placesIn } from "../support/test-store.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000701";

describe("one owner for a number", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER);
  });
  after(() => gateway.end());

  it("is the bridge that outlives its killed supervisor: a second one ends, and the first goes on", async () => {
    await gateway.bridge.stop();
    // Stands for a supervisor: it has the bridge as a child, and is killed hard.
    const main = new URL("../../../bridge/src/main.js", import.meta.url).pathname;
    const child = spawn("sh", ["-c", '"$0" "$1" & echo $!; wait', process.execPath, main], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], DATA_DIR: gateway.dataDir, LOG_LEVEL: "warn", ...gateway.sandbox.env },
    });
    const pid = await new Promise<number>((resolve) => child.stdout.once("data", (text: Buffer) => {
      resolve(Number(text.toString().split("\n")[0]));
    }));
    try {
      const socketPath = join(gateway.dataDir, "run", "bridge.sock");
      const client = await waitFor("the bridge", () => RpcClient.open(socketPath).catch(() => undefined));
      child.kill("SIGKILL");
      const second = BridgeProcess.spawn(gateway.dataDir, gateway.sandbox.env);
      assert.equal(await second.ended(), EXIT.anotherBridge);
      await waitFor("the session", async () => (await client.call("session.get", { tenantId: "acme" })).state === "connected");
      client.close();
    } finally {
      process.kill(pid, "SIGKILL");
    }
    // The kernel lets the lock go with the process: there is nothing to clean up.
    await gateway.restart();
    await gateway.waitState("acme", "connected");
  });

  it("is one session: the same device in another tenant is refused, and the first stays connected", async () => {
    await gateway.bridge.stop();
    const store = openStore(placesIn(gateway.dataDir));
    const row = store.sessions.get("acme");
    const pairing = store.sessions.pairing(row?.pairingId ?? 0);
    if (row === undefined || pairing === undefined) throw new Error("acme is not paired");
    const credentials = store.secrets.credentials(pairing);
    store.writer.now(() => {
      const copy = store.sessions.newPairing("twin", Date.now());
      store.secrets.saveCredentials(copy, credentials ?? Buffer.alloc(0));
      store.sessions.save({ ...row, tenantId: "twin", pairingId: copy.id, lastActivityMs: 0 });
    });
    store.close();
    await gateway.restart();
    const twin = await gateway.waitState("twin", "failed");
    assert.equal(twin.reason, "owned_elsewhere");
    await gateway.waitState("acme", "connected");
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    assert.equal((await gateway.rpc.call("session.start", { tenantId: "twin", waitMs: 5000 })).state, "connected");
    const shut = await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 5000 });
    assert.equal(shut.reason, "owned_elsewhere");
    await gateway.rpc.call("session.stop", { tenantId: "twin" });
    assert.equal((await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 5000 })).state, "connected");
  });

  it("is the original: a restored copy connects nothing until it is taken over, and unlinks no device of it", async () => {
    await gateway.bridge.stop();
    const meta = (name: string): void => {
      const db = new Sqlite(placesIn(gateway.dataDir).storePath);
      db.prepare("INSERT INTO meta (name, value) VALUES (?, '1')").run(name);
      db.close();
    };
    meta("restored_at");
    await gateway.restart();
    const held = await gateway.session("acme");
    assert.deepEqual([held.state, held.reason], ["failed", "owned_elsewhere"]);
    const refused = { data: { name: "owned_elsewhere", retryable: false } };
    await assert.rejects(gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 0 }), refused);
    await assert.rejects(gateway.rpc.call("session.restart", { tenantId: "acme", waitMs: 0 }), refused);
    await assert.rejects(gateway.rpc.call("session.start", { tenantId: "newcomer", waitMs: 0 }), refused);
    await assert.rejects(gateway.rpc.call("session.pairingCode", { tenantId: "newcomer", phoneNumber: OWNER }), refused);
    assert.deepEqual(await gateway.rpc.call("session.delete", { tenantId: "twin" }), { deleted: true });
    const { devices } = await gateway.sandbox.get<{ devices: number[] }>(`/contacts/${OWNER}`);
    assert.equal(devices.length, 2, "the phone still lists the device");
    await gateway.bridge.stop();
    meta("takeover");
    await gateway.restart();
    await gateway.waitState("acme", "connected");
  });
});
