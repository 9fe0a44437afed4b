import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Sqlite from "better-sqlite3";
import { Gateway } from "../support/gateway.js";
import { BridgeProcess } from "../support/processes.js";
import { Follower } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

interface Inbox {
  messages: { text?: string; copy: number }[];
  failures: { reason: string }[];
}

describe("a store restored from a backup of before the last messages", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER);
  });
  after(() => gateway.end());

  const inbox = (query = ""): Promise<Inbox> => gateway.sandbox.get<Inbox>(`/contacts/${CONTACT}/messages?wait=5000${query}`);
  const exchange = async (text: string): Promise<void> => {
    const { messageId } = await gateway.send("acme", CONTACT, text);
    assert.equal((await inbox(`&id=${messageId}`)).messages.length, 1);
    const id = await gateway.sandbox.say(CONTACT, OWNER, text);
    await waitFor("the message", () => gateway.follower.of("message").some((event) => event.data.messageId === id));
  };

  it("holds its sessions back until they are taken over, then talks without spoiling a ratchet", async () => {
    await exchange("before the backup");
    const tomorrow = Date.now() + 86_400_000;
    const scheduled = await gateway.send("acme", CONTACT, "tomorrow", { sendAtMs: tomorrow, waitMs: 0 });
    await gateway.sandbox.post("/faults", { kind: "swallow-request", number: OWNER, xmlns: "usync" });
    await gateway.sandbox.post("/contacts", { number: "+5511920000009" });
    const waiting = await gateway.send("acme", "5511920000009@s.whatsapp.net", "was waiting", { waitMs: 0 });
    const { fileName, sessions } = await gateway.rpc.call("store.backup", { fileName: "nightly.sqlite" });
    assert.equal(sessions, 1);
    await gateway.sandbox.delete("/faults");
    for (const text of ["after it", "and after", "and once more"]) await exchange(text);
    await gateway.bridge.kill();
    const dataDir = join(gateway.directory, "restored");
    mkdirSync(join(dataDir, "bridge"), { recursive: true });
    cpSync(join(gateway.dataDir, "backup", fileName), join(dataDir, "bridge", "store.sqlite"));
    cpSync(join(gateway.dataDir, "secrets"), join(dataDir, "secrets"), { recursive: true });
    const held = await BridgeProcess.start(dataDir, gateway.sandbox.env);
    const rpc = await held.client();
    await assert.rejects(rpc.call("session.start", { tenantId: "acme", waitMs: 1000 }), { message: /^owned_elsewhere/ });
    rpc.close();
    await held.stop();
    const db = new Sqlite(join(dataDir, "bridge", "store.sqlite"));
    db.prepare("INSERT INTO meta (name, value) VALUES ('takeover', ?)").run(String(Date.now()));
    db.close();
    const bridge = await BridgeProcess.start(dataDir, gateway.sandbox.env);
    Object.assign(gateway, { bridge, rpc: await bridge.client(), follower: await Follower.open(bridge.socketPath) });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    await gateway.waitState("acme", "connected");
    for (const text of ["restored", "and well"]) await exchange(text);
    const became = async (messageId: string): Promise<string> => (await gateway.rpc.call("message.get", { tenantId: "acme", messageId })).status;
    assert.equal(await became(waiting.messageId), "unknown", "the original may have sent it since");
    assert.equal(await became(scheduled.messageId), "accepted", "nobody can have sent it yet");
    const all = await inbox();
    assert.deepEqual(all.failures, []);
    assert.deepEqual(all.messages.map(({ copy }) => copy).filter((copy) => copy > 1), []);
  });
});
