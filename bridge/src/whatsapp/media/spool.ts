/**
 * Files of outgoing messages, as control puts them into DATA_DIR/spool. Opened by name only, and only when the file is
 * a plain one of this user with the size and digest that were announced. Deleted when no message needs it any more.
 */
import { createHash } from "node:crypto";
import { constants, mkdirSync } from "node:fs";
import { lstat, open, opendir, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../../log.js";
import type { SpoolFile } from "../../rpc/contract.gen.js";
import type { Store } from "../../store/store.js";
import { SmallCache } from "../small-cache.js";
import { NotPossible } from "./not-possible.js";

/** As the contract says. Nothing with a dot or a slash can be one. */
const NAME = /^[A-Za-z0-9_-]{22,64}$/;

/** Without O_NONBLOCK opening a pipe somebody put there would wait for ever. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const CHUNK_BYTES = 64 * 1024;

/** A file nobody needs is left alone for so long: the message it belongs to may be on its way. */
const LEFTOVER_MS = 60 * 60_000;

const VERIFIED_LIMIT = 1000;

/** Files of one tenant that are counted. Its queue holds fewer messages. */
const LOOKED_AT = 10_000;

function unusable(reason: string, cause?: unknown): NotPossible {
  return new NotPossible("media_unusable", reason, { cause });
}

/** The bytes of an open file from its beginning, in pieces. A piece is good until the next one is asked for. */
export async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(piece, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

export class Spool {
  readonly #directory: string;
  readonly #store: Store;
  readonly #log: Logger;
  // Which version of a file had which digest: a batch reads its file once.
  readonly #verified = new SmallCache(VERIFIED_LIMIT, LEFTOVER_MS);

  constructor(directory: string, store: Store, log: Logger) {
    this.#directory = directory;
    this.#store = store;
    this.#log = log;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /**
   * Opens a file. Whoever opened it closes it.
   * @throws NotPossible media_unusable when it is not there or not a plain file of the announced size.
   */
  async open(file: SpoolFile): Promise<FileHandle> {
    if (!NAME.test(file.name)) throw unusable("name");
    let handle: FileHandle;
    try {
      handle = await open(join(this.#directory, file.name), OPEN_FLAGS);
    } catch (error) {
      throw unusable("not_there", error);
    }
    try {
      const { size, uid } = await this.#plain(handle);
      if (size !== file.sizeBytes) throw unusable("size");
      if (process.getuid !== undefined && uid !== process.getuid()) throw unusable("owner");
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Reads a file from end to end. @throws NotPossible media_unusable when it is not what was announced. */
  async verify(file: SpoolFile): Promise<void> {
    const handle = await this.open(file);
    try {
      const { ino, mtimeMs, ctimeMs } = await handle.stat();
      const version = `${file.name} ${ino} ${mtimeMs} ${ctimeMs}`;
      let digest = this.#verified.get<string>(version);
      if (digest === undefined) {
        const hash = createHash("sha256");
        for await (const piece of piecesOf(handle)) hash.update(piece);
        digest = hash.digest("hex");
        this.#verified.set(version, digest);
      }
      if (digest !== file.sha256) throw unusable("digest");
    } finally {
      await handle.close();
    }
  }

  /** Records that a message needs a file. On disk when this resolves. @throws BridgeError store_unavailable */
  async claim(file: SpoolFile, tenantId: string, messageId: string): Promise<void> {
    await this.#store.writer.soon(() => {
      this.#store.spoolUses.claim({ name: file.name, tenantId, messageId }, Date.now());
    });
  }

  /**
   * A message needs its file no longer. Should this fail, the next sweep does it.
   * Asked for while the message still waits to be built, as by a request that found its id taken, it is not done.
   */
  release(file: SpoolFile, tenantId: string, messageId: string): void {
    const { writer, spoolUses, outbox } = this.#store;
    writer
      .soon(() => {
        const row = outbox.get(tenantId, messageId);
        const content = row?.status === "accepted" && row.built === undefined ? row.request.content : undefined;
        const isAwaited = content !== undefined && "file" in content && content.file.name === file.name;
        return !isAwaited && spoolUses.release(tenantId, messageId, file.name);
      })
      .then((isFree) => (isFree ? this.#remove(file.name) : undefined))
      .catch((error: unknown) => {
        this.#log.warn({ tenantId, messageId, err: error }, "the file of a message could not be let go of");
      });
  }

  /** What the files take that a tenant's messages need. */
  async takenBy(tenantId: string): Promise<{ files: number; bytes: number }> {
    let [files, bytes] = [0, 0];
    for (const name of this.#store.spoolUses.ofTenant(tenantId, LOOKED_AT)) {
      const stat = await lstat(join(this.#directory, name)).catch(() => undefined);
      if (stat?.isFile() !== true) continue;
      files += 1;
      bytes += stat.size;
    }
    return { files, bytes };
  }

  /** Deletes files of a tenant that is gone, but for those that others need. */
  async abandon(names: readonly string[]): Promise<void> {
    for (const name of names) if (NAME.test(name) && !this.#store.spoolUses.isUsed(name)) await this.#remove(name);
  }

  /** Deletes a file that belongs to no message. */
  discard(file: SpoolFile): Promise<void> {
    return this.#remove(file.name);
  }

  /**
   * Deletes what nobody needs: files whose message was never accepted or was forgotten.
   * @param isOpen true for a message that was not built yet.
   */
  async sweep(nowMs: number, isOpen: (tenantId: string, messageId: string) => boolean): Promise<void> {
    const beforeMs = nowMs - LEFTOVER_MS;
    const { writer, spoolUses } = this.#store;
    for (const { tenantId, messageId, name } of spoolUses.claimedBefore(beforeMs)) {
      if (!isOpen(tenantId, messageId)) await writer.soon(() => spoolUses.release(tenantId, messageId, name));
    }
    for await (const entry of await opendir(this.#directory)) {
      if (!NAME.test(entry.name) || spoolUses.isUsed(entry.name)) continue;
      const { mtimeMs } = await lstat(join(this.#directory, entry.name));
      if (mtimeMs < beforeMs) await this.#remove(entry.name);
    }
  }

  async #plain(handle: FileHandle): Promise<{ size: number; uid: number }> {
    const stat = await handle.stat();
    if (!stat.isFile()) throw unusable("not_a_file");
    return stat;
  }

  async #remove(name: string): Promise<void> {
    try {
      await unlink(join(this.#directory, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#log.warn({ err: error }, "a file of the spool could not be deleted");
    }
  }
}
