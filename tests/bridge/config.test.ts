import assert from "node:assert/strict";
import { totalmem } from "node:os";
import { describe, it } from "node:test";
import { readConfig } from "../../bridge/src/config.js";
import { EXIT, StartupError } from "../../bridge/src/errors.js";
import { makeLogger } from "../../bridge/src/log.js";

describe("the configuration", () => {
  it("has a default for everything", () => {
    const config = readConfig({});
    assert.equal(config.socketPath, `${config.dataDir}/run/bridge.sock`);
    assert.equal(config.maxSessions, 500);
    assert.equal(config.eventRetentionMs, 168 * 3_600_000);
    assert.deepEqual([config.messageRetentionMs, config.keptMessages], [30 * 86_400_000, 20_000]);
    assert.equal(config.spoolDir, `${config.dataDir}/spool`);
    assert.deepEqual([config.mediaDir, config.mediaMaxBytes, config.mediaRetentionMs], [`${config.dataDir}/media`, 100 * 1024 * 1024, 72 * 3_600_000]);
    assert.equal(config.sandbox, undefined);
    assert.equal(config.maxQrRounds, 5);
    assert.ok(config.memoryLimitBytes > 0 && config.memoryLimitBytes < totalmem());
    assert.ok(Object.isFrozen(config));
  });

  it("puts the socket where it is told to", () => {
    assert.equal(readConfig({ RUN_DIR: "/run/gateway" }).socketPath, "/run/gateway/bridge.sock");
    assert.equal(readConfig({ RUN_DIR: "/run/gateway", BRIDGE_SOCKET: "/run/b.sock" }).socketPath, "/run/b.sock");
  });

  for (const [name, value] of [["MAX_SESSIONS", "many"], ["MAX_SESSIONS", "0"], ["MAX_PARALLEL_CONNECTS", "1.5"], ["MEMORY_LIMIT_MB", "0"], ["MEMORY_LIMIT_MB", "60%"], ["HISTORY_MAX_MB", "65"], ["QR_MAX_ROUNDS", "0"], ["EVENT_RETENTION_HOURS", "-1"], ["MESSAGE_RETENTION_DAYS", "0"], ["MESSAGE_RETENTION_MAX", "1"], ["LOG_LEVEL", "loud"], ["RUN_DIR", `/${"x".repeat(100)}`], ["SANDBOX_URL", "wss://127.0.0.1/ws/chat"], ["SANDBOX_ROOT_KEY_FILE", "root.key"], ["SANDBOX_CA_FILE", "ca.pem"]] as const) {
    it(`refuses ${name}=${value.slice(0, 30)} with a sentence that names it`, () => {
      assert.throws(() => readConfig({ [name]: value }), (error) => error instanceof StartupError && error.exitCode === EXIT.badConfig && (error.message.includes(name) || error.message.includes("SANDBOX")));
    });
  }
});

describe("the log", () => {
  it("masks tenants, numbers and addresses, and has no secrets", () => {
    const lines: string[] = [];
    const log = makeLogger("debug", { write: (line) => lines.push(line) });
    log.info({ tenantId: "tenant12345", phone: "+5511910000001", jid: "5511910000001:3@s.whatsapp.net", qr: "2@code", text: "hello", err: new Error("to 5511910000001@s.whatsapp.net") }, "something");
    const line = lines[0] ?? "";
    assert.match(line, /"tenantId":"tenant123\*\*\*"/);
    assert.match(line, /"phone":"\+5511\*\*\*"/);
    assert.doesNotMatch(line, /910000001|2@code|hello/);
    assert.match(line, /"level":"info"/);
  });
});
