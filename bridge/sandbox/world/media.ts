import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** The largest single file; an upload beyond it is refused. */
export const MAX_FILE_BYTES = 256 << 20;
/** All files together; the oldest go when more arrive. Memory is scarcer than disk. */
const MAX_MEMORY_BYTES = 512 << 20;
const MAX_DISK_BYTES = 4096 * (1 << 20);
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

interface Entry {
  size: number;
  /** Absent when the file is on disk. */
  data?: Buffer;
}

/** Uploaded files by name, in a directory or in memory. Their paths are `/v/<name>`. */
export class MediaStore {
  private readonly entries = new Map<string, Entry>();
  private total = 0;

  constructor(private readonly dir?: string) {}

  /** Makes the directory and takes stock of it. */
  async open(): Promise<void> {
    if (!this.dir) return;
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.dir)) {
      if (name.endsWith(".part")) await rm(join(this.dir, name), { force: true });
      else this.note(name, { size: (await stat(join(this.dir, name))).size });
    }
  }

  /** Stores bytes under the hash of their contents. @returns the path */
  async put(data: Buffer): Promise<string> {
    const name = createHash("sha256").update(data).digest("base64url");
    if (this.dir) {
      const part = join(this.dir, `${name}.part`);
      await writeFile(part, data, { mode: 0o600 });
      await rename(part, join(this.dir, name));
      this.note(name, { size: data.length });
    } else this.note(name, { size: data.length, data });
    await this.evict();
    return `/v/${name}`;
  }

  /**
   * Stores an upload. Rejects when it is too large, or its SHA-256 is not the one announced (base64url).
   * @returns the path
   */
  async receive(body: Readable, announced: string): Promise<string> {
    if (!NAME.test(announced)) throw new Error("the file name is no hash");
    const hash = createHash("sha256");
    let size = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done): void {
        size += chunk.length;
        hash.update(chunk);
        if (size > MAX_FILE_BYTES) done(new Error("the file is too large"));
        else done(null, chunk);
      },
    });
    if (this.dir) {
      const part = join(this.dir, `${announced}.part`);
      try {
        await pipeline(body, meter, createWriteStream(part, { mode: 0o600 }));
        if (hash.digest("base64url") !== announced) throw new Error("the file is not the one announced");
        await rename(part, join(this.dir, announced));
      } catch (err) {
        await rm(part, { force: true });
        throw err;
      }
      this.note(announced, { size });
    } else {
      const chunks: Buffer[] = [];
      await pipeline(body, meter, async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) chunks.push(chunk);
      });
      if (hash.digest("base64url") !== announced) throw new Error("the file is not the one announced");
      this.note(announced, { size, data: Buffer.concat(chunks) });
    }
    await this.evict();
    return `/v/${announced}`;
  }

  /** The same file once more, under a new path, as after a second upload; undefined when it is not there. */
  async again(path: string): Promise<string | undefined> {
    const data = await this.read(path);
    if (!data) return undefined;
    const name = `${nameOf(path).slice(0, 64)}-${randomBytes(6).toString("hex")}`;
    if (this.dir) {
      await writeFile(join(this.dir, name), data, { mode: 0o600 });
      this.note(name, { size: data.length });
    } else this.note(name, { size: data.length, data });
    await this.evict();
    return `/v/${name}`;
  }

  /** Size in bytes of the file at a path; undefined when there is none. */
  size(path: string): number | undefined {
    return this.entries.get(nameOf(path))?.size;
  }

  /** A stream over bytes `start` to `end`, both included. */
  stream(path: string, start: number, end: number): Readable | ReadStream | undefined {
    const name = nameOf(path);
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    if (entry.data) return Readable.from([entry.data.subarray(start, end + 1)], { objectMode: false });
    return this.dir ? createReadStream(join(this.dir, name), { start, end }) : undefined;
  }

  async read(path: string): Promise<Buffer | undefined> {
    const name = nameOf(path);
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    if (entry.data) return entry.data;
    return this.dir ? readFile(join(this.dir, name)) : undefined;
  }

  async clear(): Promise<void> {
    for (const name of [...this.entries.keys()]) await this.remove(name);
  }

  private note(name: string, entry: Entry): void {
    this.total += entry.size - (this.entries.get(name)?.size ?? 0);
    this.entries.delete(name);
    this.entries.set(name, entry);
  }

  private async evict(): Promise<void> {
    const limit = this.dir ? MAX_DISK_BYTES : MAX_MEMORY_BYTES;
    while (this.total > limit && this.entries.size > 1) {
      const oldest = this.entries.keys().next();
      if (oldest.done) return;
      await this.remove(oldest.value);
    }
  }

  private async remove(name: string): Promise<void> {
    this.total -= this.entries.get(name)?.size ?? 0;
    this.entries.delete(name);
    if (this.dir) await rm(join(this.dir, name), { force: true });
  }
}

function nameOf(path: string): string {
  const name = path.split("?", 1)[0]?.split("/").at(-1) ?? "";
  return NAME.test(name) ? name : "";
}
