/**
 * Files on WhatsApp's media server. A file goes up once per account, however many messages want it and whether they
 * come together or one after another; what is needed to send it again is kept, sealed, for a day.
 */
import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { SpoolFile } from "../../rpc/contract.gen.js";
import type { Pairing } from "../../store/sessions.js";
import type { Store } from "../../store/store.js";
import type { UploadName } from "../../store/uploads.js";
import type { Link } from "../link.js";
import type { MediaHosts } from "./media-hosts.js";
import { NotPossible } from "./not-possible.js";
import { post, type PostAnswer } from "./post.js";
import { copiedPieces, digestsOf, sealedLength, sealPieces, type MediaFamily } from "./sealing.js";
import { Slots } from "./slots.js";
import { piecesOf, type Spool } from "./spool.js";
import { unlessAborted } from "./unless-aborted.js";

/** A file as a message names it. In channels there is no key: everybody may read them. */
export interface Uploaded {
  url?: string | undefined;
  directPath: string;
  mediaKey?: Uint8Array | undefined;
  fileEncSha256?: Uint8Array | undefined;
  fileSha256: Uint8Array;
  fileLength: number;
  mediaKeyTimestamp: number;
  /** In channels: how the stanza names the file. */
  handle?: string | undefined;
}

export interface UploadRequest {
  link: Link;
  pairing: Pairing;
  file: SpoolFile;
  family: MediaFamily;
  toChannel: boolean;
  signal: AbortSignal;
}

/** How long a file is sent again without another upload. WhatsApp keeps files for weeks. */
const REUSE_MS = 24 * 60 * 60_000;

/** One account may not take all of the machine. */
const PARALLEL_PER_ACCOUNT = 3;

const MAX_ADDRESS_LENGTH = 4096;

/** Answers that another try will not change: the file itself is refused. */
const REFUSALS = new Set([400, 406, 413, 415, 422]);

/** The host's sign that our permission to upload has run out. */
const UNAUTHORIZED = new Set([401, 403]);

export class Uploads {
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #hosts: MediaHosts;
  readonly #silence: { silenceMs?: number };
  readonly #underWay = new Map<string, Promise<Uploaded>>();
  // By sessionId: SQLite gives the number of a deleted pairing out again.
  readonly #slots = new Map<string, Slots>();

  /** @param silence for tests: when a host that says nothing is given up. */
  constructor(store: Store, spool: Spool, hosts: MediaHosts, silence: { silenceMs?: number } = {}) {
    this.#silence = silence;
    this.#store = store;
    this.#spool = spool;
    this.#hosts = hosts;
  }

  /**
   * Where the file is on WhatsApp's media server, after it was brought there if need be.
   * @throws NotPossible media_unusable; anything else may work later.
   */
  async upload(request: UploadRequest): Promise<Uploaded> {
    const { pairing, file, family, toChannel, signal } = request;
    signal.throwIfAborted();
    const name: UploadName = { family: toChannel ? `channel-${family}` : family, sha256: file.sha256 };
    const known = this.#store.uploads.get(pairing, name, Date.now() - REUSE_MS);
    if (known !== undefined) return fromJson(known);
    const key = `${pairing.sessionId} ${name.family} ${name.sha256}`;
    let upload = this.#underWay.get(key);
    if (upload === undefined) {
      upload = this.#inTurn(request, name).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, upload);
    }
    return unlessAborted(upload, signal);
  }

