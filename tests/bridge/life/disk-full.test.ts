import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeDirectory } from "../support/places.js";
import { BridgeProcess, SandboxProcess } from "../support/processes.js";
import { Follower, type RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511911000001";
const CONTACT = "+5511921000001";

/** True where this process may mount a file system nobody else sees. */
function mayMount(): boolean {
  try {
    execFileSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a disk that is full", { skip: mayMount() ? false : "needs the right to mount a tmpfs (unshare -m): run it as root" }, () => {
  const directory = makeDirectory();
  const dataDir = join(directory, "data");
  const disk = join(dataDir, "bridge");
  let sandbox: SandboxProcess;
  let bridge: BridgeProcess;
  let client: RpcClient;
  let follower: Follower;

  before(async () => {
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    sandbox = await SandboxProcess.start(directory);
    const mounted = ["unshare", "-m", "sh", "-c", `mount -t tmpfs -o size=6m,mode=0700 none '${disk}' && exec "$0" "$@"`];
    bridge = BridgeProcess.spawn(dataDir, sandbox.env, mounted);
    await bridge.started();
    client = await bridge.client();
    follower = await Follower.open(bridge.socketPath);
  });
  after(async () => {
    follower.stop();
    client.close();
    await bridge.kill();
    await sandbox.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it("closes the connection, says so, loses nothing, and everything resumes by itself when there is room again", async () => {
    const { qr } = await client.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    await sandbox.scan(qr?.text ?? "", OWNER);
    const state = async (): Promise<string> => (await client.call("session.get", { tenantId: "acme" })).state;
    await waitFor("the connection", async () => (await state()) === "connected");
    await sandbox.say(CONTACT, OWNER, "before");
    await waitFor("the first message", () => follower.texts().includes("before"));

    // The bridge's own view of its disk, which is mounted for it alone.
    const inside = join(`/proc/${bridge.child.pid ?? 0}/root`, disk);
    assert.ok(existsSync(join(inside, "store.sqlite")));
    const filler = join(inside, "filler");
    const { bavail, bsize } = statfsSync(inside);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));

    for (let i = 0; i < 5; i += 1) await sandbox.say(CONTACT, OWNER, `while full ${i}`);
    await waitFor("the failing store", async () => (await client.call("system.health", {})).store === "failing");
    const session = await client.call("session.get", { tenantId: "acme" });
    assert.notEqual(session.state, "connected");
    assert.equal(session.reason, "store_unavailable");
    await assert.rejects(client.call("session.stop", { tenantId: "acme" }), { data: { name: "store_unavailable", retryable: true } });
    await assert.rejects(client.call("session.start", { tenantId: "other", waitMs: 0 }), { data: { name: "store_unavailable", retryable: true } });
    await assert.rejects(client.call("session.delete", { tenantId: "acme" }), { data: { name: "store_unavailable", retryable: true } });

    rmSync(filler);
    await waitFor("the store to be well", async () => (await client.call("system.health", {})).store === "ok");
    await waitFor("the messages of the meantime", () => follower.texts().length === 6, 20_000);
    assert.deepEqual(follower.texts(), ["before", ...Array.from({ length: 5 }, (_, i) => `while full ${i}`)]);
  });
});
