/** The five faults of a gateway built like this one (a REST service in front of a JSON-RPC messenger), each on the server's side. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BridgeError } from "../../../bridge/src/errors.js";
import { Traffic } from "../../../bridge/src/figures/traffic.js";
import { Journal } from "../../../bridge/src/events/journal.js";
import { Puller } from "../../../bridge/src/events/pull.js";
import { eventMethods } from "../../../bridge/src/methods/event.js";
import { Deliveries } from "../../../bridge/src/whatsapp/deliveries.js";
import { serve, unserve, type Served } from "../support/in-process.js";
import { RpcClient, RpcFailure } from "../support/rpc-client.js";
import { openTestStore, sampleEvent, sampleOutgoing } from "../support/test-store.js";
import { waitFor } from "../support/wait.js";

describe("a fault of others that is not ours", () => {
  const open: Served[] = [];
  after(() => Promise.all(open.map(unserve)));
  const start = async (...args: Parameters<typeof serve>): Promise<Served> => {
    const served = await serve(...args);
    open.push(served);
    return served;
  };

  it("1: an answer that comes before the asker listens — whoever waits for WhatsApp's ack is registered before the message leaves", async () => {
    const { store, pairing } = openTestStore();
    const deliveries = new Deliveries(store, new Journal(store.events, store.writer, { maxUnacked: 100, retentionMs: 1 }), new Traffic());
    store.writer.now(() => store.outbox.insert(sampleOutgoing(pairing, "M")));
    const expected = deliveries.expect("t", "M");
    // The ack is here before anything was awaited.
    const acked = deliveries.acked("t", "M", undefined);
    assert.equal((await expected.answer)?.status, "sent");
    await acked;
    assert.equal(store.events.after(0, 10).length, 0, "and the answer is not repeated as an event");
    // A receipt in the same moment as the ack is no answer, and must not be taken for one.
    store.writer.now(() => store.outbox.insert(sampleOutgoing(pairing, "N")));
    const next = deliveries.expect("t", "N");
    const both = deliveries.acked("t", "N", undefined);
    await deliveries.receipted("t", { tag: "receipt", attrs: { id: "N", from: "5511920000001@s.whatsapp.net" } }, { phone: undefined, lid: undefined, name: undefined });
    assert.equal((await next.answer)?.status, "sent");
    await both;
    assert.deepEqual(store.events.after(0, 10).map(({ event }) => event.data), [{ type: "message.status", messageId: "N", to: "+5511920000001", chatId: "5511920000001@s.whatsapp.net", status: "delivered" }]);
  });

  it("2: a wait without end — every call is answered within the contract's time", async () => {
    const { path } = await start({ "session.logout": () => new Promise(() => undefined) }, {}, () => 30);
    const client = await RpcClient.open(path);
    await assert.rejects(client.call("session.logout", { tenantId: "a" }), (error) => {
      assert.ok(error instanceof RpcFailure);
      assert.deepEqual(error.data, { name: "bridge_error", retryable: true, reason: "timeout" });
      return true;
    });
    client.close();
  });

  it("3: calls that outlive their connection — what waits for a caller ends when the caller goes", async () => {
    const ended: string[] = [];
    const { path } = await start({ "event.pull": (_, { signal }) => new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        ended.push("pull");
        resolve({ events: [], headPosition: 0 });
      });
      ended.push("begun");
    }) });
    const client = await RpcClient.open(path);
    client.call("event.pull", { after: 0, max: 1, waitMs: 30_000 }).catch(() => undefined);
    await waitFor("the call to begin", () => ended.includes("begun"));
    client.close();
    await waitFor("the call to end", () => ended.includes("pull"));
  });

  it("4: one slow call that holds up all others — the reader goes on while handlers work", async () => {
    const { path } = await start({
      "session.logout": () => new Promise(() => undefined),
      "session.get": () => Promise.reject(new BridgeError("session_not_found")),
    });
    const client = await RpcClient.open(path);
    client.call("session.logout", { tenantId: "a" }).catch(() => undefined);
    await assert.rejects(client.call("session.get", { tenantId: "a" }), { data: { name: "session_not_found", retryable: false } });
    client.close();
  });

  it("5: an event dropped because nobody listens — it waits, and comes again until it is acked", async () => {
    const { store, pairing } = openTestStore();
    const journal = new Journal(store.events, store.writer, { maxUnacked: 100, retentionMs: 1000 });
    store.writer.now(() => journal.append(sampleEvent(pairing, "nobody is here")));
    const { path } = await start({ ...eventMethods(journal, new Puller(journal)) });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const client = await RpcClient.open(path);
      const { events } = await client.call("event.pull", { after: 0, max: 10, waitMs: 1000 });
      assert.equal(events.length, 1);
      client.close();
    }
  });
});
