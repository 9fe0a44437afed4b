import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Contact } from "../../../bridge/src/rpc/contract.gen.js";
import { JPEG } from "../sandbox/support/image.js";
import { Gateway } from "../support/gateway.js";
import { questions } from "../support/questions.js";
import { refused } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000061";
const BAKER = "+5511920000061";
const STRANGER = "+5511920000062";

describe("contacts", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "60000" });
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  const tenantId = "acme";
  const get = (contact: string): Promise<Contact> => gateway.rpc.call("contact.get", { tenantId, contact });

  it("are shown with all that WhatsApp shows, by number, address or LID", async () => {
    const business = { description: "Cakes", address: "Rua A, 1", website: "https://cakes.example", email: "hi@cakes.example", category: "Bakery" };
    const { lid } = await gateway.sandbox.post<{ lid: string }>("/contacts", { number: BAKER, name: "Maria", about: "baking", business });
    await gateway.sandbox.post(`/contacts/${BAKER}/picture`, { base64: JPEG.toString("base64") });
    const { aboutSetAtMs, pictureUrl, ...contact } = await get(BAKER);
    assert.deepEqual(contact, {
      jid: `${BAKER.slice(1)}@s.whatsapp.net`, lid, phoneNumber: BAKER, about: "baking", isBlocked: false,
      business: { description: "Cakes", address: "Rua A, 1", email: "hi@cakes.example", category: "Bakery", websites: ["https://cakes.example"] },
    });
    assert.ok(Math.abs(Date.now() - (aboutSetAtMs ?? 0)) < 60_000);
    assert.match(pictureUrl ?? "", /^https:/);
    assert.equal((await get(`${BAKER.slice(1)}@s.whatsapp.net`)).lid, lid);
    const byLid = await get(lid);
    assert.deepEqual([byLid.lid, byLid.about], [lid, "baking"]);
  });

  it("have a name once they have written, also after a restart", async () => {
    assert.equal((await get(BAKER)).name, undefined);
    const id = await gateway.sandbox.say(BAKER, OWNER, "hello");
    await waitFor("the message", () => gateway.follower.of("message").find(({ data }) => data.messageId === id));
    await waitFor("the name", async () => (await get(BAKER)).name === "Maria");
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState(tenantId, "connected");
    assert.equal((await get(BAKER)).name, "Maria");
  });

  it("are shown without what they hide or do not have", async () => {
    const contact = await get(STRANGER);
    assert.deepEqual([contact.pictureUrl, contact.business, contact.name], [undefined, undefined, undefined]);
    assert.ok(contact.about);
  });

  it("are blocked and unblocked, and the list is asked for once", async () => {
    await gateway.rpc.call("contact.block", { tenantId, contact: STRANGER });
    assert.deepEqual((await gateway.sandbox.get<{ blocked?: string[] }>(`/contacts/${OWNER}`)).blocked, [STRANGER]);
    const { lid } = await gateway.sandbox.get<{ lid: string }>(`/contacts/${STRANGER}`);
    assert.deepEqual(await gateway.rpc.call("contact.blocked", { tenantId }), { contacts: [lid] });
    assert.deepEqual([(await get(STRANGER)).isBlocked, (await get(BAKER)).isBlocked], [true, false]);
    const reads = async (): Promise<number> => (await questions(gateway.sandbox, "blocklist", "")).length;
    const before = await reads();
    await gateway.rpc.call("contact.blocked", { tenantId });
    assert.equal(await reads(), before);
    await gateway.rpc.call("contact.unblock", { tenantId, contact: lid });
    assert.deepEqual(await gateway.rpc.call("contact.blocked", { tenantId }), { contacts: [] });
    assert.equal((await get(STRANGER)).isBlocked, false);
  });

  it("that are not on WhatsApp are called so", async () => {
    await gateway.sandbox.post("/contacts", { number: "+14155550180", exists: false });
    await assert.rejects(get("+14155550180"), refused("recipient_not_on_whatsapp"));
    await assert.rejects(get("14155550180@s.whatsapp.net"), refused("recipient_not_on_whatsapp"));
    await assert.rejects(gateway.rpc.call("contact.block", { tenantId, contact: "+14155550180" }), refused("recipient_not_on_whatsapp"));
  });
});
