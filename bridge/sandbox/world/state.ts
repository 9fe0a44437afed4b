import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../log.js";
import { replace } from "../wire/keys.js";

export type StateKind = "people" | "groups" | "channels";
const KINDS: readonly StateKind[] = ["people", "groups", "channels"];

const DEBOUNCE_MS = 300;
/** Saving may take at most this share of the time, so that a long queue cannot keep the process busy with writing. */
const MAX_SHARE = 0.05;

/**
 * The state directory: one JSON file per person and per group, replaced as a whole, a moment after the last change.
 * What changed within that moment is lost if the process is killed; `flush` loses nothing.
 */
export class StateFiles {
  private readonly dirty = new Map<string, () => unknown>();
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private pauseMs = DEBOUNCE_MS;

  /** Without a directory nothing is kept. */
  constructor(
    private readonly dir: string | undefined,
    private readonly log: Log,
  ) {}

  /** Makes the directories. */
  async open(): Promise<void> {
    if (this.dir === undefined) return;
    for (const kind of KINDS) await mkdir(join(this.dir, kind), { recursive: true, mode: 0o700 });
  }

  /** Everything saved of a kind; files that are no JSON are skipped and logged. */
  async load(kind: StateKind): Promise<unknown[]> {
    if (this.dir === undefined) return [];
    const records: unknown[] = [];
    for (const name of await readdir(join(this.dir, kind))) {
      if (!name.endsWith(".json")) continue;
      try {
        records.push(JSON.parse(await readFile(join(this.dir, kind, name), "utf8")));
      } catch (err) {
        this.log.error({ err, file: `${kind}/${name}` }, "state file cannot be read, ignored");
      }
    }
    return records;
  }

  /** Notes that something has to be saved; `produce` is called when that happens. */
  touch(kind: StateKind, id: string, produce: () => unknown): void {
    if (this.dir === undefined) return;
    this.dirty.set(join(this.dir, kind, `${id}.json`), produce);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.saving = this.saving.then(() => this.save());
    }, this.pauseMs);
  }

  /** Deletes what was saved of something. */
  forget(kind: StateKind, id: string): void {
    if (this.dir === undefined) return;
    const file = join(this.dir, kind, `${id}.json`);
    this.dirty.delete(file);
    this.saving = this.saving.then(() => rm(file, { force: true })).catch((err: unknown) => { this.log.error({ err, file }, "state file could not be deleted"); });
  }

  /** Saves what is due, now. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.saving;
    await this.save();
  }

  /** Deletes everything. */
  async clear(): Promise<void> {
    this.dirty.clear();
    await this.saving;
    if (this.dir === undefined) return;
    for (const kind of KINDS) await rm(join(this.dir, kind), { recursive: true, force: true });
    await this.open();
  }

  private async save(): Promise<void> {
    const began = Date.now();
    for (const [file, produce] of [...this.dirty]) {
      this.dirty.delete(file);
      try {
        await replace(file, JSON.stringify(produce()));
      } catch (err) {
        this.log.error({ err, file }, "state could not be saved");
      }
    }
    this.pauseMs = Math.max(DEBOUNCE_MS, (Date.now() - began) / MAX_SHARE);
  }
}
