import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Label } from "../../../bridge/src/rpc/contract.gen.js";
import { Client } from "../sandbox/support/client.js";
import { Gateway } from "../support/gateway.js";
import { questions } from "../support/questions.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000081";
const CHAT = "5511920000081@s.whatsapp.net";

/** Another device of the same number, as the owner's own WhatsApp Web would be: a plain Baileys client. */
async function otherDevice(gateway: Gateway): Promise<Client> {
  const ca = readFileSync(gateway.sandbox.caFile, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
  const client = new Client({ url: gateway.sandbox.url, ca }).start();
  await gateway.sandbox.scan(await client.qr(), OWNER, "Acme");
  await client.waitOpen();
  await client.until("the first synchronisation", () => client.auth.creds.accountSyncCounter > 0);
  return client;
}

describe("labels", () => {
  let gateway: Gateway;
  let other: Client;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    other = await otherDevice(gateway);
  });
  after(async () => {
    other.stop();
    await gateway.end();
  });

  const tenantId = "acme";
  const list = async (): Promise<Label[]> => (await gateway.rpc.call("label.list", { tenantId })).labels;

  it("are made, changed and deleted, and the account's other devices hear of it", async () => {
    assert.deepEqual(await list(), []);
    const label = await gateway.rpc.call("label.save", { tenantId, name: "New customer", color: 3 });
    assert.deepEqual(label, { labelId: "1", name: "New customer", color: 3 });
    await other.until("the label", () => other.of("labels.edit").find((each) => each.id === "1" && each.name === "New customer" && each.color === 3));
    assert.deepEqual(await gateway.rpc.call("label.save", { tenantId, labelId: "1", name: "Customer", color: 4 }), { labelId: "1", name: "Customer", color: 4 });
    await gateway.rpc.call("label.save", { tenantId, name: "Paid", color: 5 });
    assert.deepEqual(await list(), [{ labelId: "1", name: "Customer", color: 4 }, { labelId: "2", name: "Paid", color: 5 }]);
    await gateway.rpc.call("label.delete", { tenantId, labelId: "2" });
    await other.until("the end of the label", () => other.of("labels.edit").find((each) => each.id === "2" && each.deleted));
    assert.deepEqual(await list(), [{ labelId: "1", name: "Customer", color: 4 }]);
  });

  it("of other devices are heard of, and are there after a restart", async () => {
    await other.sock.addLabel("", { id: "7", name: "From the phone", color: 9, deleted: false, predefinedId: 2 });
    const expected = { labelId: "7", name: "From the phone", color: 9, predefined: true };
    await waitFor("the label", async () => (await list()).some(({ labelId }) => labelId === "7"));
    assert.deepEqual((await list())[1], expected);
    await gateway.rpc.call("session.stop", { tenantId });
    await gateway.bridge.kill();
    await gateway.restart();
    assert.deepEqual((await list())[1], expected, "also without a connection");
    await gateway.rpc.call("session.start", { tenantId, waitMs: 10_000 });
  });

  it("that were there before anybody looked are read from the account when they are first asked for", async () => {
    await gateway.rpc.call("session.delete", { tenantId });
    await gateway.paired("acme", OWNER, "Acme");
    assert.deepEqual((await list()).map(({ name }) => name), ["Customer", "From the phone"]);
    const asked = (await questions(gateway.sandbox, "w:sync:app:state", "collection")).length;
    await list();
    assert.equal((await questions(gateway.sandbox, "w:sync:app:state", "collection")).length, asked, "once");
  });

  it("are put on chats and messages and taken off again", async () => {
    const assign = (assigned: boolean, messageId?: string): Promise<unknown> => gateway.rpc.call("label.assign", { tenantId, labelId: "1", chatId: CHAT, assigned, ...(messageId === undefined ? {} : { messageId }) });
    const heard = (type: "add" | "remove", messageId?: string): Promise<unknown> =>
      other.until(`${type} ${messageId ?? ""}`, () => other.of("labels.association").find((each) => each.type === type && each.association.chatId === CHAT && ("messageId" in each.association ? each.association.messageId : undefined) === messageId));
    await assign(true);
    await heard("add");
    await assign(true, "3EB0AAAA");
    await heard("add", "3EB0AAAA");
    await assign(false, "3EB0AAAA");
    await heard("remove", "3EB0AAAA");
    await assign(false);
    await heard("remove");
    await assert.rejects(gateway.rpc.call("label.assign", { tenantId, labelId: "99", chatId: CHAT, assigned: true }), refused("label_not_found"));
    await assert.rejects(gateway.rpc.call("label.save", { tenantId, labelId: "99", name: "x", color: 0 }), refused("label_not_found"));
    await assert.rejects(gateway.rpc.call("label.delete", { tenantId, labelId: "99" }), refused("label_not_found"));
  });

  it("are not lost when another device writes at the same time", async () => {
    // Time between reading and writing, in which the other one writes.
    await gateway.sandbox.post("/faults", { kind: "delay-request", xmlns: "w:sync:app:state", ms: 40 });
    const mine = Array.from({ length: 4 }, (_, index) => `mine ${index}`);
    const theirs = Array.from({ length: 4 }, (_, index) => index);
    const failures: unknown[] = [];
    await Promise.all([
      (async () => {
        for (const name of mine) await gateway.rpc.call("label.save", { tenantId, name, color: 1 }).catch((error: unknown) => failures.push(error));
      })(),
      (async () => {
        for (const index of theirs) await other.sock.addLabel("", { id: "7", name: `theirs ${index}`, color: 2, deleted: false });
      })(),
    ]);
    await gateway.sandbox.delete("/faults");
    assert.deepEqual(failures, []);
    // What really stands at WhatsApp: a session that reads it for the first time.
    await gateway.rpc.call("session.delete", { tenantId });
    await gateway.paired("acme", OWNER, "Acme");
    const names = (await list()).map(({ name }) => name);
    assert.deepEqual(mine.filter((name) => !names.includes(name)), []);
  });
});
