import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { useMultiFileAuthState } from "baileys";
import { Gateway } from "../support/gateway.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";
import { Client } from "../sandbox/support/client.js";

const OWNER = "+5511910000001";
const OWNER_JID = "5511910000001@s.whatsapp.net";
const CONTACT = "+5511920000001";
const CONTACT_JID = "5511920000001@s.whatsapp.net";
const MEMBER = "+5511920000002";

interface Texts {
  messages: { text?: string; copy: number }[];
  failures: unknown[];
}

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

describe("the import of a Baileys folder", () => {
  let gateway: Gateway;
  let folder: string;
  let group: string;
  const copies: string[] = [];

  const aPreKey = (path: string): string => join(path, readdirSync(path).find((name) => name.startsWith("pre-key-")) ?? "none");

  /** Copies the good folder and spoils the copy. */
  const spoilt = (spoil: (path: string) => void): string => {
    const name = `spoilt-${copies.push("")}`;
    const path = join(gateway.dataDir, "import", name);
    cpSync(folder, path, { recursive: true });
    spoil(path);
    return name;
  };
  const changeCreds = (change: (creds: Record<string, unknown>) => void) => (path: string) => {
    const file = join(path, "creds.json");
    const creds = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    change(creds);
    writeFileSync(file, JSON.stringify(creds));
  };
  const importInto = (tenantId: string, name: string): Promise<unknown> => gateway.rpc.call("session.import", { tenantId, folder: name });
  const inbox = (id: string): Promise<Texts> => gateway.sandbox.get<Texts>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);

  before(async () => {
    gateway = await Gateway.start();
    folder = join(gateway.dataDir, "import", "auth_info_baileys");
    mkdirSync(folder, { recursive: true });
    // Somebody's home-made service: plain Baileys with its own files. It talks, and then it is switched off.
    const { state, saveCreds } = await useMultiFileAuthState(folder);
    const ca = readFileSync(gateway.sandbox.caFile, "utf8");
    const plain = new Client({ url: gateway.sandbox.url, ca }, { ...state, allIds: () => [] });
    plain.start();
    await gateway.sandbox.scan(await plain.qr(), OWNER);
    await plain.waitOpen();
    await plain.until("the first synchronisation", () => plain.auth.creds.accountSyncCounter > 0);
    await plain.send(CONTACT_JID, { text: "from plain Baileys" });
    await gateway.sandbox.say(CONTACT, OWNER, "to plain Baileys");
    await plain.waitText("to plain Baileys");
    await plain.send(CONTACT_JID, { text: "again from plain Baileys" });
    group = (await plain.sock.groupCreate("Old friends", [CONTACT_JID, "5511920000002@s.whatsapp.net"])).id;
    await plain.send(group, { text: "to the group" });
    await gateway.sandbox.post(`/contacts/${MEMBER}/say`, { group, text: "from the group" });
    await plain.waitText("from the group");
    await plain.goOffline();
    await saveCreds();
  });
  after(() => gateway.end());

  const refusals: [string, string, (path: string) => void][] = [
    ["is not there", "folder_missing", (path) => { rmSync(path, { recursive: true }); }],
    ["is a link to elsewhere", "folder_missing", (path) => { rmSync(path, { recursive: true }); symlinkSync("/etc", path); }],
    ["has no creds.json", "creds_missing", (path) => { rmSync(join(path, "creds.json")); }],
    ["has an empty creds.json", "file_damaged", (path) => { writeFileSync(join(path, "creds.json"), ""); }],
    ["has a creds.json that was cut off", "file_damaged", (path) => { writeFileSync(join(path, "creds.json"), readFileSync(join(path, "creds.json")).subarray(0, 700)); }],
    ["has a creds.json that is no object", "file_damaged", (path) => { writeFileSync(join(path, "creds.json"), "7"); }],
    ["has a key file that was cut off", "file_damaged", (path) => { writeFileSync(aPreKey(path), '{"private":'); }],
    ["has a pre-key that is none", "file_damaged", (path) => { writeFileSync(aPreKey(path), "{}"); }],
    ["has a key that is a link", "file_unexpected", (path) => { const file = aPreKey(path); rmSync(file); symlinkSync("/etc/hostname", file); }],
    ["has a key of an unknown kind", "file_unexpected", (path) => { writeFileSync(join(path, "surprise-1.json"), "{}"); }],
    ["has a directory among its keys", "file_unexpected", (path) => { mkdirSync(join(path, "session-1.0.json")); }],
    ["was never paired", "not_paired", changeCreds((creds) => { delete creds["me"]; delete creds["account"]; })],
    ["stopped in the middle of a pairing by code", "not_paired", changeCreds((creds) => { delete creds["account"]; })],
    ["lacks its noise key", "file_damaged", changeCreds((creds) => { delete creds["noiseKey"]; })],
    ["has keys that do not belong together", "keys_do_not_match", changeCreds((creds) => {
      (creds["noiseKey"] as { public: unknown }).public = (creds["signedIdentityKey"] as { public: unknown }).public;
    })],
    ["is of another account than it says", "signature_wrong", changeCreds((creds) => {
      const identity = (creds["signedIdentityKey"] as { public: { data: string } }).public;
      const account = creds["account"] as { accountSignatureKey: unknown };
      account.accountSignatureKey = typeof account.accountSignatureKey === "string" ? identity.data : identity;
    })],
  ];
  for (const [what, reason, spoil] of refusals) {
    it(`is refused when the folder ${what}`, async () => {
      await assert.rejects(importInto("newcomer", spoilt(spoil)), refused("import_invalid", reason));
      await assert.rejects(gateway.session("newcomer"), refused("session_not_found"));
    });
  }

  it("makes the number the tenant's and leaves the folder untouched", async () => {
    const before = digestOf(folder);
    const session = await gateway.rpc.call("session.import", { tenantId: "acme", folder: "auth_info_baileys" });
    assert.deepEqual([session.state, session.phoneNumber, session.qr], ["disconnected", OWNER, undefined]);
    assert.equal(digestOf(folder), before);
  });

  it("needs no QR code afterwards, and both directions still decrypt, in the group too", async () => {
    const session = await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    assert.equal(session.state, "connected");
    assert.equal(gateway.follower.of("session.qr").length, 0);
    const sent = await gateway.send("acme", CONTACT, "from the gateway");
    const { messages, failures } = await inbox(sent.messageId);
    assert.deepEqual(messages.map(({ text, copy }) => [text, copy]), [["from the gateway", 1]]);
    assert.deepEqual(failures, []);
    const said = await gateway.sandbox.say(CONTACT, OWNER, "to the gateway");
    await waitFor("the message", () => gateway.follower.of("message").some((event) => event.data.messageId === said));
    const inGroup = await gateway.send("acme", group, "to the group from the gateway");
    assert.deepEqual((await inbox(inGroup.messageId)).messages.map(({ text }) => text), ["to the group from the gateway"]);
    await gateway.sandbox.post(`/contacts/${MEMBER}/say`, { group, text: "from the group to the gateway" });
    await waitFor("the group's message", () => gateway.follower.texts("acme").includes("from the group to the gateway"));
    const all = await gateway.sandbox.get<Texts>(`/contacts/${CONTACT}/messages`);
    assert.deepEqual(all.failures, [], "no ratchet of the contact was used twice");
  });

  it("is refused for a tenant that is paired, and for a device that is here already", async () => {
    await assert.rejects(importInto("acme", "auth_info_baileys"), refused("session_already_paired"));
    await assert.rejects(importInto("other", "auth_info_baileys"), refused("import_invalid", "device_already_here"));
  });

  it("takes the place of a QR code that waits to be scanned", async () => {
    await gateway.rpc.call("session.logout", { tenantId: "acme" });
    const waiting = await gateway.rpc.call("session.start", { tenantId: "other", waitMs: 10_000 });
    assert.equal(waiting.state, "qr");
    await importInto("other", "auth_info_baileys");
    const session = await gateway.session("other");
    assert.equal(session.state, "disconnected");
    assert.notEqual(session.sessionId, waiting.sessionId);
    assert.equal(OWNER_JID.startsWith(session.phoneNumber?.slice(1) ?? "?"), true);
  });

  it("never takes a path for a folder", async () => {
    for (const name of ["../import", "..", "/etc", "a/b", ".hidden", ""]) await assert.rejects(importInto("x", name), refused("invalid_params"), name);
  });
});
