import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

interface Ledger {
  entries: { tag: string; attrs: Record<string, string> }[];
}

describe("receiving", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  const arrived = (text: string): Promise<unknown> => waitFor(`the text "${text}"`, () => gateway.follower.texts().includes(text), 20_000);
  const count = (text: string): number => gateway.follower.texts().filter((each) => each === text).length;
  const ledger = (query: string): Promise<Ledger> => gateway.sandbox.get<Ledger>(`/ledger?limit=5000&${query}`);
  /** Refusals of messages, which the sender would never hear of. */
  const nacks = async (): Promise<string[]> => (await ledger("direction=in&tag=ack")).entries.flatMap(({ attrs }) => (attrs["class"] === "message" && attrs["error"] !== undefined ? [attrs["error"]] : []));
  const receiptsOf = async (id: string): Promise<number> => (await ledger(`direction=in&tag=receipt&id=${id}`)).entries.filter(({ attrs }) => attrs["type"] !== "retry").length;

  it("makes an event of a text, with everything known about its sender", async () => {
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla" });
    const id = await gateway.sandbox.say(CONTACT, OWNER, "hello gateway");
    const event = await waitFor("the message", () => gateway.follower.of("message").find((each) => each.data.messageId === id));
    assert.deepEqual(event.data.content, { type: "text", text: "hello gateway" });
    assert.deepEqual([event.data.chatId, event.data.fromMe, event.data.isGroup], ["5511920000001@s.whatsapp.net", false, false]);
    assert.equal(event.data.sender.phoneNumber, CONTACT);
    assert.equal(event.data.sender.name, "Carla");
    assert.match(event.data.sender.lid ?? "", /^\d+@lid$/);
  });

  it("puts what comes by LID into the same chat", async () => {
    await gateway.sandbox.post("/contacts", { number: CONTACT, addressing: "lid" });
    const id = await gateway.sandbox.say(CONTACT, OWNER, "by lid");
    const event = await waitFor("the message", () => gateway.follower.of("message").find((each) => each.data.messageId === id));
    assert.equal(event.data.chatId, "5511920000001@s.whatsapp.net");
    await gateway.sandbox.post("/contacts", { number: CONTACT, addressing: "pn" });
  });

  it("labels what the own phone wrote", async () => {
    const { id } = await gateway.sandbox.post<{ id: string }>(`/mock-phone/${OWNER}/say`, { to: CONTACT, text: "from my phone" });
    const event = await waitFor("the message", () => gateway.follower.of("message").find((each) => each.data.messageId === id));
    assert.deepEqual([event.data.fromMe, event.data.chatId, event.data.sender.phoneNumber], [true, "5511920000001@s.whatsapp.net", OWNER]);
  });

  it("does not repeat what the gateway itself sent", async () => {
    const sent = await gateway.send("acme", CONTACT, "my own words");
    await waitFor("the delivery", () => gateway.follower.of("message.status").some((event) => event.data.messageId === sent.messageId));
    assert.equal(gateway.follower.of("message").some((event) => event.data.messageId === sent.messageId), false);
  });

  it("takes a message once when WhatsApp delivers it twice, and receipts both", async () => {
    await gateway.sandbox.post("/faults", { kind: "duplicate", number: OWNER, count: 1 });
    const id = await gateway.sandbox.say(CONTACT, OWNER, "twice");
    await arrived("twice");
    await waitFor("both receipts", async () => (await receiptsOf(id)) === 2);
    assert.equal(count("twice"), 1);
    assert.deepEqual(await nacks(), []);
  });

  it("loses nothing and repeats nothing when the bridge is killed again and again while messages come", async () => {
    const texts = Array.from({ length: 60 }, (_, i) => `through kills ${i}`);
    for (let round = 0; round < 6; round += 1) {
      for (const text of texts.slice(round * 10, round * 10 + 10)) await gateway.sandbox.say(CONTACT, OWNER, text);
      // Sometimes in the middle of the ten, sometimes while they are still being replayed.
      if (round % 2 === 0) await arrived(`through kills ${round * 10}`);
      await gateway.bridge.kill();
      await gateway.restart();
    }
    for (const text of texts) await arrived(text);
    assert.deepEqual(gateway.follower.texts().filter((text) => text.startsWith("through kills")), texts);
    assert.deepEqual(await nacks(), []);
  });

  it("loses nothing of a backlog of 200 when the link is cut in its middle, time and again", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    const texts = Array.from({ length: 200 }, (_, i) => `backlog ${i}`);
    for (const text of texts) await gateway.sandbox.say(CONTACT, OWNER, text);
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 0 });
    for (const at of [40, 110, 170]) {
      await arrived(`backlog ${at}`);
      await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    }
    for (const text of texts) await arrived(text);
    const events = gateway.follower.of("message").filter((event) => event.data.content.type === "text" && event.data.content.text.startsWith("backlog"));
    assert.equal(events.length, 200);
    const known = new Set(events.map((event) => event.data.messageId));
    const said = (await ledger("direction=out&tag=message")).entries.filter(({ attrs }) => attrs["category"] === undefined).map(({ attrs }) => attrs["id"] ?? "");
    // A receipt leaves when its message is on the disk, as the event does.
    const receipted = await waitFor("every message to be receipted", async () => {
      const ids = (await ledger("direction=in&tag=receipt")).entries.map(({ attrs }) => attrs["id"] ?? "");
      return ids.filter((id) => said.includes(id) && known.has(id)).length >= 200 ? ids : undefined;
    });
    const everything = new Set(gateway.follower.of("message").map((event) => event.data.messageId));
    assert.deepEqual(receipted.filter((id) => said.includes(id) && !everything.has(id)), [], "what is receipted is recorded");
    assert.deepEqual(await nacks(), []);
  });

  it("does not wait for the end of the backlog to tell what came", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    await gateway.sandbox.say(CONTACT, OWNER, "held back by nobody");
    await gateway.sandbox.post("/faults", { kind: "withhold-offline", number: OWNER, count: 1 });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 0 });
    await arrived("held back by nobody");
    await gateway.sandbox.delete("/faults");
  });

  it("leaves messages at WhatsApp while control stores none, and takes them when it does again", async () => {
    await gateway.bridge.stop();
    await gateway.restart({ EVENT_JOURNAL_MAX_EVENTS: "10" });
    const full = await waitFor("the journal to be full", async () => {
      const health = await gateway.rpc.call("system.health", {});
      return health.store === "failing" ? health : undefined;
    });
    assert.ok(full.journal.unackedEvents >= 10);
    assert.equal((await gateway.session("acme")).reason, "store_unavailable");
    await gateway.sandbox.say(CONTACT, OWNER, "waiting outside");
    await gateway.rpc.call("event.ack", { position: full.journal.headPosition });
    await arrived("waiting outside");
    assert.equal((await gateway.rpc.call("system.health", {})).store, "ok");
  });
});
