/**
 * Files that came with messages, downloaded into DATA_DIR/media when somebody asks for them or a tenant wants them at once.
 * Each is there for a set time, all together take a set room, and the oldest go first.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { lstat, open, opendir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BridgeError } from "../../errors.js";
import type { Logger } from "../../log.js";
import type { MediaFile } from "../../rpc/contract.gen.js";
import type { KeptMessage } from "../../store/messages.js";
import type { StoredFile } from "../../store/media.js";
import type { Store } from "../../store/store.js";
import { proto } from "../baileys.js";
import { fileIn, safeFileName, type FilePart } from "../describing/media.js";
import { whole } from "../describing/values.js";
import { unwrap } from "../describing/wrappers.js";
import type { Link } from "../link.js";
import { download } from "./download.js";
import { fileType } from "./file-type.js";
import type { MediaHosts } from "./media-hosts.js";
import type { MediaFamily } from "./sealing.js";
import { Slots } from "./slots.js";
import { unlessAborted } from "./unless-aborted.js";

export interface MediaLimits {
  /** Of one file. */
  maxBytes: number;
  /** Of all on disk. */
  storeBytes: number;
  retentionMs: number;
}

export interface MediaFilesDeps {
  directory: string;
  store: Store;
  log: Logger;
  hosts: MediaHosts;
  limits: MediaLimits;
  /** The tenant's connection. @throws BridgeError session_not_found, session_not_connected */
  link: (tenantId: string) => Link;
}

const PARALLEL = 12;
const PARALLEL_PER_TENANT = 3;
/** Of one tenant, under way and in line; beyond it callers are told to come again. */
const WAITING_PER_TENANT = 200;

const PART = ".part";
const BATCH = 200;

interface Known {
  message: KeptMessage;
  family: MediaFamily;
  part: FilePart;
}

export class MediaFiles {
  readonly #deps: MediaFilesDeps;
  readonly #slots = new Slots(PARALLEL);
  readonly #ofTenant = new Map<string, { slots: Slots; count: number }>();
  readonly #underWay = new Map<string, Promise<MediaFile>>();
  /** Files that are being written or recorded. */
  readonly #making = new Set<string>();

  constructor(deps: MediaFilesDeps) {
    this.#deps = deps;
    mkdirSync(deps.directory, { recursive: true, mode: 0o700 });
  }

  /**
   * The file of a message on disk, brought there if need be; once for all who ask at the same time.
   * @throws BridgeError session_not_found, session_not_connected, media_not_found, media_expired, media_over_limit,
   *   media_unavailable, store_unavailable
   */
  async fetch(tenantId: string, mediaId: string, signal: AbortSignal): Promise<MediaFile> {
    const present = await this.#present(tenantId, mediaId);
    if (present !== undefined) return present;
    const key = `${tenantId} ${mediaId}`;
    let work = this.#underWay.get(key);
    if (work === undefined) {
      const known = this.#known(tenantId, mediaId);
      const link = this.#deps.link(tenantId);
      work = this.#inTurn(tenantId, () => this.#bring(link, tenantId, mediaId, known)).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, work);
    }
    // Who asked first may stop waiting; then nobody may hear of a failure.
    work.catch(() => undefined);
    return unlessAborted(work, signal);
  }

