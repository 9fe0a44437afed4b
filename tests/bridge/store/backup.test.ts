import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type Store } from "../../../bridge/src/store/store.js";
import { makeDirectory } from "../support/places.js";
import { openTestStore, placesIn, sampleEvent } from "../support/test-store.js";

const NOBODY = new AbortController().signal;

/** A directory with a store made of a backup and the master key it was sealed with. */
function restore(from: string, fileName: string): string {
  const directory = makeDirectory();
  const { storePath, masterKeyPath } = placesIn(directory);
  mkdirSync(join(directory, "bridge"), { recursive: true });
  mkdirSync(join(directory, "secrets"), { recursive: true });
  copyFileSync(join(from, "backup", fileName), storePath);
  copyFileSync(placesIn(from).masterKeyPath, masterKeyPath);
  return directory;
}

function saveSession(store: Store, pairing: { id: number }): void {
  store.sessions.save({ tenantId: "t", pairingId: pairing.id, shouldRun: true, state: "connected", reason: undefined, sinceMs: 1, phoneNumber: "+5511910000001", lid: "99@lid", name: undefined, lastActivityMs: 1, whatsappCode: undefined, restrictedUntilMs: undefined });
}

describe("a backup of the store", () => {
  it("is one file for nobody else to read, with what it says about itself", async () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    store.writer.now(() => {
      saveSession(store, pairing);
      store.events.append(sampleEvent(pairing, "canary"));
    });
    const result = await store.backups.run("nightly.sqlite", NOBODY);
    assert.deepEqual(readdirSync(join(directory, "backup")), ["nightly.sqlite"]);
    const about = statSync(join(directory, "backup", "nightly.sqlite"));
    assert.deepEqual(result, { fileName: "nightly.sqlite", sizeBytes: about.size, sessions: 1, journalId: store.events.journalId, headPosition: 1 });
    assert.equal(about.mode & 0o777, 0o600);
    assert.equal(readFileSync(join(directory, "backup", "nightly.sqlite")).includes("canary"), false);
    store.close();
  });

  it("is of one moment, although the store is written all the while", async () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    store.writer.now(() => {
      saveSession(store, pairing);
      for (let i = 0; i < 2000; i += 1) store.secrets.saveKey(pairing, "pre-key", String(i), Buffer.alloc(200));
    });
    // Each transaction writes an event and a key: a copy that has one without the other is of no moment.
    let writing = true;
    let written = 0;
    const write = (): void => {
      if (!writing) return;
      written += 1;
      store.writer.now(() => {
        store.events.append(sampleEvent(pairing, String(written)));
        store.secrets.saveKey(pairing, "tctoken", String(written), Buffer.alloc(10));
      });
      setImmediate(write);
    };
    write();
    const { headPosition } = await store.backups.run("a", NOBODY);
    writing = false;
    assert.ok(headPosition >= 1 && written > headPosition, `${headPosition} of ${written}`);
    store.close();
    const copy = openStore(placesIn(restore(directory, "a")));
    assert.equal(copy.events.after(0, 100_000).length, headPosition);
    const kept = copy.sessions.pairing(pairing.id);
    assert.ok(kept !== undefined && copy.secrets.key(kept, "tctoken", String(headPosition)) !== undefined);
    assert.equal(copy.secrets.key(kept, "tctoken", String(headPosition + 1)), undefined);
    copy.close();
  });

  it("takes the place of an older one of its name, one after another", async () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    const first = await store.backups.run("same", NOBODY);
    store.writer.now(() => {
      store.events.append(sampleEvent(pairing, "more"));
    });
    const both = await Promise.all([store.backups.run("same", NOBODY), store.backups.run("same", NOBODY)]);
    assert.deepEqual([first, ...both].map((each) => each.headPosition), [0, 1, 1]);
    assert.deepEqual(readdirSync(join(directory, "backup")), ["same"]);
    store.close();
  });

  it("that cannot be written leaves nothing behind and no doubt", async () => {
    const directory = makeDirectory();
    const { store } = openTestStore(directory);
    writeFileSync(join(directory, "backup"), "a file where the directory should be");
    await assert.rejects(store.backups.run("a", NOBODY), { errorName: "store_unavailable" });
    const { store: other } = openTestStore();
    await assert.rejects(other.backups.run("a", AbortSignal.abort()), { errorName: "store_unavailable" });
    await other.backups.run("a", NOBODY);
    for (const name of ["../a", ".a", "a/b", ""]) await assert.rejects(other.backups.run(name, NOBODY), { errorName: "invalid_params" });
    store.close();
    other.close();
  });

  it("becomes an installation of its own when it is opened, whose sessions are held back until they are taken over", async () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    store.writer.now(() => {
      saveSession(store, pairing);
    });
    await store.backups.run("a", NOBODY);
    assert.equal(store.ownership.state(), "original");
    assert.match(store.ownership.installationId, /^[0-9a-f-]{36}$/);
    const places = placesIn(restore(directory, "a"));
    const copy = openStore(places);
    assert.equal(copy.ownership.state(), "restored");
    assert.ok((copy.ownership.restoredAtMs() ?? 0) > 0);
    const { installationId } = copy.ownership;
    assert.notEqual(installationId, store.ownership.installationId);
    copy.close();
    const again = openStore(places);
    assert.deepEqual([again.ownership.state(), again.ownership.installationId], ["restored", installationId]);
    again.writer.now(() => {
      again.ownership.takeOver(Date.now());
    });
    assert.equal(again.ownership.state(), "taken_over");
    // A copy of a copy that was taken over is again a copy.
    const { storePath } = places;
    await again.backups.run("b", NOBODY);
    again.close();
    const second = openStore(placesIn(restore(join(storePath, "../.."), "b")));
    assert.equal(second.ownership.state(), "restored");
    second.close();
    store.close();
  });

  it("drops the ratchets of yesterday when it is opened, and keeps what only moves forward", async () => {
    const directory = makeDirectory();
    const { store, pairing } = openTestStore(directory);
    const keys: [string, string][] = [
      ["session", "1.0"], ["sender-key-memory", "g@g.us"], ["sender-key", "g@g.us::5511910000001::3"], ["sender-key", "g@g.us::99_1::3"],
      ["sender-key", "g@g.us::5511920000001::0"], ["pre-key", "7"], ["identity-key", "1.0"],
    ];
    store.writer.now(() => {
      saveSession(store, pairing);
      for (const [type, id] of keys) store.secrets.saveKey(pairing, type, id, Buffer.from("x"));
    });
    await store.backups.run("a", NOBODY);
    store.close();
    const copy = openStore(placesIn(restore(directory, "a")));
    const kept = copy.sessions.pairing(pairing.id);
    assert.ok(kept !== undefined);
    assert.deepEqual(keys.filter(([type, id]) => copy.secrets.key(kept, type, id) !== undefined), keys.slice(4));
    copy.close();
  });
});
