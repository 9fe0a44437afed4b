import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Curve } from "baileys";
import { Harness } from "./support/harness.js";
import { memoryAuth } from "./support/memory-auth.js";
import { waitFor } from "./support/wait.js";

describe("pairing", () => {
  let harness: Harness;
  before(async () => { harness = await Harness.start(); });
  after(() => harness.stop());

  it("by QR code links a device, restarts it with 515 and lets it in", async () => {
    const client = harness.client().start();
    const qr = await client.qr();
    assert.match(qr, /^https:\/\/wa\.me\/settings\/linked_devices#2@/);
    const paired = await harness.admin.post("/mock-phone/scan-qr?number=%2B5511910000031&name=Dora", qr);
    assert.deepEqual(paired, { number: "+5511910000031", jid: "5511910000031:1@s.whatsapp.net", lid: paired["lid"], device: 1 });
    await client.waitOpen();
    assert.deepEqual(client.closes, [515]);
    assert.equal(client.auth.creds.me?.id, paired["jid"]);
    assert.equal(client.auth.creds.me.lid, paired["lid"]);
    await client.until("the name from the phone", () => client.auth.creds.me?.name === "Dora");
    assert.ok(client.auth.creds.myAppStateKeyId, "the app-state key was not shared");
    // 812 uploaded, one used by the phone for the session its keys and history came by.
    const { accounts } = await harness.admin.get<{ accounts: { number: string; devices: { preKeys: number }[] }[] }>("/accounts");
    assert.equal(accounts.find((each) => each.number === "+5511910000031")?.devices[0]?.preKeys, 811);
  });

  it("by QR code without a number makes one up", async () => {
    const client = harness.client().start();
    const paired = await harness.admin.post("/mock-phone/scan-qr", (await client.qr()).split("#")[1]);
    assert.match(String(paired["number"]), /^\+55119\d{8}$/);
    await client.waitOpen();
  });

  it("by code links a device, and refuses another code", async () => {
    const client = harness.client().start();
    await client.qr();
    const code = await client.sock.requestPairingCode("5511910000032");
    const wrong = code.startsWith("A") ? `B${code.slice(1)}` : `A${code.slice(1)}`;
    await waitFor("the request to arrive", async () => {
      return (await harness.admin.call("POST", "/mock-phone/enter-code", { code: wrong, number: "+5511910000032" })).status === 422;
    });
    await harness.admin.post("/mock-phone/enter-code", { code: `${code.slice(0, 4)}-${code.slice(4)}`, number: "+5511910000032" });
    await client.waitOpen();
    assert.equal(client.number, "5511910000032");
  });

  it("refuses codes nobody shows, codes already used, and expired ones", async () => {
    const unknown = await harness.admin.call("POST", "/mock-phone/scan-qr", "https://wa.me/settings/linked_devices#2@nobody,a,b,c,1");
    assert.equal(unknown.status, 404);
    assert.deepEqual((unknown.body["error"] as { code: string }).code, "ref_unknown");
    await harness.admin.post("/faults", { kind: "ref-ttl", ms: 1, count: 1 });
    const client = harness.client({ qrTimeout: 60_000 }).start();
    const qr = await client.qr();
    const expired = await waitFor("the ref to expire", async () => {
      const answer = await harness.admin.call("POST", "/mock-phone/scan-qr", qr);
      return answer.status === 410 ? answer : undefined;
    });
    assert.equal((expired.body["error"] as { code: string }).code, "ref_expired");
    client.stop();
  });

  it("refuses a code whose keys are not the client's", async () => {
    const client = harness.client().start();
    const [ref, noise, , secret, platform] = (await client.qr()).split(",");
    const other = Curve.generateKeyPair().public.toString();
    const forged = [ref, noise, Buffer.from(other).toString("base64"), secret, platform].join(",");
    assert.equal((await harness.admin.call("POST", "/mock-phone/scan-qr", forged)).status, 422);
    client.stop();
  });

  it("refuses a login with keys the number never linked", async () => {
    const stranger = memoryAuth();
    stranger.creds.me = { id: "5511910000031:1@s.whatsapp.net", name: "Thief" };
    const client = harness.client({}, false, stranger).start();
    await client.waitClosed();
    assert.deepEqual(client.closes, [401]);
  });

  it("counts, rotates and refills pre-keys", async () => {
    const client = await harness.paired("+5511910000033");
    await client.sock.rotateSignedPreKey();
    const stock = async (): Promise<number | undefined> => {
    const { accounts } = await harness.admin.get<{ accounts: { number: string; devices: { preKeys: number }[] }[] }>("/accounts");
      return accounts.find((each) => each.number === "+5511910000033")?.devices[0]?.preKeys;
    };
    const before = (await stock()) ?? 0;
    await harness.admin.post("/contacts/+5511920000031/say", { to: "+5511910000033", text: "takes a key" });
    await client.waitText("takes a key");
    assert.equal(await stock(), before - 1);
    await client.sock.uploadPreKeys(10);
    assert.equal(await stock(), before + 9);
    // Somebody fetches nearly all of them; the server asks for more and gets five.
    const device = { tag: "user", attrs: { jid: client.auth.creds.me?.id ?? "" } };
    const key = { tag: "key", attrs: {}, content: Array.from({ length: before + 9 - 4 }, () => device) };
    await client.sock.query({ tag: "iq", attrs: { to: "@s.whatsapp.net", type: "get", xmlns: "encrypt" }, content: [key] });
    await waitFor("the refill", async () => (await stock()) === 9);
  });
});

describe("pairing with a fixed secret", () => {
  it("uses ADV_SECRET_KEY in place of the one in the code", async () => {
    const secret = Buffer.alloc(32, 9);
    const harness = await Harness.start({ advSecret: secret });
    try {
      const auth = memoryAuth();
      auth.creds.advSecretKey = secret.toString("base64");
      const client = harness.client({}, true, auth).start();
      const parts = (await client.qr()).split(",");
      parts[3] = Buffer.alloc(32, 1).toString("base64");
      await harness.admin.post("/mock-phone/scan-qr", parts.join(","));
      await client.waitOpen();
    } finally {
      await harness.stop();
    }
  });
});

describe("several devices of one number", () => {
  let harness: Harness;
  before(async () => { harness = await Harness.start(); });
  after(() => harness.stop());

  it("all see what any of them sends and receives, and hear of chats changed on another", async () => {
    const first = await harness.paired("+5511910000041", "Eva");
    const second = await harness.paired("+5511910000041");
    const peer = await harness.paired("+5511910000042", "Peer");
    assert.deepEqual([first.auth.creds.me?.id, second.auth.creds.me?.id], ["5511910000041:1@s.whatsapp.net", "5511910000041:2@s.whatsapp.net"]);

    await peer.send(first.jid, { text: "to both" });
    await Promise.all([first.waitText("to both"), second.waitText("to both")]);

    for (const target of [peer.jid, peer.lid]) {
      const text = `from the first to ${target}`;
      const sent = await first.send(target, { text });
      await peer.waitText(text);
      const copy = await second.waitMessage("the copy", (message) => message.key.id === sent.key.id);
      assert.equal(copy.key.fromMe, true);
      assert.equal(copy.key.remoteJid, target);
    }

    await harness.admin.post("/mock-phone/+5511910000041/say", { to: `+${peer.number}`, text: "from the phone itself" });
    await peer.waitText("from the phone itself");
    for (const device of [first, second]) {
      const copy = await device.waitMessage("the phone's copy", (message) => message.message?.conversation === "from the phone itself");
      assert.equal(copy.key.fromMe, true);
      assert.equal(copy.key.remoteJid, peer.jid);
    }

    const { messages } = await harness.admin.get<{ messages: { fromMe: boolean; text: string; chat: string }[] }>("/mock-phone/+5511910000041/messages");
    assert.ok(messages.some((each) => each.fromMe && each.chat === peer.jid && each.text.startsWith("from the first")));

    await first.sock.chatModify({ mute: 1_900_000_000_000 }, peer.jid);
    await second.until("the mute", () => second.of("chats.update").flat().find((each) => each.id === peer.jid && each.muteEndTime));
    await second.sock.chatModify({ archive: true, lastMessages: [] }, peer.jid);
    await first.until("the archiving", () => first.of("chats.update").flat().find((each) => each.id === peer.jid && each.archived));
    await second.sock.readMessages([(await second.waitText("to both")).key]);
    await first.until("reading on the other device", () => first.of("messages.update").flat().find((each) => Number(each.update.status) === 4));

    const third = await harness.paired("+5511910000041");
    await third.until("the history", () =>
      third.of("messaging-history.set").some((each) => each.messages.some((one) => one.message?.extendedTextMessage?.text === "to both")));
    // Whether Baileys emits an old setting depends on its timing; that it has taken it in does not.
    const versions = await third.auth.keys.get("app-state-sync-version", ["regular_high", "regular_low"]);
    assert.deepEqual([versions["regular_high"]?.version, versions["regular_low"]?.version], [1, 1]);
    await peer.send(first.jid, { text: "to all three" });
    await third.waitText("to all three");
  });

  it("end when the phone takes them off, or they log out, and the others are told", async () => {
    const first = await harness.paired("+5511910000043");
    const second = await harness.paired("+5511910000043");
    await harness.admin.post("/mock-phone/+5511910000043/remove-device", { device: 1 });
    await first.waitClosed();
    assert.equal(first.closes.at(-1), 401);
    first.comeBack();
    await first.until("the refusal", () => first.closes.filter((code) => code === 401).length === 2);
    await second.sock.logout();
    await waitFor("the account to have no device", async () => {
    const { accounts } = await harness.admin.get<{ accounts: { number: string }[] }>("/accounts");
      return !accounts.some((each) => each.number === "+5511910000043");
    });
  });
});
