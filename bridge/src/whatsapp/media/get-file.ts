/** One file from one of WhatsApp's media hosts into an open file, piece by piece. Bounded in size, in silence and altogether. */
import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request, type Agent } from "node:https";
import { Unsealer, type Announced } from "./unsealing.js";

export interface GetRequest {
  host: string;
  /** With its query. */
  path: string;
  announced: Announced;
  into: FileHandle;
  maxBytes: number;
  /** How the link reaches the world; undefined for directly. */
  agent: Agent | undefined;
  signal: AbortSignal;
}

export interface GotFile {
  bytes: number;
  sha256: string;
  /** What it begins with. */
  head: Buffer;
}

/** The host has more than may be downloaded. */
export class TooLarge extends Error {
  constructor() {
    super("the file is too large");
    this.name = "TooLarge";
  }
}

/** The host answered without the file. */
export class NotGiven extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the media host answered ${status}`);
    this.name = "NotGiven";
    this.status = status;
  }
}

const ORIGIN = "https://web.whatsapp.com";
const SILENCE_MS = 30_000;
const ALTOGETHER_MS = 60_000;
/** Slower than that is given up. */
const BYTES_PER_MS = 32;
const HEAD_BYTES = 512;
/** An encrypted file is up to so much longer than the plain one. */
const SEAL_BYTES = 16 + 10;

/** @throws TooLarge, NotGiven, NotTheFile, and whatever the network throws */
export async function getFile(asked: GetRequest): Promise<GotFile> {
  const limit = asked.maxBytes + SEAL_BYTES;
  const late = new AbortController();
  let timer = setTimeout(giveUp, ALTOGETHER_MS);
  function giveUp(): void {
    late.abort(new Error("the media host is too slow"));
  }
  try {
    const response = await open(asked, AbortSignal.any([asked.signal, late.signal]));
    const announcedBytes = Number(response.headers["content-length"] ?? 0);
    if (announcedBytes > limit) {
      response.destroy();
      throw new TooLarge();
    }
    clearTimeout(timer);
    timer = setTimeout(giveUp, ALTOGETHER_MS + Math.ceil((announcedBytes || limit) / BYTES_PER_MS));
    return await store(response, asked, limit);
  } finally {
    clearTimeout(timer);
  }
}

function open({ host, path, agent }: GetRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { hostname, port } = new URL(`https://${host}`);
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname,
      port: port === "" ? 443 : Number(port),
      path,
      headers: { origin: ORIGIN, "accept-encoding": "identity" },
      timeout: SILENCE_MS,
      signal,
      ...(agent === undefined ? {} : { agent }),
    });
    sent.on("timeout", () => {
      sent.destroy(new Error("the media host is silent"));
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      // Nor are redirects followed: the file is there or it is not.
      if (response.statusCode === 200) resolve(response);
      else {
        response.destroy();
        reject(new NotGiven(response.statusCode ?? 0));
      }
    });
    sent.end();
  });
}

async function store(response: IncomingMessage, { announced, into }: GetRequest, limit: number): Promise<GotFile> {
  const unsealer = new Unsealer(announced);
  let read = 0;
  let bytes = 0;
  let head = Buffer.alloc(0);
  const write = async (plain: Buffer): Promise<void> => {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, plain.subarray(0, HEAD_BYTES - head.length)]);
    for (let done = 0; done < plain.length; ) done += (await into.write(plain, done, plain.length - done, bytes + done)).bytesWritten;
    bytes += plain.length;
  };
  for await (const piece of response as AsyncIterable<Buffer>) {
    read += piece.length;
    if (read > limit) throw new TooLarge();
    await write(unsealer.update(piece));
  }
  const { rest, sha256 } = unsealer.end();
  await write(rest);
  return { bytes, sha256, head };
}
