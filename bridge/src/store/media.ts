/**
 * Files that came with messages: which message each belongs to, and where it is on disk once it was downloaded. What is
 * known of a file is sealed by the tenant's key; its name on disk says nothing.
 */
import type { Database } from "./database.js";
import { SealBroken } from "./seal.js";
import type { TenantTable } from "./tenants.js";

/** The message a file came with. */
export interface MediaOwner {
  messageId: string;
  /** What tells the message from others with the same id: see MessageTable.record. */
  identity: Buffer;
}

/** What was found out about a file when it was downloaded. */
export interface FileFacts {
  mimeType: string;
  /** Hex. */
  sha256: string;
  originalName?: string | undefined;
}

/** A file on disk. */
export interface StoredFile extends FileFacts {
  file: string;
  bytes: number;
  fetchedMs: number;
}

interface RawRow {
  message_id: string;
  digest: Buffer;
  file: string | null;
  bytes: number | null;
  fetched_ms: number | null;
  sealed: Buffer | null;
}

/** Call its writing methods inside work given to the Writer. */
export class MediaTable {
  readonly #tenants: TenantTable;
  readonly #note;
  readonly #get;
  readonly #setFile;
  readonly #dropFile;
  readonly #isUsed;
  readonly #oldest;
  readonly #total;
  readonly #prune;
  readonly #ofTenant;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#note = db.prepare("INSERT INTO media (tenant_id, media_id, message_id, digest, noted_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, media_id) DO NOTHING");
    this.#get = db.prepare<[string, string], RawRow>("SELECT * FROM media WHERE tenant_id = ? AND media_id = ?");
    this.#setFile = db.prepare("UPDATE media SET file = ?, bytes = ?, fetched_ms = ?, sealed = ? WHERE tenant_id = ? AND media_id = ?");
    this.#dropFile = db.prepare("UPDATE media SET file = NULL, bytes = NULL, fetched_ms = NULL, sealed = NULL WHERE file = ?");
    this.#isUsed = db.prepare<[string]>("SELECT 1 FROM media WHERE file = ?");
    this.#oldest = db.prepare<[number], { file: string; bytes: number; fetched_ms: number }>("SELECT file, bytes, fetched_ms FROM media WHERE file IS NOT NULL ORDER BY fetched_ms LIMIT ?");
    this.#total = db.prepare<[], { bytes: number | null }>("SELECT SUM(bytes) AS bytes FROM media WHERE file IS NOT NULL");
    this.#prune = db.prepare("DELETE FROM media WHERE (tenant_id, media_id) IN (SELECT tenant_id, media_id FROM media WHERE noted_ms < ? AND file IS NULL LIMIT ?)");
    this.#ofTenant = db.prepare<[string], { files: number; bytes: number | null }>("SELECT COUNT(*) AS files, SUM(bytes) AS bytes FROM media WHERE tenant_id = ? AND file IS NOT NULL");
  }

  /** A message with a file is being recorded. */
  note(tenantId: string, mediaId: string, { messageId, identity }: MediaOwner, nowMs: number): void {
    this.#note.run(tenantId, mediaId, messageId, identity, nowMs);
  }

  owner(tenantId: string, mediaId: string): MediaOwner | undefined {
    const row = this.#get.get(tenantId, mediaId);
    return row === undefined ? undefined : { messageId: row.message_id, identity: row.digest };
  }

  /** The file on disk, as far as the store knows. */
  file(tenantId: string, mediaId: string): StoredFile | undefined {
    const row = this.#get.get(tenantId, mediaId);
    const vault = this.#tenants.known(tenantId);
    if (row?.file === null || row?.sealed === null || row === undefined || vault === undefined) return undefined;
    try {
      const facts = JSON.parse(vault.open("media-file", mediaId, row.sealed).toString()) as FileFacts;
      return { ...facts, file: row.file, bytes: row.bytes ?? 0, fetchedMs: row.fetched_ms ?? 0 };
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }

  /** A file is on disk now. @returns false when nobody knows the file any more, such as after its tenant was deleted */
  setFile(tenantId: string, mediaId: string, { file, bytes, fetchedMs, ...facts }: StoredFile): boolean {
    const sealed = this.#tenants.known(tenantId)?.seal("media-file", mediaId, Buffer.from(JSON.stringify(facts)));
    return sealed !== undefined && this.#setFile.run(file, bytes, fetchedMs, sealed, tenantId, mediaId).changes === 1;
  }

  dropFile(file: string): void {
    this.#dropFile.run(file);
  }

  isUsed(file: string): boolean {
    return this.#isUsed.get(file) !== undefined;
  }

  /** Files on disk, those downloaded first first. */
  oldest(limit: number): { file: string; bytes: number; fetchedMs: number }[] {
    return this.#oldest.all(limit).map(({ file, bytes, fetched_ms: fetchedMs }) => ({ file, bytes, fetchedMs }));
  }

  /** What all files on disk take together. */
  totalBytes(): number {
    return this.#total.get()?.bytes ?? 0;
  }

  /** What a tenant's files on disk take. */
  takenBy(tenantId: string): { files: number; bytes: number } {
    const row = this.#ofTenant.get(tenantId);
    return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
  }

  /** Deletes up to `limit` rows without a file noted before a time; answers how many. */
  prune(beforeMs: number, limit: number): number {
    return this.#prune.run(beforeMs, limit).changes;
  }
}
