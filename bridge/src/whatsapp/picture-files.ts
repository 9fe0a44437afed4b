/** Pictures control hands over in the spool: opened by their name only, and only when they are what was announced. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BridgeError } from "../errors.js";
import type { SpoolFile } from "../rpc/contract.gen.js";

/** WhatsApp's own pictures of groups have a tenth of that. */
const MAX_BYTES = 2 * 1024 * 1024;

export class PictureFiles {
  readonly #directory: string;

  /** @param directory where control puts them, absolute */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads a JPEG and gives it to `work`; afterwards the file is gone. @throws BridgeError media_missing, and what `work` throws */
  async use<T>(file: SpoolFile, work: (jpeg: Uint8Array) => Promise<T>): Promise<T> {
    // The contract lets no name through that could be a path.
    const path = join(this.#directory, file.name);
    const bytes = await read(path, file);
    try {
      return await work(bytes);
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }
}

async function read(path: string, { sizeBytes, sha256, mimeType }: SpoolFile): Promise<Uint8Array> {
  if (mimeType !== "image/jpeg" || sizeBytes > MAX_BYTES) throw new BridgeError("media_missing");
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) throw new BridgeError("media_missing");
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size !== sizeBytes) throw new BridgeError("media_missing");
    const bytes = await handle.readFile();
    if (bytes.length !== sizeBytes || createHash("sha256").update(bytes).digest("hex") !== sha256) throw new BridgeError("media_missing");
    return bytes;
  } finally {
    await handle.close();
  }
}
