import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { X509Certificate } from "node:crypto";
import { Client } from "./support/client.js";
import { runMain, SandboxProcess } from "./support/process.js";
import { waitFor } from "./support/wait.js";

const NUMBER = "+5511910000081";
const CONTACT = "+5511920000081";
const CONTACT_JID = "5511920000081@s.whatsapp.net";

describe("the sandbox as a process", () => {
  let dir: string;
  before(async () => { dir = await mkdtemp(join(tmpdir(), "sandbox-test-")); });
  after(async () => {
    await SandboxProcess.killLeftOvers();
    await rm(dir, { recursive: true, force: true });
  });

  it("makes keys without starting, for its own name and those asked for", async () => {
    const { code, stdout } = await runMain(["--init", "--dir", dir], { SANDBOX_TLS_NAMES: "sandbox,10.0.0.7" });
    assert.deepEqual([code, stdout], [0, ""]);
    const certificate = new X509Certificate(await readFile(join(dir, "ca.pem")));
    for (const name of ["localhost", "sandbox"]) assert.ok(certificate.checkHost(name), name);
    for (const address of ["127.0.0.1", "10.0.0.7"]) assert.ok(certificate.checkIP(address), address);
    assert.match(await readFile(join(dir, "root-key.hex"), "utf8"), /^[0-9a-f]{64}\n$/);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    for (const name of await readdir(dir)) assert.equal((await stat(join(dir, name))).mode & 0o077, 0, name);
    const before = await readFile(join(dir, "keys.json"), "utf8");
    await runMain(["--init", "--dir", dir]);
    assert.equal(await readFile(join(dir, "keys.json"), "utf8"), before);
  });

  it("refuses settings that make no sense, by name", async () => {
    for (const [args, env, name] of [
      [[], { SANDBOX_PORT: "many" }, "SANDBOX_PORT"], [["--init"], {}, "--init"], [[], { SANDBOX_PREKEY_STOCK: "some" }, "SANDBOX_PREKEY_STOCK"],
    ] as const) {
      const { code, stderr } = await runMain([...args], env);
      assert.equal(code, 1);
      assert.ok(stderr.includes(name), stderr);
    }
  });

  it("lets a linked client log in again after a restart, with sessions, backlog, groups and files", async () => {
    let sandbox = await SandboxProcess.start(["--dir", dir]);
    let client = new Client(sandbox).start();
    await sandbox.admin.post(`/mock-phone/scan-qr?number=${encodeURIComponent(NUMBER)}`, await client.qr());
    await client.waitOpen();
    await client.until("the first synchronisation", () => client.auth.creds.accountSyncCounter > 0);
    await client.send(CONTACT_JID, { text: "before the restart" });
    await sandbox.admin.post(`/contacts/${CONTACT}/say`, { to: NUMBER, text: "session established" });
    await client.waitText("session established");
    const group = await client.sock.groupCreate("Kept", [CONTACT_JID]);
    await client.send(group.id, { text: "in the group" });
    await waitFor("the contact to read the group", async () => {
      const { messages } = await sandbox.admin.get<{ messages: { text: string }[] }>(`/contacts/${CONTACT}/messages?wait=1000`);
      return messages.some((each) => each.text === "in the group");
    });
    await client.goOffline();
    const file = Buffer.from("a small file").toString("base64");
    await sandbox.admin.post(`/contacts/${CONTACT}/say`, { to: NUMBER, media: { kind: "document", base64: file, fileName: "kept.txt" } });
    await sandbox.admin.post(`/contacts/${CONTACT}/say`, { to: NUMBER, text: "while both were away" });
    const { code, ms } = await sandbox.stop();
    assert.equal(code, 0);
    assert.ok(ms < 1_500, `took ${ms} ms to stop`);

    const rootKey = sandbox.rootKey;
    sandbox = await SandboxProcess.start(["--dir", dir]);
    assert.equal(sandbox.rootKey, rootKey);
    client = new Client(sandbox, client.auth).start();
    await client.waitOpen();
    await client.waitText("while both were away");
    const document = await client.waitMessage("the file", (message) => message.message?.documentMessage?.fileName === "kept.txt");
    const path = document.message?.documentMessage?.directPath ?? "";
    assert.equal((await sandbox.admin.call("GET", `/..${path}`)).status, 200);
    const sent = await client.send(CONTACT_JID, { text: "after the restart" });
    await client.send(group.id, { text: "still in the group" });
    const { messages } = await sandbox.admin.get<{ messages: { text: string }[] }>(
      `/contacts/${CONTACT}/messages?wait=5000&id=${sent.key.id ?? ""}`,
    );
    assert.equal(messages[0]?.text, "after the restart");
    await waitFor("the group message", async () => {
      const { messages: all, failures } = await sandbox.admin.get<{ messages: { text: string }[]; failures: unknown[] }>(`/contacts/${CONTACT}/messages?wait=1000`);
      assert.deepEqual(failures, []);
      return all.some((each) => each.text === "still in the group");
    });
    await sandbox.admin.post(`/contacts/${CONTACT}/say`, { group: group.id, text: "contact in the group" });
    await client.waitText("contact in the group");
    assert.equal((await client.sock.groupMetadata(group.id)).subject, "Kept");
    client.stop();
    await sandbox.stop("SIGKILL");
  });

  it("still knows its clients after being killed, once the state was written", async () => {
    let sandbox = await SandboxProcess.start(["--dir", dir]);
    let client = new Client(sandbox).start();
    const number = "+5511910000082";
    await sandbox.admin.post(`/mock-phone/scan-qr?number=${encodeURIComponent(number)}`, await client.qr());
    await client.waitOpen();
    await waitFor("the state file", async () => {
      const text = await readFile(join(dir, "people", `${number.slice(1)}.json`), "utf8").catch(() => "");
      return text.includes('"companions":[{"id":1') && text.includes('"bootstrapped":true');
    });
    await sandbox.stop("SIGKILL");
    await client.goOffline();
    sandbox = await SandboxProcess.start(["--dir", dir]);
    client = new Client(sandbox, client.auth).start();
    await client.waitOpen();
    client.stop();
    await sandbox.stop();
  });
});
