import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { DebugClient } from "../support/debug-client.js";
import { Gateway } from "../support/gateway.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
const SECRET_WORDS = "canary-in-a-message";
const NAME = "Canaria Canary";

describe("the debug socket of a bridge with sessions", () => {
  let gateway: Gateway;
  let path = "";
  const open: DebugClient[] = [];
  const client = async (): Promise<DebugClient> => {
    const made = await DebugClient.open(path);
    open.push(made);
    return made;
  };

  before(async () => {
    gateway = await Gateway.start();
    path = join(dirname(gateway.bridge.socketPath), "bridge-debug.sock");
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: NAME });
    await gateway.paired("acme-corporation", OWNER, "Acme");
    await gateway.rpc.call("session.start", { tenantId: "zoo", waitMs: 10_000 });
  });
  after(() => gateway.end());
  afterEach(() => {
    for (const made of open.splice(0)) made.close();
  });

  it("is for its owner alone", () => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  });

  it("lists the sessions, for people and for programs", async () => {
    const operator = await client();
    const text = await operator.ask("sessions");
    assert.match(text, /^TENANT +STATE +FOR/);
    assert.match(text, /^acme-corporation +connected +\d/m);
    assert.match(text, /^zoo +qr +\d/m);
    assert.match(text, /even share/);
    const { sessions, baselineBytes, perSessionBytes } = await operator.askJson<{ sessions: Record<string, unknown>[]; baselineBytes: number; perSessionBytes: number }>("sessions --state connected");
    assert.deepEqual(sessions.map(({ tenantId, attempt, waiting }) => [tenantId, attempt, waiting]), [["acme-corporation", 0, 0]]);
    assert.ok(baselineBytes > 1_000_000);
    assert.equal(sessions[0]?.["memoryBytes"], perSessionBytes);
    const page = await operator.askJson<{ after: string }>("sessions --limit 1");
    assert.equal(page.after, "acme-corporation");
    assert.doesNotMatch(await operator.ask("sessions --after acme-corporation"), /acme/);
  });

  it("tells everything of one session but its number", async () => {
    const operator = await client();
    const text = await operator.ask("session acme-corporation");
    assert.match(text, /^state +connected$/m);
    assert.match(text, /^phoneNumber +\+5511\*\*\*$/m);
    assert.match(text, /^heardMs +.* ago$/m);
    assert.ok(!operator.text.includes(OWNER.slice(1)));
    assert.match(await operator.ask("session nobody"), /^error: /);
  });

  it("counts what waits, and where", async () => {
    await gateway.rpc.call("message.send", { tenantId: "acme-corporation", to: CONTACT, content: { type: "text", text: SECRET_WORDS }, waitMs: 0, sendAtMs: Date.now() + 3_600_000 });
    const detail = await (await client()).askJson("session acme-corporation");
    assert.deepEqual(detail["waiting"], { single: 1, batched: 0 });
    assert.deepEqual(detail["stages"], { scheduled: 1 });
    assert.ok(Number(detail["unackedEvents"]) > 0, "nobody acks events in this test");
  });

  it("shows a tenant's events live, without what is said and by whom", async () => {
    const [redacted, raw, other] = [await client(), await client(), await client()];
    redacted.write("events acme-corporation\n");
    raw.write("events acme-corporation --unredacted --json\n");
    other.write("events zoo\n");
    for (const watcher of [redacted, raw, other]) await watcher.until(/watching/i);
    await gateway.sandbox.say(CONTACT, OWNER, SECRET_WORDS);
    await raw.until(SECRET_WORDS);
    const shown = await redacted.until('"type":"message"');
    assert.ok(!shown.includes(SECRET_WORDS) && !shown.includes(NAME) && !shown.includes(CONTACT.slice(1)), shown);
    assert.match(shown, /"text":"\[19 characters\]"/);
    assert.match(shown, /5511\*\*\*@s\.whatsapp\.net|\+5511\*\*\*/);
    redacted.write("\n");
    await redacted.until("No longer watching");
    assert.ok(!other.text.includes('"type":"message"'));
    await waitFor("the log to tell of it", () => gateway.bridge.log.some((line) => String(line["msg"]).includes("unredacted")));
  });

  it("never shows the text of a QR code", async () => {
    const watcher = await client();
    watcher.write("events zoo-2 --unredacted\n");
    await watcher.until("error:");
    const { qr } = await gateway.rpc.call("session.start", { tenantId: "zoo-2", waitMs: 10_000 });
    watcher.write("events zoo-2 --unredacted\n");
    await watcher.until("Watching");
    await gateway.rpc.call("session.restart", { tenantId: "zoo-2", waitMs: 10_000 });
    const shown = await watcher.until('"type":"session.qr"');
    assert.ok(qr !== undefined && !shown.includes(qr.text) && !/2@[A-Za-z0-9+/=]{10}/.test(shown), shown);
    await gateway.rpc.call("session.delete", { tenantId: "zoo-2" });
  });

  it("shows a tenant's stanzas both ways, and nothing once nobody watches", async () => {
    const watcher = await client();
    watcher.write("stanzas acme-corporation\n");
    await watcher.until("Watching");
    await gateway.send("acme-corporation", CONTACT, SECRET_WORDS);
    const shown = await watcher.until(/→\n<message .*[\s\S]*←\n<ack /);
    assert.match(shown, /<message .*to='(5511|\d{1,4})[^']*\*\*\*@/);
    assert.match(shown, /<enc .*type='(pkmsg|msg)'/);
    assert.ok(!shown.includes(CONTACT.slice(1)) && !shown.includes(OWNER.slice(1)), shown);
    assert.doesNotMatch(shown, /[0-9a-f]{40}/);
    watcher.write("help\n");
    await watcher.until("One command a line");
    const before = watcher.text.length;
    await gateway.send("acme-corporation", CONTACT, "again");
    assert.equal(watcher.text.length, before);
  });

  it("counts messages on their way, for monitoring", async () => {
    const before = await gateway.rpc.call("system.metrics", { maxTenants: 0 });
    const { messageId } = await gateway.send("acme-corporation", CONTACT, SECRET_WORDS);
    const { message } = await gateway.rpc.call("message.send", { tenantId: "acme-corporation", to: CONTACT, content: { type: "text", text: "later" }, waitMs: 0, sendAtMs: Date.now() + 3_600_000 });
    await gateway.rpc.call("message.cancel", { tenantId: "acme-corporation", messageId: message.messageId });
    await waitFor("the receipt", () => gateway.follower.of("message.status").some(({ data }) => data.messageId === messageId && data.status === "delivered"));
    const { received } = before;
    await gateway.sandbox.say(CONTACT, OWNER, SECRET_WORDS);
    const after = await waitFor("what was received", async () => {
      const metrics = await gateway.rpc.call("system.metrics", { maxTenants: 1 });
      return metrics.received === received + 1 ? metrics : undefined;
    });
    assert.deepEqual([after.sends.accepted - before.sends.accepted, after.sends.sent - before.sends.sent], [2, 1]);
    assert.ok(after.sends.delivered > before.sends.delivered);
    assert.deepEqual(after.sends.failed, { cancelled: 1 });
    assert.equal(after.sends.latency.counts.reduce((sum, count) => sum + count), after.sends.sent);
    assert.deepEqual(after.sessions, { connected: 1, qr: 1 });
    assert.deepEqual([after.connections.connected, after.connections.unanswered, after.connections.silent], [1, 0, 0]);
    assert.deepEqual(after.tenants.map(({ tenantId, waiting }) => [tenantId, waiting]), [["acme-corporation", 1]]);
    assert.deepEqual([after.outbox.waiting, after.outbox.ready, before.tenants.length], [1, 0, 0]);
    assert.ok(after.journal.unackedEvents > 0 && after.journal.oldestUnackedMs !== undefined);
    assert.ok(after.connectionsOpened >= 1 && after.store.databaseBytes > 0 && after.process.rssBytes > 0);
  });

  it("changes nothing without --write", async () => {
    const operator = await client();
    for (const line of ["reconnect acme-corporation", "log debug", "bundle", "heap-snapshot"]) assert.match(await operator.ask(line), /^error: .* add --write$/);
    assert.equal((await gateway.session("acme-corporation")).state, "connected");
  });

  it("has one session logged in detail for a while, and no other", async () => {
    const operator = await client();
    assert.match(await operator.ask("log loud --write"), /^error: A level is one of trace/);
    assert.match(await operator.ask("log trace --tenant acme-corporation --minutes 5 --write"), /acme-corporation +trace, for (5 min|4 min 59)/);
    await gateway.send("acme-corporation", CONTACT, SECRET_WORDS);
    await waitFor("stanzas in the log", () => gateway.bridge.log.some((line) => line["level"] === "trace" && String(line["stanza"]).startsWith("<message ")));
    const traced = gateway.bridge.log.filter((line) => line["level"] === "trace" || line["level"] === "debug");
    assert.ok(traced.every((line) => line["tenantId"] === "acme-corp***"));
    assert.ok(!JSON.stringify(traced).includes(SECRET_WORDS) && !JSON.stringify(traced).includes(CONTACT.slice(1)));
    assert.equal(await operator.ask("log reset --tenant acme-corporation --write"), "configured  info");
    const resetAtMs = Date.now();
    await gateway.send("acme-corporation", CONTACT, "unseen");
    // Lines of before may still be on their way here.
    assert.ok(gateway.bridge.log.every((line) => line["level"] !== "trace" || Number(line["time"]) <= resetAtMs));
  });

  it("changes the level of everything and goes back", async () => {
    const operator = await client();
    assert.match(await operator.ask("log debug --minutes 1 --write"), /^configured +info\nnow +debug, for/);
    assert.equal((await operator.askJson("levels"))["configured"], "info");
    await operator.ask("log reset --write");
    assert.equal(await operator.ask("levels"), "configured  info");
  });

  it("tells how the process is doing", async () => {
    const operator = await client();
    const text = await operator.ask("process");
    assert.match(text, /^event loop +since the last look: busy/m);
    assert.match(text, /^old_space +\d/m);
    const figures = await operator.askJson<{ rssBytes: number; activeResources: Record<string, number>; store: { databaseBytes: number } }>("process");
    assert.ok(figures.rssBytes > 10_000_000 && figures.store.databaseBytes > 0);
    assert.ok(Object.keys(figures.activeResources).length > 0);
  });

  it("has a session connect anew", async () => {
    const operator = await client();
    const before = gateway.follower.of("session.status").length;
    assert.match(await operator.ask("reconnect acme-corporation --write"), /^The connection was closed and is opened again/);
    await waitFor("the way down and up", () => {
      const states = gateway.follower.of("session.status").slice(before).map(({ data }) => data.state);
      return states.includes("connecting") && states.at(-1) === "connected";
    });
    await gateway.rpc.call("session.stop", { tenantId: "zoo" });
    assert.match(await operator.ask("reconnect zoo --write"), /^error: This session is stopped/);
  });

  it("writes a heap snapshot that only its owner can read", async () => {
    const { path: file, bytes } = await (await client()).askJson<{ path: string; bytes: number }>("heap-snapshot --write");
    assert.ok(file.startsWith(join(gateway.dataDir, "debug")));
    assert.deepEqual([statSync(file).mode & 0o777, statSync(file).size], [0o600, bytes]);
    assert.match(readFileSync(file, "utf8").slice(0, 20), /^\{"snapshot":/);
    assert.equal((await gateway.session("acme-corporation")).state, "connected");
  });

  it("writes a bundle without anything of anybody's customers", async () => {
    await assert.rejects(gateway.rpc.call("message.send", { tenantId: "nobody-5511930000009", to: CONTACT, content: { type: "text", text: SECRET_WORDS }, waitMs: 0 }), refused("session_not_found"));
    const { path: file } = await (await client()).askJson<{ path: string }>("bundle --write");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const unpacked = gunzipSync(readFileSync(file)).toString("latin1");
    for (const part of ["README.txt", "versions.json", "config.json", "process.json", "sessions.json", "log.jsonl"]) assert.ok(unpacked.includes(part), part);
    assert.match(unpacked, /"masterKey": "not set"/);
    assert.match(unpacked, /"tenantId": "acme-corp\*\*\*#1"/);
    assert.match(unpacked, /session connected/);
    const key = readFileSync(join(gateway.dataDir, "secrets", "master.key"), "utf8").trim();
    for (const secret of [SECRET_WORDS, NAME, "acme-corporation", OWNER.slice(1), CONTACT.slice(1), key, Buffer.from(key, "base64").toString("hex")]) assert.ok(!unpacked.includes(secret), secret.slice(0, 12));
    const listed = spawnSync("tar", ["-tzf", file], { encoding: "utf8" });
    assert.equal(listed.stdout.trim().split("\n").length, 6, listed.stderr);
  });
});
