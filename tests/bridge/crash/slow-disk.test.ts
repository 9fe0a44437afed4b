import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BridgeProcess } from "../support/processes.js";
import { waitFor } from "../support/wait.js";
import { connected, openGround, reach, type Ground } from "./places.js";
import { startOnSlowDisk, whyNot } from "./victim.js";

const TENANT = "slow";
const OWNER = "+5511910000003";
const CONTACTS = ["+5511920000001", "+5511920000002"];

interface Send {
  id: string;
  chat: string;
  chatPosition: number;
  arrivals: number;
  ack: string;
  devices: { readable?: number }[];
}

describe("a bridge on a slow disk", { skip: whyNot() ?? false }, () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
    const bridge = await BridgeProcess.start(ground.dataDir("slow"), ground.sandbox.env);
    const rpc = await bridge.client();
    const { qr } = await rpc.call("session.start", { tenantId: TENANT, waitMs: 10_000 });
    await ground.sandbox.scan(qr?.text ?? "", OWNER);
    await connected(rpc, TENANT);
    for (const to of CONTACTS) await rpc.call("message.send", { tenantId: TENANT, to, content: { type: "text", text: "first" }, waitMs: 5000 });
    rpc.close();
    await bridge.stop();
  });
  after(() => ground.end());

  it("sends each message once and in order, though the next one is made while the one before is on its way to the disk", async () => {
    const bridge = startOnSlowDisk(ground.dataDir("slow"), ground.sandbox.env, 20);
    const rpc = await reach(bridge);
    assert.ok(rpc !== undefined);
    await connected(rpc, TENANT);
    const ids = new Map<string, string[]>(CONTACTS.map((to) => [to, []]));
    const send = async (to: string): Promise<void> => {
      const messageId = `3EB0${String([...ids.values()].flat().length).padStart(12, "0")}`;
      ids.get(to)?.push(messageId);
      await rpc.call("message.send", { tenantId: TENANT, to, messageId, content: { type: "text", text: messageId }, waitMs: 0 });
    };
    // Many at once, and then each while people write, which makes the outbox look for what may leave.
    await Promise.all(Array.from({ length: 40 }, (_, i) => send(CONTACTS[i % 4 === 0 ? 1 : 0] ?? "")));
    for (let i = 0; i < 15; i += 1) {
      const said = Array.from({ length: 4 }, (_, n) => ground.sandbox.say(CONTACTS[0] ?? "", OWNER, `said ${i}.${n}`));
      await Promise.all([...CONTACTS.map(send), ...said]);
    }
    const wanted = [...ids.values()].flat();
    const sends = await waitFor("everything to have arrived", async () => {
      const found = await ground.sandbox.get<{ sends: Send[] }>(`/sends?number=${encodeURIComponent(OWNER)}&limit=1000`);
      const here = found.sends.filter(({ id, ack }) => ack === "sent" && wanted.includes(id));
      return here.length === wanted.length ? here : undefined;
    }, 20_000);
    // A second copy would come at once, if at all.
    for (const messageId of wanted) {
      await waitFor(`${messageId} to be delivered`, async () => (await rpc.call("message.get", { tenantId: TENANT, messageId })).status === "delivered");
    }
    assert.deepEqual(sends.filter(({ arrivals, devices }) => arrivals !== 1 || devices.some(({ readable }) => (readable ?? 0) > 1)), []);
    for (const accepted of ids.values()) {
      const order = sends.filter(({ id }) => accepted.includes(id)).sort((a, b) => a.chatPosition - b.chatPosition).map(({ id }) => id);
      assert.deepEqual(order, accepted);
    }
    rpc.close();
    await bridge.stop();
  });
});