  async #inTurn(request: UploadRequest, name: UploadName): Promise<Uploaded> {
    const { sessionId: id } = request.pairing;
    const slots = this.#slots.get(id) ?? new Slots(PARALLEL_PER_ACCOUNT);
    this.#slots.set(id, slots);
    try {
      return await slots.run(() => this.#bring(request, name));
    } finally {
      if (slots.isIdle && ![...this.#underWay.keys()].some((key) => key.startsWith(`${id} `))) this.#slots.delete(id);
    }
  }

  async #bring({ link, pairing, file, family, toChannel }: UploadRequest, name: UploadName): Promise<Uploaded> {
    const handle = await this.#spool.open(file);
    // The one who asked first may stop waiting; what others wait for as well ends only with the connection.
    const life = new AbortController();
    const end = (): void => {
      life.abort(new Error("the connection is gone"));
    };
    link.gone.addEventListener("abort", end, { once: true });
    try {
      link.gone.throwIfAborted();
      const uploaded = await this.#post(link, handle, { file, family, toChannel, signal: life.signal });
      await this.#store.writer.soon(() => {
        this.#store.uploads.record(pairing, name, toJson(uploaded), Date.now());
      });
      return uploaded;
    } finally {
      link.gone.removeEventListener("abort", end);
      await handle.close();
    }
  }

  async #post(link: Link, handle: FileHandle, { file, family, toChannel, signal }: { file: SpoolFile; family: MediaFamily; toChannel: boolean; signal: AbortSignal }): Promise<Uploaded> {
    const mediaKey = randomBytes(32);
    const digests = await digestsOf(piecesOf(handle), mediaKey, family);
    if (digests.plain.toString("hex") !== file.sha256 || digests.bytes !== file.sizeBytes) throw new NotPossible("media_unusable", "digest");
    const token = (toChannel ? digests.plain : digests.sealed).toString("base64url");
    const ways = {
      token,
      folder: toChannel ? `/newsletter/newsletter-${family}` : `/mms/${family}`,
      bytes: toChannel ? file.sizeBytes : sealedLength(file.sizeBytes),
      body: () => (toChannel ? copiedPieces(piecesOf(handle)) : sealPieces(piecesOf(handle), mediaKey, family)),
      signal,
    };
    const answer = await this.#toSomeHost(link, ways);
    return {
      ...answer,
      ...(toChannel ? {} : { mediaKey, fileEncSha256: digests.sealed }),
      fileSha256: digests.plain,
      fileLength: file.sizeBytes,
      mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    };
  }

  async #toSomeHost(link: Link, ways: { token: string; folder: string; bytes: number; body: () => AsyncIterable<Buffer>; signal: AbortSignal }): Promise<Pick<Uploaded, "url" | "directPath" | "handle">> {
    let failure: unknown;
    for (const fresh of [false, true]) {
      const { hosts, auth } = await this.#hosts.of(link, fresh);
      const path = `${ways.folder}/${ways.token}?auth=${encodeURIComponent(auth)}&token=${ways.token}`;
      let isUnauthorized = false;
      for (const host of hosts) {
        try {
          const answer = await post({ ...ways, ...this.#silence, host, path, agent: link.route.agent });
          const place = placeIn(answer);
          if (place !== undefined) return place;
          if (REFUSALS.has(answer.status)) throw new NotPossible("media_unusable", `host_${answer.status}`);
          isUnauthorized ||= UNAUTHORIZED.has(answer.status);
          failure = new Error(`a media host answered ${answer.status}`);
        } catch (error) {
          if (error instanceof NotPossible || ways.signal.aborted) throw error;
          failure = error;
        }
      }
      if (!isUnauthorized) break;
    }
    throw new Error("no media host took the file", { cause: failure });
  }
}

/** Where the server put a file; undefined when it did not take it. */
function placeIn({ status, json }: PostAnswer): Pick<Uploaded, "url" | "directPath" | "handle"> | undefined {
  const text = (name: string): string | undefined => {
    const value = json?.[name];
    return typeof value === "string" && value !== "" && value.length <= MAX_ADDRESS_LENGTH ? value : undefined;
  };
  const directPath = text("direct_path");
  if (status >= 300 || directPath?.startsWith("/") !== true) return undefined;
  return { directPath, url: text("url"), handle: text("handle") };
}

const BYTES = ["mediaKey", "fileEncSha256", "fileSha256"] as const;

function toJson(uploaded: Uploaded): string {
  const bytes = Object.fromEntries(BYTES.flatMap((name) => (uploaded[name] === undefined ? [] : [[name, Buffer.from(uploaded[name]).toString("base64")]])));
  return JSON.stringify({ ...uploaded, ...bytes });
}

function fromJson(json: string): Uploaded {
  const value = JSON.parse(json) as Record<string, unknown>;
  const bytes = Object.fromEntries(BYTES.flatMap((name) => (typeof value[name] === "string" ? [[name, Buffer.from(value[name], "base64")]] : [])));
  return { ...value, ...bytes } as unknown as Uploaded;
}
