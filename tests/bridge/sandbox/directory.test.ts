import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { JPEG } from "./support/image.js";

describe("the directory", () => {
  let harness: Harness;
  let alice: Client;

  before(async () => {
    harness = await Harness.start();
    alice = await harness.paired("+5511910000063", "Alice");
  });
  after(() => harness.stop());

  const jidOf = async (number: string): Promise<[string | undefined, unknown]> => {
    const [found] = (await alice.sock.onWhatsApp(number)) ?? [];
    return [found?.jid, found?.exists];
  };

  const forms: [country: string, dialled: string, known: string][] = [
    ["Brazil, known without the ninth digit", "+5511988887777", "551188887777"],
    ["Brazil, known with it", "+551177776666", "5511977776666"],
    ["Mexico, known with the 1", "+525512345678", "5215512345678"],
    ["Argentina, known with the 9", "+541123456789", "5491123456789"],
  ];
  for (const [country, dialled, known] of forms) {
    it(`answers for either form of a number: ${country}`, async () => {
      await harness.admin.post("/contacts", { number: dialled, whatsappNumber: `+${known}`, name: country });
      const jid = `${known}@s.whatsapp.net`;
      assert.deepEqual(await jidOf(dialled), [jid, true]);
      assert.deepEqual(await jidOf(`+${known}`), [jid, true]);
      const sent = await alice.send(jid, { text: "found you" });
      const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${dialled}/messages?wait=5000&id=${sent.key.id ?? ""}`);
      assert.equal(messages[0]?.text, "found you");
      await harness.admin.post(`/contacts/${dialled}/say`, { to: `+${alice.number}`, text: `from ${known}` });
      assert.equal((await alice.waitText(`from ${known}`)).key.remoteJid, jid);
    });
  }

  it("has nobody at the form WhatsApp does not know", async () => {
    await harness.admin.post("/contacts", { number: "+551166665555", aliases: ["+5511966665555"] });
    await alice.send("5511966665555@s.whatsapp.net", { text: "to nobody" }).catch(() => undefined);
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>("/contacts/+551166665555/messages");
    assert.deepEqual(messages, []);
    await harness.admin.post("/contacts", { number: "+551166665555", aliases: [] });
    assert.deepEqual((await jidOf("+5511966665555"))[1], undefined);
    assert.equal((await harness.admin.call("POST", "/contacts", { number: "+551166665555", aliases: [`+${alice.number}`] })).status, 422);
  });

  it("tells about, picture and business profile of a contact", async () => {
    const number = "+5511920000064";
    const jid = "5511920000064@s.whatsapp.net";
    const business = { description: "Cakes", address: "Rua A, 1", website: "https://cakes.example", email: "hi@cakes.example", category: "Bakery" };
    await harness.admin.post("/contacts", { number, about: "baking", business });
    const [about] = (await alice.sock.fetchStatus(jid)) ?? [];
    assert.equal((about?.["status"] as { status: string }).status, "baking");
    const profile = await alice.sock.getBusinessProfile(jid);
    assert.deepEqual([profile?.description, profile?.address, profile?.website, profile?.email, profile?.category], ["Cakes", "Rua A, 1", ["https://cakes.example"], "hi@cakes.example", "Bakery"]);
    assert.equal(await alice.sock.getBusinessProfile("5511920000065@s.whatsapp.net"), undefined);
    await harness.admin.post(`/contacts/${number}/picture`, { base64: JPEG.toString("base64") });
    const url = await alice.sock.profilePictureUrl(jid, "image");
    assert.ok(JPEG.equals(Buffer.from(await (await fetch(url ?? "")).arrayBuffer())));
    await harness.admin.post(`/contacts/${number}/picture`);
    await assert.rejects(alice.sock.profilePictureUrl(jid), /item-not-found/);
  });

  it("passes on the privacy token an account issues with its first message", async () => {
    const bob = await harness.paired("+5511910000064", "Bob");
    await alice.send(bob.jid, { text: "with a token" });
    await bob.waitText("with a token");
    await bob.until("the token", () => bob.auth.allIds("tctoken").length > 0);
  });

  it("shows whom an account blocks", async () => {
    await alice.sock.updateBlockStatus("5511920000066@s.whatsapp.net", "block");
    const { blocked } = await harness.admin.get<{ blocked?: string[] }>(`/contacts/+${alice.number}`);
    assert.deepEqual(blocked, ["+5511920000066"]);
    await alice.sock.updateBlockStatus("5511920000066@s.whatsapp.net", "unblock");
    assert.equal((await harness.admin.get<{ blocked?: string[] }>(`/contacts/+${alice.number}`)).blocked, undefined);
  });
});
