import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EXIT, StartupError, type BridgeError } from "../../../bridge/src/errors.js";
import { openDatabase } from "../../../bridge/src/store/database.js";
import { MIGRATIONS } from "../../../bridge/src/store/migrations.js";
import { mayBecome } from "../../../bridge/src/store/outbox-row.js";
import { openStore } from "../../../bridge/src/store/store.js";
import { makeDirectory } from "../support/places.js";
import { openTestStore, placesIn } from "../support/test-store.js";

function startupError(exitCode: number, sentence: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StartupError);
    assert.equal(error.exitCode, exitCode);
    assert.match(error.message, sentence);
    return true;
  };
}

const PLACE_OF_WRITER = new URL("../support/crash-writer.js", import.meta.url).pathname;

describe("the store", () => {
  it("is one file for its owner only, in write-ahead mode with every commit synced", () => {
    const { store, places } = openTestStore();
    for (const file of [places.storePath, `${places.storePath}-wal`, `${places.storePath}-shm`, places.masterKeyPath, places.lockPath]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
    store.close();
    const db = openDatabase(places.storePath);
    assert.equal(db.pragma("journal_mode", { simple: true }), "wal");
    assert.equal(db.pragma("synchronous", { simple: true }), 2);
    assert.equal(db.pragma("cache_size", { simple: true }), -256);
    assert.equal(db.pragma("user_version", { simple: true }), MIGRATIONS.length);
    db.close();
  });

  it("opens again with what was in it", () => {
    const { store, places } = openTestStore();
    const journalId = store.events.journalId;
    store.writer.now(() => {
      store.events.setAcked(7);
    });
    store.close();
    const again = openStore(places);
    assert.equal(again.events.journalId, journalId);
    assert.equal(again.events.acked(), 7);
    again.close();
  });

  it("refuses a file of a newer version with a sentence", () => {
    const { store, places } = openTestStore();
    store.close();
    const db = openDatabase(places.storePath);
    db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    assert.throws(() => openStore(places), startupError(EXIT.storeUnusable, /newer version/));
  });

  it("refuses a damaged file with a sentence", () => {
    const { store, places } = openTestStore();
    store.close();
    copyFileSync(places.masterKeyPath, places.storePath);
    assert.throws(() => openStore(places), startupError(EXIT.storeUnusable, /cannot be opened/));
  });

  it("is for one process at a time, and free again when that one closes it", () => {
    const { store, places } = openTestStore();
    assert.throws(() => openStore(places), startupError(EXIT.anotherBridge, /already running/));
    store.close();
    openStore(places).close();
  });

  it("keeps work that was answered and no half of any other when the process is killed", () => {
    const directory = makeDirectory();
    for (let round = 0; round < 5; round += 1) {
      const { stdout } = spawnSync(process.execPath, [PLACE_OF_WRITER, directory, String(20 + 15 * round)], { encoding: "utf8" });
      const answered = stdout.trim().split("\n").filter((line) => line !== "").map(Number);
      const store = openStore(placesIn(directory));
      const events = store.events.after(0, 100_000);
      const numbers = events.map(({ event }) => (event.data.type === "message" && event.data.content.type === "text" ? Number(event.data.content.text) : -1));
      for (const number of answered) assert.ok(numbers.includes(number), `${number} was answered and is missing`);
      assert.equal(events.length % 3, 0, "each piece of work writes three events or none");
      assert.deepEqual(events.map(({ event }) => event.position), events.map((_, i) => i + 1), "positions have no gap");
      assert.ok(answered.length > 0);
      store.close();
    }
  });
});

describe("the writer", () => {
  it("runs pieces of work of one turn in one transaction, and a failing one takes no other with it", async () => {
    const { store, pairing } = openTestStore();
    const put = (id: string) => () => {
      store.secrets.saveKey(pairing, "session", id, Buffer.from(id));
    };
    const outcomes = await Promise.allSettled([
      store.writer.soon(put("a")),
      store.writer.soon(() => {
        put("b")();
        throw new Error("no");
      }),
      store.writer.soon(put("c")),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    assert.deepEqual(["a", "b", "c"].map((id) => store.secrets.key(pairing, "session", id)?.toString()), ["a", undefined, "c"]);
    store.close();
  });

  it("writes what waits before what is asked for at once", async () => {
    const { store, pairing } = openTestStore();
    const order: string[] = [];
    const first = store.writer.soon(() => order.push("soon"));
    store.writer.now(() => {
      order.push("now");
      store.secrets.saveKey(pairing, "session", "x", Buffer.from("x"));
    });
    assert.deepEqual(order, ["soon", "now"]);
    await first;
    store.close();
  });

  it("calls back after a commit only", () => {
    const { store } = openTestStore();
    const called: string[] = [];
    store.writer.now(() => {
      store.writer.afterCommit(() => called.push("kept"));
    });
    assert.throws(() => store.writer.now(() => {
      store.writer.afterCommit(() => called.push("lost"));
      throw new Error("no");
    }));
    assert.deepEqual(called, ["kept"]);
    store.close();
  });

  it("says store_unavailable when the disk fails, and recovers by itself", () => {
    const { store, pairing } = openTestStore();
    const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    assert.throws(() => store.writer.now(() => {
      throw full;
    }), (error: BridgeError) => error.errorName === "store_unavailable");
    assert.equal(store.writer.failing, true);
    assert.equal(store.writer.probe(), true);
    assert.equal(store.writer.failing, false);
    store.writer.now(() => {
      store.secrets.saveKey(pairing, "session", "x", Buffer.from("x"));
    });
    store.close();
  });
});

describe("the master key", () => {
  it("comes from the environment instead of the file when it is set", () => {
    const places = { ...placesIn(makeDirectory()), masterKey: Buffer.alloc(32, 7).toString("base64") };
    openStore(places).close();
    assert.equal(existsSync(places.masterKeyPath), false);
    openStore(places).close();
  });

  it("refuses to start when it is not the one the store was sealed with", () => {
    const places = { ...placesIn(makeDirectory()), masterKey: Buffer.alloc(32, 7).toString("base64") };
    openStore(places).close();
    assert.throws(() => openStore({ ...places, masterKey: Buffer.alloc(32, 8).toString("base64") }), startupError(EXIT.badConfig, /another master key/));
  });

  it("refuses to start when its file is gone, instead of making a new one", () => {
    const { store, places } = openTestStore();
    store.close();
    rmSync(places.masterKeyPath);
    assert.throws(() => openStore(places), startupError(EXIT.badConfig, /is missing/));
    assert.equal(existsSync(places.masterKeyPath), false);
  });

  it("refuses a file others can read, and a value that is no key", () => {
    const { store, places } = openTestStore();
    store.close();
    chmodSync(places.masterKeyPath, 0o644);
    assert.throws(() => openStore(places), startupError(EXIT.badConfig, /other users/));
    assert.throws(() => openStore({ ...placesIn(makeDirectory()), masterKey: "c2hvcnQ=" }), startupError(EXIT.badConfig, /32 random bytes/));
  });
});

describe("secrets on the disk", () => {
  it("are nowhere to be found in the files", () => {
    const { store, pairing, places } = openTestStore();
    const canary = Buffer.from("canary-canary-canary");
    store.writer.now(() => {
      store.secrets.saveCredentials(pairing, canary);
      store.secrets.saveKey(pairing, "session", "x", canary);
      store.inbound.record(pairing, Buffer.alloc(32), canary, 1);
    });
    for (const file of [places.storePath, `${places.storePath}-wal`]) assert.equal(readFileSync(file).includes(canary), false, file);
    store.close();
    assert.equal(readFileSync(join(places.storePath)).includes(canary), false);
  });

  it("cannot be opened after the pairing was shredded, while its events stay", () => {
    const { store, pairing } = openTestStore();
    store.writer.now(() => {
      store.secrets.saveCredentials(pairing, Buffer.from("x"));
      store.events.append({ pairingId: pairing.id, occurredAtMs: 1, data: { type: "session.status", state: "logged_out", sinceMs: 1 } });
    });
    store.writer.now(() => {
      store.sessions.shred(pairing.id);
    });
    assert.equal(store.sessions.pairing(pairing.id), undefined);
    assert.equal(store.secrets.credentials(pairing), undefined);
    assert.equal(store.events.after(0, 10).length, 1);
    store.close();
  });
});

describe("the status of a sent message", () => {
  it("only ever moves forward", () => {
    assert.ok(mayBecome("accepted", "unknown"));
    assert.ok(mayBecome("unknown", "sent"));
    assert.ok(mayBecome("sent", "read"));
    assert.ok(mayBecome("unknown", "delivered"));
    for (const [from, to] of [["read", "delivered"], ["delivered", "sent"], ["sent", "unknown"], ["failed", "sent"], ["failed", "delivered"], ["played", "read"], ["sent", "failed"], ["sent", "accepted"]] as const) {
      assert.equal(mayBecome(from, to), false, `${from} → ${to}`);
    }
  });
});
