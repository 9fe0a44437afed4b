import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Sqlite from "better-sqlite3";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

interface Ledger {
  entries: { time: number; attrs: Record<string, string> }[];
}

describe("what cannot be read", () => {
  let gateway: Gateway;
  let group = "";
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
    await gateway.sandbox.post("/contacts", { number: CONTACT, name: "Carla" });
    group = (await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Team", members: [OWNER] })).jid;
  });
  after(() => gateway.end());

  const say = async (what: Record<string, unknown>, to: Record<string, unknown> = { to: OWNER }): Promise<string> => (await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/say`, { ...to, ...what })).id;
  const messages = (id: string) => gateway.follower.of("message").filter((event) => event.data.messageId === id);
  const unreadable = (id: string) => gateway.follower.of("message.unreadable").filter((event) => event.data.messageId === id);
  const recovered = (id: string): Promise<unknown> => waitFor(`the message ${id}`, () => messages(id).length > 0, 20_000);

  /** As if the keys of that kind had been lost. */
  const lose = async (type: string): Promise<void> => {
    await gateway.bridge.stop();
    const db = new Sqlite(join(gateway.dataDir, "bridge", "store.sqlite"));
    const { changes } = db.prepare("DELETE FROM signal_key WHERE type = ?").run(type);
    db.close();
    assert.ok(changes > 0, `there were keys of type ${type}`);
    await gateway.restart();
    await gateway.waitState("acme", "connected");
  };

  for (const [where, type] of [["a chat", "session"], ["a group", "sender-key"]] as const) {
    it(`is told once in ${where}, before it is asked for again, and then as a message with the same id`, async () => {
      const to = type === "session" ? { to: OWNER } : { group };
      await recovered(await say({ text: "readable" }, to));
      await lose(type);
      const id = await say({ text: "lost for now" }, to);
      await recovered(id);
      const [first] = unreadable(id);
      assert.equal(unreadable(id).length, 1);
      assert.equal(messages(id).length, 1);
      assert.equal(first?.data.reason, "no_session");
      assert.ok(first.position < (messages(id)[0]?.position ?? 0));
      assert.deepEqual([first.data.chatId, first.data.sender.phoneNumber, first.data.isGroup], [type === "session" ? "5511920000001@s.whatsapp.net" : group, CONTACT, type !== "session"]);
      const retries = (await gateway.sandbox.get<Ledger>(`/ledger?direction=in&tag=receipt&id=${id}&limit=10`)).entries.filter(({ attrs }) => attrs["type"] === "retry");
      assert.ok((retries[0]?.time ?? 0) >= first.occurredAtMs, "it was recorded before it was asked for again");
    });
  }

  it("comes from the own phone when WhatsApp kept it from here", async () => {
    const id = await say({ text: "from an ad", hidden: "" });
    await waitFor("the news", () => unreadable(id).length > 0);
    assert.equal(unreadable(id)[0]?.data.reason, "unavailable");
    await recovered(id);
    assert.deepEqual([messages(id).length, unreadable(id).length], [1, 1]);
    assert.deepEqual(messages(id)[0]?.data.content, { type: "text", text: "from an ad" });
  });

  it("stays so when it may be looked at once, and only on the phone", async () => {
    const id = await say({ text: "for your eyes only", hidden: "view_once" });
    await waitFor("the news", () => unreadable(id).length > 0);
    await recovered(await say({ text: "after it" }));
    assert.deepEqual([unreadable(id)[0]?.data.reason, messages(id).length], ["unavailable", 0]);
  });

  it("is not told again when the bridge dies before WhatsApp hears of it", async () => {
    await lose("session");
    const id = await say({ text: "lost in the fall" });
    await waitFor("the news", () => unreadable(id).length > 0);
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState("acme", "connected");
    await recovered(id);
    assert.deepEqual([messages(id).length, unreadable(id).length], [1, 1]);
  });
});