  /** Deletes what is too old, too much, or nobody's. */
  async sweep(nowMs: number): Promise<void> {
    const { store, limits, directory } = this.#deps;
    for (;;) {
      const old = store.media.oldest(BATCH).filter(({ fetchedMs }) => fetchedMs + limits.retentionMs <= nowMs);
      for (const { file } of old) await this.#drop(file);
      if (old.length < BATCH) break;
    }
    await this.#makeRoom(undefined);
    for await (const { name } of await opendir(directory)) {
      const file = name.endsWith(PART) ? name.slice(0, -PART.length) : name;
      if (!this.#making.has(file) && (name.endsWith(PART) || !store.media.isUsed(file))) await rm(join(directory, name), { force: true });
    }
  }

  /** The file when it is on disk and not too old. */
  async #present(tenantId: string, mediaId: string): Promise<MediaFile | undefined> {
    const stored = this.#deps.store.media.file(tenantId, mediaId);
    if (stored === undefined || stored.fetchedMs + this.#deps.limits.retentionMs <= Date.now()) return undefined;
    const stat = await lstat(join(this.#deps.directory, stored.file)).catch(() => undefined);
    return stat?.isFile() === true && stat.size === stored.bytes ? this.#view(mediaId, stored) : undefined;
  }

  /** @throws BridgeError session_not_found, media_not_found, media_over_limit */
  #known(tenantId: string, mediaId: string): Known {
    const { store, limits } = this.#deps;
    const owner = store.media.owner(tenantId, mediaId);
    if (owner === undefined && store.sessions.get(tenantId) === undefined) throw new BridgeError("session_not_found");
    if (store.settings.get(tenantId).media === "none") throw new BridgeError("media_not_found", { reason: "media_is_off" });
    const message = owner === undefined ? undefined : store.messages.one(tenantId, owner.messageId, owner.identity);
    if (message === undefined || message.encoded.length === 0) throw new BridgeError("media_not_found");
    const found = fileIn(unwrap(proto.Message.decode(message.encoded))?.inner ?? {});
    if (found === undefined) throw new BridgeError("media_not_found");
    if ((whole(found.part.fileLength) ?? 0) > limits.maxBytes) throw new BridgeError("media_over_limit");
    return { message, family: found.family, part: found.part };
  }

  async #inTurn<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const mine = this.#ofTenant.get(tenantId) ?? { slots: new Slots(PARALLEL_PER_TENANT), count: 0 };
    if (mine.count >= WAITING_PER_TENANT) throw new BridgeError("media_unavailable", { reason: "too_many_downloads" });
    this.#ofTenant.set(tenantId, mine);
    mine.count += 1;
    try {
      return await mine.slots.run(() => this.#slots.run(work));
    } finally {
      mine.count -= 1;
      if (mine.count === 0) this.#ofTenant.delete(tenantId);
    }
  }

  async #bring(link: Link, tenantId: string, mediaId: string, { message, family, part }: Known): Promise<MediaFile> {
    const { directory, hosts, limits, store } = this.#deps;
    const file = randomBytes(24).toString("hex");
    const path = join(directory, file);
    this.#making.add(file);
    try {
      const into = await open(`${path}${PART}`, "wx", 0o600);
      let got;
      try {
        got = await download({ link, message, family, part, into, maxBytes: limits.maxBytes }, hosts);
        await into.sync();
      } finally {
        await into.close();
      }
      await rename(`${path}${PART}`, path);
      const stored: StoredFile = {
        file,
        bytes: got.bytes,
        fetchedMs: Date.now(),
        mimeType: fileType(got.head, part.mimetype ?? ""),
        sha256: got.sha256,
        originalName: safeFileName(part.fileName ?? part.title),
      };
      // Deleted with its tenant while it was on its way.
      if (!(await store.writer.soon(() => store.media.setFile(tenantId, mediaId, stored)))) throw new BridgeError("media_not_found");
      await this.#makeRoom(file);
      return this.#view(mediaId, stored);
    } catch (error) {
      await Promise.all([path, `${path}${PART}`].map((each) => rm(each, { force: true })));
      if (error instanceof BridgeError) throw error;
      this.#deps.log.warn({ tenantId, err: error }, "a file could not be written");
      throw new BridgeError("media_unavailable", {}, { cause: error });
    } finally {
      this.#making.delete(file);
    }
  }

  /** Deletes the oldest files until the rest have room. @param spared one that was asked for just now */
  async #makeRoom(spared: string | undefined): Promise<void> {
    const { store, limits } = this.#deps;
    let excess = store.media.totalBytes() - limits.storeBytes;
    while (excess > 0) {
      const oldest = store.media.oldest(BATCH).filter(({ file }) => file !== spared);
      if (oldest.length === 0) return;
      for (const { file, bytes } of oldest) {
        if (excess <= 0) return;
        await this.#drop(file);
        excess -= bytes;
      }
    }
  }

  async #drop(file: string): Promise<void> {
    const { store, directory } = this.#deps;
    await store.writer.soon(() => {
      store.media.dropFile(file);
    });
    await rm(join(directory, file), { force: true });
  }

  #view(mediaId: string, { file, bytes, fetchedMs, mimeType, sha256, originalName }: StoredFile): MediaFile {
    return { mediaId, fileName: file, mimeType, sizeBytes: bytes, sha256, keptUntilMs: fetchedMs + this.#deps.limits.retentionMs, ...(originalName === undefined ? {} : { originalName }) };
  }
}
