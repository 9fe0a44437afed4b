import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openDatabase, type Database } from "../../../bridge/src/store/database.js";
import { Writer } from "../../../bridge/src/store/writer.js";
import { makeDirectory } from "../support/places.js";

/** A disk that syncs when it is told to. */
class SlowDisk {
  readonly asked: { done: () => void; fail: () => void }[] = [];
  atOnce = 0;
  broken = false;

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.asked.push({ done: resolve, fail: () => { reject(new Error("EIO")); } });
    });
  }

  syncNow(): void {
    if (this.broken) throw new Error("EIO");
    this.atOnce += 1;
  }

  close(): void {
    this.broken = true;
  }
}

function setUp(): { db: Database; disk: SlowDisk; writer: Writer; told: string[]; write: (name: string) => () => void } {
  const db = openDatabase(join(makeDirectory(), "store.sqlite"));
  db.exec("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)");
  db.exec("CREATE TABLE item (name TEXT PRIMARY KEY)");
  const disk = new SlowDisk();
  const writer = new Writer(db, disk);
  const told: string[] = [];
  const insert = db.prepare("INSERT INTO item VALUES (?)");
  const write = (name: string) => (): void => {
    insert.run(name);
    writer.afterCommit(() => told.push(`after ${name}`));
  };
  return { db, disk, writer, told, write };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("the writer", () => {
  it("writes what nobody waits for with what is written next, in the order of the calls", async () => {
    const { disk, writer, told, write } = setUp();
    void writer.aside(write("a"));
    void writer.soon(write("b"));
    await turns();
    disk.asked[0]?.done();
    await turns();
    assert.deepEqual([disk.asked.length, told], [1, ["after a", "after b"]]);
    writer.close();
  });

  it("writes what nobody waits for after a while, when nothing else comes, and with what is written at once", async () => {
    const { disk, writer, told, write } = setUp();
    const alone = writer.aside(write("a"));
    while (disk.asked.length === 0) await turns();
    disk.asked[0]?.done();
    await alone;
    void writer.aside(write("b"));
    writer.now(write("c"));
    assert.deepEqual(told, ["after a", "after b", "after c"]);
    writer.close();
    await assert.rejects(writer.aside(write("d")), { errorName: "store_unavailable" });
  });

  it("tells nobody before the disk has synced, and then everything one sync covers", async () => {
    const { disk, writer, told, write } = setUp();
    const first = writer.soon(write("a")).then(() => told.push("a"));
    await turns();
    assert.equal(disk.asked.length, 1);
    assert.equal(told.length, 0);
    // While it syncs, two more commits come: the sync under way may have missed them.
    const second = writer.soon(write("b")).then(() => told.push("b"));
    await turns();
    const third = writer.soon(write("c")).then(() => told.push("c"));
    await turns();
    assert.equal(disk.asked.length, 1);
    disk.asked[0]?.done();
    await first;
    assert.deepEqual(told, ["after a", "a"]);
    await turns();
    assert.equal(disk.asked.length, 2, "one sync for both");
    disk.asked[1]?.done();
    await Promise.all([second, third]);
    assert.deepEqual(told.filter((word) => word.startsWith("after")), ["after a", "after b", "after c"]);
  });

  it("syncs at once when asked to write now, and tells what was waiting first", async () => {
    const { disk, writer, told, write } = setUp();
    const waiting = writer.soon(write("a"));
    await turns();
    writer.now(write("b"));
    assert.equal(disk.atOnce, 1);
    assert.deepEqual(told, ["after a", "after b"]);
    await waiting;
    disk.asked[0]?.done();
    await turns();
    assert.deepEqual(told, ["after a", "after b"], "nothing is told twice");
  });

  it("fails everything a failed sync should have covered, and is failing until one succeeds", async () => {
    const { disk, writer, told, write } = setUp();
    const lost = [writer.soon(write("a")), writer.soon(write("b"))];
    await turns();
    disk.asked[0]?.fail();
    for (const each of lost) await assert.rejects(each, { errorName: "store_unavailable" });
    assert.deepEqual(told, []);
    assert.equal(writer.failing, true);
    const next = writer.soon(write("c"));
    await turns();
    disk.asked[1]?.done();
    await next;
    assert.equal(writer.failing, false);
    assert.deepEqual(told, ["after c"]);
    disk.broken = true;
    assert.throws(() => { writer.now(write("d")); }, { errorName: "store_unavailable" });
    assert.equal(writer.failing, true);
  });

  it("fails alone the piece of work that throws, and syncs for the others", async () => {
    const { disk, writer, told, write } = setUp();
    const fails = writer.soon(() => {
      write("a")();
      throw new Error("of the work");
    });
    const works = writer.soon(write("b"));
    fails.catch(() => undefined);
    await turns();
    disk.asked[0]?.done();
    await assert.rejects(fails, /of the work/);
    await works;
    assert.deepEqual(told, ["after b"]);
  });

  it("has told everything when it is closed, and takes nothing more", async () => {
    const { db, disk, writer, told, write } = setUp();
    const syncing = writer.soon(write("a"));
    await turns();
    const queued = writer.soon(write("b"));
    writer.close();
    await Promise.all([syncing, queued]);
    assert.deepEqual(told, ["after a", "after b"]);
    assert.deepEqual(db.prepare("SELECT name FROM item").pluck().all(), ["a", "b"]);
    await assert.rejects(writer.soon(write("c")), { errorName: "store_unavailable" });
    disk.asked[0]?.done();
    await turns();
  });
});
