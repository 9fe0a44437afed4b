/**
 * `--take-over`, used by scripts/takeover and scripts/restore --takeover: says in the store of a restored copy that its
 * original is gone for good, so that its sessions may run. Only the bridge opens the store, so only it can say so.
 */
import { existsSync } from "node:fs";
import type { Config } from "./config.js";
import { EXIT, StartupError } from "./errors.js";
import { openStore } from "./store/store.js";

/**
 * Takes a restored copy over.
 * @returns false for an installation that is no copy, or was taken over before.
 * @throws StartupError when there is no store, a bridge runs on it, or it cannot be used.
 */
export function takeOver(config: Config, nowMs: number): boolean {
  if (!existsSync(config.storePath)) throw new StartupError("There is no installation here: nothing was restored yet.", EXIT.storeUnusable);
  const store = openStore(config);
  try {
    if (store.ownership.state() !== "restored") return false;
    store.writer.now(() => {
      store.ownership.takeOver(nowMs);
    });
    return true;
  } finally {
    store.close();
  }
}
