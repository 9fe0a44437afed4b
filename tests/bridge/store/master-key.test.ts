import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import Sqlite from "better-sqlite3";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import { openStore, type Store, type StorePlaces } from "../../../bridge/src/store/store.js";
import { openTestStore, sampleEvent } from "../support/test-store.js";

/** A closed store with a credential, an event and a proxy in it. */
function filled(): { places: StorePlaces; pairingId: number } {
  const { store, pairing, places } = openTestStore();
  fill(store, pairing);
  store.close();
  return { places, pairingId: pairing.id };
}

function fill(store: Store, pairing: Pairing): void {
  store.writer.now(() => {
    store.secrets.saveCredentials(pairing, Buffer.from("credential"));
    store.events.append(sampleEvent(pairing, "text"));
    store.tenants.setProxy("t", "http://proxy");
  });
}

/** Opens a store, looks whether everything in it can be read, and closes it. */
function assertReadable(places: StorePlaces, pairingId: number): void {
  const store = openStore(places);
  try {
    const pairing = store.sessions.pairing(pairingId);
    assert.equal(pairing === undefined ? undefined : store.secrets.credentials(pairing)?.toString(), "credential");
    assert.equal(store.events.after(0, 5).length, 1);
    assert.equal(store.tenants.proxy("t"), "http://proxy");
  } finally {
    store.close();
  }
}

const newKey = (): string => randomBytes(32).toString("base64");

describe("the master key", () => {
  it("is made on the first start, for nobody else to read", () => {
    const { places } = filled();
    assert.equal(statSync(places.masterKeyPath).mode & 0o777, 0o600);
    chmodSync(places.masterKeyPath, 0o640);
    assert.throws(() => openStore(places), { exitCode: 78, message: /chmod 600/ });
  });

  it("is rotated while everything runs, and the old one opens nothing any more", () => {
    const { store, pairing, places } = openTestStore();
    fill(store, pairing);
    const old = readFileSync(places.masterKeyPath, "utf8");
    assert.deepEqual(store.rotateMasterKey(), { sessions: 1 });
    assert.notEqual(readFileSync(places.masterKeyPath, "utf8"), old);
    assert.equal(statSync(places.masterKeyPath).mode & 0o777, 0o600);
    assert.equal(existsSync(`${places.masterKeyPath}.next`), false);
    assert.equal(store.secrets.credentials(pairing)?.toString(), "credential");
    assert.equal(store.tenants.proxy("t"), "http://proxy");
    const later = store.writer.now(() => store.sessions.newPairing("later", Date.now()));
    store.close();
    assertReadable(places, pairing.id);
    const again = openStore(places);
    assert.notEqual(again.sessions.pairing(later.id), undefined);
    again.close();
    writeFileSync(places.masterKeyPath, old);
    assert.throws(() => openStore(places), { exitCode: 78, message: /another master key/ });
  });

  it("survives a rotation killed before the keys were wrapped anew", () => {
    const { places, pairingId } = filled();
    writeFileSync(`${places.masterKeyPath}.next`, `${newKey()}\n`, { mode: 0o600 });
    assertReadable(places, pairingId);
    assert.equal(existsSync(`${places.masterKeyPath}.next`), false);
  });

  it("survives a rotation killed while the new key was written", () => {
    const { places, pairingId } = filled();
    writeFileSync(`${places.masterKeyPath}.next`, "AAAA", { mode: 0o600 });
    assertReadable(places, pairingId);
    const store = openStore(places);
    store.rotateMasterKey();
    store.close();
    assertReadable(places, pairingId);
  });

  it("survives a rotation killed after the keys were wrapped anew and before the file followed", () => {
    const { places, pairingId } = filled();
    const old = `${places.masterKeyPath}.old`;
    copyFileSync(places.masterKeyPath, old);
    const store = openStore(places);
    store.rotateMasterKey();
    store.close();
    // As if the rename had not happened.
    renameSync(places.masterKeyPath, `${places.masterKeyPath}.next`);
    renameSync(old, places.masterKeyPath);
    assertReadable(places, pairingId);
    assert.equal(existsSync(`${places.masterKeyPath}.next`), false);
    assertReadable(places, pairingId);
  });

  it("is not lost when the file could not follow and another rotation comes", () => {
    const { store, pairing, places } = openTestStore();
    fill(store, pairing);
    store.rotateMasterKey();
    // As if that rotation's rename had failed.
    renameSync(places.masterKeyPath, `${places.masterKeyPath}.next`);
    writeFileSync(places.masterKeyPath, `${newKey()}\n`, { mode: 0o600 });
    store.rotateMasterKey();
    store.close();
    assertReadable(places, pairing.id);
  });

  it("stays the old one when the disk fails while the keys are wrapped anew", () => {
    const { store, pairing, places } = openTestStore();
    fill(store, pairing);
    const holder = new Sqlite(places.storePath);
    holder.exec("BEGIN IMMEDIATE");
    assert.throws(() => store.rotateMasterKey(), { errorName: "store_unavailable" });
    holder.close();
    const later = store.writer.now(() => store.sessions.newPairing("later", Date.now()));
    store.close();
    assertReadable(places, pairing.id);
    const again = openStore(places);
    assert.notEqual(again.sessions.pairing(later.id), undefined);
    again.close();
  });

  it("in the environment is not rotated by a call, but by MASTER_KEY and MASTER_KEY_PREVIOUS at a start", () => {
    const [first, second] = [newKey(), newKey()];
    const { places: fromFile, pairingId } = filled();
    const places = { ...fromFile, masterKey: first, masterKeyPrevious: readFileSync(fromFile.masterKeyPath, "utf8") };
    assertReadable(places, pairingId);
    const store = openStore({ ...places, masterKeyPrevious: undefined });
    assert.throws(() => store.rotateMasterKey(), { errorName: "master_key_in_environment" });
    store.close();
    assert.throws(() => openStore({ ...places, masterKey: second, masterKeyPrevious: undefined }), { exitCode: 78, message: /MASTER_KEY_PREVIOUS/ });
    assert.throws(() => openStore({ ...places, masterKey: second, masterKeyPrevious: newKey() }), { exitCode: 78 });
    assertReadable({ ...places, masterKey: second, masterKeyPrevious: first }, pairingId);
    assertReadable({ ...places, masterKey: second, masterKeyPrevious: undefined }, pairingId);
  });

  it("moves from the environment back into a file that is made for it", () => {
    const { places, pairingId } = filled();
    const key = readFileSync(places.masterKeyPath, "utf8");
    rmSync(places.masterKeyPath);
    assert.throws(() => openStore(places), { exitCode: 78, message: /is missing/ });
    assertReadable({ ...places, masterKeyPrevious: key }, pairingId);
    assertReadable(places, pairingId);
  });

  for (const wrong of ["", "short", "a".repeat(44), newKey().slice(4)]) {
    it(`that is ${JSON.stringify(wrong.slice(0, 6))}… is refused with how to make one`, () => {
      const { places } = filled();
      assert.throws(() => openStore({ ...places, masterKey: wrong }), { exitCode: 78, message: /openssl rand -base64 32|another master key/ });
    });
  }
});
