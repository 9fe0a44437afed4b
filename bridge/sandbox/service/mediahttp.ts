import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.js";
import type { Faults } from "../world/faults.js";
import type { MediaStore } from "../world/media.js";

const UPLOAD = /^\/(?:mms|product|pps|newsletter)\/[a-z-]+\/([^/]+)$/;
const STORED = /^\/v\/[A-Za-z0-9_-]+$/;

/**
 * Host and port in media addresses, given those under which somebody reached this server: what works for the chat works
 * for files, unless it is configured.
 */
export type MediaHost = (asked?: string) => string;

/** The media server: uploads under the hash of their bytes, downloads whole or in part. */
export class MediaHttp {
  constructor(
    private readonly store: MediaStore,
    private readonly host: MediaHost,
    private readonly faults: Faults,
    private readonly log: Log,
  ) {}

  /** False when the path is none of the media server's. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const upload = UPLOAD.exec(path);
    const task =
      request.method === "POST" && upload ? this.upload(request, response, decodeURIComponent(upload[1] ?? ""))
      : (request.method === "GET" || request.method === "HEAD") && STORED.test(path) ? this.download(request, response, path)
      : undefined;
    if (!task) return false;
    task.catch((err: unknown) => {
      this.log.debug({ err, path }, "media request failed");
      if (response.headersSent) response.destroy();
      else reply(response, 400, { error: err instanceof Error ? err.message : "failed" });
    });
    return true;
  }

  private async upload(request: IncomingMessage, response: ServerResponse, hash: string): Promise<void> {
    const number = uploader(request);
    const refused = this.faults.take("refuse-upload", number);
    const slow = this.faults.take("delay-upload", number);
    const silent = this.faults.take("swallow-upload", number);
    if (refused ?? silent) await once(request.resume(), "end");
    else if (slow) await sleep(slow.ms ?? 1_000);
    if (silent) return;
    if (refused) {
      reply(response, refused.code ?? 500, { error: "refused" });
      return;
    }
    const path = await this.store.receive(request, hash);
    reply(response, 200, { url: `https://${this.host(request.headers.host)}${path}`, direct_path: path, handle: hash });
  }

  private async download(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const slow = this.faults.take("delay-download", undefined);
    if (slow) await sleep(slow.ms ?? 1_000);
    const refused = this.faults.take("refuse-download", undefined);
    if (refused) {
      reply(response, refused.code ?? 410, { error: "refused" });
      return;
    }
    const size = this.store.size(path);
    if (size === undefined) {
      reply(response, 404, { error: "no such file" });
      return;
    }
    const range = parseRange(request.headers.range, size);
    if (range === "unsatisfiable") {
      response.writeHead(416, { "content-range": `bytes */${size}` }).end();
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const headers = { "content-type": "application/octet-stream", "content-length": end - start + 1, "accept-ranges": "bytes" };
    if (range) response.writeHead(206, { ...headers, "content-range": `bytes ${start}-${end}/${size}` });
    else response.writeHead(200, headers);
    const body = request.method === "HEAD" ? undefined : this.store.stream(path, start, end);
    if (body && size > 0) await pipeline(body, response);
    else response.end();
  }
}

/** What an upload's `auth` says about who uploads. */
export function uploadToken(number: string): string {
  return Buffer.from(`${number}.${randomBytes(18).toString("base64url")}`).toString("base64url");
}

function uploader(request: IncomingMessage): string | undefined {
  const auth = new URL(request.url ?? "/", "https://sandbox").searchParams.get("auth") ?? "";
  return Buffer.from(auth, "base64url").toString("latin1").split(".", 1)[0];
}

/** `bytes=a-b`, `bytes=a-` or `bytes=-n`; undefined when there is no range to honour (RFC 9110, §14.1.2). */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const suffix = match[1] === "";
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = suffix || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end ? "unsatisfiable" : { start, end };
}

function reply(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}
