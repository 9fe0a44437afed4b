/** One file to one of WhatsApp's media hosts. Bounded in time: by silence, and by the size of the file altogether. */
import { request, type Agent } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface PostRequest {
  host: string;
  /** With its query. */
  path: string;
  bytes: number;
  /** A new reader of the bytes. */
  body: () => AsyncIterable<Buffer>;
  /** How the link reaches the world; undefined for directly. */
  agent: Agent | undefined;
  signal: AbortSignal;
  /** Given up when nothing moves for so long. */
  silenceMs?: number;
}

export interface PostAnswer {
  status: number;
  /** What the server said, when it was JSON. */
  json: Record<string, unknown> | undefined;
}

const ORIGIN = "https://web.whatsapp.com";
const SILENCE_MS = 30_000;
const ALTOGETHER_MS = 60_000;
/** Slower than that is given up. */
const BYTES_PER_MS = 32;
const MAX_ANSWER_BYTES = 64 * 1024;

/** @throws Error when no answer came. */
export async function post({ host, path, bytes, body, agent, signal, silenceMs = SILENCE_MS }: PostRequest): Promise<PostAnswer> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(ALTOGETHER_MS + Math.ceil(bytes / BYTES_PER_MS))]);
  const { hostname, port } = new URL(`https://${host}`);
  const sent = request({
    hostname,
    port: port === "" ? 443 : Number(port),
    path,
    method: "POST",
    headers: { "content-type": "application/octet-stream", "content-length": bytes, origin: ORIGIN },
    timeout: silenceMs,
    signal: deadline,
    ...(agent === undefined ? {} : { agent }),
  });
  sent.on("timeout", () => {
    sent.destroy(new Error("the media host is silent"));
  });
  const answered = new Promise<PostAnswer>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      let length = 0;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) sent.destroy(new Error("the media host says too much"));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, json: parse(Buffer.concat(chunks).toString()) });
      });
    });
  });
  // A host may answer before it has read everything: then its answer counts, not the write that failed.
  const written = pipeline(Readable.from(body(), { objectMode: false, highWaterMark: 64 * 1024 }), sent).catch((error: unknown) => {
    sent.destroy(error instanceof Error ? error : new Error("the file could not be sent"));
  });
  try {
    return await answered;
  } finally {
    if (!sent.writableFinished) sent.destroy();
    await written;
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
