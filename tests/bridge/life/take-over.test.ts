import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../../bridge/src/config.js";
import { StartupError } from "../../../bridge/src/errors.js";
import { openStore } from "../../../bridge/src/store/store.js";
import { takeOver } from "../../../bridge/src/take-over.js";
import { makeDirectory } from "../support/places.js";

/** A folder for one test, its configuration, and a way to turn its store into a restored copy. */
function installation(): { config: ReturnType<typeof readConfig>; restore: () => Promise<void>; end: () => void } {
  const directory = makeDirectory();
  const config = readConfig({ DATA_DIR: directory });
  return {
    config,
    restore: async () => {
      const store = openStore(config);
      await store.backups.run("copy", new AbortController().signal);
      store.close();
      rmSync(dirname(config.storePath), { recursive: true });
      mkdirSync(dirname(config.storePath), { mode: 0o700 });
      renameSync(join(config.backupDir, "copy"), config.storePath);
    },
    end: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

test("a restored copy is taken over once", async () => {
  const { config, restore, end } = installation();
  await restore();
  assert.equal(takeOver(config, 1_795_000_000_000), true);
  assert.equal(takeOver(config, 1_795_000_000_001), false);
  const store = openStore(config);
  assert.equal(store.ownership.state(), "taken_over");
  store.close();
  end();
});

test("an original needs no takeover", () => {
  const { config, end } = installation();
  openStore(config).close();
  assert.equal(takeOver(config, 1), false);
  end();
});

test("nothing is taken over while a bridge runs on the store", async () => {
  const { config, restore, end } = installation();
  await restore();
  const running = openStore(config);
  assert.throws(() => takeOver(config, 1), /already running/);
  assert.equal(running.ownership.state(), "restored");
  running.close();
  end();
});

test("where there is no store there is nothing to take over, and none is made", () => {
  const { config, end } = installation();
  assert.throws(() => takeOver(config, 1), StartupError);
  assert.throws(() => takeOver(config, 1), /no installation/);
  end();
});
