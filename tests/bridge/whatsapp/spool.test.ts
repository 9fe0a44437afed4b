import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { SpoolFile } from "../../../bridge/src/rpc/contract.gen.js";
import type { Store } from "../../../bridge/src/store/store.js";
import { Spool } from "../../../bridge/src/whatsapp/media/spool.js";
import { SILENT } from "../support/in-process.js";
import { makeDirectory } from "../support/places.js";
import { announce, putFile } from "../support/spool-files.js";
import { openTestStore } from "../support/test-store.js";
import { waitFor } from "../support/wait.js";

const BYTES = randomBytes(100_000);
const HOUR = 3_600_000;

function open(): { spool: Spool; store: Store; directory: string; path: (file: SpoolFile) => string; put: () => SpoolFile } {
  const { store } = openTestStore();
  const data = makeDirectory();
  const spool = new Spool(join(data, "spool"), store, SILENT);
  return { spool, store, directory: join(data, "spool"), path: (file) => join(data, "spool", file.name), put: () => putFile(data, BYTES, "image/png") };
}

const unusable = (reason: string): object => ({ code: "media_unusable", reason });

describe("the spool", () => {
  it("is made for its owner only", () => {
    assert.equal(statSync(open().directory).mode & 0o777, 0o700);
  });

  it("gives out a file that is what was announced", async () => {
    const { spool, put } = open();
    const file = put();
    await spool.verify(file);
    const handle = await spool.open(file);
    assert.ok(BYTES.equals(await handle.readFile()));
    await handle.close();
  });

  for (const name of ["../../etc/passwd", "/etc/passwd", "..", ".", "", "a", "a".repeat(65), `${"a".repeat(30)}/b`, `${"a".repeat(30)}\0`, `${"a".repeat(30)}.part`, "https://example.com/aaaaaaaaaaaa", `${"a".repeat(30)}\n`]) {
    it(`takes no other name for a file: ${JSON.stringify(name.slice(0, 40))}`, async () => {
      const { spool } = open();
      await assert.rejects(spool.open({ ...announce(BYTES, "image/png"), name }), unusable("name"));
    });
  }

  it("follows no link, waits for no pipe and reads no directory", async () => {
    const { spool, put, path } = open();
    const real = put();
    const link = announce(BYTES, "image/png");
    symlinkSync(path(real), path(link));
    await assert.rejects(spool.open(link), unusable("not_there"));
    const pipe = announce(BYTES, "image/png");
    execFileSync("mkfifo", [path(pipe)]);
    await assert.rejects(spool.open(pipe), unusable("not_a_file"));
    const folder = announce(BYTES, "image/png");
    mkdirSync(path(folder));
    await assert.rejects(spool.open(folder), unusable("not_a_file"));
  });

  it("refuses a file of another size, with other bytes, or that is gone", async () => {
    const { spool, put, path } = open();
    const file = put();
    await assert.rejects(spool.verify({ ...file, sha256: "00".repeat(32) }), unusable("digest"));
    await assert.rejects(spool.verify({ ...file, sizeBytes: file.sizeBytes + 1 }), unusable("size"));
    await spool.verify(file);
    const other = Buffer.from(BYTES);
    other[5] = (other[5] ?? 0) ^ 1;
    unlinkSync(path(file));
    writeFileSync(path(file), other);
    await assert.rejects(spool.verify(file), unusable("digest"), "what was verified before is looked at again when it has changed");
    truncateSync(path(file), 10);
    await assert.rejects(spool.verify(file), unusable("size"));
    unlinkSync(path(file));
    await assert.rejects(spool.verify(file), unusable("not_there"));
  });

  it("keeps a file until the last message that needs it lets go", async () => {
    const { spool, store, put, path } = open();
    const file = put();
    for (const id of ["A", "B"]) await spool.claim(file, "t", id);
    spool.release(file, "t", "A");
    spool.release(file, "t", "A");
    spool.release(file, "other", "B");
    await store.writer.soon(() => undefined);
    assert.ok(existsSync(path(file)));
    spool.release(file, "t", "B");
    await waitFor("the file to go", () => !existsSync(path(file)));
  });

  it("sweeps what no message waits for any more, and leaves what is young, needed or not its own", async () => {
    const { spool, put, path, directory } = open();
    const [young, old, needed, forgotten] = [put(), put(), put(), put()];
    await spool.claim(needed, "t", "open");
    await spool.claim(forgotten, "t", "over");
    const part = join(directory, `${"p".repeat(30)}.part`);
    writeFileSync(part, "x");
    const past = (Date.now() - 2 * HOUR) / 1000;
    for (const file of [old, needed, forgotten]) utimesSync(path(file), past, past);
    utimesSync(part, past, past);
    await spool.sweep(Date.now(), () => true);
    assert.deepEqual([young, old, needed, forgotten].map((file) => existsSync(path(file))), [true, false, true, true]);
    await spool.sweep(Date.now() + HOUR / 2 + 1000, (_tenantId, messageId) => messageId === "open");
    assert.deepEqual([needed, forgotten].map((file) => existsSync(path(file))), [true, true], "a claim is young as well");
    await spool.sweep(Date.now() + HOUR + 1000, (_tenantId, messageId) => messageId === "open");
    assert.deepEqual(readdirSync(directory).sort(), [needed.name, `${"p".repeat(30)}.part`].sort());
  });

  it("counts what a tenant's messages need, each file once", async () => {
    const { spool, path, put } = open();
    const [shared, own] = [put(), put()];
    await spool.claim(shared, "acme", "1");
    await spool.claim(shared, "acme", "2");
    await spool.claim(shared, "other", "1");
    await spool.claim(own, "acme", "3");
    assert.deepEqual(await spool.takenBy("acme"), { files: 2, bytes: 2 * BYTES.length });
    assert.deepEqual(await spool.takenBy("other"), { files: 1, bytes: BYTES.length });
    assert.deepEqual(await spool.takenBy("nobody"), { files: 0, bytes: 0 });
    unlinkSync(path(own));
    assert.deepEqual(await spool.takenBy("acme"), { files: 1, bytes: BYTES.length });
  });

  it("deletes the files of a tenant that is gone at once, and none that others need", async () => {
    const { spool, store, path, put } = open();
    const [shared, own] = [put(), put()];
    await spool.claim(shared, "acme", "1");
    await spool.claim(shared, "other", "1");
    await spool.claim(own, "acme", "3");
    const names = store.spoolUses.ofTenant("acme", 10);
    assert.deepEqual(names, [own.name, shared.name].sort());
    store.writer.now(() => {
      store.eraser.shred("acme");
    });
    await spool.abandon([...names, "../../etc/passwd"]);
    assert.deepEqual([existsSync(path(own)), existsSync(path(shared))], [false, true]);
  });
});
