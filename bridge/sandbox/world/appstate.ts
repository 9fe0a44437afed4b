/** Patches kept per collection; beyond it the oldest go, and a companion linked later lacks them. */
const MAX_PATCHES = 2_000;
/** Collections a client may create; more are refused. */
const MAX_COLLECTIONS = 20;

export type AppStateRecord = Record<string, { version: number; patches: { version: number; patch: string }[] }>;

interface Collection {
  version: number;
  patches: { version: number; patch: Buffer }[];
}

/** An account's app-state collections: encrypted patches in version order, which the server cannot read. */
export class AppState {
  private readonly collections = new Map<string, Collection>();

  constructor(saved: AppStateRecord = {}) {
    for (const [name, { version, patches }] of Object.entries(saved)) {
      const restored = patches.map((each) => ({ version: each.version, patch: Buffer.from(each.patch, "base64") }));
      this.collections.set(name, { version, patches: restored });
    }
  }

  version(name: string): number {
    return this.collections.get(name)?.version ?? 0;
  }

  /** Patches newer than a version, oldest first. */
  since(name: string, version: number, limit: number): { patches: Buffer[]; more: boolean } {
    const newer = (this.collections.get(name)?.patches ?? []).filter((each) => each.version > version);
    return { patches: newer.slice(0, limit).map((each) => each.patch), more: newer.length > limit };
  }

  /** Every patch kept, collection by collection in the order of its versions. */
  all(): { collection: string; version: number; patch: Buffer }[] {
    return [...this.collections].flatMap(([collection, { patches }]) => patches.map((each) => ({ collection, ...each })));
  }

  /** Adds a patch as the next version and returns that; false when there are too many collections. */
  append(name: string, patch: (version: number) => Buffer): number | false {
    let collection = this.collections.get(name);
    if (!collection) {
      if (this.collections.size >= MAX_COLLECTIONS) return false;
      collection = { version: 0, patches: [] };
      this.collections.set(name, collection);
    }
    collection.version += 1;
    collection.patches.push({ version: collection.version, patch: patch(collection.version) });
    if (collection.patches.length > MAX_PATCHES) collection.patches.shift();
    return collection.version;
  }

  toJSON(): AppStateRecord {
    const record: AppStateRecord = {};
    for (const [name, { version, patches }] of this.collections) {
      record[name] = { version, patches: patches.map((each) => ({ version: each.version, patch: each.patch.toString("base64") })) };
    }
    return record;
  }
}
