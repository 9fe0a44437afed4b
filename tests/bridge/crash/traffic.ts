/** Kills a bridge while messages go both ways, and looks whether anything was lost, doubled or made unreadable. */
import assert from "node:assert/strict";
import { BridgeProcess } from "../support/processes.js";
import { Follower, type RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";
import { connected, reach, type Ground } from "./places.js";
import { startVictim, type WriteCall } from "./victim.js";

const TENANT = "talker";
const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";
/** Somebody else in a group the contact leads. */
const MEMBER = "+5511920000002";
const STORY = "status@broadcast";

/** One message of ours as it met WhatsApp and the phones it was for. */
interface Send {
  id: string;
  chat: string;
  chatPosition: number;
  devices: { number: string; device: number; readable?: number; retries: number; identical: boolean }[];
}

interface Inbox {
  messages: { id: string; copy: number; fromMe: boolean; position: number }[];
  failures: { id: string; reason: string; error: string }[];
  cursor: number;
}

interface Receipts {
  receipts: { ids: string[]; type: string }[];
}

/** A pairing that lives through the whole campaign, because a ratchet forks only in time. */
export class Traffic {
  readonly #ground: Ground;
  readonly #said: string[] = [];
  /** Accepted messages, in the order they were accepted in each chat. */
  readonly #sent: { messageId: string; to: string; text: string }[] = [];
  #group = "";
  #channel = "";
  #round = 0;

  private constructor(ground: Ground) {
    this.#ground = ground;
  }

  static async open(ground: Ground): Promise<Traffic> {
    const traffic = new Traffic(ground);
    const bridge = await BridgeProcess.start(traffic.#dataDir, ground.sandbox.env);
    const rpc = await bridge.client();
    const { qr } = await rpc.call("session.start", { tenantId: TENANT, waitMs: 10_000 });
    await ground.sandbox.scan(qr?.text ?? "", OWNER);
    await connected(rpc, TENANT);
    traffic.#group = (await ground.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Traffic", members: [OWNER, MEMBER] })).jid;
    traffic.#channel = (await rpc.call("channel.create", { tenantId: TENANT, name: "Traffic" })).channelId;
    for (const to of [CONTACT, traffic.#group]) await rpc.call("message.send", { tenantId: TENANT, to, content: { type: "text", text: "first" }, waitMs: 5000 });
    rpc.close();
    await bridge.stop();
    return traffic;
  }

  get #dataDir(): string {
    return this.#ground.dataDir("traffic");
  }

  /** One point of the campaign: talk until death, then look at everything. @returns whether it died. */
  async talkAndKill(call: WriteCall, nth: number): Promise<boolean> {
    this.#round += 1;
    const victim = startVictim(this.#dataDir, this.#ground.sandbox.env, call, nth);
    const rpc = await reach(victim);
    // The connection breaks a moment before the end of the process is reported.
    const died = rpc === undefined || (await this.#talk(victim, rpc));
    await victim.kill();
    await this.#check();
    return died;
  }

  /** Both sides talk at once, several messages at a time, until the bridge dies or has said enough. @returns whether it died. */
  async #talk(victim: BridgeProcess, rpc: RpcClient): Promise<boolean> {
    const dead = victim.ended();
    const work = (async (): Promise<void> => {
      await connected(rpc, TENANT);
      for (let i = 0; i < 20 && !victim.isDead; i += 1) {
        await Promise.all([this.#send(rpc, CONTACT, 3 * i), this.#send(rpc, this.#group, 3 * i + 1), this.#send(rpc, i % 2 === 0 ? this.#channel : STORY, 3 * i + 2), this.#say(), this.#say()]);
      }
    })().catch(() => undefined);
    await Promise.race([work, dead]);
    const died = rpc.closed || victim.isDead;
    rpc.close();
    // What the contact was about to say is said, or its id would be unknown to the check.
    await work;
    return died;
  }

  async #say(): Promise<void> {
    this.#said.push(await this.#ground.sandbox.say(CONTACT, OWNER, `said ${this.#said.length}`));
  }

  /** What is not answered may have been accepted or not: only an answer is a promise. */
  async #send(rpc: RpcClient, to: string, i: number): Promise<void> {
    const messageId = `3EB0${String(this.#round).padStart(6, "0")}${String(i).padStart(6, "0")}`;
    const text = `sent ${messageId}`;
    await rpc.call("message.send", { tenantId: TENANT, to, messageId, content: { type: "text", text }, ...(to === STORY ? { audience: [CONTACT, MEMBER] } : {}), waitMs: 0 });
    this.#sent.push({ messageId, to, text });
  }

  /** @throws AssertionError when a promise was broken. */
  async #check(): Promise<void> {
    const bridge = await BridgeProcess.start(this.#dataDir, this.#ground.sandbox.env);
    const rpc = await bridge.client();
    const follower = await Follower.open(bridge.socketPath);
    try {
      await connected(rpc, TENANT);
      await this.#checkSent(rpc);
      await this.#say();
      const events = (): string[] => follower.of("message").filter((event) => event.tenantId === TENANT).map((event) => event.data.messageId);
      await waitFor("everything that was said to be in the journal", () => {
        const known = new Set(events());
        return this.#said.every((id) => known.has(id));
      }, 20_000);
      const seen = events();
      assert.equal(new Set(seen).size, seen.length, "nothing is in the journal twice");
      const probe = await rpc.call("message.send", { tenantId: TENANT, to: CONTACT, content: { type: "text", text: "still there" }, waitMs: 5000 });
      const inbox = await waitFor("the contact to read on", async () => {
        const found = await this.#ground.sandbox.get<Inbox>(`/contacts/${CONTACT}/messages?wait=1000&id=${probe.message.messageId}`);
        return found.messages.length > 0 ? found : undefined;
      });
      assert.deepEqual(inbox.messages.map(({ copy }) => copy), [1]);
      await this.#checkSends();
      await this.#checkPosts(rpc);
      const all = await this.#ground.sandbox.get<Inbox>(`/contacts/${CONTACT}/messages`);
      assert.deepEqual(all.failures.filter(({ reason }) => reason !== "duplicate"), [], "the contact could read everything");
      assert.deepEqual(all.messages.filter(({ copy }) => copy > 1), [], "the contact read nothing twice");
      const { receipts } = await this.#ground.sandbox.get<Receipts>(`/contacts/${CONTACT}/receipts`);
      const journal = new Set(seen);
      const receipted = receipts.filter(({ type }) => type === "delivered").flatMap(({ ids }) => ids);
      assert.deepEqual(receipted.filter((id) => !journal.has(id)), [], "everything receipted is in the journal");
      assert.deepEqual(receipts.filter(({ type }) => type === "retry"), [], "the bridge could read everything");
    } finally {
      rpc.close();
      follower.stop();
      await bridge.stop();
    }
  }

  /** Every accepted message is on its way or with WhatsApp, by itself: nobody asks for it again. */
  async #checkSent(rpc: RpcClient): Promise<void> {
    const open = new Set(this.#sent.map(({ messageId }) => messageId));
    await waitFor("every accepted message to be with WhatsApp", async () => {
      for (const messageId of open) {
        const { status } = await rpc.call("message.get", { tenantId: TENANT, messageId });
        assert.ok(status !== "failed" && status !== "unknown", `${messageId} is ${status}`);
        if (status !== "accepted") open.delete(messageId);
      }
      return open.size === 0;
    }, 20_000).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ""}: ${[...open].join(" ")}`);
    });
  }

  /** The channel has each of its posts once, in the order of acceptance. */
  async #checkPosts(rpc: RpcClient): Promise<void> {
    const { messages } = await rpc.call("channel.messages", { tenantId: TENANT, channelId: this.#channel, limit: 100 });
    const posted = messages.flatMap(({ messageId }) => messageId ?? []).reverse();
    assert.equal(new Set(posted).size, posted.length, "nothing is posted twice");
    const accepted = this.#sent.filter(({ to }) => to === this.#channel).map(({ messageId }) => messageId);
    // What was not answered may be posted too.
    const known = new Set(accepted);
    assert.deepEqual(posted.filter((id) => known.has(id)), accepted.slice(-posted.filter((id) => known.has(id)).length), "the order in the channel");
    assert.deepEqual(accepted.slice(-50).filter((id) => !posted.includes(id)), [], "no post is lost");
  }

  /** Nothing accepted is lost, nothing is read twice by any phone, and each chat has it in the order of acceptance. */
  async #checkSends(): Promise<void> {
    let unread: string[] = [];
    const sends = await waitFor("every phone to have read everything", async () => {
      const { sends: all } = await this.#ground.sandbox.get<{ sends: Send[] }>(`/sends?number=${encodeURIComponent(OWNER)}&limit=10000`);
      const read = new Map(all.map((send) => [send.id, send.devices.filter(({ device }) => device === 0).every(({ readable }) => (readable ?? 0) > 0)]));
      unread = this.#sent.filter(({ messageId }) => read.get(messageId) !== true).map((each) => JSON.stringify({ ...each, devices: all.find(({ id }) => id === each.messageId)?.devices }));
      return unread.length === 0 ? all : undefined;
    }, 10_000).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ""}: ${unread.join(" ")}`);
    });
    const twice = sends.filter(({ devices }) => devices.some(({ readable }) => (readable ?? 0) > 1)).map((send) => JSON.stringify(send));
    assert.deepEqual(twice, [], "nobody could read anything twice");
    const changed = sends.filter(({ devices }) => devices.some(({ identical, retries }) => !identical && retries === 0)).map(({ id }) => id);
    assert.deepEqual(changed, [], "every copy is the same bytes");
    for (const chat of new Set(sends.map((send) => send.chat))) {
      const order = sends.filter((send) => send.chat === chat).sort((a, b) => a.chatPosition - b.chatPosition).map(({ id }) => id);
      const accepted = this.#sent.map(({ messageId }) => messageId).filter((id) => order.includes(id));
      assert.deepEqual(order.filter((id) => accepted.includes(id)), accepted, `the order in ${chat}`);
    }
  }
}
