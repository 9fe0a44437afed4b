import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameGate } from "../../../bridge/src/whatsapp/frame-gate.js";

/** A WebSocket that notes what it writes, and says so when it is told to. */
function setUp() {
  const written: unknown[] = [];
  const open: ((error?: Error) => void)[] = [];
  const socket = {
    send: (data: unknown, done: (error?: Error) => void): void => {
      written.push(data);
      open.push(done);
    },
    close: (): void => {
      written.push("closed");
    },
  };
  const gate = new FrameGate();
  gate.install(socket);
  const finish = (): void => {
    for (const done of open.splice(0)) done();
  };
  return { gate, socket, written, finish };
}

function resolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the gate before a connection", () => {
  it("lets frames pass that need nothing, and reports their writes as they happen", () => {
    const { socket, written, finish } = setUp();
    let done = false;
    socket.send("a", () => (done = true));
    assert.deepEqual([written, done], [["a"], false]);
    finish();
    assert.equal(done, true);
  });

  it("keeps a frame back until what belongs to it is on disk, and everything after it, in order", async () => {
    const { gate, socket, written } = setUp();
    const [first, second] = [resolvers(), resolvers()];
    assert.equal(gate.hold(first.promise), true);
    const told: string[] = [];
    socket.send("a", () => told.push("a"));
    gate.hold(second.promise);
    socket.send("b", () => told.push("b"));
    socket.send("c", () => told.push("c"));
    assert.deepEqual([written, told], [[], ["a", "b", "c"]], "whoever made them goes on");
    first.resolve();
    await turn();
    assert.deepEqual(written, ["a"]);
    second.resolve();
    await turn();
    assert.deepEqual(written, ["a", "b", "c"]);
  });

  it("says when a frame was written, not when it was made", async () => {
    const { gate, socket, finish } = setUp();
    await gate.written();
    const disk = resolvers();
    gate.hold(disk.promise);
    socket.send("a", () => undefined);
    let written = false;
    const waiting = gate.written().then(() => (written = true));
    disk.resolve();
    await turn();
    assert.equal(written, false);
    finish();
    await waiting;
  });

  it("never sends what is not on disk, nor anything after it", async () => {
    const { gate, socket, written } = setUp();
    const disk = resolvers();
    gate.hold(disk.promise);
    socket.send("a", () => undefined);
    const waiting = assert.rejects(gate.written(), /not on disk/);
    disk.reject(new Error("the disk is full"));
    await waiting;
    let refusal: Error | undefined;
    socket.send("b", (error) => (refusal = error));
    assert.match(refusal?.message ?? "", /not on disk/);
    await assert.rejects(gate.written(), /not on disk/);
    assert.deepEqual(written, []);
  });

  it("closes the connection after the frames that wait, or at once when there are none", async () => {
    const waiting = setUp();
    const disk = resolvers();
    waiting.gate.hold(disk.promise);
    waiting.socket.send("logout", () => undefined);
    waiting.socket.close();
    assert.deepEqual(waiting.written, []);
    disk.resolve();
    await turn();
    assert.deepEqual(waiting.written, ["logout", "closed"]);
    const idle = setUp();
    idle.socket.close();
    assert.deepEqual(idle.written, ["closed"]);
    const broken = setUp();
    broken.gate.hold(Promise.reject(new Error("the disk is full")));
    broken.socket.send("receipt", () => undefined);
    broken.socket.close();
    await turn();
    assert.deepEqual(broken.written, ["closed"]);
  });

  it("cannot keep back frames of a connection it was not given", () => {
    assert.equal(new FrameGate().hold(Promise.resolve()), false);
  });
});
