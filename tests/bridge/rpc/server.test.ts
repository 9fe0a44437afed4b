import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { BridgeError, EXIT, StartupError } from "../../../bridge/src/errors.js";
import { CONTRACT_HASH, MAX_LINE_BYTES, METHOD_NAMES } from "../../../bridge/src/rpc/contract.gen.js";
import { makeDispatch, type Handlers } from "../../../bridge/src/rpc/dispatch.js";
import { Listener } from "../../../bridge/src/rpc/listener.js";
import { systemMethods } from "../../../bridge/src/methods/system.js";
import { HELLO, handlers, serve, SILENT, unserve, type Served } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { RpcClient, RpcFailure } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const HEALTH = { uptimeMs: 1, sandbox: true, store: "ok", whatsapp: "unknown", sessions: {}, connections: { connected: 0, unanswered: 0, silent: 0 }, journal: { headPosition: 0, ackedPosition: 0, unackedEvents: 0 }, memoryRssBytes: 1, memoryLimitBytes: 1, eventLoopDelayMs: 0 } as const;

function failsWith(name: string): (error: unknown) => boolean {
  return (error) => error instanceof RpcFailure && error.data.name === name;
}

describe("the RPC server", () => {
  const open: Served[] = [];
  const start = async (...args: Parameters<typeof serve>): Promise<Served> => {
    const served = await serve(...args);
    open.push(served);
    return served;
  };
  after(() => Promise.all(open.map(unserve)));

  it("answers a call", async () => {
    const { path } = await start({ "system.health": () => HEALTH });
    const client = await RpcClient.open(path);
    assert.deepEqual(await client.call("system.health", {}), HEALTH);
    client.close();
  });

  it("takes no call before system.hello, and says so", async () => {
    const { path } = await start({ "system.health": () => HEALTH });
    const client = await RpcClient.open(path, false);
    await assert.rejects(client.call("system.health", {}), failsWith("hello_required"));
    await client.call("system.hello", { contractHash: CONTRACT_HASH, clientName: "test" });
    await client.call("system.health", {});
    client.close();
  });

  it("refuses another contract with both hashes, and stays closed to other calls", async () => {
    const journal = { journalId: HELLO.journalId } as never;
    const { path } = await start({ ...systemMethods({ journal, figures: {} as never, sessions: {} as never, sandbox: true, bridgeVersion: "1", baileysVersion: "7", memoryLimitBytes: 1 }) });
    const client = await RpcClient.open(path, false);
    await assert.rejects(client.call("system.hello", { contractHash: "0".repeat(64), clientName: "test" }), (error) => {
      assert.ok(error instanceof RpcFailure);
      assert.deepEqual(error.data, { name: "contract_mismatch", retryable: false, bridgeHash: CONTRACT_HASH, clientHash: "0".repeat(64) });
      return true;
    });
    await assert.rejects(client.call("system.health", {}), failsWith("hello_required"));
    client.close();
  });

  it("closes a connection on which no hello comes", async () => {
    const { path } = await start({}, { helloWithinMs: 20 });
    const client = await RpcClient.open(path, false);
    await waitFor("the connection to close", () => client.closed);
  });

  it("answers an unknown method and parameters that do not fit", async () => {
    const { path } = await start({});
    const client = await RpcClient.open(path);
    await assert.rejects(client.request("session.explode", {}), failsWith("method_not_found"));
    await assert.rejects(client.request("session.get", { tenantId: "../x" }), failsWith("invalid_params"));
    await assert.rejects(client.request("toString", {}), failsWith("method_not_found"));
    client.close();
  });

  it("tells nothing of an error it does not know, nor lets a wrong result out", async () => {
    const { path } = await start({
      "session.get": () => Promise.reject(new Error("secret: /home/somebody/store.sqlite")),
      "event.ack": () => ({ ackedPosition: "7" }) as never,
    });
    const client = await RpcClient.open(path);
    await assert.rejects(client.call("session.get", { tenantId: "a" }), (error) => {
      assert.ok(error instanceof RpcFailure);
      assert.equal(error.code, -32603);
      assert.doesNotMatch(JSON.stringify([error.message, error.data]), /secret|home/);
      return true;
    });
    await assert.rejects(client.call("event.ack", { position: 7 }), failsWith("bridge_error"));
    client.close();
  });

  it("carries the details of an error of the contract", async () => {
    const { path } = await start({ "message.send": () => Promise.reject(new BridgeError("send_rejected", { whatsappError: 463 })) });
    const client = await RpcClient.open(path);
    const params = { tenantId: "a", to: "+5511920000001", content: { type: "text" as const, text: "x" }, waitMs: 0 };
    await assert.rejects(client.call("message.send", params), (error) => {
      assert.ok(error instanceof RpcFailure);
      assert.deepEqual([error.code, error.data], [1202, { name: "send_rejected", retryable: false, whatsappError: 463 }]);
      return true;
    });
    client.close();
  });

  for (const [what, bytes] of [
    ["garbage", "not json\n"],
    ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"system.health"}]\n'],
    ["a call without id", '{"jsonrpc":"2.0","method":"system.health"}\n'],
    ["bytes that are not UTF-8", Buffer.from([0xc3, 0x28, 0x0a])],
    ["a line that is too long", Buffer.alloc(MAX_LINE_BYTES + 1, 0x20)],
  ] as const) {
    it(`closes the peer that sends ${what}, and nobody else`, async () => {
      const { path } = await start({ "system.health": () => HEALTH });
      const [bad, good] = await Promise.all([RpcClient.open(path), RpcClient.open(path)]);
      bad.raw(bytes);
      await waitFor("the bad peer to be closed", () => bad.closed);
      assert.equal(bad.strays[0]?.id, null);
      assert.deepEqual(await good.call("system.health", {}), HEALTH);
      good.close();
    });
  }

  it("answers with overloaded when a peer has too many calls under way", async () => {
    const { path } = await start({ "event.pull": (_, { signal }) => new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        resolve({ events: [], headPosition: 0 });
      });
    }) }, { maxCalls: 3 });
    const client = await RpcClient.open(path);
    const pull = { after: 0, max: 1, waitMs: 0 };
    const waiting = [1, 2, 3].map(() => client.call("event.pull", pull).catch(() => undefined));
    await assert.rejects(client.call("event.pull", pull), failsWith("overloaded"));
    client.close();
    await Promise.all(waiting);
  });

  it("closes a peer that does not read its answers", async () => {
    const big = { ...HEALTH, sessions: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`state number ${i}`, i])) };
    const { path } = await start({ "system.health": () => big }, { maxUnreadBytes: 500_000 });
    const client = await RpcClient.open(path);
    client.socket.pause();
    for (let i = 0; i < 100; i += 1) client.request("system.health", {}).catch(() => undefined);
    await waitFor("the peer to be forgotten", () => open.at(-1)?.listener.size === 0);
    client.close();
  });

  it("lets waiting calls end and refuses new ones while it stops", async () => {
    const { path, listener } = await start({ "event.pull": (_, { signal }) => new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        resolve({ events: [], headPosition: 3 });
      });
    }) });
    const client = await RpcClient.open(path);
    const waiting = client.call("event.pull", { after: 0, max: 1, waitMs: 30_000 });
    // The answer to a later call says that the pull has been taken.
    await assert.rejects(client.request("nothing"), failsWith("method_not_found"));
    listener.drain();
    assert.deepEqual(await waiting, { events: [], headPosition: 3 });
    await assert.rejects(client.call("system.health", {}), failsWith("shutting_down"));
    client.close();
  });
});

