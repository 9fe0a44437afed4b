import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Answer, Call, Command } from "../../../bridge/src/debug/command.js";
import { DEBUG_LIMITS, type DebugLimits } from "../../../bridge/src/debug/debug-connection.js";
import { DebugServer } from "../../../bridge/src/debug/debug-server.js";
import { DebugClient } from "../support/debug-client.js";
import { SILENT } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { waitFor } from "../support/wait.js";

const PLAIN = { usage: "", says: "Of this test.", changes: false, args: { min: 0, max: 1 }, flags: {} };

describe("a debug connection", () => {
  const servers: DebugServer[] = [];
  let ran = 0;
  const serve = async (limits: Partial<DebugLimits> = {}, run: (call: Call) => Answer | Promise<Answer> = () => ({ text: `${(ran += 1)}`, json: { ran } })): Promise<string> => {
    const path = join(makeDirectory(), "run", "bridge-debug.sock");
    const commands: Command[] = [
      { ...PLAIN, name: "count", run },
      { ...PLAIN, name: "watch", live: true, run },
      { ...PLAIN, name: "change", changes: true, run },
    ];
    servers.push(await DebugServer.open(path, new Map(commands.map((command) => [command.name, command])), SILENT, { ...DEBUG_LIMITS, restTimes: 0, ...limits }));
    return path;
  };
  after(() => {
    for (const server of servers) server.close();
  });

  it("answers line by line, and in JSON when asked to", async () => {
    const client = await DebugClient.open(await serve());
    assert.match(await client.ask("count"), /^\d+$/);
    assert.equal(typeof (await client.askJson<{ ran: number }>("count")).ran, "number");
    client.write("quit\n");
    await client.untilClosed();
  });

  it("answers whoever sends commands and closes its side, as socat at the end of its input", async () => {
    const client = await DebugClient.open(await serve());
    client.socket.end("count\ncount\r\n\n");
    await client.untilClosed();
    assert.match(client.text, /^\d+\n\n\d+\n\n$/);
  });

  it("answers a command after `once` and closes", async () => {
    const client = await DebugClient.open(await serve());
    client.write("once count\n");
    await client.untilClosed();
    assert.match(client.text, /^\d+\n\n$/);
  });

  it("tells what it does not know, without giving back what a terminal obeys", async () => {
    const client = await DebugClient.open(await serve());
    assert.equal(await client.ask("\u001b[2Jboom\u0007"), "error: There is no command ?[2Jboom?. Try: help");
    assert.match(await client.ask("count --loud"), /^error: count has no flag --loud/);
    assert.match(await client.ask("count __proto__ x y"), /^error: It is used like this/);
    assert.match(await client.ask("change"), /add --write$/);
    assert.match(await client.ask("change --write"), /^\d+$/);
    assert.deepEqual(await client.askJson("constructor"), { error: "There is no command constructor. Try: help" });
    client.close();
  });

  it("says nothing of a fault inside a command", async () => {
    const client = await DebugClient.open(await serve({}, () => Promise.reject(new Error("/home/somebody/store.sqlite"))));
    assert.equal(await client.ask("count"), "error: That went wrong in the bridge; its log has the details.");
    client.close();
  });

  for (const [what, bytes] of [
    ["a line without end", Buffer.alloc(4096, 0x61)],
    ["a line that is too long", `${"a".repeat(2000)}\n`],
    ["bytes that are no text", Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 10 === 0 ? 0x80 + (index % 120) : 0xc3))],
  ] as const) {
    it(`closes on ${what}, and on nobody else`, async () => {
      const path = await serve();
      const [bad, good] = [await DebugClient.open(path), await DebugClient.open(path)];
      bad.write(bytes);
      bad.socket.end();
      await bad.untilClosed();
      assert.match(bad.text, /^error: A line has at most 1024 bytes\.|^error: There is no command/);
      assert.match(await good.ask("count"), /^\d+$/);
      good.close();
    });
  }

  it("closes on a flood of commands, having run few of them", async () => {
    const path = await serve({ restTimes: 4 });
    ran = 0;
    const client = await DebugClient.open(path);
    client.write("count\n".repeat(100_000));
    await client.untilClosed();
    assert.match(client.text, /Too many commands at once/);
    assert.ok(ran <= 34, `${ran} ran`);
  });

  it("rests after a command for longer than it took", async () => {
    const took: number[] = [];
    const path = await serve({ restTimes: 4 }, () => {
      took.push(performance.now());
      const until = performance.now() + 20;
      while (performance.now() < until);
      return { text: "done", json: {} };
    });
    const client = await DebugClient.open(path);
    client.write("count\ncount\n");
    await waitFor("both", () => took.length === 2);
    assert.ok((took[1] ?? 0) - (took[0] ?? 0) >= 95, `${(took[1] ?? 0) - (took[0] ?? 0)} ms`);
    client.close();
  });

  it("lets go of a connection that asks nothing, and keeps one that watches", async () => {
    const path = await serve({ idleMs: 30 }, async (call) => {
      call.show({ text: "watching", json: {} });
      await new Promise((resolve) => {
        call.stopped.addEventListener("abort", resolve, { once: true });
      });
      return { text: "over", json: {} };
    });
    const [idle, watching] = [await DebugClient.open(path), await DebugClient.open(path)];
    watching.write("watch\n");
    await watching.until("watching");
    await idle.untilClosed();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(watching.closed, false);
    watching.write("\n");
    await watching.until("over");
    await watching.untilClosed();
  });

  it("cuts off who does not read what is shown, and holds nothing up for it", async () => {
    let ended = false;
    let shown = 0;
    const path = await serve({ maxUnreadBytes: 100_000 }, async (call) => {
      call.stopped.addEventListener("abort", () => {
        ended = true;
      });
      while (!call.stopped.aborted && shown < 100_000) {
        const began = performance.now();
        for (let index = 0; index < 50; index += 1) call.show({ text: "x".repeat(1000), json: {} });
        assert.ok(performance.now() - began < 1000);
        shown += 50;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { text: "over", json: {} };
    });
    const client = await DebugClient.open(path);
    client.socket.pause();
    client.write("watch\n");
    await waitFor("the end of what it watched", () => ended);
    assert.ok(shown < 10_000, `${shown} were shown to somebody who does not read`);
    client.close();
  });

  it("takes eight connections and no more", async () => {
    const path = await serve();
    const clients: DebugClient[] = [];
    for (let index = 0; index < 8; index += 1) clients.push(await DebugClient.open(path));
    assert.match(await (clients[7] as DebugClient).ask("count"), /^\d+$/);
    const ninth = await DebugClient.open(path);
    ninth.write("count\n");
    await ninth.untilClosed();
    assert.equal(ninth.text, "");
    for (const client of clients) client.close();
  });
});
