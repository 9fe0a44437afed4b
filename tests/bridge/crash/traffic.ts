/** Kills a bridge while messages go both ways, and looks whether anything was lost, doubled or made unreadable. */
import assert from "node:assert/strict";
import { BridgeProcess } from "../support/processes.js";
import { Follower, RpcFailure, type RpcClient } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";
import { connected, reach, type Ground } from "./places.js";
import { startVictim, type WriteCall } from "./victim.js";

const TENANT = "talker";
const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

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
  readonly #sent = new Map<string, string>();
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
    await rpc.call("message.send", { tenantId: TENANT, to: CONTACT, content: { type: "text", text: "first" }, waitMs: 5000 });
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
      for (let i = 0; i < 8 && !victim.isDead; i += 1) {
        await Promise.all([this.#send(rpc, i), this.#say(), this.#say()]);
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

  async #send(rpc: RpcClient, i: number): Promise<void> {
    const messageId = `3EB0${String(this.#round).padStart(6, "0")}${String(i).padStart(6, "0")}`;
    const text = `sent ${messageId}`;
    this.#sent.set(messageId, text);
    await rpc.call("message.send", { tenantId: TENANT, to: CONTACT, messageId, content: { type: "text", text }, waitMs: 3000 });
  }

  /** @throws AssertionError when a promise was broken. */
  async #check(): Promise<void> {
    const bridge = await BridgeProcess.start(this.#dataDir, this.#ground.sandbox.env);
    const rpc = await bridge.client();
    const follower = await Follower.open(bridge.socketPath);
    try {
      await connected(rpc, TENANT);
      // The application asks again for everything it had no answer for: nothing of it may be sent a second time.
      for (const [messageId, text] of this.#sent) {
        const { message: { status } } = await rpc.call("message.send", { tenantId: TENANT, to: CONTACT, messageId, content: { type: "text", text }, waitMs: 5000 })
          .catch((error: unknown) => (error instanceof RpcFailure ? Promise.reject(new Error(`asking again for ${messageId}: ${error.message}`)) : Promise.reject(error as Error)));
        if (status !== "accepted") this.#sent.delete(messageId);
      }
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
}
