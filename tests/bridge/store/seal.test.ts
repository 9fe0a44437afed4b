import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { describe, it } from "node:test";
import { SealBroken, Vaults } from "../../../bridge/src/store/seal.js";
import { openTestStore } from "../support/test-store.js";

describe("a sealed value", () => {
  const vaults = new Vaults(Buffer.alloc(32, 1));
  const { vault, wrappedKey } = vaults.create("tenant", "tenant_1795442596938");
  const sealed = vault.seal("session", "1.0", Buffer.from("ratchet"));

  it("opens at its place, also with the session's key read back", () => {
    assert.equal(vault.open("session", "1.0", sealed).toString(), "ratchet");
    assert.equal(vaults.open("tenant", "tenant_1795442596938", wrappedKey).open("session", "1.0", sealed).toString(), "ratchet");
  });

  it("never has the nonce of another one, also past the random bytes fetched together", () => {
    const nonces = Array.from({ length: 1000 }, () => vault.seal("session", "1.0", Buffer.from("ratchet")).subarray(1, 13).toString("hex"));
    assert.equal(new Set(nonces).size, 1000);
  });

  it("does not open at another place", () => {
    assert.throws(() => vault.open("session", "2.0", sealed), SealBroken);
    assert.throws(() => vault.open("pre-key", "1.0", sealed), SealBroken);
    assert.throws(() => vaults.create("tenant", "tenant_1795442596939").vault.open("session", "1.0", sealed), SealBroken);
    assert.throws(() => vaults.open("other", "tenant_1795442596938", wrappedKey), SealBroken);
  });

  it("does not open when a bit of it changed, wherever", () => {
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      assert.throws(() => vault.open("session", "1.0", changed), SealBroken);
    }
  });

  it("does not open with a short tag, which Node would take by default", () => {
    const key = Buffer.alloc(32, 1);
    const nonce = Buffer.alloc(12, 2);
    const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: 4 });
    const body = Buffer.concat([cipher.update("x"), cipher.final()]);
    const forged = Buffer.concat([Buffer.from([1]), nonce, body, cipher.getAuthTag()]);
    assert.throws(() => vaults.open("tenant", "s", forged), SealBroken);
    assert.throws(() => vault.open("session", "1.0", sealed.subarray(0, -12)), SealBroken);
  });

  it("is never the same twice", () => {
    assert.notDeepEqual(vault.seal("session", "1.0", Buffer.from("ratchet")), sealed);
  });
});

describe("a sealed row", () => {
  it("does not open when it was moved to another tenant", () => {
    const { store, pairing } = openTestStore();
    const other = store.writer.now(() => store.sessions.newPairing("other", Date.now()));
    const moved = pairing.vault.seal("session", "1.0", Buffer.from("ratchet"));
    assert.throws(() => other.vault.open("session", "1.0", moved), SealBroken);
    store.close();
  });
});