describe("the socket file", () => {
  const directory = makeDirectory();
  const dispatch = makeDispatch(handlers({}));

  it("is for its owner only, and so is its directory", async () => {
    const path = join(directory, "modes", "bridge.sock");
    const listener = await Listener.open(path, dispatch, SILENT);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    listener.drain();
    await listener.close(0);
  });

  it("is replaced when nobody answers on it any more", async () => {
    const path = join(directory, "stale.sock");
    // A process that is killed leaves the file of its socket.
    spawnSync(process.execPath, ["-e", `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`]);
    assert.ok(statSync(path).isSocket());
    const listener = await Listener.open(path, dispatch, SILENT);
    const client = await RpcClient.open(path);
    client.close();
    listener.drain();
    await listener.close(100);
  });

  it("is left alone when another process answers on it", async () => {
    const path = join(directory, "taken.sock");
    const other = createServer().listen(path);
    await new Promise((resolve) => other.once("listening", resolve));
    await assert.rejects(Listener.open(path, dispatch, SILENT), (error) => error instanceof StartupError && error.exitCode === EXIT.anotherBridge);
    other.close();
  });

  it("is left alone when it is no socket", async () => {
    const path = join(directory, "file.sock");
    writeFileSync(path, "precious");
    await assert.rejects(Listener.open(path, dispatch, SILENT), (error) => error instanceof StartupError && error.exitCode === EXIT.badConfig);
  });
});

describe("the table of handlers", () => {
  it("is exactly the contract's methods", () => {
    assert.doesNotThrow(() => makeDispatch(handlers({})));
    const missing = Object.fromEntries(Object.entries(handlers({})).filter(([name]) => name !== "event.ack"));
    assert.throws(() => makeDispatch(missing as unknown as Handlers), /missing event\.ack/);
    const extra: unknown = { ...handlers({}), "session.explode": () => undefined };
    assert.throws(() => makeDispatch(extra as Handlers), /unknown session\.explode/);
    assert.equal(METHOD_NAMES.length, Object.keys(handlers({})).length);
  });
});
